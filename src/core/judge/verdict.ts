/** What the policy says of one record. */
import type { ConsentStatus, Grade } from '../consent/consent.ts'

export type FindingKind = 'minimisation' | 'retention' | 'consent' | 'sensitive' | 'mapping' | 'identity' | 'accuracy'
export type Severity = 'critical' | 'high' | 'medium' | 'low'
/** One rule broken by one record. `fields` are names, never values; `ref` is the article of law. */
export type Finding = {
  readonly rule: string
  readonly kind: FindingKind
  readonly severity: Severity
  readonly fields: readonly string[]
  readonly remedy: string
  readonly ref: string
}
export type ConsentView = {
  readonly purpose: string
  readonly channel: string
  readonly status: ConsentStatus
  readonly grade: Grade | null
}
/** Whether a purpose may use a channel now. `rule`: the gate or consent rule that decided, `channel.<id>` (no contact point) or `purpose.<id>` (off). */
export type Permission = {
  readonly purpose: string
  readonly channel: string
  readonly allowed: boolean
  readonly rule: string
}
/** `dueOn` is the first day on which the end action is due (YYYY-MM-DD), `null` when no date can be told. */
export type RetentionView = {
  readonly rule: string
  readonly dueOn: string | null
  readonly then: 'erase' | 'archive' | 'anonymise' | 'review'
  readonly hold: string | null
}
/**
 * `blocked`: stop using the record now, because no purpose may contact the person by any channel, because a finding is critical (of a text: of a
 * detector with `action: block`), or because the end of retention is due (erase, archive, anonymise). `attention`: usable within its permissions, with something to put right.
 */
export type RecordStatus = 'ok' | 'attention' | 'blocked'
export type Verdict = {
  readonly status: RecordStatus
  readonly audience: string
  readonly findings: readonly Finding[]
  readonly consent: readonly ConsentView[]
  /** One for each purpose and channel of the policy, in its order; service purposes included. */
  readonly permissions: readonly Permission[]
  readonly lawfulBases: readonly string[]
  readonly retention: RetentionView
  /** The day this verdict may change without any change in the CRM (a due date, a warning, an expiry): YYYY-MM-DD. */
  readonly nextReviewOn: string | null
}

/** What the policy says of one record. */
import type { ConsentStatus, Grade } from './consent.ts'

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
/** `dueOn` is the first day on which the end action is due (YYYY-MM-DD), `null` when no date can be told. */
export type RetentionView = {
  readonly rule: string
  readonly dueOn: string | null
  readonly then: 'erase' | 'archive' | 'anonymise' | 'review'
  readonly hold: string | null
}
export type RecordStatus = 'ok' | 'attention' | 'blocked'
export type Verdict = {
  readonly status: RecordStatus
  readonly audience: string
  readonly findings: readonly Finding[]
  readonly consent: readonly ConsentView[]
  readonly lawfulBases: readonly string[]
  readonly retention: RetentionView
  /** The day this verdict may change without any change in the CRM (a due date, a warning, an expiry): YYYY-MM-DD. */
  readonly nextReviewOn: string | null
}

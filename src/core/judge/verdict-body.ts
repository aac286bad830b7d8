/** The part of a verdict that many records share, as canonical text: what the store interns and the ledger records. */
import { hash } from 'node:crypto'
import { mixed } from '../text/text-hash.ts'
import type { ConsentView, Finding, Verdict } from './verdict.ts'

/** `key`: digest of the body, 16 bytes, hex. */
export type VerdictDraft = {
  readonly key: string
  readonly body: string
  readonly rules: readonly Pick<Finding, 'rule' | 'kind' | 'remedy' | 'ref'>[]
}

/** Drafts made lately: most verdicts have been given before, and a hash for each would cost more than the judging. */
const drafts = new Map<string, VerdictDraft>()
const mostDrafts = 4_096
/**
 * The same by the parts of the verdict, most of which the judge shares between records: 0.3 µs of CPU, where writing out the body takes 2.7. Each verdict has
 * two places, so that memory is bounded: what has come again stands in the first, what comes once takes the second.
 */
const places: (Drafted | null)[] = Array.from({ length: mostDrafts }, () => null)
type Drafted = { readonly verdict: Parts; readonly draft: VerdictDraft }
type Parts = Pick<Verdict, 'status' | 'audience' | 'lawfulBases' | 'retention' | 'findings' | 'consent'>

/** Equal verdicts, but for their dates, have one draft. */
export function draftOf(verdict: Verdict): VerdictDraft {
  const at = hashOf(verdict) & (mostDrafts - 2)
  const first = places[at] ?? null
  if (first !== null && isSame(first.verdict, verdict)) return first.draft
  const second = places[at + 1] ?? null
  if (second !== null && isSame(second.verdict, verdict)) {
    places[at] = second
    places[at + 1] = first
    return second.draft
  }
  const { status, audience, lawfulBases, retention, findings, consent } = verdict
  const draft = draftOfBody(verdict)
  places[first === null ? at : at + 1] = { verdict: { status, audience, lawfulBases, retention, findings, consent }, draft }
  return draft
}

/** Of what tells most verdicts apart, and can be read without walking along their texts. */
function hashOf({ status, audience, lawfulBases, retention, findings, consent }: Parts): number {
  let hash = mixed(mixed(status.length, audience.length), mixed(retention.rule.length, retention.then.length))
  hash = mixed(hash, (retention.hold?.length ?? 0) * 16 + lawfulBases.length)
  for (let i = 0; i < findings.length; i++) {
    const { rule, fields } = findings[i] as Finding
    const end = rule.length - 1
    hash = mixed(hash, end + (rule.charCodeAt(end) << 8) + (rule.charCodeAt(end - 8) << 16))
    const field = fields[0] ?? ''
    hash = mixed(hash, fields.length * 64 + field.length + (field.charCodeAt(field.length - 1) << 16))
  }
  for (let i = 0; i < consent.length; i++) {
    const { status: said, grade } = consent[i] as ConsentView
    hash = mixed(hash, said.charCodeAt(0) * 16 + (grade?.length ?? 0))
  }
  return hash
}

/** In all that the draft tells. */
function isSame(one: Parts, other: Parts): boolean {
  return (
    one.status === other.status &&
    one.audience === other.audience &&
    one.retention.rule === other.retention.rule &&
    one.retention.then === other.retention.then &&
    one.retention.hold === other.retention.hold &&
    isSameList(one.lawfulBases, other.lawfulBases, isSameText) &&
    isSameList(one.consent, other.consent, isSameView) &&
    isSameList(one.findings, other.findings, isSameFinding)
  )
}

function isSameList<T>(one: readonly T[], other: readonly T[], isSameMember: (a: T, b: T) => boolean): boolean {
  if (one === other) return true
  if (one.length !== other.length) return false
  for (let i = 0; i < one.length; i++) if (!isSameMember(one[i] as T, other[i] as T)) return false
  return true
}

function isSameText(a: string, b: string): boolean {
  return a === b
}

function isSameView(a: ConsentView, b: ConsentView): boolean {
  return a === b || (a.purpose === b.purpose && a.channel === b.channel && a.status === b.status && a.grade === b.grade)
}

function isSameFinding(a: Finding, b: Finding): boolean {
  if (a === b) return true
  const isSameRule = a.rule === b.rule && a.kind === b.kind && a.severity === b.severity && a.remedy === b.remedy && a.ref === b.ref
  return isSameRule && isSameList(a.fields, b.fields, isSameText)
}

function draftOfBody(verdict: Verdict): VerdictDraft {
  const body = verdictBody(verdict)
  let draft = drafts.get(body)
  if (draft === undefined) {
    if (drafts.size >= mostDrafts) drafts.clear()
    const rules = verdict.findings.map(({ rule, kind, remedy, ref }) => ({ rule, kind, remedy, ref }))
    drafts.set(body, (draft = { key: hash('sha256', body, 'hex').slice(0, 32), body, rules }))
  }
  return draft
}

/**
 * A JSON array: status, audience, lawful bases, retention [rule, then, hold], findings [[rule, severity, fields]], consent
 * [[purpose, channel, status, grade]] where it is not unknown. Dates are left out, and so is what follows from the rule or the policy.
 */
export function verdictBody({ status, audience, lawfulBases, retention, findings, consent }: Verdict): string {
  return JSON.stringify([
    status,
    audience,
    lawfulBases,
    [retention.rule, retention.then, retention.hold],
    findings.map(({ rule, severity, fields }) => [rule, severity, fields]),
    consent.flatMap(({ purpose, channel, status: state, grade }) => (state === 'unknown' ? [] : [[purpose, channel, state, grade]])),
  ])
}

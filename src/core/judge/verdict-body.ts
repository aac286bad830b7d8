/** The part of a verdict that many records share, as canonical text: what the store interns and the ledger records. */
import { hash } from 'node:crypto'
import type { Finding, Verdict } from './verdict.ts'

/** `key`: digest of the body, 16 bytes, hex. */
export type VerdictDraft = {
  readonly key: string
  readonly body: string
  readonly rules: readonly Pick<Finding, 'rule' | 'kind' | 'remedy' | 'ref'>[]
}

/** Drafts made lately: most verdicts have been given before, and a hash for each would cost more than the judging. */
const drafts = new Map<string, VerdictDraft>()
const mostDrafts = 4_000
/** The same by the parts of the verdict, which the judge shares between records: 1.0 µs of CPU, where writing out the body takes 2.7. */
const byParts = new Map<string, VerdictDraft>()
const numbers = new WeakMap<object, number>()
const numbersByText = new Map<string, number>()
let lastNumber = 0

/** Equal verdicts, but for their dates, have one draft. */
export function draftOf(verdict: Verdict): VerdictDraft {
  const parts = partsOf(verdict)
  let draft = byParts.get(parts)
  if (draft === undefined) {
    if (byParts.size >= mostDrafts) byParts.clear()
    byParts.set(parts, (draft = draftOfBody(verdict)))
  }
  return draft
}

/** Texts stand between separators that no rule id holds; objects stand as numbers. */
function partsOf({ status, audience, lawfulBases, retention, findings, consent }: Verdict): string {
  let parts = `${status}\n${audience}\n${retention.rule}\n${retention.then}\n${retention.hold ?? ''}\n${numberOf(lawfulBases)} ${numberOf(consent)}`
  for (let i = 0; i < findings.length; i++) parts += ` ${numberOf(findings[i] as Finding)}`
  return parts
}

/** The same for equal parts: what a verdict is made of never changes, and is read once. */
function numberOf(part: object): number {
  const known = numbers.get(part)
  if (known !== undefined) return known
  const text = textOf(part)
  let number = numbersByText.get(text)
  if (number === undefined) {
    if (numbersByText.size >= mostDrafts) numbersByText.clear()
    numbersByText.set(text, (number = ++lastNumber))
  }
  numbers.set(part, number)
  return number
}

/** Of a list of objects their numbers: written out, thousands of consents would be megabytes. */
function textOf(part: object): string {
  return Array.isArray(part) && typeof part[0] === 'object' ? `[${part.map(numberOf).join()}]` : JSON.stringify(part)
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

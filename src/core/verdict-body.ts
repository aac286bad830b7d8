/** The part of a verdict that many records share, as canonical text: what the store interns and the ledger records. */
import type { Verdict } from './verdict.ts'

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

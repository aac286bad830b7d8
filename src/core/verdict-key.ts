/** A short text that is equal for equal verdicts, their dates left out: what a store interns by. */
import type { Verdict } from './verdict.ts'

/** Stable from run to run for one policy; not for showing. `dueOn` and `nextReviewOn` are not part of it. */
export function verdictKey(verdict: Verdict): string {
  let key = `${verdict.status} ${verdict.audience} ${verdict.retention.rule} ${verdict.retention.then} ${verdict.retention.hold ?? ''} ${verdict.lawfulBases.join()}`
  for (const finding of verdict.findings) key += `\n${finding.rule} ${finding.severity} ${finding.fields.join()}`
  for (const view of verdict.consent) key += `\n${view.purpose} ${view.channel} ${view.status} ${view.grade ?? ''}`
  for (const permission of verdict.permissions)
    key += `\n${permission.purpose} ${permission.channel} ${permission.allowed ? '+' : '-'}${permission.rule}`
  return key
}

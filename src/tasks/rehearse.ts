/**
 * What can be worked out of a record before its batch has its turn in the database: the hashes, and the verdict for the case that nothing
 * else is known of the person. On a first pull that is the case of most, and the work is done while the batch before is written.
 */
import type { CrmRecord } from '../connectors/connector.ts'
import type { ConsentFact } from '../core/consent.ts'
import type { JudgeContext, RawFields } from '../core/judge.ts'
import type { Verdict } from '../core/verdict.ts'
import { carryFacts } from './facts.ts'
import { hashed } from './identify.ts'
import type { Shell, Target } from './shell.ts'

export type Judged = { verdict: Verdict; patch: RawFields | null }
/** The verdict holds for these very facts, and nothing besides. */
type Rehearsal = Judged & { facts: readonly ConsentFact[] }

/** Held by the records themselves, and gone with them. */
const rehearsals = new WeakMap<CrmRecord, Rehearsal>()

export function rehearse(shell: Shell, target: Target, records: readonly CrmRecord[]): void {
  for (const record of records) {
    hashed(shell, target, record)
    const facts = carryFacts(target.judge.facts(record.fields), [], record.modifiedAt)
    rehearsals.set(record, { facts, ...judgeNow(target, record, { facts, suppressed: false }) })
  }
}

/** What the record says of consent, as if it were seen for the first time. */
export function firstFacts(target: Target, record: CrmRecord): readonly ConsentFact[] {
  return rehearsals.get(record)?.facts ?? carryFacts(target.judge.facts(record.fields), [], record.modifiedAt)
}

export function judgeOnce(target: Target, record: CrmRecord, context: JudgeContext): Judged {
  const rehearsed = rehearsals.get(record)
  const nothingNew = rehearsed?.facts === context.facts && !context.suppressed && !context.openRequest && (context.lastAct ?? null) === null
  return rehearsed && nothingNew ? rehearsed : judgeNow(target, record, context)
}

function judgeNow({ judge }: Target, record: CrmRecord, context: JudgeContext): Judged {
  const verdict = judge.judge(record.fields, context)
  return { verdict, patch: judge.patch(record.fields, verdict) }
}

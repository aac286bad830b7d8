/** What another policy would make of the records, as counts. Reads them from the CRM; stores nothing. */
import type { CrmRecord } from '../../connectors/connector.ts'
import type { DiffCounter } from '../../core/policy/diff.ts'
import type { Verdict } from '../../core/judge/verdict.ts'
import { applyBatch } from '../sweep/batch.ts'
import type { Landscape, Shell, Target } from '../shell.ts'

/** `now` and `then` are the same source under two policies, each with the shell that reads facts by it. Consent known from other records of a person is taken as it is stored: sweep before, at least a rehearsal. */
export async function diffPolicy(
  shells: { now: Shell; then: Shell },
  landscape: Landscape,
  { now, then }: { now: Target; then: Target },
  into: DiffCounter,
  signal: AbortSignal,
): Promise<void> {
  const fields = [...new Set([...now.judge.reads, ...then.judge.reads])]
  for await (const page of now.connector.read({ object: now.source.object, fields }, signal)) {
    const before = await judgeBy(shells.now, landscape, now, page.records)
    const after = await judgeBy(shells.then, landscape, then, page.records)
    for (const [id, verdict] of before) into.add(verdict, after.get(id)!)
  }
}

async function judgeBy(shell: Shell, landscape: Landscape, target: Target, records: readonly CrmRecord[]): Promise<Map<string, Verdict>> {
  const { decisions } = await applyBatch(shell, landscape, target, { records, gone: [], force: true }, 'dry run')
  const fieldsOf = new Map(records.map((record) => [record.ref.id, record.fields]))
  return new Map(decisions.map(({ id, context }) => [id, target.judge.judge(fieldsOf.get(id)!, context)]))
}

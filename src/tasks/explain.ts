/** One record, read from the CRM now and judged with what is known of the person. Nothing is stored. */
import type { ConsentFact } from '../core/consent.ts'
import type { Fields } from '../connectors/connector.ts'
import type { Verdict } from '../core/verdict.ts'
import { unpackFacts } from '../store/facts.ts'
import { loadByIds, loadBySubjects } from '../store/records.ts'
import { carryFacts } from './facts.ts'
import { refOf, type House, type Shell, type Target } from './shell.ts'

export type Explained = { verdict: Verdict; values: Fields; linked: readonly string[] }

/** Answers null when the CRM no longer has the record. */
export async function explain(shell: Shell, house: House, target: Target, id: string, signal: AbortSignal): Promise<Explained | null> {
  const { records } = await target.connector.get({ object: target.source.object, ids: [id], fields: target.judge.reads }, signal)
  const record = records[0]
  if (!record) return null
  const [stored] = await loadByIds(shell.db, [target.source.id], [record.ref.id])
  const twins = stored?.subject
    ? (await loadBySubjects(shell.db, [stored.subject])).filter((one) => one.id !== record.ref.id || one.source !== target.source.id)
    : []
  const known = unpackFacts(stored?.facts ?? null, shell.dictionary.factKinds)
  const facts: ConsentFact[] = [
    ...carryFacts(target.judge.facts(record.fields), known, record.modifiedAt),
    ...twins.flatMap((twin) => unpackFacts(twin.facts, shell.dictionary.factKinds)),
  ]
  const verdict = target.judge.judge(record.fields, { facts, suppressed: false })
  const sources = new Map(house.targets.map((one) => [one.source.id, one.source]))
  const linked = twins.flatMap((twin) => {
    const source = sources.get(twin.source)
    return source ? [refOf(source, twin.id)] : []
  })
  return { verdict, values: record.fields, linked }
}

/** What is known of a record's opt-outs after a write of ours: whether the next reading shows our own hand or a person's. */
import type { QueryExecutorProvider } from 'kysely'
import type { WriteResult } from '../connectors/connector.ts'
import { factKindKey, type ConsentFact } from '../core/consent.ts'
import { loadFactKinds } from '../store/dictionary.ts'
import { packFacts, unpackFacts, unpackLastAct } from '../store/facts.ts'
import type { StoredPatch } from '../store/outbox.ts'
import { loadByIds, saveRecords } from '../store/records.ts'
import { withEchoes } from './facts.ts'
import type { Shell, Target } from './shell.ts'

/**
 * In the transaction that ends the patches. An opt-out that we set is expected to be read back, even when the record was judged anew while the patch
 * was on its way; one that the CRM refused is not: the next tick there is a person's.
 */
export async function settleEchoes(
  shell: Shell,
  trx: QueryExecutorProvider,
  target: Target,
  patches: readonly StoredPatch[],
  results: readonly WriteResult[],
): Promise<void> {
  const { mirror } = target.judge
  const outcomes = new Map(results.map((result) => [result.ref.id, result.outcome]))
  const mirrored = patches.filter(({ fields }) => Object.keys(fields).some((name) => mirror.names.has(name)))
  if (mirrored.length === 0) return
  const { dictionary } = shell
  await loadFactKinds(trx, dictionary)
  const rows = await loadByIds(
    trx,
    mirrored.map(() => target.source.id),
    mirrored.map(({ id }) => id),
  )
  const sent = new Map(mirrored.map(({ id, fields }) => [id, fields]))
  const settled = rows.flatMap((row) => {
    const facts = unpackFacts(row.facts, dictionary.factKinds)
    // Its kind was given a number when the patch was decided.
    const echoes = mirror.echoes(sent.get(row.id)!, facts).filter((echo) => dictionary.factKindIds.has(factKindKey(echo)))
    const now = settle(outcomes.get(row.id), facts, echoes)
    return row.gone || now === facts ? [] : [{ row, facts: now }]
  })
  await saveRecords(
    trx,
    settled.map(({ row, facts }) => ({
      ...row,
      facts: packFacts(facts, (fact) => dictionary.factKindIds.get(factKindKey(fact))!, unpackLastAct(row.facts)),
    })),
  )
}

function settle(
  outcome: WriteResult['outcome'] | undefined,
  facts: readonly ConsentFact[],
  echoes: readonly ConsentFact[],
): readonly ConsentFact[] {
  const known = new Set(facts.map(factKindKey))
  const expected = echoes.filter((echo) => known.has(factKindKey(echo)))
  if (outcome === 'written' && expected.length < echoes.length) return withEchoes(facts, echoes)
  if ((outcome !== 'rejected' && outcome !== 'frozen') || expected.length === 0) return facts
  const dropped = new Set(expected.map(factKindKey))
  return facts.filter((fact) => !dropped.has(factKindKey(fact)))
}

/** What records that are gone leave to others: refusals, and what binds the person. */
import type { QueryExecutorProvider } from 'kysely'
import type { ConsentFact } from '../../core/consent/consent.ts'
import { internFactKinds, type Dictionary } from '../../store/dictionary.ts'
import { packFacts, unpackFacts, unpackLastAct } from '../../store/facts.ts'
import { loadByIds, loadBySubjects, saveRecords, type StoredRecord } from '../../store/records.ts'
import { blankRecord } from '../judge/blank-record.ts'
import { adopt, isNegative } from '../judge/facts.ts'

export type Legacy = readonly [heir: string, legacy: readonly ConsentFact[]]

/**
 * What binds the person of a record that is gone without a heir is left to each of their others, by source: to delete the record on which somebody ticked a
 * box does not lift it (GDPR art. 18(3)). Refusals they have taken over long ago. `isDying`: records that go as well.
 */
export async function bondsLeft(
  db: QueryExecutorProvider,
  dead: readonly { readonly stored: StoredRecord; readonly legacy: readonly ConsentFact[] }[],
  isDying: (record: StoredRecord) => boolean,
): Promise<ReadonlyMap<number, readonly Legacy[]>> {
  const bonds = new Map<number, readonly ConsentFact[]>()
  for (const { stored, legacy } of dead) {
    const binding = legacy.filter((fact) => !isNegative(fact))
    if (stored.subject !== null && binding.length > 0) bonds.set(stored.subject, [...(bonds.get(stored.subject) ?? []), ...binding])
  }
  if (bonds.size === 0) return new Map()
  const people = await loadBySubjects(db, [...bonds.keys()])
  const bySource = Map.groupBy(
    people.filter((record) => isLiving(record) && !isDying(record)),
    ({ source }) => source,
  )
  return new Map([...bySource].map(([source, heirs]) => [source, heirs.map(({ id, subject }): Legacy => [id, bonds.get(subject!)!])]))
}

/** In a CRM: what was said to Accord itself has no verdict, and no box to un-tick. */
function isLiving({ gone, verdict }: StoredRecord): boolean {
  return !gone && verdict !== null
}

/** What they are left waits in their rows until they are read. Answers those that were there before. */
export async function leaveInRows(
  { db, dictionary }: { readonly db: QueryExecutorProvider; readonly dictionary: Dictionary },
  source: number,
  heirs: readonly Legacy[],
): Promise<readonly StoredRecord[]> {
  const rows = await loadByIds(
    db,
    heirs.map(() => source),
    heirs.map(([id]) => id),
  )
  const known = new Map(rows.map((row) => [row.id, row]))
  const left = heirs.map(([id, legacy]) => [id, adopt(unpackFacts(known.get(id)?.facts ?? null, dictionary.factKinds), legacy)] as const)
  await internFactKinds(
    db,
    dictionary,
    left.flatMap(([, facts]) => facts),
  )
  await saveRecords(
    db,
    left.map(([id, facts]) => {
      const row = known.get(id) ?? { ...blankRecord, source, id }
      const packed = packFacts(facts, (fact) => dictionary.factKindIds.get(fact)!, unpackLastAct(row.facts))
      return { ...row, content: null, facts: packed }
    }),
  )
  return rows
}

/** The part of a batch of patches that goes to the Individuals behind the records. Several records may share one. */
import type { Fields, WriteResult } from '../connector.ts'
import { flagOf, INDIVIDUAL, isOptOut } from './individual.ts'
import type { Org } from './org.ts'
import { patchRecords } from './patch.ts'
import type { Row } from './payloads.ts'
import { recordId } from './record-id.ts'
import { retrieve } from './retrieve.ts'
import { sameValue, textOf } from './values.ts'

type Due = { readonly index: number; readonly row: Row; readonly set: Fields }
export type FlagOutcome = { outcome: 'written' | 'unchanged'; held: readonly string[] } | { outcome: 'rejected'; reason: string }

/** By index. */
export async function writeFlags(org: Org, due: readonly Due[], signal: AbortSignal): Promise<ReadonlyMap<number, FlagOutcome>> {
  const outcomes = new Map<number, FlagOutcome>()
  const able: (Due & { id: string })[] = []
  for (const one of due) {
    const locked = Object.keys(one.set).filter((name) => !isOptOut(name))
    const id = typeof one.row['IndividualId'] === 'string' ? recordId(one.row['IndividualId'], null) : null
    if (locked.length > 0) outcomes.set(one.index, { outcome: 'rejected', reason: `READ_ONLY (${locked.join(', ')})` })
    else if (id === null) outcomes.set(one.index, { outcome: 'rejected', reason: 'NO_INDIVIDUAL: link the record to an Individual first' })
    else able.push({ ...one, id })
  }
  if (able.length === 0) return outcomes
  const info = await org.schemas.demand(INDIVIDUAL, signal)
  const names = [...new Set(able.flatMap(({ set }) => Object.keys(set).map(flagOf)))]
  const { rows } = await retrieve(org, INDIVIDUAL, [...new Set(able.map(({ id }) => id))], names, signal)
  const wanted = new Map<string, Record<string, string | null>>()
  for (const { id, set } of able) {
    for (const [name, value] of Object.entries(set)) {
      const held = textOf(rows.get(id)?.[flagOf(name)] ?? null, 'boolean', name)
      if (!sameValue(held, value, 'boolean')) wanted.set(id, { ...wanted.get(id), [flagOf(name)]: value })
    }
  }
  const open = [...wanted].map(([id, set], index) => ({ index, id, set }))
  const saved = await patchRecords(org, info, open, signal)
  const results = new Map(open.map(({ id, index }) => [id, saved.get(index)]))
  for (const { index, id, set } of able) outcomes.set(index, outcomeOf(set, wanted.get(id), results.get(id)))
  return outcomes
}

function outcomeOf(
  flags: Fields,
  wanted: Fields | undefined,
  saved: { outcome: WriteResult['outcome']; reason?: string } | undefined,
): FlagOutcome {
  if (wanted === undefined) return { outcome: 'unchanged', held: Object.keys(flags) }
  if (saved?.outcome === 'written') return { outcome: 'written', held: Object.keys(flags).filter((name) => !(flagOf(name) in wanted)) }
  return { outcome: 'rejected', reason: saved?.reason ?? 'the Individual is gone' }
}

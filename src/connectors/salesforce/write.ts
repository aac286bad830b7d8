/**
 * Sets fields on records. Salesforce has no conditional write for collections, so each batch is read first: that tells what is
 * gone, unchanged or in conflict. A change between that reading and the write, well under a second, is not noticed.
 *
 * Cost of n patches on one object: one request to read per 1,000, one to write per 200, one to read the new versions.
 */
import type { Fields, Patch, WriteResult } from '../connector.ts'
import { isConsent } from './consent-field.ts'
import { writeConsents } from './consent-write.ts'
import { isOfIndividual } from './individual.ts'
import { writeFlags, type FlagOutcome } from './individual-write.ts'
import { patchRecords, type Prepared, type Saved } from './patch.ts'
import type { Org } from './org.ts'
import type { Row } from './payloads.ts'
import { sameVersion, stampOf, versionOf } from './record.ts'
import { recordId } from './record-id.ts'
import { retrieve } from './retrieve.ts'
import type { ObjectInfo } from './schema.ts'
import { sameValue, textOf } from './values.ts'

export const PATCHES_PER_WRITE = 1_000

export async function write(org: Org, patches: readonly Patch[], signal: AbortSignal): Promise<readonly WriteResult[]> {
  const results: (WriteResult | undefined)[] = patches.map(() => undefined)
  for (const round of rounds(patches)) await writeRound(org, round, results, signal)
  return results.map(
    (result, i) => result ?? { ref: patches[i]!.ref, outcome: 'rejected', reason: 'Salesforce gave no result for this record' },
  )
}

type Numbered = { index: number; patch: Patch }

/** One object and no record twice in a round: Salesforce refuses a call that names a record twice. */
function rounds(patches: readonly Patch[]): readonly (readonly Numbered[])[] {
  const made: { object: string; ids: Set<string>; patches: Numbered[] }[] = []
  for (const [index, patch] of patches.entries()) {
    const key = patch.ref.id.slice(0, 15)
    // Behind every round that names the record: a later patch must win over an earlier one.
    const after = made.findLastIndex((round) => round.ids.has(key))
    let round = made.find(
      (candidate, i) => i > after && candidate.object === patch.ref.object && candidate.patches.length < PATCHES_PER_WRITE,
    )
    if (!round) made.push((round = { object: patch.ref.object, ids: new Set(), patches: [] }))
    round.ids.add(key)
    round.patches.push({ index, patch })
  }
  return made.map((round) => round.patches)
}

async function writeRound(org: Org, round: readonly Numbered[], results: (WriteResult | undefined)[], signal: AbortSignal): Promise<void> {
  const object = round[0]!.patch.ref.object
  const info = await org.schemas.demand(object, signal)
  const able: (Prepared & { patch: Patch; flags: Fields; consents: Fields })[] = []
  for (const { index, patch: whole } of round) {
    const { own, flags, consents } = split(whole.set)
    const patch = { ...whole, set: own }
    const id = recordId(patch.ref.id, info.keyPrefix)
    const reason = id === null ? 'MALFORMED_ID' : unwritable(info, patch)
    if (id === null || reason !== null) results[index] = { ref: patch.ref, outcome: 'rejected', reason: reason ?? 'MALFORMED_ID' }
    else able.push({ index, id, set: own, patch, flags, consents })
  }
  if (able.length === 0) return
  const behind = able.filter(({ flags, consents }) => Object.keys({ ...flags, ...consents }).length > 0)
  const lookup = behind.length > 0 && info.fields.has('IndividualId') ? ['IndividualId'] : []
  const fields = [...new Set([...able.flatMap(({ set }) => Object.keys(set)), ...lookup])]
  const before = await retrieve(
    org,
    object,
    able.map(({ id }) => id),
    fields,
    signal,
  )
  const due = able.filter(({ index, id, patch }) => {
    const settled = compare(info, patch, before.rows.get(id))
    if (settled) results[index] = settled
    return !settled
  })
  const saved = await patchRecords(org, info, due, signal)
  await tellVersions(org, object, due, saved, results, signal)
  for (const { index, id, patch } of due) {
    const result = results[index]
    const held = heldOf(info, patch, before.rows.get(id))
    if (result?.outcome === 'written' && held.length > 0) results[index] = { ...result, held }
  }
  const version = (id: string): string => versionOf(stampOf(before.rows.get(id)!), before.at)
  for (const part of ['flags', 'consents'] as const) {
    const lasting = behind.flatMap(({ index, id, [part]: set }) => {
      const row = before.rows.get(id)
      return row && isOpen(results[index]) && Object.keys(set).length > 0 ? [{ index, id, row, set }] : []
    })
    const outcomes = part === 'flags' ? await writeFlags(org, lasting, signal) : await writeConsents(org, info, lasting, signal)
    for (const { index, id } of lasting) results[index] = joined(results[index]!, outcomes.get(index)!, version(id))
  }
}

/** A record's own fields, those of its Individual, and what that person said. */
function split(set: Fields): { own: Fields; flags: Fields; consents: Fields } {
  const partOf = (name: string): string => (isOfIndividual(name) ? 'flags' : isConsent(name) ? 'consents' : 'own')
  const part = (of: string): Fields => Object.fromEntries(Object.entries(set).filter(([name]) => partOf(name) === of))
  return { own: part('own'), flags: part('flags'), consents: part('consents') }
}

/** Whether anything more may be written for it. */
function isOpen(result: WriteResult | undefined): boolean {
  return result?.outcome === 'written' || result?.outcome === 'unchanged'
}

/** One outcome for the record and its Individual. */
function joined(result: WriteResult, flag: FlagOutcome, version: string): WriteResult {
  const { ref } = result
  if (flag.outcome === 'rejected') return { ref, outcome: 'rejected', reason: flag.reason }
  const before = result.outcome === 'written' ? result : null
  if (before === null && flag.outcome === 'unchanged') return result
  const held = [...(before?.held ?? []), ...flag.held]
  return { ref, outcome: 'written', version: before?.version ?? version, ...(held.length > 0 && { held }) }
}

function unwritable(info: ObjectInfo, patch: Patch): string | null {
  const names = Object.keys(patch.set)
  const unknown = names.filter((name) => !info.fields.has(name))
  if (unknown.length > 0) return `INVALID_FIELD (${unknown.join(', ')}): missing, or hidden from the integration user`
  const locked = names.filter((name) => !info.fields.get(name)!.updateable)
  return locked.length > 0 ? `INVALID_FIELD_FOR_INSERT_UPDATE (${locked.join(', ')}): grant Edit through the permission set` : null
}

/** `null`: there is something to write. */
function compare(info: ObjectInfo, { ref, set, ifVersion }: Patch, row: Row | undefined): WriteResult | null {
  if (!row) return { ref, outcome: 'gone' }
  if (ifVersion !== undefined && !sameVersion(stampOf(row), ifVersion)) return { ref, outcome: 'conflict' }
  return heldOf(info, { set }, row).length === Object.keys(set).length ? { ref, outcome: 'unchanged' } : null
}

/** Fields that have their value already. */
function heldOf(info: ObjectInfo, { set }: Pick<Patch, 'set'>, row: Row | undefined): readonly string[] {
  if (!row) return []
  return Object.entries(set).flatMap(([name, wanted]) => {
    const type = info.fields.get(name)!.type
    return sameValue(textOf(row[name] ?? null, type, name), wanted, type) ? [name] : []
  })
}

async function tellVersions(
  org: Org,
  object: string,
  due: readonly (Prepared & { patch: Patch })[],
  saved: ReadonlyMap<number, Saved>,
  results: (WriteResult | undefined)[],
  signal: AbortSignal,
): Promise<void> {
  const written = due.filter(({ index }) => saved.get(index)?.outcome === 'written')
  const now =
    written.length > 0
      ? await retrieve(
          org,
          object,
          written.map(({ id }) => id),
          [],
          signal,
        )
      : null
  for (const { index, id, patch } of due) {
    const outcome = saved.get(index)
    if (outcome?.outcome !== 'written') {
      if (outcome) results[index] = outcome.outcome === 'gone' ? { ref: patch.ref, outcome: 'gone' } : { ref: patch.ref, ...outcome }
      continue
    }
    const row = now?.rows.get(id)
    // Deleted within the second between our write and this reading.
    results[index] =
      row && now ? { ref: patch.ref, outcome: 'written', version: versionOf(stampOf(row), now.at) } : { ref: patch.ref, outcome: 'gone' }
  }
}

/** Corrections as a plan over all records of a person, written field by field, and read again. Values live in memory and in the sealed file alone. */
import { createHmac } from 'node:crypto'
import { ConnectorError, type Fields } from '../../connectors/connector.ts'
import type { Correction, Deed, Sight } from '../../core/request/change.ts'
import { isSameValue, type Correctable, type Corrections } from '../../core/request/corrections.ts'
import { personFrom, type ErasureDeps, type PersonFile, type Seen } from '../erasure/deps.ts'
import { keyOf, seek } from '../erasure/seek.ts'
import type { Prepared } from '../sweep/live.ts'
import type { Target } from '../shell.ts'

/** What a user sees and nobody stores. `field`: of the CRM. */
export type Shown = { key: string; field: string; from: string | null; to: string | null }
export type Drafted = { correction: Correction; shown: readonly Shown[]; person: PersonFile }

type Ref = { key: string; object: string; id: string }
/** A fact and the CRM's field for it. */
type Place = { fact: Correctable; field: string; to: string | null }

/** Looks everywhere and says what would be written where. Changes nothing. */
export async function draftCorrection(
  deps: ErasureDeps,
  { asked }: Pick<PersonFile, 'asked'>,
  corrections: Corrections,
  signal: AbortSignal,
): Promise<Drafted> {
  const { sightings, person, names } = await seek(deps.sides, personFrom(asked), signal)
  const items: Correction['items'][number][] = []
  const gaps = [...deps.unable]
  const shown: Shown[] = []
  const live = sightings.filter(({ selection, record }) => selection.verdict === 'selected' && record.state === 'live')
  for (const [side, mine] of Map.groupBy(live, (one) => one.side)) {
    const { connection } = side
    const prepared = await deps.prepare(connection, signal)
    if (prepared === null) {
      gaps.push(`${connection} was never swept`)
      continue
    }
    const refs = mine.map(({ record: { ref } }): Ref => ({ key: keyOf(side, ref), ...ref }))
    for (const { target, read, places, closed } of await readPlaces(prepared, refs, corrections, signal)) {
      for (const fact of closed) gaps.push(`${connection}/${target.source.object}: ${fact} cannot be written here`)
      for (const ref of refs.filter(({ object }) => object === target.source.object)) {
        const held = read.get(ref.id)
        if (held === undefined) continue
        const differing = places.filter(({ fact, field, to }) => !isSameValue(fact, held[field] ?? null, to, homeOf(deps)))
        items.push({ ...ref, connection, fields: differing.map(({ field }) => field) })
        for (const { field, to } of differing) shown.push({ key: ref.key, field, from: held[field] ?? null, to })
      }
    }
  }
  const suggestions = sightings.flatMap(({ key, selection }) => (selection.verdict === 'suggested' ? [{ key, why: selection.why }] : []))
  const seen = Object.fromEntries(
    [...Map.groupBy(shown, ({ key }) => key)].map(([key, fields]) => [
      key,
      Object.fromEntries(fields.map(({ field, from }) => [field, from])),
    ]),
  )
  const correction = { items, suggestions, gaps, digest: digestOf(deps, items, corrections), address: null }
  return { correction, shown, person: { asked, subject: { person, names }, corrections, seen } }
}

/** Keyed, since values that can be guessed could be told from a plain hash. */
function digestOf({ shell }: ErasureDeps, items: Correction['items'], corrections: Corrections): string {
  const what = [items.map(({ key, fields }) => [key, fields]).sort(), Object.entries(corrections).sort()]
  return createHmac('sha256', shell.hashKey)
    .update(`correction:${JSON.stringify(what)}`)
    .digest('hex')
}

type Read = { target: Target; read: ReadonlyMap<string, Fields>; places: readonly Place[]; closed: readonly string[] }

async function readPlaces(
  { targets }: Pick<Prepared, 'targets'>,
  refs: readonly Ref[],
  corrections: Corrections,
  signal: AbortSignal,
): Promise<Read[]> {
  const reads: Read[] = []
  for (const target of targets) {
    const { object } = target.source
    const ids = refs.filter((ref) => ref.object === object).map(({ id }) => id)
    if (ids.length === 0) continue
    const { places, closed } = placesIn(target, corrections)
    const fields = places.map(({ field }) => field)
    const { records } = await target.connector.get({ object, ids, fields }, signal)
    reads.push({ target, read: new Map(records.map(({ ref, fields: held }) => [ref.id, held])), places, closed })
  }
  return reads
}

/** The first field of a fact is its own; the others only stand in where it is empty. What is translated or points elsewhere is no text of the person's. */
function placesIn({ recipe }: Target, corrections: Corrections): { places: readonly Place[]; closed: readonly string[] } {
  const places: Place[] = []
  const closed: string[] = []
  for (const [name, to] of Object.entries(corrections)) {
    const fact = name as Correctable
    const source = recipe?.mapping.fields[fact] ?? null
    const [field] = source?.from ?? []
    if (field === undefined) continue
    const schema = recipe?.schema.fields.find((one) => one.name === field)
    const open = source?.values === null && schema?.writable === true && schema.type !== 'reference'
    if (open) places.push({ fact, field, to: to ?? null })
    else closed.push(fact)
  }
  return { places, closed }
}

type Approved = { items: readonly (Ref & { fields: readonly string[] })[]; corrections: Corrections; seen: Seen }

/**
 * No CRM compares before it writes. So each record is read right before: one that reads neither as a user saw it nor as it is to read was written by somebody
 * else meanwhile, and stays as it is. What is left is the time between that reading and the write, of one call; the look behind it shows what came of it.
 */
export async function writeCorrections(
  deps: ErasureDeps,
  prepared: Prepared,
  { items, corrections, seen }: Approved,
  signal: AbortSignal,
): Promise<readonly Deed[]> {
  // It read as the person wants it before.
  const deeds = items.filter(({ fields }) => fields.length === 0).map(({ key }): Deed => ({ key, outcome: 'unchanged', reason: null }))
  const open = items.filter(({ fields }) => fields.length > 0)
  for (const target of prepared.targets) {
    const own = open.filter((item) => item.object === target.source.object)
    const size = Math.min(target.connector.limits.patchesPerWrite, target.connector.limits.idsPerGet)
    for (let from = 0; from < own.length; from += size)
      deeds.push(...(await writeSome(deps, target, { items: own.slice(from, from + size), corrections, seen }, signal)))
  }
  return deeds
}

async function writeSome(deps: ErasureDeps, target: Target, { items, corrections, seen }: Approved, signal: AbortSignal): Promise<Deed[]> {
  const [one] = await readPlaces({ targets: [target] }, items, corrections, signal)
  const { read, places } = one!
  const isAsShown = ({ key, id, fields }: (typeof items)[number]): boolean => {
    const held = read.get(id)
    const before = seen[key]
    // Gone: the write says so.
    if (held === undefined) return true
    return places
      .filter(({ field }) => fields.includes(field))
      .every(({ fact, field, to }) => {
        const now = held[field] ?? null
        return isSameValue(fact, now, to, homeOf(deps)) || (before !== undefined && field in before && now === before[field])
      })
  }
  const mine = items.filter(isAsShown)
  const changed = items.filter((item) => !mine.includes(item)).map(({ key }): Deed => ({ key, outcome: 'changed', reason: null }))
  if (mine.length === 0) return changed
  const patches = mine.map(({ object, id, fields }) => ({ ref: { object, id }, set: valuesOf(places, fields) }))
  const results = await target.connector.write(patches, signal)
  const written = results.map((result, index): Deed => {
    if (result.outcome === 'conflict') throw new ConnectorError('unavailable', 'somebody else was writing the same record')
    const { key } = mine[index]!
    return result.outcome === 'rejected' || result.outcome === 'frozen'
      ? { key, outcome: 'refused', reason: result.reason }
      : { key, outcome: result.outcome, reason: null }
  })
  return [...changed, ...written]
}

function valuesOf(places: readonly Place[], fields: readonly string[]): Fields {
  return Object.fromEntries(places.filter(({ field }) => fields.includes(field)).map(({ field, to }) => [field, to]))
}

export async function lookAtCorrections(
  deps: ErasureDeps,
  prepared: Prepared,
  { items, corrections }: { items: readonly (Ref & { fields: readonly string[] })[]; corrections: Corrections },
  signal: AbortSignal,
): Promise<readonly Sight[]> {
  const reads = await readPlaces(prepared, items, corrections, signal)
  return items.map(({ key, object, id, fields }): Sight => {
    const one = reads.find(({ target }) => target.source.object === object)
    const held = one?.read.get(id)
    if (one === undefined) return { key, seen: 'unread' }
    if (held === undefined) return { key, seen: 'gone' }
    const places = one.places.filter(({ field }) => fields.includes(field))
    const right =
      places.length === fields.length && places.every(({ fact, field, to }) => isSameValue(fact, held[field] ?? null, to, homeOf(deps)))
    return { key, seen: right ? 'as-asked' : 'otherwise' }
  })
}

function homeOf({ policy }: ErasureDeps): string {
  return policy.organisation.country
}

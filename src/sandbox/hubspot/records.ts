import { forgetAssociations } from './associations.ts'
import type { Source } from './changes.ts'
import { ARCHIVED, ERASED, LIVE, MERGED } from './columns.ts'
import { contactExists, valueTaken } from './errors.ts'
import type { ObjectTable } from './table.ts'
import { derive } from './derive.ts'
import { tell } from './tell.ts'
import type { History, Values, Version } from './store.ts'

/** unverified: how many versions HubSpot keeps of one property. */
const HISTORY_DEPTH = 45

/** Live row of an id as single GET and PATCH find it: ids merged away lead to the record they became part of. -1 when there is none. */
export function liveRow(table: ObjectTable, id: number): number {
  const row = table.store.row(survivor(table, id))
  return row >= 0 && table.store.columns.status[row] === LIVE ? row : -1
}

export function survivor(table: ObjectTable, id: number): number {
  let last = id
  // A record of its own comes before an alias; seeded aliases may even run in a circle.
  for (let steps = 0; steps <= table.aliases.size && !holds(table, last); steps++) {
    const next = table.aliases.get(last)
    if (next === undefined) return last
    last = next
  }
  return last
}

/** A record of its own, erased ones too: what was erased must not lead on to somebody else. */
function holds(table: ObjectTable, id: number): boolean {
  const row = table.store.row(id)
  return row >= 0 && table.store.columns.status[row] !== MERGED
}

/** Adds a live record, claims its addresses and unique values, and derives what HubSpot derives. Values are already normalised. Without a source nobody is told. */
export function addRecord(table: ObjectTable, values: Values, created: number, history: History, source: Source | null): number {
  const id = table.portal.nextId++
  const email = values.get(table.properties.indexOf('email'))
  const now = table.portal.clock.now()
  // A merged record brings the date of its stage along.
  const stage = values.get(table.properties.indexOf('lifecyclestage'))
  const dated = values.has(table.properties.indexOf(`hs_lifecyclestage_${stage}_date`))
  const touched = new Set(values.keys())
  if (dated) touched.delete(table.properties.indexOf('lifecyclestage'))
  derive(table, values, touched, now)
  if (table.kind.name === 'contacts') {
    values.set(table.properties.indexOf('hs_all_contact_vids'), String(id))
    values.set(table.properties.indexOf('hs_is_contact'), 'true')
  }
  const row = table.store.append({ id, created, updated: now, values, history })
  table.changes++
  table.index.note(id, now, table.portal.settings.indexLagMs, now, null)
  claim(table, row, values)
  if (email !== undefined && table.portal.blocklist.has(email)) table.portal.returned.add(email)
  if (source !== null) tell(table, { kind: 'creation', id, source })
  return row
}

/** Applies changed values ('' clears), with history. A change that changes nothing leaves the record as it was. */
export function changeRecord(table: ObjectTable, row: number, changes: ReadonlyMap<number, string>, source: Source): void {
  const before = table.store.values(row)
  const values = new Map(before)
  const touched = new Set<number>()
  for (const [property, value] of changes) {
    if ((before.get(property) ?? '') === value) continue
    touched.add(property)
    if (value === '') values.delete(property)
    else values.set(property, value)
  }
  if (touched.size === 0) return
  const { columns } = table.store
  const now = Math.max(table.portal.clock.now(), columns.updated[row]!)
  for (const property of derive(table, values, touched, now)) touched.add(property)
  const history = table.store.history(row)
  for (const property of touched) remember(table, row, history, property, before, values.get(property) ?? '', now, source)
  table.index.note(columns.id[row]!, now, table.portal.settings.indexLagMs, columns.updated[row]!, before)
  release(table, row, before)
  table.store.replace(row, values, history)
  columns.updated[row] = now
  table.changes++
  claim(table, row, values)
  if (!table.portal.feed.watched) return
  for (const property of touched) {
    const { name, dataSensitivity } = table.properties.list[property]!
    const change = {
      id: columns.id[row]!,
      property: name,
      value: values.get(property) ?? '',
      sensitive: dataSensitivity !== 'non_sensitive',
    }
    tell(table, { kind: 'propertyChange', ...change, source })
  }
}

function remember(
  table: ObjectTable,
  row: number,
  history: History,
  property: number,
  before: Values,
  value: string,
  now: number,
  source: Source,
): void {
  const name = table.properties.list[property]!.name
  const versions = history[name] ?? (before.has(property) ? [creationVersion(table, row, before, property)] : [])
  versions.unshift([value, now, source.type, source.id, source.user])
  history[name] = versions.slice(0, HISTORY_DEPTH)
}

/** The state a record was created with counts as its first version; it is derived, not stored. */
export function creationVersion(table: ObjectTable, row: number, values: Values, property: number): Version {
  const source = values.get(table.properties.indexOf('hs_object_source')) ?? 'IMPORT'
  const sourceId = values.get(table.properties.indexOf('hs_object_source_id')) ?? null
  return [values.get(property) ?? '', table.store.columns.created[row]!, source, sourceId, null]
}

/** The values of a record, decoded or as they are stored. */
type Readable = { get(property: number): string | undefined }

/** Addresses of a contact, primary first; other records have none that HubSpot keeps unique. */
export function addresses(table: ObjectTable, values: Readable): string[] {
  if (table.kind.name !== 'contacts') return []
  const primary = values.get(table.properties.indexOf('email'))
  const additional = values.get(table.properties.indexOf('hs_additional_emails'))
  const all = additional === undefined ? [primary] : [primary, ...additional.split(';')]
  return all.filter((email) => email !== undefined && email !== '').map((email) => email!.toLowerCase())
}

/** Throws when an address or unique value belongs to another record: 409 for a new contact, 400 for a change of one. */
export function refuseTaken(table: ObjectTable, changes: ReadonlyMap<number, string>, id: number | null): void {
  const emailIndex = table.kind.name === 'contacts' ? table.properties.indexOf('email') : -1
  for (const [property, value] of changes) {
    if (value === '') continue
    const owner = property === emailIndex ? table.emails.get(value) : table.uniques.get(property)?.get(value)
    if (owner === undefined || owner === id) continue
    if (id === null && property === emailIndex) throw contactExists(owner)
    throw valueTaken(table.portal.id, table.kind.constant, table.properties.list[property]!.name, value, id ?? 'new object', owner)
  }
}

export function claim(table: ObjectTable, row: number, values: Readable): void {
  const id = table.store.columns.id[row]!
  for (const email of addresses(table, values)) table.emails.set(email, id)
  for (const [property, taken] of table.uniques) {
    const value = values.get(property)
    if (value !== undefined) taken.set(value, id)
  }
}

export function release(table: ObjectTable, row: number, values: Values): void {
  const id = table.store.columns.id[row]!
  for (const email of addresses(table, values)) if (table.emails.get(email) === id) table.emails.delete(email)
  for (const [property, taken] of table.uniques) {
    const value = values.get(property)
    if (value !== undefined && taken.get(value) === id) taken.delete(value)
  }
}

/** Into the recycle bin: the address is free again, the record can come back for 90 days. */
export function archiveRecord(table: ObjectTable, row: number, source: Source): void {
  const { columns } = table.store
  release(table, row, table.store.values(row))
  columns.status[row] = ARCHIVED
  columns.archived[row] = table.portal.clock.now()
  columns.updated[row] = Math.max(columns.updated[row]!, table.portal.clock.now())
  table.changes++
  tell(table, { kind: 'deletion', id: columns.id[row]!, source })
}

/** For good: values, history, archived copy, and the ids that led to it. */
export function eraseRecord(table: ObjectTable, row: number, source: Source): void {
  const { columns } = table.store
  const values = table.store.values(row)
  for (const email of addresses(table, values)) table.portal.blocklist.add(email)
  release(table, row, values)
  eraseBytes(table, row)
  const id = columns.id[row]!
  for (const [alias] of table.aliases) {
    if (survivor(table, alias) === id) eraseBytes(table, table.store.row(alias))
  }
  forgetAssociations(table, id, source)
  table.changes++
  tell(table, { kind: 'privacyDeletion', id, source })
}

function eraseBytes(table: ObjectTable, row: number): void {
  // Seeded records may name merged ids that were never records here.
  if (row < 0) return
  table.store.wipe(row)
  table.store.columns.status[row] = ERASED
}

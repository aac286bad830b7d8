import { ARCHIVED, ERASED, LIVE, MERGED } from './columns.ts'
import { contactExists, valueTaken } from './errors.ts'
import { instant } from './instant.ts'
import type { Portal } from './portal.ts'
import { LIFECYCLE_STAGES } from './standard.ts'
import type { History, Values, Version } from './store.ts'

/** Who makes a change, as history entries say it. */
export type Source = { type: string; id: string | null; user: number | null }

/** unverified: how many versions HubSpot keeps of one property. */
const HISTORY_DEPTH = 45

/** Live row of an id as single GET and PATCH find it: ids merged away lead to the record they became part of. -1 when there is none. */
export function liveRow(portal: Portal, id: number): number {
  const row = portal.store.row(survivor(portal, id))
  return row >= 0 && portal.store.columns.status[row] === LIVE ? row : -1
}

export function survivor(portal: Portal, id: number): number {
  let last = id
  // A record of its own comes before an alias; seeded aliases may even run in a circle.
  for (let steps = 0; steps <= portal.aliases.size && !holds(portal, last); steps++) {
    const next = portal.aliases.get(last)
    if (next === undefined) return last
    last = next
  }
  return last
}

/** A record of its own, erased ones too: what was erased must not lead on to somebody else. */
function holds(portal: Portal, id: number): boolean {
  const row = portal.store.row(id)
  return row >= 0 && portal.store.columns.status[row] !== MERGED
}

/** Adds a live record, claims its addresses and unique values, and derives what HubSpot derives. Values are already normalised. */
export function addRecord(portal: Portal, values: Values, created: number, history: History): number {
  const id = portal.nextId++
  const email = values.get(portal.properties.indexOf('email'))
  const now = portal.clock.now()
  // A merged record brings the date of its stage along.
  const stage = values.get(portal.properties.indexOf('lifecyclestage'))
  const dated = values.has(portal.properties.indexOf(`hs_lifecyclestage_${stage}_date`))
  const touched = new Set(values.keys())
  if (dated) touched.delete(portal.properties.indexOf('lifecyclestage'))
  derive(portal, values, touched, now)
  values.set(portal.properties.indexOf('hs_all_contact_vids'), String(id))
  values.set(portal.properties.indexOf('hs_is_contact'), 'true')
  const row = portal.store.append({ id, created, updated: now, values, history })
  portal.changes++
  portal.index.note(id, now, portal.settings.indexLagMs, now, null)
  claim(portal, row, values)
  if (email !== undefined && portal.blocklist.has(email)) portal.returned.add(email)
  return row
}

/** Applies changed values ('' clears), with history. A change that changes nothing leaves the record as it was. */
export function changeRecord(portal: Portal, row: number, changes: ReadonlyMap<number, string>, source: Source): void {
  const before = portal.store.values(row)
  const values = new Map(before)
  const touched = new Set<number>()
  for (const [property, value] of changes) {
    if ((before.get(property) ?? '') === value) continue
    touched.add(property)
    if (value === '') values.delete(property)
    else values.set(property, value)
  }
  if (touched.size === 0) return
  const { columns } = portal.store
  const now = Math.max(portal.clock.now(), columns.updated[row]!)
  for (const property of derive(portal, values, touched, now)) touched.add(property)
  const history = portal.store.history(row)
  for (const property of touched) remember(portal, row, history, property, before, values.get(property) ?? '', now, source)
  portal.index.note(columns.id[row]!, now, portal.settings.indexLagMs, columns.updated[row]!, before)
  release(portal, row, before)
  portal.store.replace(row, values, history)
  columns.updated[row] = now
  portal.changes++
  claim(portal, row, values)
}

function remember(
  portal: Portal,
  row: number,
  history: History,
  property: number,
  before: Values,
  value: string,
  now: number,
  source: Source,
): void {
  const name = portal.properties.list[property]!.name
  const versions = history[name] ?? (before.has(property) ? [creationVersion(portal, row, before, property)] : [])
  versions.unshift([value, now, source.type, source.id, source.user])
  history[name] = versions.slice(0, HISTORY_DEPTH)
}

/** The state a record was created with counts as its first version; it is derived, not stored. */
export function creationVersion(portal: Portal, row: number, values: Values, property: number): Version {
  const source = values.get(portal.properties.indexOf('hs_object_source')) ?? 'IMPORT'
  const sourceId = values.get(portal.properties.indexOf('hs_object_source_id')) ?? null
  return [values.get(property) ?? '', portal.store.columns.created[row]!, source, sourceId, null]
}

/** Sets what follows from the changed properties; returns the derived ones. */
function derive(portal: Portal, values: Values, touched: ReadonlySet<number>, now: number): number[] {
  const index = portal.properties.indexOf
  const derived: number[] = []
  if (touched.has(index('email'))) {
    const email = values.get(index('email'))
    if (email === undefined) values.delete(index('hs_email_domain'))
    else values.set(index('hs_email_domain'), email.slice(email.lastIndexOf('@') + 1))
    derived.push(index('hs_email_domain'))
  }
  const stage = values.get(index('lifecyclestage'))
  if (touched.has(index('lifecyclestage')) && LIFECYCLE_STAGES.some((known) => known === stage)) {
    values.set(index(`hs_lifecyclestage_${stage}_date`), instant(now))
    derived.push(index(`hs_lifecyclestage_${stage}_date`))
  }
  return derived
}

/** Addresses of a record, primary first. */
export function addresses(portal: Portal, values: Values): string[] {
  const primary = values.get(portal.properties.indexOf('email'))
  const additional = values.get(portal.properties.indexOf('hs_additional_emails'))
  return [primary, ...(additional?.split(';') ?? [])]
    .filter((email) => email !== undefined && email !== '')
    .map((email) => email!.toLowerCase())
}

/** Throws when an address or unique value belongs to another record: 409 for a new contact, 400 for a change of one. */
export function refuseTaken(portal: Portal, changes: ReadonlyMap<number, string>, id: number | null): void {
  const emailIndex = portal.properties.indexOf('email')
  for (const [property, value] of changes) {
    if (value === '') continue
    const owner = property === emailIndex ? portal.emails.get(value) : portal.uniques.get(property)?.get(value)
    if (owner === undefined || owner === id) continue
    if (id === null && property === emailIndex) throw contactExists(owner)
    throw valueTaken(portal.id, portal.properties.list[property]!.name, value, id ?? 'new object', owner)
  }
}

export function claim(portal: Portal, row: number, values: Values): void {
  const id = portal.store.columns.id[row]!
  for (const email of addresses(portal, values)) portal.emails.set(email, id)
  for (const [property, taken] of portal.uniques) {
    const value = values.get(property)
    if (value !== undefined) taken.set(value, id)
  }
}

export function release(portal: Portal, row: number, values: Values): void {
  const id = portal.store.columns.id[row]!
  for (const email of addresses(portal, values)) if (portal.emails.get(email) === id) portal.emails.delete(email)
  for (const [property, taken] of portal.uniques) {
    const value = values.get(property)
    if (value !== undefined && taken.get(value) === id) taken.delete(value)
  }
}

/** Into the recycle bin: the address is free again, the record can come back for 90 days. */
export function archiveRecord(portal: Portal, row: number): void {
  const { columns } = portal.store
  release(portal, row, portal.store.values(row))
  columns.status[row] = ARCHIVED
  columns.archived[row] = portal.clock.now()
  columns.updated[row] = Math.max(columns.updated[row]!, portal.clock.now())
  portal.changes++
}

/** For good: values, history, archived copy, and the ids that led to it. */
export function eraseRecord(portal: Portal, row: number): void {
  const { columns } = portal.store
  const values = portal.store.values(row)
  for (const email of addresses(portal, values)) portal.blocklist.add(email)
  release(portal, row, values)
  eraseBytes(portal, row)
  const id = columns.id[row]!
  for (const [alias] of portal.aliases) {
    if (survivor(portal, alias) === id) eraseBytes(portal, portal.store.row(alias))
  }
  portal.changes++
}

function eraseBytes(portal: Portal, row: number): void {
  // Seeded records may name merged ids that were never records here.
  if (row < 0) return
  portal.store.wipe(row)
  portal.store.columns.status[row] = ERASED
}

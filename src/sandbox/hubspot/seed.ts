import type { SeedRow } from '../crm.ts'
import { isObject } from './call.ts'
import { ARCHIVED } from './columns.ts'
import type { ObjectTable } from './table.ts'
import { option } from './property.ts'
import type { Property } from './property.ts'
import { addresses, claim } from './records.ts'
import { seedAssociations } from './seed-associations.ts'
import { seedFlag, seedHistory, seedText, seedTime } from './seed-parts.ts'
import type { History, Values } from './store.ts'
import { parseValue } from './values.ts'

/** Keys of a row that are not property names: the record as the API would return it, or flat with these beside the properties. */
const RECORD_KEYS = new Set([
  'id',
  'properties',
  'createdAt',
  'updatedAt',
  'archived',
  'archivedAt',
  'propertiesWithHistory',
  'associations',
  'url',
])

/** Days already found to exist: seeds repeat a few thousand of them millions of times. */
const knownDays = new Set<string>()

/**
 * Adds records of one object type in HubSpot's own names, read-only properties and history included. A row is flat (`{"email": …, "createdate": …}`) or
 * shaped as the API returns it (`{"id", "properties", "propertiesWithHistory", "createdAt", …}`). Properties the table does not know
 * become custom text properties. `associations` names records that were loaded before. Throws on the first bad row with its number; rows before it stay.
 */
export function loadRecords(table: ObjectTable, rows: Iterable<SeedRow>): void {
  let number = 0
  const associations: Pending[] = []
  const load = startLoad(table)
  try {
    for (const row of rows) {
      number++
      const id = loadRow(load, row)
      if (row.associations !== undefined && row.associations !== null) associations.push({ number, id, raw: row.associations })
    }
    table.store.sort()
    for (const pending of associations) {
      number = pending.number
      seedAssociations(table, pending.id, pending.raw)
    }
  } catch (error) {
    throw new Error(`${table.kind.singular} ${number}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    table.store.sort()
    table.changes++
    table.portal.associations.changes++
  }
}

/** Associations wait until every row has its place. */
type Pending = { number: number; id: number; raw: unknown }

/** What holds for all rows of a load; `places` spares a million rows the search for the same few names. */
type Load = {
  readonly table: ObjectTable
  readonly now: number
  readonly ids: KnownIds
  readonly places: Map<string, Place>
  /** Indexes of the properties that a record keeps outside its values, and of those that others follow from. */
  readonly id: number
  readonly created: number
  readonly updated: number
  readonly email: number
  readonly domain: number
  readonly merged: number
}

function startLoad(table: ObjectTable): Load {
  const { indexOf } = table.properties
  return {
    table,
    now: table.portal.clock.now(),
    ids: { all: undefined },
    places: new Map(),
    id: indexOf('hs_object_id'),
    created: indexOf(table.kind.created),
    updated: indexOf(table.kind.updated),
    email: table.kind.name === 'contacts' ? indexOf('email') : -1,
    domain: indexOf('hs_email_domain'),
    merged: indexOf('hs_merged_object_ids'),
  }
}

/** Where the values of a name go; `plain` ones are kept as they are. */
type Place = { index: number; property: Property; plain: boolean }

function placeOf({ table, now, places }: Load, name: string): Place {
  let place = places.get(name)
  if (place === undefined) {
    const index = table.properties.seeded(name, now)
    const property = table.properties.list[index]!
    place = { index, property, plain: isPlain(property) }
    places.set(name, place)
  }
  return place
}

function readValues(load: Load, row: SeedRow): Values {
  const values: Values = new Map()
  const nested = isObject(row.properties) ? row.properties : undefined
  const source = nested ?? row
  for (const name in source) {
    if (nested === undefined && RECORD_KEYS.has(name)) continue
    const { index, property, plain } = placeOf(load, name)
    const value = seedText(source[name], name)
    if (value !== '') values.set(index, plain ? value : seedValue(load.table, property, value))
  }
  return values
}

/** What a row tells only the history of has the value of its newest version. */
function addNewest(load: Load, row: SeedRow, values: Values, history: History): void {
  const source = isObject(row.properties) ? row.properties : row
  for (const [name, [newest]] of Object.entries(history)) {
    if (newest === undefined || name in source) continue
    const { index, property, plain } = placeOf(load, name)
    const [value] = newest
    if (value !== '') values.set(index, plain ? value : seedValue(load.table, property, value))
  }
}

function loadRow(load: Load, row: SeedRow): number {
  if (!isObject(row)) throw new Error('an object is expected')
  const { table, now } = load
  const values = readValues(load, row)
  const history = seedHistory(row.propertiesWithHistory)
  addNewest(load, row, values, history)
  const id = seedId(table, load.ids, row.id ?? values.get(load.id))
  const created = seedTime(row.createdAt ?? values.get(load.created), table.kind.created) ?? now
  const updated = seedTime(row.updatedAt ?? values.get(load.updated), table.kind.updated) ?? created
  for (const index of [load.id, load.created, load.updated]) values.delete(index)
  const email = values.get(load.email)
  if (email !== undefined && !values.has(load.domain)) values.set(load.domain, email.slice(email.lastIndexOf('@') + 1))
  for (const address of addresses(table, values)) {
    const owner = table.emails.get(address)
    if (owner !== undefined) throw new Error(`its address already belongs to contact ${owner}; HubSpot keeps addresses unique`)
  }
  const record = table.store.append({ id, created, updated, values, history })
  if (seedFlag(row.archived, 'archived')) {
    table.store.columns.status[record] = ARCHIVED
    table.store.columns.archived[record] = seedTime(row.archivedAt, 'archivedAt') ?? now
  } else claim(table, record, values)
  for (const merged of values.get(load.merged)?.split(';') ?? []) if (/^\d+$/.test(merged)) table.aliases.set(Number(merged), id)
  return id
}

const isPlain = ({ name, type, hubspotDefined }: Property): boolean =>
  name !== 'email' && type !== 'date' && type !== 'datetime' && (type !== 'enumeration' || hubspotDefined)

/** Dates and addresses in stored form; other values as they are, for a table holds what older rules let in: misspelt addresses too. */
function seedValue(table: ObjectTable, property: Property, value: string): string {
  if (property.name === 'email') return value.trim().toLowerCase()
  if (property.type === 'date' || property.type === 'datetime') {
    if (property.type === 'date' && knownDays.has(value)) return value
    const parsed = parseValue(property, value, undefined)
    if ('code' in parsed) throw new Error(`property ${property.name} is not a valid ${property.type}`)
    if (property.type === 'date' && knownDays.size < 50_000) knownDays.add(parsed.value)
    return parsed.value
  }
  if (property.type === 'enumeration' && !property.hubspotDefined) learnOptions(table, property, value)
  return value
}

/** A custom enumeration knows the options its records hold. */
function learnOptions(table: ObjectTable, property: Property, value: string): void {
  for (const part of property.fieldType === 'checkbox' ? value.split(';') : [value]) {
    if (part === '' || property.options.some((known) => known.value === part)) continue
    property.options.push(option(part, property.options.length))
    table.properties.changed()
  }
}

/** Rows usually come in id order; a set of all ids is needed only when they do not. */
type KnownIds = { all: Set<number> | undefined }

function seedId(table: ObjectTable, ids: KnownIds, raw: unknown): number {
  if (raw === undefined) return table.portal.nextId++
  const id = Number(raw)
  if (!Number.isSafeInteger(id) || id <= 0) throw new Error('its id must be a positive whole number')
  const { columns } = table.store
  const last = columns.count === 0 ? 0 : columns.id[columns.count - 1]!
  if (id <= last) ids.all ??= new Set(columns.id.subarray(0, columns.count))
  if (ids.all?.has(id)) throw new Error(`the id ${id} occurs twice`)
  ids.all?.add(id)
  table.portal.nextId = Math.max(table.portal.nextId, id + 1)
  return id
}

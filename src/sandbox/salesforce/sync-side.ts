/** Salesforce as HubSpot's native integration reads and writes it: Contacts and Leads. */
import { accessOf } from './org.ts'
import { commitChanges } from './changes.ts'
import { createRecord, deleteRecord, updateRecord } from './dml.ts'
import { LIVE, lookupRows, readerOf } from './table.ts'
import { parseId } from './ids.ts'
import { tableOf } from './grants.ts'
import type { Org } from './org.ts'
import type { SyncRecord, SyncSide } from '../crm.ts'
import type { Table } from './table.ts'

/** unverified: how change events name the integration. */
const SYNC_ORIGIN = 'com/salesforce/api/soap/60.0;client=HubSpot'
/** What a Lead needs and HubSpot may not have. HubSpot knowledge base: Salesforce integration sync errors. */
const UNKNOWN = '[not provided]'

const COMMON: Readonly<Record<string, string>> = {
  email: 'Email',
  firstname: 'FirstName',
  lastname: 'LastName',
  salutation: 'Salutation',
  phone: 'Phone',
  mobilephone: 'MobilePhone',
  fax: 'Fax',
  jobtitle: 'Title',
}
/** HubSpot property → field. */
const FIELDS: Readonly<Record<'Contact' | 'Lead', Readonly<Record<string, string>>>> = {
  Contact: {
    ...COMMON,
    address: 'MailingStreet',
    city: 'MailingCity',
    state: 'MailingState',
    zip: 'MailingPostalCode',
    country: 'MailingCountry',
  },
  Lead: { ...COMMON, company: 'Company', address: 'Street', city: 'City', state: 'State', zip: 'PostalCode', country: 'Country' },
}
type Kind = keyof typeof FIELDS
type Place = { kind: Kind; table: Table; row: number; id: string }

export function createSyncSide(org: Org): SyncSide {
  return {
    *changedSince(at) {
      // Salesforce stamps whole seconds.
      const from = Math.floor(at / 1_000) * 1_000
      for (const kind of ['Contact', 'Lead'] as const) {
        const table = tableOf(org, kind)
        const stamp = reader(table, 'SystemModstamp')
        for (let row = 0; row < table.ids.length; row += 1)
          if (table.stages[row] === LIVE && Number(stamp(row)) >= from && !isConverted(table, kind, row)) yield table.ids[row]!
      }
    },
    read(key) {
      const place = findPlace(org, key)
      return place === undefined ? undefined : recordOf(place)
    },
    keyOfEmail: (email) => keyOfEmail(org, email),
    create(fields, _partner, kind) {
      const table = tableOf(org, kind)
      const needed = { LastName: UNKNOWN, ...(kind === 'Lead' ? { Company: UNKNOWN } : {}) }
      const outcome = createRecord(org, table, { ...needed, ...inputOf(org, table, kind, fields) })
      return outcome.ok ? outcome.id : undefined
    },
    write(key, fields) {
      const place = findPlace(org, key)
      if (place === undefined) return false
      const input = inputOf(org, place.table, place.kind, fields)
      return Object.keys(input).length === 0 || updateRecord(org, place.table, place.id, input).ok
    },
    optOut(key) {
      const place = findPlace(org, key)
      if (place !== undefined) updateRecord(org, place.table, place.id, { HasOptedOutOfEmail: true })
    },
    remove(key) {
      const place = findPlace(org, key)
      return place !== undefined && deleteRecord(org, place.table, place.id).ok
    },
    commit: () => commitChanges(org, SYNC_ORIGIN),
  }
}

function reader(table: Table, name: string): (row: number) => unknown {
  const field = table.object.byName.get(name.toLowerCase())
  return field === undefined ? () => null : readerOf(table, field)
}

const isConverted = (table: Table, kind: Kind, row: number): boolean => kind === 'Lead' && reader(table, 'IsConverted')(row) === true

/** The live record an id leads to: past merges to the winner, from a converted Lead to its Contact. */
function findPlace(org: Org, key: string, steps = 0): Place | undefined {
  const id = parseId(key)
  const kind = id?.startsWith('00Q') === true ? 'Lead' : 'Contact'
  const table = tableOf(org, kind)
  const row = id === undefined ? undefined : table.rows.get(id)
  if (id === undefined || row === undefined || steps > 10) return undefined
  const next =
    table.stages[row] === LIVE
      ? isConverted(table, kind, row)
        ? reader(table, 'ConvertedContactId')(row)
        : id
      : reader(table, 'MasterRecordId')(row)
  if (next === id) return { kind, table, row, id }
  return typeof next === 'string' ? findPlace(org, next, steps + 1) : undefined
}

/** A Contact before a Lead. HubSpot knowledge base: how contacts are matched. */
function keyOfEmail(org: Org, email: string): string | undefined {
  for (const kind of ['Contact', 'Lead'] as const) {
    const table = tableOf(org, kind)
    const field = table.object.byName.get('email')
    const rows = field === undefined ? [] : lookupRows(table, field, email)
    const row = rows.find((each) => table.stages[each] === LIVE && !isConverted(table, kind, each))
    if (row !== undefined) return table.ids[row]
  }
  return undefined
}

/** Read when asked for: a cycle looks at every pair, and most have not changed. */
function recordOf({ kind, table, row, id }: Place): SyncRecord {
  const text = (name: string): string | undefined => {
    const value = reader(table, name)(row)
    return typeof value === 'string' && value !== UNKNOWN ? value : undefined
  }
  const values = (): [string, string][] =>
    Object.entries(FIELDS[kind]).flatMap(([property, name]): [string, string][] => {
      const value = text(name)
      return value === undefined ? [] : [[property, property === 'email' ? value.toLowerCase() : value]]
    })
  return {
    key: id,
    changedAt: Number(reader(table, 'SystemModstamp')(row)),
    get email() {
      return text('Email')?.toLowerCase()
    },
    get optedOut() {
      return reader(table, 'HasOptedOutOfEmail')(row) === true
    },
    partner: undefined,
    get fields() {
      return new Map(values())
    },
    accepts: (name) => Object.hasOwn(FIELDS[kind], name),
    value: (name) => text(FIELDS[kind][name] ?? name),
  }
}

/** Fields that the integration's user may write; texts that are too long are cut, as the integration does (unverified). */
function inputOf(org: Org, { object }: Table, kind: Kind, fields: ReadonlyMap<string, string>): Record<string, string> {
  const input: Record<string, string> = {}
  for (const [property, value] of fields) {
    const field = object.byName.get((FIELDS[kind][property] ?? '').toLowerCase())
    if (field !== undefined && accessOf(org, object, field).edit)
      input[field.name] = field.length > 0 ? value.slice(0, field.length) : value
  }
  return input
}

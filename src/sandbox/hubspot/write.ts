import { acceptAssociations } from './association-write.ts'
import { isObject, jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { ARCHIVED } from './columns.ts'
import { fieldsMissing, invalidRequest, nothingToUpdate, Refusal } from './errors.ts'
import { instant } from './instant.ts'
import { startPage, takePage, writeRecord, writeText } from './page.ts'
import { API_SOURCE, INTEGRATION_ID } from './source.ts'
import type { ObjectTable } from './table.ts'
import { findRow, planFor } from './read.ts'
import { recordId } from './record-id.ts'
import { addRecord, archiveRecord, changeRecord, refuseTaken } from './records.ts'
import type { Values } from './store.ts'
import type { Token } from './tokens.ts'
import { NEW_CONTACT } from './new-contact.ts'
import { ORDER_PIPELINE } from './pipelines.ts'
import { acceptValues } from './values.ts'

/** What HubSpot sets on a record that the API creates. */
const SOURCE_DEFAULTS: readonly (readonly [string, string])[] = [
  ['hs_object_source', 'INTEGRATION'],
  ['hs_object_source_label', 'INTEGRATION'],
  ['hs_object_source_id', INTEGRATION_ID],
]
const CREATED_WITH: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  contacts: [['lifecyclestage', 'lead'], ...Object.entries(NEW_CONTACT)],
  companies: [['lifecyclestage', 'lead']],
  deals: [['pipeline', 'default']],
  tickets: [['hs_pipeline', '0']],
  invoices: [['hs_invoice_status', 'draft']],
  orders: [['hs_pipeline', ORDER_PIPELINE]],
  tasks: [['hs_task_status', 'NOT_STARTED']],
}

export function createRecord(table: ObjectTable, call: Call): Answer {
  const body = jsonBody(call)
  const associate = acceptAssociations(table, body.associations)
  const row = addNew(table, call.token, acceptNew(table, call.token, body.properties ?? {}))
  associate(table.store.columns.id[row]!)
  return { status: 201, body: writtenRecord(table, call, row, '') }
}

/** A meeting happens when it starts, unless told otherwise (HubSpot docs, "Meetings"). */
function requireProperties(table: ObjectTable, values: Values): void {
  const { indexOf } = table.properties
  const start = values.get(indexOf('hs_meeting_start_time'))
  if (table.kind.name === 'meetings' && start !== undefined && !values.has(indexOf('hs_timestamp')))
    values.set(indexOf('hs_timestamp'), start)
  const missing = table.kind.required.filter((name) => !values.has(indexOf(name)))
  if (missing.length === 0) return
  throw invalidRequest(`Error creating ${table.kind.constant}. Some required properties were not set.`, {
    context: { properties: missing },
  })
}

/** Values of a new record, checked; throws what applies. */
export function acceptNew(table: ObjectTable, token: Token, properties: unknown): Values {
  const values = acceptValues(table, token, properties, new Map())
  for (const [property, value] of values) if (value === '') values.delete(property)
  requireProperties(table, values)
  refuseTaken(table, values, null)
  const email = values.get(table.properties.indexOf('email'))
  if (email !== undefined && table.portal.blocklist.has(email) && !table.portal.settings.recreateErased) {
    throw new Refusal(409, { message: 'This contact was deleted under privacy law and cannot be created again', category: 'CONFLICT' })
  }
  return values
}

export function addNew(table: ObjectTable, token: Token, values: Values): number {
  const index = table.properties.indexOf
  const defaults = [...SOURCE_DEFAULTS, ...(CREATED_WITH[table.kind.name] ?? [])]
  for (const [name, value] of defaults) if (!values.has(index(name))) values.set(index(name), value)
  return addRecord(table, values, table.portal.clock.now(), {}, API_SOURCE)
}

export function updateRecord(table: ObjectTable, call: Call): Answer {
  const body = jsonBody(call)
  const row = findRow(table, call.parts[0]!, call.query.get('idProperty'))
  if (body.properties === undefined) throw fieldsMissing(['properties'])
  if (!isObject(body.properties)) throw invalidRequest('properties must be an object of names and values')
  if (Object.keys(body.properties).length === 0) throw nothingToUpdate()
  patchRow(table, call.token, row, body.properties)
  return { status: 200, body: writtenRecord(table, call, row, '') }
}

export function patchRow(table: ObjectTable, token: Token, row: number, properties: unknown): void {
  const changes = acceptPatch(table, token, row, properties)
  changeRecord(table, row, changes, API_SOURCE)
}

export function acceptPatch(table: ObjectTable, token: Token, row: number, properties: unknown): Map<number, string> {
  const changes = acceptValues(table, token, properties, table.store.values(row))
  refuseTaken(table, changes, table.store.columns.id[row]!)
  return changes
}

/** DELETE: into the recycle bin; a second time is no error. */
export function archiveOne(table: ObjectTable, call: Call): Answer {
  const id = recordId(call.parts[0]!)
  const row = table.store.row(id)
  if (row >= 0 && table.store.columns.status[row] === ARCHIVED) return { status: 204 }
  archiveRecord(table, findRow(table, call.parts[0]!, null), API_SOURCE)
  return { status: 204 }
}

/** A write answers with every property that is set, sorted by name. */
export function writtenRecord(table: ObjectTable, call: Call, row: number, tail: string): Buffer {
  startPage()
  writeRecord(table, row, planFor(table, call, 'set'))
  writeText(`${tail}}`)
  return takePage()
}

export function now(table: ObjectTable): string {
  return instant(table.portal.clock.now())
}

import { isObject, jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { ARCHIVED } from './columns.ts'
import { invalidRequest, Refusal } from './errors.ts'
import { instant } from './instant.ts'
import { startPage, takePage, writeRecord, writeText } from './page.ts'
import type { Portal } from './portal.ts'
import { findRow, planFor, recordId } from './read.ts'
import { addRecord, archiveRecord, changeRecord, refuseTaken } from './records.ts'
import type { Source } from './records.ts'
import type { Values } from './store.ts'
import type { Token } from './tokens.ts'
import { acceptValues } from './values.ts'

/** The integration behind every API write, as history and hs_object_source name it. */
export const INTEGRATION_ID = '4400101'
export const API_SOURCE: Source = { type: 'INTEGRATION', id: INTEGRATION_ID, user: null }

export function createContact(portal: Portal, call: Call): Answer {
  const body = jsonBody(call)
  const row = addContact(portal, call.token, acceptNew(portal, call.token, body.properties ?? {}))
  return { status: 201, body: writtenRecord(portal, call, row, '') }
}

/** Values of a new contact, checked; throws what applies. */
export function acceptNew(portal: Portal, token: Token, properties: unknown): Values {
  const values = acceptValues(portal, token, properties, new Map())
  for (const [property, value] of values) if (value === '') values.delete(property)
  refuseTaken(portal, values, null)
  const email = values.get(portal.properties.indexOf('email'))
  if (email !== undefined && portal.blocklist.has(email) && !portal.settings.recreateErased) {
    throw new Refusal(409, { message: 'This contact was deleted under privacy law and cannot be created again', category: 'CONFLICT' })
  }
  return values
}

export function addContact(portal: Portal, token: Token, values: Values): number {
  const index = portal.properties.indexOf
  const defaults: [string, string][] = [
    ['lifecyclestage', 'lead'],
    ['hs_object_source', 'INTEGRATION'],
    ['hs_object_source_label', 'INTEGRATION'],
    ['hs_object_source_id', INTEGRATION_ID],
    ['hs_pipeline', 'contacts-lifecycle-pipeline'],
    ['hs_marketable_status', 'false'],
    ['hs_marketable_until_renewal', 'false'],
    ['hs_is_unworked', 'true'],
  ]
  for (const [name, value] of defaults) if (!values.has(index(name))) values.set(index(name), value)
  return addRecord(portal, values, portal.clock.now(), {})
}

export function updateContact(portal: Portal, call: Call): Answer {
  const body = jsonBody(call)
  const row = findRow(portal, call, call.parts[0]!, call.query.get('idProperty'))
  if (!isObject(body.properties)) throw invalidRequest('properties must be an object of names and values')
  patchRow(portal, call.token, row, body.properties)
  return { status: 200, body: writtenRecord(portal, call, row, '') }
}

export function patchRow(portal: Portal, token: Token, row: number, properties: unknown): void {
  const changes = acceptPatch(portal, token, row, properties)
  changeRecord(portal, row, changes, API_SOURCE)
}

export function acceptPatch(portal: Portal, token: Token, row: number, properties: unknown): Map<number, string> {
  const changes = acceptValues(portal, token, properties, portal.store.values(row))
  refuseTaken(portal, changes, portal.store.columns.id[row]!)
  return changes
}

/** DELETE: into the recycle bin; a second time is no error. */
export function archiveContact(portal: Portal, call: Call): Answer {
  const id = recordId(call.parts[0]!)
  const row = portal.store.row(id)
  if (row >= 0 && portal.store.columns.status[row] === ARCHIVED) return { status: 204 }
  archiveRecord(portal, findRow(portal, call, call.parts[0]!, null))
  return { status: 204 }
}

/** A write answers with every property that is set, sorted by name. */
export function writtenRecord(portal: Portal, call: Call, row: number, tail: string): Buffer {
  startPage()
  writeRecord(portal.store, row, planFor(portal, call, 'set'), portal.id)
  writeText(`${tail}}`)
  return takePage()
}

export function now(portal: Portal): string {
  return instant(portal.clock.now())
}

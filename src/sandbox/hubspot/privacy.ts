import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { fieldsMissing, notFound } from './errors.ts'
import { forgetAddresses, forgetContact } from './forget.ts'
import { API_SOURCE } from './source.ts'
import type { ObjectTable } from './table.ts'
import { idByProperty } from './read.ts'
import { recordId } from './record-id.ts'
import { eraseRecord, survivor } from './records.ts'
import { ARCHIVED, LIVE } from './columns.ts'

/**
 * POST gdpr-delete: record, history and recycle-bin copy are gone, its addresses blocklisted. By an address nobody has it is still 204, and
 * the address is blocklisted. Source: HubSpot docs, "Contacts: permanently delete".
 */
export function gdprDelete(table: ObjectTable, call: Call): Answer {
  const { objectId, idProperty } = jsonBody(call)
  if (typeof objectId !== 'string' && typeof objectId !== 'number') throw fieldsMissing(['objectId'])
  const byProperty = typeof idProperty === 'string' && idProperty !== '' && idProperty !== 'hs_object_id'
  const id = byProperty ? idByProperty(table, idProperty, String(objectId)) : survivor(table, recordId(String(objectId)))
  const row = id === undefined ? -1 : table.store.row(id)
  const status = row < 0 ? undefined : table.store.columns.status[row]
  if (status === LIVE || status === ARCHIVED) {
    if (table.portal.settings.eraseKeeps) return { status: 204 }
    if (table.kind.name === 'contacts') forgetContact(table.portal, row)
    eraseRecord(table, row, API_SOURCE)
    return { status: 204 }
  }
  if (byProperty && idProperty === 'email' && table.kind.name === 'contacts') {
    const address = String(objectId).trim().toLowerCase()
    forgetAddresses(table.portal, [address])
    table.portal.blocklist.add(address)
    return { status: 204 }
  }
  if (table.portal.settings.eraseUnknown === 404) throw notFound()
  return { status: 204 }
}

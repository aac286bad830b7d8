import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import type { Portal } from './portal.ts'
import { idByProperty, recordId } from './read.ts'
import { eraseRecord, survivor } from './records.ts'
import { ARCHIVED, LIVE } from './columns.ts'

/**
 * POST gdpr-delete: record, history and recycle-bin copy are gone, its addresses blocklisted. By an address nobody has it is still 204, and
 * the address is blocklisted. Source: HubSpot docs, "Contacts: permanently delete".
 */
export function gdprDelete(portal: Portal, call: Call): Answer {
  const { objectId, idProperty } = jsonBody(call)
  if (typeof objectId !== 'string' && typeof objectId !== 'number') throw invalidRequest('objectId is required')
  const byProperty = typeof idProperty === 'string' && idProperty !== '' && idProperty !== 'hs_object_id'
  const id = byProperty ? idByProperty(portal, idProperty, String(objectId)) : survivor(portal, recordId(String(objectId)))
  const row = id === undefined ? -1 : portal.store.row(id)
  const status = row < 0 ? undefined : portal.store.columns.status[row]
  if (status === LIVE || status === ARCHIVED) {
    if (!portal.settings.eraseKeeps) eraseRecord(portal, row)
    return { status: 204 }
  }
  if (byProperty && idProperty === 'email') {
    portal.blocklist.add(String(objectId).trim().toLowerCase())
    return { status: 204 }
  }
  if (portal.settings.eraseUnknown === 404) throw notFound()
  return { status: 204 }
}

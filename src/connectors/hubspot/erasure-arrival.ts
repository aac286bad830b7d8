/** How a contact came to be there: HubSpot keeps it in read-only properties (docs: "Understand the source of records"). */
import type { RecordRef } from '../connector.ts'
import type { Arrival } from '../../core/erasure/comeback.ts'
import type { HubspotClient } from './client.ts'
import { checkedIds, readBy } from './erasure-read.ts'

const asked = ['hs_object_source', 'hs_object_source_id', 'hs_object_source_label', 'createdate']

export async function arrivals(client: HubspotClient, refs: readonly RecordRef[], signal: AbortSignal): Promise<(Arrival | null)[]> {
  checkedIds(refs)
  const found = new Map<string, Arrival>()
  for (const [object, group] of Map.groupBy(refs, (ref) => ref.object)) {
    const ids = [...new Set(group.map(({ id }) => id))]
    for (const { id, properties } of await readBy(client, object, ids, asked, {}, signal))
      found.set(`${object} ${id}`, arrivalOf(properties))
  }
  return refs.map(({ object, id }) => found.get(`${object} ${id}`) ?? null)
}

/** unverified: the set of codes is open; those seen in traffic and on the help pages. */
const ways: Readonly<Record<string, Arrival['way']>> = {
  FORM: 'form',
  FORMS: 'form',
  IMPORT: 'import',
  EXTENSION: 'by-hand',
  CRM_UI: 'by-hand',
  CRM_UI_BULK_ACTION: 'by-hand',
  CONTACTS: 'by-hand',
  MOBILE_IOS: 'by-hand',
  MOBILE_ANDROID: 'by-hand',
  SALESFORCE: 'sync',
  SYNC: 'sync',
  DATA_SYNC: 'sync',
  INTEGRATION: 'api',
  INTEGRATION_SYNC: 'sync',
  API: 'api',
  INTEGRATIONS_API: 'api',
}

function arrivalOf(properties: Readonly<Record<string, string | null | undefined>>): Arrival {
  const source = properties['hs_object_source'] ?? properties['hs_object_source_label'] ?? ''
  const id = properties['hs_object_source_id'] ?? ''
  const created = Date.parse(properties['createdate'] ?? '')
  // The connector to Salesforce signs as an integration of that name.
  const way = source === 'INTEGRATION' && /^salesforce$/i.test(id) ? 'sync' : (ways[source] ?? 'unknown')
  const detail = [source, id].filter((part) => /^[\w.:-]{1,80}$/.test(part)).join(' ')
  return { way, vouched: way !== 'unknown', detail: detail === '' ? null : detail, at: Number.isNaN(created) ? null : created }
}

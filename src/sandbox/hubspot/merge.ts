import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { MERGED } from './columns.ts'
import { invalidRequest, notFound, Refusal } from './errors.ts'
import type { Portal } from './portal.ts'
import { recordId } from './read.ts'
import { addRecord, addresses, creationVersion, liveRow, release } from './records.ts'
import type { History, Values } from './store.ts'
import { API_SOURCE, writtenRecord } from './write.ts'

const MERGES_MOST = 250

/**
 * POST merge: the result is a new record; both old ids keep leading to it and are listed in hs_merged_object_ids, the other record's address
 * becomes an additional one. Source: HubSpot changelog, 14 January 2025.
 */
export function mergeContacts(portal: Portal, call: Call): Answer {
  const body = jsonBody(call)
  const primary = rowOf(portal, body.primaryObjectId, 'primaryObjectId')
  const other = rowOf(portal, body.objectIdToMerge, 'objectIdToMerge')
  if (primary === other) throw invalidRequest('A contact cannot be merged into itself')
  const row = merge(portal, primary, other)
  return { status: 200, body: writtenRecord(portal, call, row, '') }
}

function rowOf(portal: Portal, value: unknown, field: string): number {
  if (typeof value !== 'string' && typeof value !== 'number') throw invalidRequest(`${field} is required`)
  const row = liveRow(portal, recordId(String(value)))
  if (row < 0) throw notFound()
  return row
}

function merge(portal: Portal, primary: number, other: number): number {
  const { store } = portal
  const now = portal.clock.now()
  const index = portal.properties.indexOf
  const kept = store.values(primary)
  const given = store.values(other)
  const ids = [primary, other].map((row) => store.columns.id[row]!)
  const former = [...listOf(kept, index('hs_merged_object_ids')), ...listOf(given, index('hs_merged_object_ids')), ...ids.map(String)]
  if (former.length > MERGES_MOST) throw new Refusal(414, { message: `Cannot have more than ${MERGES_MOST} identities on a profile` })
  const history = mergedHistory(portal, primary, other, kept, given, now)
  const emails = [...new Set([...addresses(portal, kept), ...addresses(portal, given)])]
  const values: Values = new Map([...given, ...kept])
  const moved = [...listOf(kept, index('hs_calculated_merged_vids')), ...listOf(given, index('hs_calculated_merged_vids'))]
  set(values, index('email'), emails[0] ?? '')
  set(values, index('hs_additional_emails'), emails.slice(1).join(';'))
  set(values, index('hs_merged_object_ids'), former.join(';'))
  set(values, index('hs_calculated_merged_vids'), [...moved, ...ids.map((id) => `${id}:${now}`)].join(';'))
  for (const row of [primary, other]) {
    release(portal, row, store.values(row))
    store.wipe(row)
    store.columns.status[row] = MERGED
  }
  const created = Math.min(store.columns.created[primary]!, store.columns.created[other]!)
  const row = addRecord(portal, values, created, history)
  const id = store.columns.id[row]!
  for (const old of ids) portal.aliases.set(old, id)
  set(values, index('hs_all_contact_vids'), [String(id), ...former].join(';'))
  store.replace(row, values, undefined)
  return row
}

/** Versions of both records; where the values differ, the winner's is the newest. */
function mergedHistory(portal: Portal, primary: number, other: number, kept: Values, given: Values, now: number): History {
  const first = portal.store.history(primary)
  const second = portal.store.history(other)
  const history: History = {}
  for (const property of new Set([...kept.keys(), ...given.keys()])) {
    const name = portal.properties.list[property]!.name
    const own = first[name] ?? (kept.has(property) ? [creationVersion(portal, primary, kept, property)] : [])
    const theirs = second[name] ?? (given.has(property) ? [creationVersion(portal, other, given, property)] : [])
    const versions = [...own, ...theirs].sort((a, b) => b[1] - a[1])
    const value = kept.get(property) ?? given.get(property)!
    if (versions[0]?.[0] !== value) versions.unshift([value, now, 'MERGE_CONTACTS', API_SOURCE.id, null])
    history[name] = versions
  }
  return history
}

function listOf(values: Values, property: number): string[] {
  return (values.get(property) ?? '').split(';').filter((part) => part !== '')
}

function set(values: Values, property: number, value: string): void {
  if (value === '') values.delete(property)
  else values.set(property, value)
}

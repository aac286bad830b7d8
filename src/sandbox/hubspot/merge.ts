import { moveAssociations } from './associations.ts'
import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { MERGED } from './columns.ts'
import { fieldsMissing, invalidRequest, notFound, Refusal } from './errors.ts'
import { API_SOURCE } from './source.ts'
import type { ObjectTable } from './table.ts'
import { recordId } from './record-id.ts'
import { tell } from './tell.ts'
import { addRecord, addresses, creationVersion, liveRow, release } from './records.ts'
import type { History, Values } from './store.ts'
import { writtenRecord } from './write.ts'

const MERGES_MOST = 250

/**
 * POST merge: the result is a new record; both old ids keep leading to it and are listed in hs_merged_object_ids, the other record's address
 * becomes an additional one. Source: HubSpot changelog, 14 January 2025.
 */
export function mergeRecords(table: ObjectTable, call: Call): Answer {
  const body = jsonBody(call)
  const missing = ['primaryObjectId', 'objectIdToMerge'].filter((name) => !isId(body[name]))
  if (missing.length > 0) throw fieldsMissing(missing)
  const primary = rowOf(table, body.primaryObjectId)
  const other = rowOf(table, body.objectIdToMerge)
  if (primary === other) throw invalidRequest(`A ${table.kind.singular} cannot be merged into itself`)
  const row = merge(table, primary, other)
  return { status: 200, body: writtenRecord(table, call, row, '') }
}

const isId = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number'

function rowOf(table: ObjectTable, value: unknown): number {
  const row = liveRow(table, recordId(String(value)))
  if (row < 0) throw notFound()
  return row
}

function merge(table: ObjectTable, primary: number, other: number): number {
  const { store } = table
  const now = table.portal.clock.now()
  const index = table.properties.indexOf
  const kept = store.values(primary)
  const given = store.values(other)
  const ids = [primary, other].map((row) => store.columns.id[row]!)
  const former = [...listOf(kept, index('hs_merged_object_ids')), ...listOf(given, index('hs_merged_object_ids')), ...ids.map(String)]
  if (former.length > MERGES_MOST) throw new Refusal(414, { message: `Cannot have more than ${MERGES_MOST} identities on a profile` })
  const history = mergedHistory(table, primary, other, kept, given, now)
  const emails = [...new Set([...addresses(table, kept), ...addresses(table, given)])]
  const values: Values = new Map([...given, ...kept])
  const moved = values.size - kept.size
  const vids = [...listOf(kept, index('hs_calculated_merged_vids')), ...listOf(given, index('hs_calculated_merged_vids'))]
  set(values, index('hs_merged_object_ids'), former.join(';'))
  if (table.kind.name === 'contacts') {
    set(values, index('email'), emails[0] ?? '')
    set(values, index('hs_additional_emails'), emails.slice(1).join(';'))
    set(values, index('hs_calculated_merged_vids'), [...vids, ...ids.map((id) => `${id}:${now}`)].join(';'))
  }
  for (const row of [primary, other]) {
    release(table, row, store.values(row))
    store.wipe(row)
    store.columns.status[row] = MERGED
  }
  const created = Math.min(store.columns.created[primary]!, store.columns.created[other]!)
  const row = addRecord(table, values, created, history, null)
  const id = store.columns.id[row]!
  for (const old of ids) {
    table.aliases.set(old, id)
    moveAssociations(table, old, id)
  }
  if (table.kind.name === 'contacts') set(values, index('hs_all_contact_vids'), [String(id), ...former].join(';'))
  store.replace(row, values, undefined)
  tell(table, { kind: 'merge', id, primary: ids[0]!, merged: [ids[1]!], moved, source: API_SOURCE })
  return row
}

/** Versions of both records; where the values differ, the winner's is the newest. */
function mergedHistory(table: ObjectTable, primary: number, other: number, kept: Values, given: Values, now: number): History {
  const first = table.store.history(primary)
  const second = table.store.history(other)
  const history: History = {}
  for (const property of new Set([...kept.keys(), ...given.keys()])) {
    const name = table.properties.list[property]!.name
    const own = first[name] ?? (kept.has(property) ? [creationVersion(table, primary, kept, property)] : [])
    const theirs = second[name] ?? (given.has(property) ? [creationVersion(table, other, given, property)] : [])
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

import { isObject, jsonBody, jsonValue, numberParam } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest } from './errors.ts'
import { instant } from './instant.ts'
import { convertIfDue } from './list-conversion.ts'
import { rosterOf, tableOf } from './list-roster.ts'
import type { RecordList } from './list.ts'
import { recordById } from './live-record.ts'
import { listsOfRecord, tableNamed } from './list-routes.ts'
import { findList } from './lists.ts'
import { nextLink } from './next-page.ts'
import type { Portal } from './portal.ts'
import { inputsOf } from './subscription-input.ts'
import type { ObjectTable } from './table.ts'

const PAGE_DEFAULT = 100
const PAGE_MOST = 250
/** Source: HubSpot docs, "Lists": as many at a time, and a list with more is not emptied by one call. */
const CHANGES_MOST = 100_000

/** Members in the order of their ids. */
export function listMembers(portal: Portal, call: Call): Answer {
  const list = findList(portal, call.parts[0]!)
  return page(portal, call, list, rosterOf(portal, list).byId, (id) => [id])
}

/** Members in the order in which they joined. */
export function listMembersByJoin(portal: Portal, call: Call): Answer {
  const list = findList(portal, call.parts[0]!)
  const { byJoin, joined } = rosterOf(portal, list)
  return page(portal, call, list, byJoin, (id) => [joined.get(id)!, id])
}

/** Cursors hold the place of a member, so that a page does not shift when others come and go. */
function page(portal: Portal, call: Call, list: RecordList, order: readonly number[], place: (id: number) => number[]): Answer {
  const { joined } = rosterOf(portal, list)
  const limit = numberParam(call.query, 'limit', PAGE_DEFAULT, PAGE_MOST)
  const before = call.query.get('before')
  const backwards = before !== null && before !== ''
  const cursor = readCursor(backwards ? before : call.query.get('after'), place(0).length)
  const ahead = cursor === undefined ? 0 : firstAfter(order, cursor, place)
  // Backwards: those before the cursor, the nearest first.
  const end = cursor !== undefined && ahead > 0 && compare(place(order[ahead - 1]!), cursor) === 0 ? ahead - 1 : ahead
  const ids = backwards ? order.slice(Math.max(0, end - limit), end).toReversed() : order.slice(ahead, ahead + limit)
  const more = backwards ? end > limit : ahead + limit < order.length
  const fewer = backwards ? end < order.length : ahead > 0
  const results = ids.map((id) => ({ recordId: String(id), membershipTimestamp: instant(joined.get(id)!) }))
  const paging = pagingOf(portal, call, backwards, ids.map(place), more, fewer)
  return { status: 200, body: { results, total: order.length, ...paging } }
}

function pagingOf(
  portal: Portal,
  call: Call,
  backwards: boolean,
  places: number[][],
  more: boolean,
  fewer: boolean,
): Record<string, unknown> {
  const [first, last] = [places[0], places.at(-1)]
  if (first === undefined || last === undefined) return {}
  const [lowest, highest] = backwards ? [last, first] : [first, last]
  const forth = backwards ? fewer : more
  const back = backwards ? more : fewer
  const after = writeCursor(highest)
  const before = writeCursor(lowest)
  const next = forth ? { next: { after, link: nextLink(portal, call, after) } } : {}
  const prev = back ? { prev: { before, link: nextLink(portal, call, before, 'before') } } : {}
  return forth || back ? { paging: { ...next, ...prev } } : {}
}

function writeCursor(place: readonly number[]): string {
  return Buffer.from(place.join(':')).toString('base64url')
}

function readCursor(text: string | null, parts: number): number[] | undefined {
  if (text === null || text === '') return undefined
  const place = Buffer.from(text, 'base64url').toString('utf8')
  if (!/^\d{1,16}(:\d{1,16})?$/.test(place) || place.split(':').length !== parts) {
    throw invalidRequest('Invalid value for query parameter after: the cursor of an earlier page is expected')
  }
  return place.split(':').map(Number)
}

function compare(a: readonly number[], b: readonly number[]): number {
  return a[0]! - b[0]! || (a[1] ?? 0) - (b[1] ?? 0)
}

/** How many come up to and with the cursor. */
function firstAfter(order: readonly number[], cursor: readonly number[], place: (id: number) => number[]): number {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(place(order[middle]!), cursor) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

export function addMembers(portal: Portal, call: Call): Answer {
  return change(portal, call, recordIds(jsonValue(call), 'the body'), [])
}

export function removeMembers(portal: Portal, call: Call): Answer {
  return change(portal, call, [], recordIds(jsonValue(call), 'the body'))
}

export function addAndRemoveMembers(portal: Portal, call: Call): Answer {
  const { recordIdsToAdd = [], recordIdsToRemove = [] } = jsonBody(call)
  return change(portal, call, recordIds(recordIdsToAdd, 'recordIdsToAdd'), recordIds(recordIdsToRemove, 'recordIdsToRemove'))
}

function recordIds(value: unknown, field: string): string[] {
  if (!Array.isArray(value) || value.some((id) => !/^\d{1,15}$/.test(String(id))))
    throw invalidRequest(`${field} must be an array of record ids`)
  if (value.length > CHANGES_MOST) throw invalidRequest(`${field} holds more than ${CHANGES_MOST} record ids`)
  return [...new Set(value.map(String))]
}

/** Members that are there already and records that were no members are passed over in silence; ids of no record are told. */
function change(portal: Portal, call: Call, toAdd: readonly string[], toRemove: readonly string[]): Answer {
  const list = editable(portal, call.parts[0]!)
  const { joined } = rosterOf(portal, list)
  const table = tableOf(portal, list)
  const records = new Map([...toAdd, ...toRemove].map((id) => [id, recordById(table, Number(id))?.id]))
  const added = toAdd.filter((id) => records.get(id) !== undefined && !joined.has(records.get(id)!))
  const removed = toRemove.filter((id) => records.get(id) !== undefined && joined.has(records.get(id)!))
  for (const id of added) join(portal, list, records.get(id)!)
  for (const id of removed) leave(portal, list, records.get(id)!)
  const missing = [...records].filter(([, record]) => record === undefined).map(([id]) => id)
  portal.marketing.changes++
  return { status: 200, body: { recordsIdsAdded: added, recordIdsRemoved: removed, recordIdsMissing: missing } }
}

/** Those of dynamic lists follow from filters. unverified: the text. */
function editable(portal: Portal, id: string): RecordList {
  const list = findList(portal, id)
  convertIfDue(portal, list)
  if (list.processingType !== 'DYNAMIC') return list
  throw invalidRequest(`The members of list ${list.id} with processing type DYNAMIC cannot be changed by hand`)
}

function join(portal: Portal, list: RecordList, id: number): void {
  const now = portal.clock.now()
  list.members.set(id, now)
  if (!list.firstJoined.has(id)) list.firstJoined.set(id, now)
}

/** Ids that were merged into this one are places in the list too. */
function leave(portal: Portal, list: RecordList, id: number): void {
  list.members.delete(id)
  const table = tableOf(portal, list)
  for (const [alias] of table.aliases) {
    if (list.members.has(alias) && recordById(table, alias)?.id === id) list.members.delete(alias)
  }
}

export function addFromList(portal: Portal, call: Call): Answer {
  const list = editable(portal, call.parts[0]!)
  const other = findList(portal, call.parts[1]!)
  if (other.objectTypeId !== list.objectTypeId) throw invalidRequest('The lists hold records of different types')
  const source = rosterOf(portal, other)
  if (source.byId.length > CHANGES_MOST) throw invalidRequest(`The list holds more than ${CHANGES_MOST} records`)
  const { joined } = rosterOf(portal, list)
  for (const id of source.byId) if (!joined.has(id)) join(portal, list, id)
  portal.marketing.changes++
  return { status: 204 }
}

export function removeAllMembers(portal: Portal, call: Call): Answer {
  const list = editable(portal, call.parts[0]!)
  if (rosterOf(portal, list).byId.length >= CHANGES_MOST) throw invalidRequest(`The list holds ${CHANGES_MOST} records or more`)
  list.members.clear()
  portal.marketing.changes++
  return { status: 204 }
}

export function recordMemberships(portal: Portal, call: Call): Answer {
  const table = tableNamed(portal, call.parts[0]!)
  const results = listsOfRecord(table, idOf(table, call.parts[1]))
  return { status: 200, body: { results, total: results.length } }
}

/** -1 for whoever is in no list because there is no such record. */
function idOf(table: ObjectTable, text: unknown): number {
  return /^\d{1,15}$/.test(String(text)) ? (recordById(table, Number(text))?.id ?? -1) : -1
}

export function batchMemberships(portal: Portal, call: Call): Answer {
  const results = inputsOf(jsonBody(call)).map((input) => {
    if (!isObject(input)) throw invalidRequest('inputs must be an array of objects')
    const { objectTypeId, recordId } = input
    const table = tableNamed(portal, String(objectTypeId))
    const recordListMemberships = listsOfRecord(table, idOf(table, recordId))
    return { objectTypeId, recordId: String(recordId), recordListMemberships }
  })
  const startedAt = instant(portal.clock.now())
  return { status: 200, body: { status: 'COMPLETE', results, startedAt, completedAt: startedAt } }
}

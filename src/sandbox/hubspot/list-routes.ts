import { isObject, jsonBody, jsonValue, listParam, nameList } from './call.ts'
import type { Answer, Call } from './call.ts'
import { fieldsMissing, invalidRequest } from './errors.ts'
import { instant } from './instant.ts'
import { convertIfDue } from './list-conversion.ts'
import { checkBranch } from './list-filter.ts'
import { rosterOf, tableOf } from './list-roster.ts'
import { ROOT_FOLDER } from './list.ts'
import type { RecordList, ProcessingType } from './list.ts'
import { addList, findDeleted, findList, noSuchList, refuseName, touched, wireHead, wireList, withFilters } from './lists.ts'
import { kindNamed } from './object-kind.ts'
import type { Portal } from './portal.ts'
import type { ObjectTable } from './table.ts'

const TYPES: readonly ProcessingType[] = ['MANUAL', 'DYNAMIC', 'SNAPSHOT']
const SEARCH_DEFAULT = 20
const SEARCH_MOST = 500

export function createList(portal: Portal, call: Call): Answer {
  const body = jsonBody(call)
  const missing = ['name', 'objectTypeId', 'processingType'].filter((name) => typeof body[name] !== 'string' || body[name] === '')
  if (missing.length > 0) throw fieldsMissing(missing)
  const processingType = TYPES.find((type) => type === body.processingType)
  if (processingType === undefined) throw invalidRequest(`Invalid value for processingType: must be one of [${TYPES.join(', ')}]`)
  const table = tableNamed(portal, String(body.objectTypeId))
  const { filterBranch = null, listFolderId } = body
  if (filterBranch === null && processingType === 'DYNAMIC')
    throw invalidRequest('A list with processing type DYNAMIC needs a filterBranch')
  if (filterBranch !== null && processingType === 'MANUAL') throw invalidRequest('A list with processing type MANUAL takes no filterBranch')
  const branch = filterBranch === null ? null : checkBranch(table, filterBranch)
  const folderId = listFolderId === undefined || listFolderId === null ? ROOT_FOLDER : Number(listFolderId)
  if (folderId !== ROOT_FOLDER && !portal.marketing.folders.has(folderId)) throw invalidRequest('The folder does not exist')
  const given = { name: String(body.name), objectTypeId: table.kind.typeId, processingType, filterBranch: branch, folderId }
  return { status: 200, body: { list: wireList(portal, addList(portal, given, portal.clock.now()), true) } }
}

/** By type id; the name will do too. */
export function tableNamed(portal: Portal, objectTypeId: string): ObjectTable {
  const kind = kindNamed(objectTypeId)
  if (kind === undefined) throw invalidRequest(`The object type ${objectTypeId.slice(0, 40)} does not exist`)
  return portal.tables.get(kind.name)!
}

export function getList(portal: Portal, call: Call): Answer {
  const list = findList(portal, call.parts[0]!)
  convertIfDue(portal, list)
  return { status: 200, body: { list: wireList(portal, list, withFilters(call)) } }
}

export function getListByName(portal: Portal, call: Call): Answer {
  const { kind } = tableNamed(portal, call.parts[0]!)
  const name = call.parts[1]!.toLowerCase()
  const list = liveLists(portal).find((known) => known.objectTypeId === kind.typeId && known.name.toLowerCase() === name)
  if (list === undefined) throw noSuchList(call.parts[1]!)
  return { status: 200, body: { list: wireList(portal, list, withFilters(call)) } }
}

/** Lists by id; ids that lead nowhere are left out. */
export function getLists(portal: Portal, call: Call): Answer {
  const ids = listParam(call.query, 'listIds')
  const found = liveLists(portal).filter(({ id }) => ids.includes(String(id)))
  return { status: 200, body: { lists: found.map((list) => wireList(portal, list, withFilters(call))) } }
}

function liveLists(portal: Portal): RecordList[] {
  const lists = [...portal.marketing.lists.values()].filter(({ deletedAt }) => deletedAt === null)
  for (const list of lists) convertIfDue(portal, list)
  return lists.sort((a, b) => a.id - b.id)
}

/** `offset` of the answer is where the next page begins. */
export function searchLists(portal: Portal, call: Call): Answer {
  const body = call.body.length === 0 ? {} : jsonBody(call)
  const count = wholeNumber(body.count, 'count', SEARCH_DEFAULT, 1, SEARCH_MOST)
  const offset = wholeNumber(body.offset, 'offset', 0, 0, 1_000_000)
  const ids = nameList(body.listIds, 'listIds')
  const types = nameList(body.processingTypes, 'processingTypes')
  const words = typeof body.query === 'string' ? body.query.toLowerCase() : ''
  const found = liveLists(portal).filter(
    ({ id, name, processingType }) =>
      (ids.length === 0 || ids.includes(String(id))) &&
      (types.length === 0 || types.includes(processingType)) &&
      name.toLowerCase().includes(words),
  )
  const page = found.slice(offset, offset + count)
  const asked = nameList(body.additionalProperties, 'additionalProperties')
  const lists = page.map((list) => ({ ...wireHead(list), additionalProperties: additional(portal, list, asked) }))
  return { status: 200, body: { lists, total: found.length, offset: offset + page.length, hasMore: offset + page.length < found.length } }
}

function wholeNumber(value: unknown, field: string, fallback: number, least: number, most: number): number {
  if (value === undefined || value === null) return fallback
  const number = Number(value)
  if (!Number.isInteger(number) || number < least || number > most) throw invalidRequest(`${field} must be between ${least} and ${most}`)
  return number
}

/** Everything that can be told about a list here; all of it is text. */
function additional(portal: Portal, list: RecordList, asked: readonly string[]): Record<string, string> {
  const { joined, byJoin } = rosterOf(portal, list)
  const last = byJoin.at(-1)
  const known: Record<string, string> = {
    hs_list_size: String(joined.size),
    hs_list_reference_count: '0',
    hs_folder_name: portal.marketing.folders.get(list.folderId)?.name ?? '',
    ...(last === undefined ? {} : { hs_last_record_added_at: String(joined.get(last)) }),
  }
  const always = ['hs_list_size', 'hs_last_record_added_at', 'hs_list_reference_count', 'hs_folder_name']
  return Object.fromEntries(Object.entries(known).filter(([name]) => always.includes(name) || asked.includes(name)))
}

export function renameList(portal: Portal, call: Call): Answer {
  const list = findList(portal, call.parts[0]!)
  const name = call.query.get('listName')
  if (name === null || name.trim() === '') throw invalidRequest('The query parameter listName is required')
  refuseName(portal, name, list)
  list.name = name
  return { status: 200, body: { updatedList: wireList(portal, touched(portal, list), withFilters(call)) } }
}

export function changeFilters(portal: Portal, call: Call): Answer {
  const list = findList(portal, call.parts[0]!)
  const { filterBranch } = jsonBody(call)
  if (!isObject(filterBranch)) throw fieldsMissing(['filterBranch'])
  if (list.processingType !== 'DYNAMIC') throw invalidRequest('Only lists with processing type DYNAMIC can be given other filters')
  list.filterBranch = checkBranch(tableOf(portal, list), filterBranch, list.id)
  list.filtersUpdatedAt = portal.clock.now()
  return { status: 200, body: { updatedList: wireList(portal, touched(portal, list), true) } }
}

export function deleteList(portal: Portal, call: Call): Answer {
  const list = findList(portal, call.parts[0]!)
  list.deletedAt = portal.clock.now()
  portal.marketing.changes++
  return { status: 204 }
}

/** Out of the bin, within its 90 days. */
export function restoreList(portal: Portal, call: Call): Answer {
  const list = findDeleted(portal, call.parts[0]!)
  if (list.deletedAt === null) return { status: 204 }
  refuseName(portal, list.name, list)
  list.deletedAt = null
  touched(portal, list)
  return { status: 204 }
}

/** Ids of the old lists API. Lists of this portal never had others. */
export function mapLegacyId(portal: Portal, call: Call): Answer {
  const legacyListId = call.query.get('legacyListId') ?? ''
  return { status: 200, body: { listId: String(findList(portal, legacyListId).id), legacyListId } }
}

export function mapLegacyIds(portal: Portal, call: Call): Answer {
  const ids = nameList(jsonValue(call), 'the body')
  const known = new Set(liveLists(portal).map(({ id }) => String(id)))
  const mapped = ids.filter((id) => known.has(id)).map((id) => ({ listId: id, legacyListId: id }))
  return { status: 200, body: { legacyListIdsToIdsMapping: mapped, missingLegacyListIds: ids.filter((id) => !known.has(id)) } }
}

/** Which lists a record is in. */
export function listsOfRecord({ portal, kind }: ObjectTable, id: number): Record<string, unknown>[] {
  return liveLists(portal).flatMap((list) => {
    const joined = list.objectTypeId === kind.typeId ? rosterOf(portal, list).joined.get(id) : undefined
    if (joined === undefined) return []
    const first = list.firstJoined.get(id) ?? joined
    return [
      { listId: String(list.id), listVersion: list.version, firstAddedTimestamp: instant(first), lastAddedTimestamp: instant(joined) },
    ]
  })
}

import { flagParam } from './call.ts'
import type { Call } from './call.ts'
import { invalidRequest, Refusal } from './errors.ts'
import { instant } from './instant.ts'
import { evaluate, rosterOf } from './list-roster.ts'
import type { RecordList } from './list.ts'
import type { Portal } from './portal.ts'

/** The user on the portal's screens or behind its private app. */
const USER = '4400301'
/** A deleted list can be restored so long. Source: HubSpot docs, "Lists". */
const BIN_MS = 90 * 86_400_000

type NewList = Pick<RecordList, 'name' | 'objectTypeId' | 'processingType' | 'filterBranch' | 'folderId'>

/** Throws the 400 that a name already in use gets. */
export function addList(portal: Portal, given: NewList, at: number, listId?: number): RecordList {
  refuseName(portal, given.name)
  const { lists } = portal.marketing
  const id = listId ?? Math.max(0, ...lists.keys()) + 1
  const list: RecordList = {
    id,
    version: 1,
    ...given,
    members: new Map(),
    firstJoined: new Map(),
    createdAt: at,
    updatedAt: at,
    filtersUpdatedAt: at,
    deletedAt: null,
    conversion: null,
  }
  lists.set(id, list)
  portal.marketing.changes++
  // A snapshot is filled once, by its filters.
  if (given.processingType !== 'MANUAL') evaluate(portal, list)
  return list
}

/** Names are told apart without regard to capitals, within an object type. */
export function refuseName(portal: Portal, name: string, own?: RecordList): void {
  const taken = [...portal.marketing.lists.values()].some(
    (list) => list !== own && list.deletedAt === null && list.name.toLowerCase() === name.toLowerCase(),
  )
  // unverified: the text; clients match on the sub-category.
  if (taken) throw invalidRequest(`List with name '${name}' already exists.`, { subCategory: 'ILS.DUPLICATE_LIST_NAMES' })
}

/** unverified: the sub-category for a list that is not there. */
export function noSuchList(id: string): Refusal {
  return new Refusal(404, {
    message: `List does not exist with ID ${id.slice(0, 40)}.`,
    context: { listId: [id.slice(0, 40)] },
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'ILS.LIST_NOT_FOUND',
  })
}

export function findList(portal: Portal, id: string): RecordList {
  const list = binnedOrNot(portal, id)
  if (list === undefined || list.deletedAt !== null) throw noSuchList(id)
  return list
}

/** A deleted list within its 90 days. */
export function findDeleted(portal: Portal, id: string): RecordList {
  const list = binnedOrNot(portal, id)
  if (list === undefined || (list.deletedAt !== null && portal.clock.now() - list.deletedAt > BIN_MS)) throw noSuchList(id)
  return list
}

function binnedOrNot(portal: Portal, id: string): RecordList | undefined {
  return /^\d{1,15}$/.test(id) ? portal.marketing.lists.get(Number(id)) : undefined
}

/** Counts a change of the list itself. */
export function touched(portal: Portal, list: RecordList): RecordList {
  list.version++
  list.updatedAt = Math.max(list.updatedAt, portal.clock.now())
  portal.marketing.changes++
  return list
}

export function wireList(portal: Portal, list: RecordList, withFilters: boolean): Record<string, unknown> {
  return {
    ...wireHead(list),
    size: rosterOf(portal, list).byId.length,
    ...(withFilters && list.filterBranch !== null ? { filterBranch: list.filterBranch } : {}),
  }
}

/** What searches tell as well. */
export function wireHead(list: RecordList): Record<string, unknown> {
  return {
    listId: String(list.id),
    listVersion: list.version,
    name: list.name,
    objectTypeId: list.objectTypeId,
    processingType: list.processingType,
    processingStatus: 'COMPLETE',
    createdAt: instant(list.createdAt),
    updatedAt: instant(list.updatedAt),
    ...(list.filterBranch === null ? {} : { filtersUpdatedAt: instant(list.filtersUpdatedAt) }),
    createdById: USER,
    updatedById: USER,
  }
}

export function withFilters(call: Call): boolean {
  return flagParam(call.query, 'includeFilters')
}

import { parseJson } from '../http.ts'
import { isObject, jsonBody, nameList } from './call.ts'
import type { Answer, Call } from './call.ts'
import { LIVE } from './columns.ts'
import { invalidRequest } from './errors.ts'
import { compileFilters, reader, searchable } from './filter.ts'
import type { Comparable, Test, View } from './filter.ts'
import { startPage, takePage, writeRecord, writeText } from './page.ts'
import type { ObjectTable } from './table.ts'
import { planFor } from './read.ts'
import type { Token } from './tokens.ts'

/** Source: HubSpot docs, "Search the CRM". */
const LIMIT_DEFAULT = 10
const LIMIT_MOST = 200
const WINDOW = 10_000
const BODY_MOST = 3_000

/**
 * POST search: matches and sorts on what the index shows, returns the records as they are now; never archived or erased ones.
 * Pages of one query share its result until something changes.
 */
export function search(table: ObjectTable, call: Call): Answer {
  if (call.body.toString('utf8').length > BODY_MOST) throw invalidRequest(`The request body is longer than ${BODY_MOST} characters`)
  const body = call.body.length === 0 ? {} : jsonBody(call)
  const limit = pageSize(body.limit)
  const offset = pageOffset(body.after)
  // unverified: the text for paging past the window.
  if (offset + limit > WINDOW) throw invalidRequest(`Paging past ${WINDOW} results of one search is not supported`)
  const plan = planFor(table, call, nameList(body.properties, 'properties'))
  const { filterGroups, filters, query, sorts } = body
  const now = table.portal.clock.now()
  const audience = [...call.token.scopes].filter((scope) => scope.includes('sensitive')).join()
  const key = JSON.stringify([
    table.changes,
    table.portal.associations.changes,
    table.properties.version,
    audience,
    filterGroups,
    filters,
    query,
    sorts,
  ])
  if (table.searched?.key !== key || now >= table.searched.until)
    table.searched = { key, until: table.index.nextChange(now), ids: find(table, call.token, body, now) }
  const { ids } = table.searched
  const end = Math.min(offset + limit, ids.length, WINDOW)
  startPage()
  writeText(`{"total":${ids.length},"results":[`)
  for (let position = offset; position < end; position++) {
    if (position > offset) writeText(',')
    writeRecord(table, table.store.row(ids[position]!), plan)
    writeText('}')
  }
  writeText(end < ids.length && end > offset ? `],"paging":{"next":{"after":"${end}"}}}` : ']}')
  return { status: 200, body: takePage() }
}

function pageSize(limit: unknown): number {
  if (limit === undefined || limit === null) return LIMIT_DEFAULT
  const value = Number(limit)
  if (!Number.isInteger(value) || value < 0 || value > LIMIT_MOST) throw invalidRequest(`limit must be between 0 and ${LIMIT_MOST}`)
  return value === 0 ? LIMIT_DEFAULT : value
}

/** The client sends 0 as a number on the first page and the text of `paging.next.after` later. */
function pageOffset(after: unknown): number {
  if (after === undefined || after === null || after === '') return 0
  if (!/^\d{1,9}$/.test(String(after))) throw invalidRequest('after must be the offset of an earlier page')
  return Number(after)
}

/** Ids of what a search finds, in its order. Throws the 400 that applies. */
export function find(table: ObjectTable, token: Token, body: Record<string, unknown>, now: number): Float64Array {
  const test = compileFilters(table, token, body)
  const matches = textQuery(table, body.query)
  const sort = compileSort(table, token, body.sorts)
  const found: { id: number; key: Comparable | undefined }[] = []
  const { columns } = table.store
  for (let row = 0; row < columns.count; row++) {
    if (columns.status[row] !== LIVE) continue
    const view = viewOf(table, row, now)
    if (view !== null && test(view) && matches(view)) found.push({ id: view.id, key: sort.read(view) })
  }
  found.sort((a, b) => sort.direction * compare(a.key, b.key) || a.id - b.id)
  return Float64Array.from(found, (entry) => entry.id)
}

function viewOf(table: ObjectTable, row: number, now: number): View | null {
  const { columns } = table.store
  const id = columns.id[row]!
  const shown = table.index.shown(id, now)
  if (shown === null) return null
  const created = columns.created[row]!
  if (shown !== undefined) return { id, created, updated: shown.updated, value: shown.value }
  return { id, created, updated: columns.updated[row]!, value: (property) => table.store.value(row, property) }
}

function compare(a: Comparable | undefined, b: Comparable | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  return a < b ? -1 : 1
}

/** Exactly one sort; creation date when there is none. */
function compileSort(
  table: ObjectTable,
  token: Token,
  sorts: unknown,
): { read: (view: View) => Comparable | undefined; direction: 1 | -1 } {
  if (sorts !== undefined && sorts !== null && !Array.isArray(sorts)) throw invalidRequest('sorts must be an array')
  if (Array.isArray(sorts) && sorts.length > 1) throw invalidRequest('only one sort can be used in a search')
  const given: unknown = Array.isArray(sorts) ? sorts[0] : undefined
  if (given === undefined) return { read: (view) => view.created, direction: 1 }
  const sort = sortOf(given)
  const name = sort.propertyName
  const direction = sort.direction ?? 'ASCENDING'
  if (typeof name !== 'string') throw invalidRequest('a sort needs a propertyName')
  if (direction !== 'ASCENDING' && direction !== 'DESCENDING') throw invalidRequest('the direction of a sort is ASCENDING or DESCENDING')
  return { read: reader(table, searchable(table, token, name)), direction: direction === 'DESCENDING' ? -1 : 1 }
}

/** A property name (ascending; descending after a minus), {propertyName, direction}, or that object as text: HubSpot's client documents all three. */
function sortOf(given: unknown): Record<string, unknown> {
  if (isObject(given)) return given
  if (typeof given !== 'string') return {}
  if (!given.startsWith('{'))
    return { propertyName: given.replace(/^-/, ''), direction: given.startsWith('-') ? 'DESCENDING' : 'ASCENDING' }
  try {
    return sortOf(parseJson(given))
  } catch {
    throw invalidRequest('a sort given as text must be a property name or JSON')
  }
}

/** `query`: every word must occur in one of the default fields. */
function textQuery(table: ObjectTable, query: unknown): Test {
  if (query === undefined || query === null || query === '') return () => true
  if (typeof query !== 'string') throw invalidRequest('query must be a string')
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const fields = table.kind.searched.map((name) => table.properties.indexOf(name))
  return (view) => {
    const texts = fields.map((field) => view.value(field)?.toLowerCase() ?? '')
    return words.every((word) => texts.some((text) => text.includes(word)))
  }
}

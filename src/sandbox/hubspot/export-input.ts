import { isObject, nameList } from './call.ts'
import type { Call } from './call.ts'
import { invalidRequest, missingScopes } from './errors.ts'
import type { ExportOrder } from './export.ts'
import { rosterOf } from './list-roster.ts'
import { findList } from './lists.ts'
import { kindNamed } from './object-kind.ts'
import type { Portal } from './portal.ts'
import { find } from './search.ts'
import { missingAttributes } from './subscription-input.ts'
import type { ObjectTable } from './table.ts'
import { canSee, sensitiveScope } from './values.ts'

/** Fields that an order cannot go without. unverified: that the rest may be left out. */
const REQUIRED = ['exportType', 'exportName', 'format', 'language', 'objectType', 'objectProperties']
const LANGUAGES = 'EN DE ES FI FR IT JA NL PL PT PT-BR SV TH ZH-CN ZH-TW DA_DK NB CS TR KO HI'.split(' ')
const INTERNAL = ['NAMES', 'VALUES']

/** Reads an order; throws the refusal that applies. */
export function readOrder(portal: Portal, call: Call, body: Record<string, unknown>): ExportOrder {
  const exportType = body.exportType === 'LIST' || body.exportType === 'VIEW' ? body.exportType : undefined
  const missing = [...REQUIRED, ...(exportType === 'LIST' ? ['listId'] : [])].filter(
    (name) => body[name] === undefined || body[name] === null,
  )
  if (missing.length > 0) throw missingAttributes('PublicExportRequest', missing)
  if (exportType === undefined) throw invalidRequest('Invalid value for exportType: must be one of [VIEW, LIST]')
  if (!LANGUAGES.includes(String(body.language).toUpperCase())) throw invalidRequest('Invalid value for language')
  if (typeof body.exportName !== 'string' || body.exportName.trim() === '') throw invalidRequest('exportName must be a text')
  const table = tableOf(portal, body.objectType)
  const options = nameList(body.exportInternalValuesOptions, 'exportInternalValuesOptions').map((option) => option.toUpperCase())
  const wrong = options.find((option) => !INTERNAL.includes(option))
  if (wrong !== undefined) throw invalidRequest(`Invalid value for exportInternalValuesOptions: must be of [${INTERNAL.join(', ')}]`)
  return {
    exportType,
    exportName: body.exportName,
    format: formatOf(body.format),
    table,
    objectProperties: propertiesOf(table, call, body.objectProperties),
    associated: associatedOf(portal, body),
    internal: { names: options.includes('NAMES'), values: options.includes('VALUES') },
    records: exportType === 'LIST' ? ofList(portal, table, body.listId) : ofView(table, call, body.publicCrmSearchRequest),
  }
}

function tableOf(portal: Portal, objectType: unknown): ObjectTable {
  const table = portal.tables.get(kindNamed(String(objectType))?.name ?? '')
  if (table === undefined) throw invalidRequest(`Invalid value for objectType: ${String(objectType).slice(0, 60)}`)
  return table
}

/** Source: HubSpot docs, "CRM exports": a thousand in a row, unless that limit is lifted. */
const ASSOCIATED_MOST = 1000

/** One type or a list of them: official clients of 2025 send the one (Ruby 20), those of 2026 the other (PHP 14). */
function associatedOf(portal: Portal, body: Record<string, unknown>): ExportOrder['associated'] {
  const { associatedObjectType: given, overrideAssociatedObjectsPerDefinitionPerRowLimit: lifted } = body
  const types: unknown[] = Array.isArray(given) ? given : given === undefined || given === null || given === '' ? [] : [given]
  return { tables: types.map((type) => tableOf(portal, type)), most: lifted === true ? Infinity : ASSOCIATED_MOST }
}

/** Old Excel files are not written here. */
function formatOf(format: unknown): 'CSV' | 'XLSX' {
  const known = String(format).toUpperCase()
  if (known === 'CSV' || known === 'XLSX') return known
  throw invalidRequest(known === 'XLS' ? 'The format XLS is not supported' : 'Invalid value for format: must be one of [CSV, XLSX, XLS]')
}

function propertiesOf(table: ObjectTable, call: Call, raw: unknown): string[] {
  const names = nameList(raw, 'objectProperties')
  for (const name of names) {
    const property = table.properties.find(name)
    if (property === undefined || property.archivedAt !== null) throw invalidRequest(`Property ${name.slice(0, 100)} does not exist`)
    if (!canSee(table.kind, call.token, property, 'read')) throw missingScopes([sensitiveScope(table.kind, property, 'read')])
  }
  return [...new Set(names)]
}

function ofList(portal: Portal, table: ObjectTable, listId: unknown): ExportOrder['records'] {
  const { id, objectTypeId } = findList(portal, String(listId))
  if (objectTypeId !== table.kind.typeId) throw invalidRequest('The list holds records of another type')
  return () => {
    const list = portal.marketing.lists.get(id)
    return list === undefined || list.deletedAt !== null ? [] : rosterOf(portal, list).byId
  }
}

/** Checked now, looked for when the export is at work. */
function ofView(table: ObjectTable, call: Call, raw: unknown): ExportOrder['records'] {
  if (raw !== undefined && raw !== null && !isObject(raw)) throw invalidRequest('publicCrmSearchRequest must be an object')
  const search = asSearch(raw ?? {})
  const run = (): Float64Array => find(table, call.token, search, table.portal.clock.now())
  run()
  return run
}

/** Docs and clients spell it in two ways: `property` or `propertyName`, `order: "ASC"` or `direction: "ASCENDING"`. */
function asSearch({ query, filters, filterGroups, sorts }: Record<string, unknown>): Record<string, unknown> {
  const group = (given: unknown): unknown => (isObject(given) ? { ...given, filters: many(given.filters, asFilter) } : given)
  return {
    ...(typeof query === 'string' && query !== '' ? { query } : {}),
    ...(filterGroups === undefined ? {} : { filterGroups: many(filterGroups, group) }),
    ...(filters === undefined || filters === null || (Array.isArray(filters) && filters.length === 0)
      ? {}
      : { filters: many(filters, asFilter) }),
    ...(sorts === undefined || sorts === null ? {} : { sorts: many(sorts, asSort) }),
  }
}

function many(values: unknown, each: (value: unknown) => unknown): unknown {
  return Array.isArray(values) ? values.map(each) : values
}

function asFilter(filter: unknown): unknown {
  if (!isObject(filter) || filter.propertyName !== undefined) return filter
  const { property, ...rest } = filter
  return { ...rest, propertyName: property }
}

function asSort(sort: unknown): unknown {
  if (!isObject(sort) || sort.order === undefined) return sort
  const { order, ...rest } = sort
  return { ...rest, direction: order === 'DESC' ? 'DESCENDING' : 'ASCENDING' }
}

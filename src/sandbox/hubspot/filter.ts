import { associatedWith } from './association-read.ts'
import { isObject } from './call.ts'
import { invalidRequest, missingScopes } from './errors.ts'
import { parseInstant } from './instant.ts'
import { CREATED, ID, sourceOf, UPDATED } from './plan.ts'
import type { ObjectTable } from './table.ts'
import type { Property } from './property.ts'
import type { Token } from './tokens.ts'
import { canSee, sensitiveScope } from './values.ts'

/** What a filter or a sort may look at: the record as the index shows it. */
export type View = { id: number; created: number; updated: number; value(property: number): string | undefined }
export type Test = (view: View) => boolean

/** Source: HubSpot docs, "Search the CRM". */
const GROUPS_MOST = 5
const FILTERS_MOST = 6
const ALL_FILTERS_MOST = 18
const ASSOCIATION = 'associations.'

/** Groups are alternatives, the filters of a group must all hold. Throws the 400 that applies. */
export function compileFilters(table: ObjectTable, token: Token, body: Record<string, unknown>): Test {
  const groups = filterGroups(body)
  if (groups.length === 0) return () => true
  const compiled = groups.map((filters) => filters.map((filter) => compileFilter(table, token, filter)))
  return (view) => compiled.some((filters) => filters.every((filter) => filter(view)))
}

function filterGroups(body: Record<string, unknown>): Record<string, unknown>[][] {
  const raw = body.filterGroups ?? (body.filters === undefined ? [] : [{ filters: body.filters }])
  if (!Array.isArray(raw)) throw invalidRequest('filterGroups must be an array')
  if (raw.length > GROUPS_MOST) throw invalidRequest(`too many filterGroups (count: ${raw.length}, max allowed: ${GROUPS_MOST})`)
  const groups = raw.map((group: unknown) => {
    const filters = isObject(group) ? (group.filters ?? []) : undefined
    if (!Array.isArray(filters) || !filters.every(isObject)) throw invalidRequest('every filter group needs an array of filters')
    if (filters.length > FILTERS_MOST)
      throw invalidRequest(`too many filters in a group (count: ${filters.length}, max allowed: ${FILTERS_MOST})`)
    return filters
  })
  const total = groups.reduce((sum, filters) => sum + filters.length, 0)
  if (total > ALL_FILTERS_MOST) throw invalidRequest(`too many filters (count: ${total}, max allowed: ${ALL_FILTERS_MOST})`)
  return groups
}

function compileFilter(table: ObjectTable, token: Token, filter: Record<string, unknown>): Test {
  const name = filter.propertyName
  if (typeof name !== 'string') throw invalidRequest('every filter needs a propertyName')
  if (name.startsWith(ASSOCIATION)) return associationFilter(table, name.slice(ASSOCIATION.length), filter)
  const property = searchable(table, token, name)
  const read = reader(table, property)
  const operator = String(filter.operator)
  const single = (): Comparable => comparable(property, filter.value, 'value', operator)
  const many = (): Set<Comparable> => new Set(list(filter.values).map((value) => comparable(property, value, 'values', operator)))
  switch (operator) {
    case 'HAS_PROPERTY':
      return (view) => read(view) !== undefined
    case 'NOT_HAS_PROPERTY':
      return (view) => read(view) === undefined
    case 'EQ':
      return equals(read, single(), property)
    case 'NEQ':
      return not(equals(read, single(), property))
    case 'IN':
      return isIn(read, many(), property)
    case 'NOT_IN':
      return both((view) => read(view) !== undefined, not(isIn(read, many(), property)))
    case 'CONTAINS_TOKEN':
      return containsToken(read, String(filter.value ?? ''))
    case 'NOT_CONTAINS_TOKEN':
      return not(containsToken(read, String(filter.value ?? '')))
    case 'BETWEEN': {
      const high = comparable(property, filter.highValue, 'highValue', operator)
      return both(
        ordered(read, single(), (a, b) => a >= b),
        ordered(read, high, (a, b) => a <= b),
      )
    }
    default:
      return ordered(read, single(), ordering(operator))
  }
}

/** `associations.contact` equals a record's id, or is in a list of them; the association is looked up as it is now. */
function associationFilter(table: ObjectTable, name: string, filter: Record<string, unknown>): Test {
  if (filter.operator !== 'EQ' && filter.operator !== 'IN') {
    throw invalidRequest(`operator ${String(filter.operator).slice(0, 40)} cannot be used with ${ASSOCIATION}${name.slice(0, 40)}`)
  }
  const ids = filter.operator === 'EQ' ? [filter.value] : list(filter.values)
  const tests = ids.map((id) => associatedWith(table, name, id))
  return (view) => tests.some((test) => test(view.id))
}

function ordering(operator: string): (a: Comparable, b: Comparable) => boolean {
  if (operator === 'LT') return (a, b) => a < b
  if (operator === 'LTE') return (a, b) => a <= b
  if (operator === 'GT') return (a, b) => a > b
  if (operator === 'GTE') return (a, b) => a >= b
  throw invalidRequest(`Invalid operator: ${operator.slice(0, 40)}`)
}

export function searchable(table: ObjectTable, token: Token, name: string): Property {
  const property = table.properties.find(name)
  // unverified: some reports say an unknown property gives an empty result instead.
  if (property === undefined || property.archivedAt !== null)
    throw invalidRequest(`There was a problem with the request: property ${name} does not exist`)
  if (!canSee(table.kind, token, property, 'read')) throw missingScopes([sensitiveScope(table.kind, property, 'read')])
  return property
}

/** Numbers and instants as numbers, text in lower case, enumerations as they are. */
export type Comparable = number | string

export function reader(table: ObjectTable, property: Property): (view: View) => Comparable | undefined {
  const source = sourceOf(table.properties, property.name)
  if (source === ID) return (view) => view.id
  if (source === CREATED) return (view) => view.created
  if (source === UPDATED) return (view) => view.updated
  return (view) => {
    const value = view.value(source)
    return value === undefined ? undefined : stored(property, value)
  }
}

function stored(property: Property, value: string): Comparable | undefined {
  if (property.type === 'number') return Number(value)
  if (property.type === 'date' || property.type === 'datetime') return parseInstant(value)
  return property.type === 'enumeration' ? value : value.toLowerCase()
}

function comparable(property: Property, value: unknown, field: string, operator: string): Comparable {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw invalidRequest(`operator ${operator} on ${property.name} needs ${field}`)
  }
  const result = stored(property, String(value))
  if (result === undefined || Number.isNaN(result))
    throw invalidRequest(`${field} of the filter on ${property.name} is not a ${property.type}`)
  return result
}

function list(values: unknown): unknown[] {
  if (!Array.isArray(values)) throw invalidRequest('operators IN and NOT_IN need values')
  return values
}

type Reader = (view: View) => Comparable | undefined

/** A multi-checkbox equals a value when it holds it. */
function equals(read: Reader, wanted: Comparable, property: Property): Test {
  return isIn(read, new Set([wanted]), property)
}

function isIn(read: Reader, wanted: ReadonlySet<Comparable>, property: Property): Test {
  if (property.fieldType !== 'checkbox') return (view) => wanted.has(read(view)!)
  return (view) => {
    const value = read(view)
    return (
      value !== undefined &&
      (wanted.has(value) ||
        String(value)
          .split(';')
          .some((part) => wanted.has(part)))
    )
  }
}

function ordered(read: Reader, wanted: Comparable, holds: (a: Comparable, b: Comparable) => boolean): Test {
  return (view) => {
    const value = read(view)
    return value !== undefined && holds(value, wanted)
  }
}

/** `*` stands for any run of characters within a token. */
function containsToken(read: Reader, pattern: string): Test {
  const parts = pattern
    .toLowerCase()
    .split(/[^\p{L}\p{N}*]+/u)
    .filter((part) => part !== '')
  const tests = parts.map((part) => new RegExp(`^${part.replaceAll(/\*+/g, '.*')}$`, 'u'))
  return (view) => {
    const tokens = String(read(view) ?? '')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
    return tests.length > 0 && tests.every((test) => tokens.some((token) => test.test(token)))
  }
}

function not(test: Test): Test {
  return (view) => !test(view)
}

function both(first: Test, second: Test): Test {
  return (view) => first(view) && second(view)
}

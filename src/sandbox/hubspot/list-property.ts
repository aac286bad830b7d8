import { isObject } from './call.ts'
import { formerValues, knownProperty } from './live-record.ts'
import type { LiveRecord } from './live-record.ts'
import { invalidRequest } from './errors.ts'
import { instant, parseInstant } from './instant.ts'
import { momentOf } from './list-moment.ts'
import type { Portal } from './portal.ts'
import type { ObjectTable } from './table.ts'

export type RecordTest = (record: LiveRecord) => boolean
type Operation = Record<string, unknown>
/** What one operator asks of a value. */
type ValueTest = (value: string) => boolean

const DAY_MS = 86_400_000

/** A PROPERTY filter of a list. Source: HubSpot docs, "List filters". Throws the 400 that applies. */
export function compileProperty(table: ObjectTable, filter: Record<string, unknown>): RecordTest {
  const { property: name, operation } = filter
  if (typeof name !== 'string' || !isObject(operation)) throw invalidRequest('A PROPERTY filter needs a property and an operation')
  if (knownProperty(table, name) === undefined) throw invalidRequest(`Property ${name.slice(0, 100)} does not exist`)
  const { operationType, operator } = operation
  if (typeof operationType !== 'string' || typeof operator !== 'string')
    throw invalidRequest('An operation needs operationType and operator')
  const read = (record: LiveRecord): string | undefined => valueOf(table, record, name)
  if (operator === 'IS_KNOWN') return (record) => read(record) !== undefined
  if (operator === 'IS_UNKNOWN') return (record) => read(record) === undefined
  if (operationType === 'ROLLING_PROPERTY_UPDATED') return updatedLately(table, name, operation)
  const compile = Object.hasOwn(OPERATIONS, operationType) ? OPERATIONS[operationType] : undefined
  if (compile === undefined) throw invalidRequest(`The operation type ${operationType.slice(0, 60)} is not supported`)
  const ever = /^HAS_(EVER|NEVER)_/.exec(operator)
  const test = compile(table.portal, ever === null ? operator : presentForm(operator), operation)
  // unverified: that records without a value are left out unless asked for, by every operator.
  const unset = operation.includeObjectsWithNoValueSet === true
  if (ever === null) return (record) => asked(read(record), test, unset)
  return (record) => {
    const present = read(record)
    const values = [...(present === undefined ? [] : [present]), ...formerValues(table, record, name)]
    return values.length === 0 ? unset : values.some(test) === (ever[1] === 'EVER')
  }
}

function asked(value: string | undefined, test: ValueTest, unset: boolean): boolean {
  return value === undefined ? unset : test(value)
}

/** `HAS_EVER_BEEN_EQUAL_TO` asks `IS_EQUAL_TO` of every value there was. */
function presentForm(operator: string): string {
  const rest = operator.replace(/^HAS_(EVER|NEVER)_/, '')
  if (rest.startsWith('CONTAINED')) return rest.replace('CONTAINED', 'CONTAINS')
  return rest.replace(/^BEEN_/, 'IS_')
}

function valueOf({ kind }: ObjectTable, record: LiveRecord, name: string): string | undefined {
  if (name === 'hs_object_id') return String(record.id)
  if (name === kind.created) return instant(record.created)
  if (name === kind.updated) return instant(record.updated)
  return record.value(name)
}

const OPERATIONS: Record<string, (portal: Portal, operator: string, operation: Operation) => ValueTest> = {
  STRING: (_portal, operator, operation) => text(operator, [operation.value]),
  MULTISTRING: (_portal, operator, operation) => text(operator, operation.values),
  BOOL: (_portal, operator, { value }) =>
    negatable(operator, 'IS_EQUAL_TO', 'IS_NOT_EQUAL_TO', (found) => found === String(value === true)),
  ENUMERATION: (_portal, operator, { values }) => choice(operator, values),
  NUMBER: (_portal, operator, { value }) => number(operator, value),
  NUMBER_RANGED: (_portal, operator, { lowerBound, upperBound }) => {
    const [low, high] = [finite(lowerBound, 'lowerBound'), finite(upperBound, 'upperBound')]
    return negatable(operator, 'IS_BETWEEN', 'IS_NOT_BETWEEN', (found) => Number(found) >= low && Number(found) <= high)
  },
  DATE: (_portal, operator, operation) => day(operator, momentOf({ ...operation, timeType: 'DATE' }, 0)),
  DATETIME: (_portal, operator, { timestamp }) => day(operator, finite(timestamp, 'timestamp')),
  RANGED_DATE: (_portal, operator, { lowerBound, upperBound }) =>
    between(operator, finite(lowerBound, 'lowerBound'), finite(upperBound, 'upperBound')),
  ROLLING_DATE_RANGE: (portal, operator, { numberOfDays }) => rolling(portal, operator, finite(numberOfDays, 'numberOfDays')),
  TIME_POINT: (portal, operator, { timePoint }) => {
    momentOf(timePoint, portal.clock.now())
    return (found) => day(operator, momentOf(timePoint, portal.clock.now()))(found)
  },
  TIME_RANGED: (portal, operator, { lowerBoundTimePoint: low, upperBoundTimePoint: high }) => {
    const now = (): number => portal.clock.now()
    between(operator, momentOf(low, now()), momentOf(high, now()))
    return (found) => between(operator, momentOf(low, now()), momentOf(high, now()))(found)
  },
}

function wrongOperator(operator: string): Error {
  return invalidRequest(`Invalid operator: ${operator.slice(0, 60)}`)
}

function negatable(operator: string, positive: string, negative: string, test: ValueTest): ValueTest {
  if (operator === positive) return test
  if (operator === negative) return (value) => !test(value)
  throw wrongOperator(operator)
}

function strings(values: unknown, field: string): string[] {
  const given = Array.isArray(values) ? values : []
  if (given.length === 0 || given.some((value) => typeof value !== 'string')) throw invalidRequest(`The operation needs ${field}`)
  return given as string[]
}

function finite(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalidRequest(`The operation needs a number as ${field}`)
  return value
}

/** Capitals make no difference. */
function text(operator: string, values: unknown): ValueTest {
  const wanted = strings(values, 'text').map((value) => value.toLowerCase())
  const some =
    (holds: (found: string, value: string) => boolean): ValueTest =>
    (found) =>
      wanted.some((value) => holds(found.toLowerCase(), value))
  const equal = some((found, value) => found === value)
  const contains = some((found, value) => found.includes(value))
  if (operator === 'STARTS_WITH') return some((found, value) => found.startsWith(value))
  if (operator === 'ENDS_WITH') return some((found, value) => found.endsWith(value))
  if (operator === 'CONTAINS' || operator === 'DOES_NOT_CONTAIN') return negatable(operator, 'CONTAINS', 'DOES_NOT_CONTAIN', contains)
  return negatable(operator, 'IS_EQUAL_TO', 'IS_NOT_EQUAL_TO', equal)
}

function choice(operator: string, values: unknown): ValueTest {
  const wanted = strings(values, 'values')
  const parts = (found: string): string[] => found.split(';')
  const all: ValueTest = (found) => wanted.every((value) => parts(found).includes(value))
  if (operator.endsWith('ANY_OF') || operator.endsWith('NONE_OF')) {
    return negatable(operator, 'IS_ANY_OF', 'IS_NONE_OF', (found) => parts(found).some((part) => wanted.includes(part)))
  }
  if (operator.endsWith('_ALL')) return negatable(operator, 'CONTAINS_ALL', 'DOES_NOT_CONTAIN_ALL', all)
  return negatable(operator, 'IS_EXACTLY', 'IS_NOT_EXACTLY', (found) => all(found) && parts(found).length === new Set(wanted).size)
}

function number(operator: string, value: unknown): ValueTest {
  const wanted = finite(value, 'value')
  switch (operator) {
    case 'IS_GREATER_THAN':
      return (found) => Number(found) > wanted
    case 'IS_GREATER_THAN_OR_EQUAL_TO':
      return (found) => Number(found) >= wanted
    case 'IS_LESS_THAN':
      return (found) => Number(found) < wanted
    case 'IS_LESS_THAN_OR_EQUAL_TO':
      return (found) => Number(found) <= wanted
    default:
      return negatable(operator, 'IS_EQUAL_TO', 'IS_NOT_EQUAL_TO', (found) => Number(found) === wanted)
  }
}

/** Two moments are the same date when they lie within one day of UTC. */
function day(operator: string, moment: number): ValueTest {
  const at = (found: string): number => parseInstant(found) ?? Number.NaN
  if (operator === 'IS_BEFORE' || operator === 'IS_BEFORE_DATE') return (found) => at(found) < moment
  if (operator === 'IS_AFTER' || operator === 'IS_AFTER_DATE') return (found) => at(found) > moment
  const same: ValueTest = (found) => Math.floor(at(found) / DAY_MS) === Math.floor(moment / DAY_MS)
  return negatable(operator, 'IS_EQUAL_TO', 'IS_NOT_EQUAL_TO', same)
}

function between(operator: string, low: number, high: number): ValueTest {
  const within: ValueTest = (found) => {
    const at = parseInstant(found) ?? Number.NaN
    return at >= low && at <= high
  }
  return negatable(operator, 'IS_BETWEEN', 'IS_NOT_BETWEEN', within)
}

function rolling(portal: Portal, operator: string, days: number): ValueTest {
  const ahead = (found: string): number => (parseInstant(found) ?? Number.NaN) - portal.clock.now()
  const span = days * DAY_MS
  switch (operator) {
    case 'IS_LESS_THAN_X_DAYS_AGO':
      return (found) => ahead(found) <= 0 && ahead(found) > -span
    case 'IS_MORE_THAN_X_DAYS_AGO':
      return (found) => ahead(found) <= -span
    case 'IS_LESS_THAN_X_DAYS_FROM_NOW':
      return (found) => ahead(found) >= 0 && ahead(found) < span
    case 'IS_MORE_THAN_X_DAYS_FROM_NOW':
      return (found) => ahead(found) >= span
    default:
      throw wrongOperator(operator)
  }
}

function updatedLately(table: ObjectTable, name: string, { operator, numberOfDays }: Operation): RecordTest {
  const span = finite(numberOfDays, 'numberOfDays') * DAY_MS
  const wanted = operator === 'IS_UPDATED_IN_LAST_X_DAYS'
  if (!wanted && operator !== 'IS_NOT_UPDATED_IN_LAST_X_DAYS') throw wrongOperator(String(operator))
  return (record) => table.portal.clock.now() - changedAt(table, record, name) < span === wanted
}

function changedAt(table: ObjectTable, record: LiveRecord, name: string): number {
  return table.store.history(record.row)[name]?.[0]?.[1] ?? (record.value(name) === undefined ? -Infinity : record.created)
}

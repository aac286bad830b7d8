import { isObject } from './call.ts'
import { invalidRequest } from './errors.ts'

export type Condition = { filterType: 'CRM_OBJECT_PROPERTY'; property: string; operator: string; value?: string; values?: string[] }
export type Filter = { conditions: Condition[] }

type Test = (value: string | undefined, wanted: string, among: readonly string[]) => boolean

const order = (value: string | undefined, wanted: string): number => {
  if (value === undefined) return Number.NaN
  const [left, right] = [Number(value), Number(wanted)]
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right
  return value < wanted ? -1 : value > wanted ? 1 : 0
}

const TESTS: Readonly<Record<string, Test>> = {
  EQ: (value, wanted) => value === wanted,
  N_EQ: (value, wanted) => value !== wanted,
  LT: (value, wanted) => order(value, wanted) < 0,
  GT: (value, wanted) => order(value, wanted) > 0,
  LTE: (value, wanted) => order(value, wanted) <= 0,
  GTE: (value, wanted) => order(value, wanted) >= 0,
  CONTAINS: (value, wanted) => value?.includes(wanted) === true,
  STARTS_WITH: (value, wanted) => value?.startsWith(wanted) === true,
  ENDS_WITH: (value, wanted) => value?.endsWith(wanted) === true,
  IN: (value, _wanted, among) => value !== undefined && among.includes(value),
  NOT_IN: (value, _wanted, among) => value === undefined || !among.includes(value),
  IS_EMPTY: (value) => value === undefined || value === '',
  IS_NOT_EMPTY: (value) => value !== undefined && value !== '',
}

/** All conditions hold for the record as it is now. */
export function passes(filter: Filter, read: (property: string) => string | undefined): boolean {
  return filter.conditions.every(({ property, operator, value = '', values = [] }) => TESTS[operator]!(read(property), value, values))
}

export function acceptFilter(filter: unknown): Filter {
  if (!isObject(filter) || !Array.isArray(filter.conditions)) throw invalidRequest('filter must have a list of conditions')
  return { conditions: filter.conditions.map(acceptCondition) }
}

function acceptCondition(condition: unknown): Condition {
  if (!isObject(condition) || condition.filterType !== 'CRM_OBJECT_PROPERTY') throw invalidRequest('filterType must be CRM_OBJECT_PROPERTY')
  const { property, operator, value, values } = condition
  if (typeof property !== 'string' || property === '') throw invalidRequest('property is required')
  if (typeof operator !== 'string' || !Object.hasOwn(TESTS, operator))
    throw invalidRequest(`operator must be one of ${Object.keys(TESTS).join(', ')}`)
  const list = Array.isArray(values) ? { values: values.map(String) } : {}
  return { filterType: 'CRM_OBJECT_PROPERTY', property, operator, ...(typeof value === 'string' ? { value } : {}), ...list }
}

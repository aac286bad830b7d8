/** Functions of SOQL on one field: dates in UTC, labels and formats. Salesforce docs: "Date Functions", "toLabel()", "FORMAT()". */
import { DAY, dayText } from './text.ts'
import { badField, bindPath } from './soql-bind.ts'
import { malformed } from './soql-lex.ts'
import type { Bound, Scope } from './soql-bind.ts'
import type { Cell } from './column.ts'
import type { Field, FieldType } from './schema-object.ts'
import type { Operand } from './soql-filter.ts'
import type { Query, Selected } from './soql-ast.ts'

const dayOfYear = (date: Date): number => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY) + 1
const quarter = (date: Date): number => Math.floor(date.getUTCMonth() / 3) + 1

/** Fiscal years are calendar years here. Weeks of a month or year count from its first day. */
const DATE_FUNCTIONS: Readonly<Record<string, { type: FieldType; of: (date: Date) => number }>> = {
  CALENDAR_YEAR: { type: 'int', of: (date) => date.getUTCFullYear() },
  CALENDAR_QUARTER: { type: 'int', of: quarter },
  CALENDAR_MONTH: { type: 'int', of: (date) => date.getUTCMonth() + 1 },
  FISCAL_YEAR: { type: 'int', of: (date) => date.getUTCFullYear() },
  FISCAL_QUARTER: { type: 'int', of: quarter },
  FISCAL_MONTH: { type: 'int', of: (date) => date.getUTCMonth() + 1 },
  WEEK_IN_YEAR: { type: 'int', of: (date) => Math.ceil(dayOfYear(date) / 7) },
  WEEK_IN_MONTH: { type: 'int', of: (date) => Math.ceil(date.getUTCDate() / 7) },
  DAY_IN_YEAR: { type: 'int', of: dayOfYear },
  DAY_IN_MONTH: { type: 'int', of: (date) => date.getUTCDate() },
  DAY_IN_WEEK: { type: 'int', of: (date) => date.getUTCDay() + 1 },
  DAY_ONLY: { type: 'date', of: (date) => Math.floor(date.getTime() / DAY) * DAY },
  HOUR_IN_DAY: { type: 'int', of: (date) => date.getUTCHours() },
}
const AGGREGATES = new Set(['COUNT', 'COUNT_DISTINCT', 'MIN', 'MAX', 'SUM', 'AVG', 'GROUPING'])

/** Also of a date function: it stands in SELECT only where rows are grouped by it. */
export const isAggregate = (name: string): boolean => AGGREGATES.has(name) || DATE_FUNCTIONS[name] !== undefined

export function functionOperand(query: Query, call: string, operand: Operand, at: number): Operand {
  // One currency, and labels that are their values.
  if (call === 'TOLABEL' || call === 'CONVERTCURRENCY') return operand
  const known = DATE_FUNCTIONS[call]
  if (known === undefined) throw malformed(query.text, at, `unknown function: ${call}`)
  if (operand.type !== 'date' && operand.type !== 'datetime') throw badField(query, at, `${call} is not valid on field ${operand.name}`)
  const { of, type } = known
  const { read } = operand
  return {
    ...operand,
    type,
    read(row) {
      const cell = read(row)
      return typeof cell === 'number' ? of(new Date(cell)) : null
    },
  }
}

/** toLabel(), FORMAT() and convertCurrency() in SELECT. */
export function shownColumn(scope: Scope, { name, path, alias, at }: Extract<Selected, { kind: 'call' }>): Bound {
  if (path === null || !['TOLABEL', 'FORMAT', 'CONVERTCURRENCY'].includes(name))
    throw malformed(scope.query.text, at, `unknown function: ${name}`)
  const bound = bindPath(scope, path)
  const label = alias ?? bound.label
  const key = alias ?? bound.key
  if (name === 'CONVERTCURRENCY') return { ...bound, label, key }
  const through = name === 'FORMAT' ? formatter(bound.field) : labeller(bound.field)
  const steps = alias === null ? bound.steps : []
  const field = { ...bound.field, type: 'string' as const }
  const own = alias === null ? bound.own : bound.read
  return { ...bound, field, label, key, steps, own: (row) => through(own(row)), read: (row) => through(bound.read(row)) }
}

function labeller({ picklist }: Field): (cell: Cell) => Cell {
  const labels = new Map(picklist.map(({ value, label }) => [value, label]))
  return (cell) => (typeof cell === 'string' ? (labels.get(cell) ?? cell) : cell)
}

/** As an en_US user sees it. */
function formatter({ type, scale }: Field): (cell: Cell) => Cell {
  return (cell) => {
    if (typeof cell !== 'number') return cell
    if (type === 'date') return usDay(cell)
    if (type !== 'datetime') return cell.toLocaleString('en-US', { minimumFractionDigits: scale, maximumFractionDigits: scale })
    const time = new Date(cell).toISOString().slice(11, 16)
    const hour = Number(time.slice(0, 2))
    return `${usDay(cell)}, ${hour % 12 === 0 ? 12 : hour % 12}:${time.slice(3)} ${hour < 12 ? 'AM' : 'PM'}`
  }
}

function usDay(ms: number): string {
  const [year, month, day] = dayText(ms).split('-').map(Number)
  return `${month}/${day}/${year}`
}

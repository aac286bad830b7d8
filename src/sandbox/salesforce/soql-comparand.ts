/** The right-hand side of a comparison, checked against the type of the left. */
import { Fault } from './fault.ts'
import { badField } from './soql-bind.ts'
import { caret } from './soql-lex.ts'
import { dateRange } from './soql-dates.ts'
import { isNumeric } from './column.ts'
import { parseId } from './ids.ts'
import type { FieldType } from './schema-object.ts'
import type { Literal, Query } from './soql-ast.ts'
import type { Range } from './soql-dates.ts'

export type Comparand = string | number | boolean | Range | null

const TYPE_NAMES: Partial<Record<FieldType, string>> = {
  datetime: 'dateTime',
  int: 'int',
  double: 'double',
  currency: 'double',
  percent: 'double',
  date: 'date',
  boolean: 'boolean',
}
const EARLIEST = Date.UTC(1700, 0, 1)
const LATEST = Date.UTC(4001, 0, 1)

export function comparand(query: Query, operand: { name: string; type: FieldType }, literal: Literal, now: number): Comparand {
  if (literal.kind === 'null') return null
  switch (operand.type) {
    case 'boolean':
      if (literal.kind === 'boolean') return literal.value
      break
    case 'date':
    case 'datetime':
      if (literal.kind === 'range') return rangeOf(query, literal, now)
      if (literal.kind === operand.type) return timeOf(query, literal)
      break
    default:
      if (isNumeric(operand.type)) {
        if (literal.kind === 'number') return Number(literal.text)
      } else if (literal.kind === 'string') return idOr(query, operand, literal)
  }
  throw wrongType(query, operand, literal.at)
}

function rangeOf(query: Query, { name, n, at }: Extract<Literal, { kind: 'range' }>, now: number): Range {
  const range = dateRange(name, n, now)
  if (range === undefined) throw new Fault(400, 'MALFORMED_QUERY', caret(query.text, at, `unexpected token: '${name}'`))
  return range
}

function timeOf(query: Query, { text, at }: { text: string; at: number }): number {
  const time = Date.parse(text)
  const badDay = Number.isNaN(time) || !isDay(text.slice(0, 10))
  if (badDay || time < EARLIEST || time >= LATEST) throw badField(query, at, `Invalid date: ${text}`)
  return time
}

/** Date.parse rolls 31 February over into March. */
const isDay = (day: string): boolean => !Number.isNaN(Date.parse(day)) && new Date(Date.parse(day)).toISOString().startsWith(day)

function idOr(query: Query, operand: { name: string; type: FieldType }, literal: { text: string; at: number }): string {
  if ((operand.type !== 'id' && operand.type !== 'reference') || literal.text === '') return literal.text
  const id = parseId(literal.text)
  if (id === undefined)
    throw new Fault(400, 'INVALID_QUERY_FILTER_OPERATOR', caret(query.text, literal.at, `invalid ID field: ${literal.text}`))
  return id
}

function wrongType(query: Query, operand: { name: string; type: FieldType }, at: number): Fault {
  const type = TYPE_NAMES[operand.type]
  const quoted = type === undefined ? 'should be enclosed in quotes' : 'should not be enclosed in quotes'
  return badField(query, at, `value of filter criterion for field '${operand.name}' must be of type ${type ?? 'string'} and ${quoted}`)
}

/** Date functions of SOQL, in UTC. Salesforce docs: "Date Functions". */
import { DAY } from './text.ts'
import { badField } from './soql-bind.ts'
import { malformed } from './soql-lex.ts'
import type { FieldType } from './schema-object.ts'
import type { Operand } from './soql-filter.ts'
import type { Query } from './soql-ast.ts'

const FUNCTIONS: Readonly<Record<string, { type: FieldType; of: (date: Date) => number }>> = {
  CALENDAR_YEAR: { type: 'int', of: (date) => date.getUTCFullYear() },
  CALENDAR_QUARTER: { type: 'int', of: (date) => Math.floor(date.getUTCMonth() / 3) + 1 },
  CALENDAR_MONTH: { type: 'int', of: (date) => date.getUTCMonth() + 1 },
  DAY_IN_MONTH: { type: 'int', of: (date) => date.getUTCDate() },
  DAY_IN_WEEK: { type: 'int', of: (date) => date.getUTCDay() + 1 },
  DAY_ONLY: { type: 'date', of: (date) => Math.floor(date.getTime() / DAY) * DAY },
  HOUR_IN_DAY: { type: 'int', of: (date) => date.getUTCHours() },
}

export function functionOperand(query: Query, call: string, operand: Operand, at: number): Operand {
  const known = FUNCTIONS[call]
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

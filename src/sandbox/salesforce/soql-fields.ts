/** FIELDS(ALL), FIELDS(STANDARD), FIELDS(CUSTOM): what field-level security shows. Salesforce docs: SOQL FIELDS(). */
import { bindPath } from './soql-bind.ts'
import { malformed } from './soql-lex.ts'
import { visibleFields } from './org.ts'
import type { Bound, Scope } from './soql-bind.ts'
import type { Condition, Selected } from './soql-ast.ts'

const ROWS = 200

export function expandFields(scope: Scope, item: Extract<Selected, { kind: 'fields' }>): Bound[] {
  const { query, org, table } = scope
  const bounded = (query.limit !== null && query.limit <= ROWS) || hasIdList(query.where)
  if (item.which !== 'STANDARD' && !bounded) {
    throw malformed(query.text, item.at, `The SOQL FIELDS function must have a LIMIT of at most ${ROWS}`)
  }
  const wanted = visibleFields(org, table.object).filter((field) => item.which === 'ALL' || field.custom === (item.which === 'CUSTOM'))
  return wanted.map((field) => bindPath(scope, { text: field.name, names: [field.name], at: item.at }))
}

function hasIdList(condition: Condition | null): boolean {
  if (condition?.kind === 'and') return condition.parts.some(hasIdList)
  if (condition?.kind === 'compare') return condition.operator === '=' && condition.path.text.toLowerCase() === 'id'
  return condition?.kind === 'in' && !condition.negated && condition.path.text.toLowerCase() === 'id' && condition.literals.length <= ROWS
}

/** Semi-joins and anti-joins. Salesforce docs: SOQL, Comparison Operators, semi-joins and anti-joins. */
import { badField } from './soql-bind.ts'
import { malformed } from './soql-lex.ts'
import type { Condition, Query } from './soql-ast.ts'
import type { Scope } from './soql-bind.ts'

const MOST = 2
const NEVER_INSIDE = new Set(['task', 'event', 'note', 'attachment', 'activityhistory', 'openactivity'])

/** The restrictions on where a join may stand. Their texts are unverified, except the one about OR. */
export function checkJoins(query: Query): void {
  const joins = joinsOf(query.where)
  if (joins.length > MOST) throw malformed(query.text, joins[MOST]?.at ?? 0, `Maximum ${MOST} semi join sub-selects are allowed`)
  const misplaced = misplacedJoin(query.where)
  if (misplaced !== undefined)
    throw malformed(query.text, misplaced.at, `Semi join sub-selects are not allowed with the '${misplaced.word}' operator`)
  for (const { query: inner, at } of joins) {
    if (joinsOf(inner.where).length > 0) throw malformed(query.text, at, 'Nesting of semi join sub-selects is not supported')
    if (inner.limit !== null || inner.orderBy.length > 0)
      throw malformed(query.text, at, 'LIMIT and ORDER BY are not allowed in semi join sub-selects')
    if (NEVER_INSIDE.has(inner.from.name.toLowerCase()))
      throw malformed(query.text, inner.from.at, `Entity '${inner.from.name}' is not supported for semi join inner selects`)
  }
}

type Join = Extract<Condition, { kind: 'semi' }>

function joinsOf(condition: Condition | null): Join[] {
  if (condition === null) return []
  if (condition.kind === 'semi') return [condition]
  if (condition.kind === 'and' || condition.kind === 'or') return condition.parts.flatMap(joinsOf)
  return condition.kind === 'not' ? joinsOf(condition.part) : []
}

function misplacedJoin(condition: Condition | null): { at: number; word: string } | undefined {
  if (condition?.kind === 'and') return condition.parts.map(misplacedJoin).find((found) => found !== undefined)
  if (condition?.kind !== 'or' && condition?.kind !== 'not') return undefined
  const [join] = joinsOf(condition)
  return join === undefined ? undefined : { at: join.at, word: condition.kind.toUpperCase() }
}

export function semiJoin(scope: Scope, query: Query, at: number): Set<string> {
  const inner = scope.run({ ...query, text: scope.query.text })
  const column = inner?.columns.length === 1 ? inner.columns[0] : undefined
  if (inner === undefined || column === undefined || (column.field.type !== 'id' && column.field.type !== 'reference')) {
    throw malformed(scope.query.text, at, 'semi join sub-selects can only query id fields, and only one of them')
  }
  if (inner.table === scope.table) throw badField(scope.query, at, 'The inner and outer selects should not be on the same object type')
  return new Set(inner.rows.map((row) => String(column.read(row))))
}

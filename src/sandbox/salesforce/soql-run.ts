/** Runs a parsed query: which rows, in which order, showing which columns. */
import { aggregate } from './soql-aggregate.ts'
import { badField, bindFrom, bindPath } from './soql-bind.ts'
import { caret, malformed } from './soql-lex.ts'
import { compileCondition } from './soql-filter.ts'
import { expandFields } from './soql-fields.ts'
import { Fault } from './fault.ts'
import { functionOperand } from './soql-function.ts'
import { GONE, LIVE, lookupRows } from './table.ts'
import { parseId } from './ids.ts'
import { parseSoql } from './soql-parse.ts'
import { sortRows } from './soql-order.ts'
import type { Bound, Catalog, Scope } from './soql-bind.ts'
import type { Condition, Query } from './soql-ast.ts'
import type { Operand } from './soql-filter.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

/** `rows` are row numbers of `table`; `all` also shows rows in the bin. */
export type QueryResult =
  | { kind: 'rows'; table: Table; rows: number[]; columns: Bound[] }
  | { kind: 'count'; total: number }
  | { kind: 'aggregate'; records: Record<string, unknown>[]; columns: string[] }
export type Visibility = 'live' | 'all'

export function runSoql(org: Org, catalog: Catalog, text: string, visibility: Visibility): QueryResult {
  const query = parseSoql(text)
  return runQuery(org, catalog, query, visibility)
}

export function runQuery(org: Org, catalog: Catalog, query: Query, visibility: Visibility): QueryResult {
  const scope: Scope = { org, catalog, query, table: bindFrom(catalog, query), now: org.clock.now() }
  const isCount =
    query.select.length === 1 && query.select[0]?.kind === 'call' && query.select[0].name === 'COUNT' && query.select[0].path === null
  if (query.offset !== null && query.offset.count > 2_000) {
    throw new Fault(400, 'NUMBER_OUTSIDE_VALID_RANGE', caret(query.text, query.offset.at, 'Maximum SOQL offset allowed is 2000'))
  }
  if (isCount) {
    if (query.orderBy.length > 0) throw malformed(query.text, query.orderBy[0]?.path.at ?? 0, 'Count query cannot be ordered')
    return { kind: 'count', total: window(query, matching(scope, visibility)).length }
  }
  if (query.groupBy.length > 0 || query.select.some((item) => item.kind === 'call')) return aggregate(scope, matching(scope, visibility))
  const columns = bindColumns(scope)
  const rows = matching(scope, visibility)
  return { kind: 'rows', table: scope.table, rows: window(query, sortRows(scope, rows)), columns }
}

function bindColumns(scope: Scope): Bound[] {
  const columns = scope.query.select.flatMap((item) => {
    if (item.kind === 'field') return [bindPath(scope, item.path)]
    return item.kind === 'fields' ? expandFields(scope, item) : []
  })
  const seen = new Set<string>()
  for (const { label } of columns) {
    // The code of this refusal is unverified.
    if (seen.has(label)) throw new Fault(400, 'INVALID_FIELD', `duplicate field selected: ${label}`)
    seen.add(label)
  }
  return columns
}

function window(query: Query, rows: number[]): number[] {
  const from = query.offset?.count ?? 0
  if (from === 0 && query.limit === null) return rows
  return rows.slice(from, query.limit === null ? undefined : from + query.limit)
}

function matching(scope: Scope, visibility: Visibility): number[] {
  const { table, query } = scope
  const test = query.where === null ? () => true : compileCondition(filteringOf(scope), query.where)
  const { stages } = table
  const shown = visibility === 'live' ? (row: number) => stages[row] === LIVE : (row: number) => stages[row] !== GONE
  const rows: number[] = []
  const candidates = candidatesOf(scope, query.where)
  if (candidates !== undefined) {
    for (const row of [...new Set(candidates)].toSorted((a, b) => a - b)) if (shown(row) && test(row)) rows.push(row)
    return rows
  }
  for (let row = 0; row < stages.length; row += 1) if (shown(row) && test(row)) rows.push(row)
  return rows
}

function filteringOf(scope: Scope) {
  return {
    query: scope.query,
    now: scope.now,
    resolve: (path: { text: string; names: string[]; at: number }, call: string | null): Operand => {
      const { field, read } = bindPath(scope, path)
      const plain = {
        name: field.name,
        type: field.type,
        filterable: field.filterable && field.type !== 'address',
        caseSensitive: field.caseSensitive,
        read,
      }
      return call === null ? plain : functionOperand(scope.query, call, plain, path.at)
    },
    semi: (query: Query, at: number) => semiJoin(scope, query, at),
  }
}

function semiJoin(scope: Scope, query: Query, at: number): Set<string> {
  const inner = runQuery(scope.org, scope.catalog, { ...query, text: scope.query.text }, 'live')
  const column = inner.kind === 'rows' && inner.columns.length === 1 ? inner.columns[0] : undefined
  if (inner.kind !== 'rows' || column === undefined || (column.field.type !== 'id' && column.field.type !== 'reference')) {
    throw malformed(scope.query.text, at, 'semi join sub-selects can only query id fields, and only one of them')
  }
  if (inner.table === scope.table) throw badField(scope.query, at, 'The inner and outer selects should not be on the same object type')
  return new Set(inner.rows.map((row) => String(column.read(row))))
}

/** Row numbers an id or idLookup condition narrows the scan to; undefined means all. The predicate still has the last word. */
function candidatesOf(scope: Scope, condition: Condition | null): number[] | undefined {
  if (condition === null) return undefined
  if (condition.kind === 'and') {
    for (const part of condition.parts) {
      const found = candidatesOf(scope, part)
      if (found !== undefined) return found
    }
    return undefined
  }
  const literals =
    condition.kind === 'in' && !condition.negated
      ? condition.literals
      : condition.kind === 'compare' && condition.operator === '=' && condition.call === null
        ? [condition.literal]
        : undefined
  if (literals === undefined || (condition.kind !== 'in' && condition.kind !== 'compare')) return undefined
  if (!literals.every((literal) => literal.kind === 'string' && literal.text !== '')) return undefined
  const { field, steps } = bindPath(scope, condition.path)
  if (steps.length > 0 || !field.idLookup) return undefined
  return literals.flatMap((literal) => (literal.kind === 'string' ? rowsOf(scope.table, field, literal.text) : []))
}

function rowsOf(table: Table, field: Bound['field'], text: string): readonly number[] {
  if (field.type !== 'id') return lookupRows(table, field, text)
  const row = table.rows.get(parseId(text) ?? '')
  return row === undefined ? [] : [row]
}

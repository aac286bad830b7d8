/** Runs a parsed query: which rows, in which order, showing which columns. */
import { aggregate } from './soql-aggregate.ts'
import { bindFrom, bindJoined } from './soql-bind.ts'
import { bindSelect } from './soql-select.ts'
import { caret, malformed } from './soql-lex.ts'
import { Fault } from './fault.ts'
import { isAggregate } from './soql-function.ts'
import { matching, windowed } from './soql-match.ts'
import { parseSoql } from './soql-parse.ts'
import { sortRows } from './soql-order.ts'
import type { Bound, Catalog, Scope } from './soql-bind.ts'
import type { Children, Kinds } from './soql-select.ts'
import type { Org } from './org.ts'
import type { Query } from './soql-ast.ts'
import type { Table } from './table.ts'
import type { Visibility } from './soql-match.ts'

export type { Children, Kinds } from './soql-select.ts'
export type { Visibility } from './soql-match.ts'

/** `rows` are row numbers of `table`. */
export type QueryResult =
  | { kind: 'rows'; table: Table; rows: number[]; columns: Bound[]; kinds: Kinds[]; children: Children[] }
  | { kind: 'count'; total: number }
  | { kind: 'aggregate'; records: Record<string, unknown>[]; columns: string[] }

export function runSoql(org: Org, catalog: Catalog, text: string, visibility: Visibility): QueryResult {
  return runQuery(org, catalog, parseSoql(text), visibility)
}

export function runQuery(org: Org, catalog: Catalog, query: Query, visibility: Visibility): QueryResult {
  const run = (inner: Query) => {
    const result = runQuery(org, catalog, inner, 'live')
    return result.kind === 'rows' ? result : undefined
  }
  const scope: Scope = { org, catalog, query, table: bindFrom(catalog, query), now: org.clock.now(), run }
  bindJoined(scope)
  const [first] = query.select
  const isCount = query.select.length === 1 && first?.kind === 'call' && first.name === 'COUNT' && first.path === null
  if (query.offset !== null && query.offset.count > 2_000) {
    throw new Fault(400, 'NUMBER_OUTSIDE_VALID_RANGE', caret(query.text, query.offset.at, 'Maximum SOQL offset allowed is 2000'))
  }
  if (isCount && query.groupBy.length === 0) {
    if (query.orderBy.length > 0) throw malformed(query.text, query.orderBy[0]?.path.at ?? 0, 'Count query cannot be ordered')
    return { kind: 'count', total: windowed(query, matching(scope, visibility)).length }
  }
  const isGrouped = query.groupBy.length > 0 || query.select.some((item) => item.kind === 'call' && isAggregate(item.name))
  if (isGrouped) return aggregate(scope, matching(scope, visibility))
  const shown = bindSelect(scope, visibility)
  const rows = matching(scope, visibility)
  return { kind: 'rows', table: scope.table, rows: windowed(query, sortRows(scope, rows)), ...shown }
}

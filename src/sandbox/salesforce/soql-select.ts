/** What a query shows: columns, parents by kind (TYPEOF), child lists (subqueries). */
import { badField, bindChild, bindJoined, bindPath } from './soql-bind.ts'
import { expandFields } from './soql-fields.ts'
import { Fault } from './fault.ts'
import { malformed } from './soql-lex.ts'
import { matches, shownRows, windowed } from './soql-match.ts'
import { shownColumn } from './soql-function.ts'
import { sortRows } from './soql-order.ts'
import type { Bound, Scope, Step } from './soql-bind.ts'
import type { Path, Selected } from './soql-ast.ts'
import type { Table } from './table.ts'
import type { Visibility } from './soql-match.ts'

/** A child list of each row of the parent. */
export type Children = {
  name: string
  table: Table
  columns: Bound[]
  kinds: Kinds[]
  children: Children[]
  rowsOf: (parent: number) => number[]
}
/** A parent shown with columns that depend on its object. */
export type Kinds = { step: Step; columnsOf: (table: Table) => Bound[] }
export type Shown = { columns: Bound[]; kinds: Kinds[]; children: Children[] }

/** Salesforce docs: SOQL relationship queries, at most 20 subqueries and five levels of them. */
const SUBQUERIES = 20
const LEVELS = 5
/** unverified: the code for a field that is named twice. */
const DUPLICATE_FIELD = 'INVALID_FIELD'

export function bindSelect(scope: Scope, visibility: Visibility, level = 1): Shown {
  const { select, text } = scope.query
  const columns = select.flatMap((item): Bound[] => {
    if (item.kind === 'field') return [aliased(bindPath(scope, item.path), item.alias)]
    if (item.kind === 'fields') return expandFields(scope, item)
    return item.kind === 'call' ? [shownColumn(scope, item)] : []
  })
  const seen = new Set<string>()
  for (const { label } of columns) {
    if (seen.has(label)) throw new Fault(400, DUPLICATE_FIELD, `duplicate field selected: ${label}`)
    seen.add(label)
  }
  const subqueries = select.filter((item) => item.kind === 'child')
  if (subqueries.length > SUBQUERIES || level > LEVELS)
    throw malformed(text, subqueries[0]?.at ?? 0, `The number of subqueries is limited to ${SUBQUERIES}, their depth to ${LEVELS}`)
  return {
    columns,
    kinds: select.flatMap((item) => (item.kind === 'typeof' ? [bindKinds(scope, item)] : [])),
    children: subqueries.map((item) => bindChildren(scope, item, visibility, level)),
  }
}

/** Only grouped queries know field aliases. */
function aliased(bound: Bound, alias: string | null): Bound {
  if (alias !== null) throw new Fault(400, 'MALFORMED_QUERY', 'only aggregate expressions use field aliasing')
  return bound
}

function bindChildren(scope: Scope, { query }: Extract<Selected, { kind: 'child' }>, visibility: Visibility, level: number): Children {
  const { table, name, rowsOf } = bindChild(scope, query)
  const inner: Scope = { ...scope, query, table }
  bindJoined(inner)
  const shown = bindSelect(inner, visibility, level + 1)
  if (query.groupBy.length > 0) throw malformed(query.text, query.from.at, 'grouped query not allowed in a child relationship subquery')
  if (query.offset !== null && scope.query.limit !== 1)
    throw malformed(query.text, query.offset.at, 'OFFSET clause can only be used in a subquery if the parent query has LIMIT 1')
  const test = matches(inner)
  const isShown = shownRows(table, visibility)
  const { ids } = scope.table
  return {
    ...shown,
    table,
    name,
    rowsOf(parent) {
      const rows = rowsOf(ids[parent] ?? '').filter((row) => isShown(row) && test(row))
      return rows.length === 0 ? [] : windowed(query, sortRows(inner, rows))
    },
  }
}

function bindKinds(scope: Scope, { path, cases, otherwise }: Extract<Selected, { kind: 'typeof' }>): Kinds {
  const bound = bindPath(scope, { ...path, text: `${path.text}.Id`, names: [...path.names, 'Id'] })
  const step = bound.steps.at(-1)
  if (step === undefined || step.type !== 'Name' || bound.steps.length > 1)
    throw badField(scope.query, path.at, `TYPEOF needs a polymorphic relationship: ${path.text}`)
  const columns = new Map<string, Bound[]>()
  for (const { type, at, paths } of cases) {
    const table = step.targets.find(({ object }) => object.name.toLowerCase() === type.toLowerCase())
    if (table === undefined) throw badField(scope.query, at, `sObject type '${type}' is not a valid type for the relationship ${path.text}`)
    columns.set(table.object.name, bindAll(scope, table, paths))
  }
  // ELSE names fields that all kinds have.
  const rest = (table: Table): Bound[] =>
    bindAll(
      scope,
      table,
      otherwise.filter(({ text }) => table.object.byName.has(text.toLowerCase())),
    )
  return { step, columnsOf: (table) => columns.get(table.object.name) ?? rest(table) }
}

const bindAll = (scope: Scope, table: Table, paths: readonly Path[]): Bound[] =>
  paths.map((path) =>
    bindPath({ ...scope, table, query: { ...scope.query, from: { ...scope.query.from, alias: null, joined: [] } } }, path),
  )

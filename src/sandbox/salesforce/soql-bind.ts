/** Names in a query, bound to fields the calling user may see. */
import { accessOf } from './org.ts'
import { activityList, isActivityList } from './activity-list.ts'
import { caret } from './soql-lex.ts'
import { Fault } from './fault.ts'
import { GONE, lookupRows, readerOf } from './table.ts'
import { nameField, nameReader } from './soql-name.ts'
import type { Cell } from './column.ts'
import type { Field } from './schema-object.ts'
import type { Org } from './org.ts'
import type { Path, Query } from './soql-ast.ts'
import type { Table } from './table.ts'

export type Catalog = ReadonlyMap<string, Table>
/** One query being bound: `catalog` is what FROM and relationships may name. */
export type Scope = { org: Org; catalog: Catalog; query: Query; table: Table; now: number; run: RunInner }
/** Runs the query of a semi-join; undefined where it shows no rows. */
export type RunInner = (query: Query) => { table: Table; rows: number[]; columns: Bound[] } | undefined
/**
 * A step from a child row to the parent row, or to none. Where the parent may be of several objects, a row number tells its table too:
 * `row * targets + place of the table`.
 */
export type Step = { name: string; targets: readonly Table[]; type: string | null; row: (row: number) => number | undefined }
/** `read` starts at the query's own row, `own` at the row the last step leads to. `key` is its name in a record. */
export type Bound = {
  field: Field
  table: Table
  steps: Step[]
  read: (row: number) => Cell
  own: (row: number) => Cell
  label: string
  key: string
}

const HINT = 'Please reference your WSDL or the describe call for the appropriate names.'
const COLUMN_ADVICE = `If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. ${HINT}`
const RELATIONSHIP_ADVICE = `If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${HINT}`

export function bindFrom(catalog: Catalog, query: Query): Table {
  const table = catalog.get(query.from.name.toLowerCase())
  if (table !== undefined) return table
  // unverified: the words for an object that only subqueries read.
  if (isActivityList(query.from.name))
    throw new Fault(400, 'INVALID_TYPE_FOR_OPERATION', `entity type ${query.from.name} does not support query`)
  const message = `sObject type '${query.from.name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${HINT}`
  throw new Fault(400, 'INVALID_TYPE', caret(query.text, query.from.at, message))
}

export const badField = (query: Query, at: number, message: string): Fault =>
  new Fault(400, 'INVALID_FIELD', caret(query.text, at, message))

/** The child relationship a subquery's FROM names; `rowsOf` are rows of `table` at any stage. */
export function bindChild(scope: Scope, query: Query): { table: Table; name: string; rowsOf: (parentId: string) => readonly number[] } {
  const parent = scope.table.object.name
  const wanted = (query.from.name.split('.').at(-1) ?? '').toLowerCase()
  for (const table of scope.catalog.values()) {
    const field = table.object.fields.find(
      (each) => each.childRelationshipName?.toLowerCase() === wanted && each.referenceTo.includes(parent),
    )
    if (field !== undefined && accessOf(scope.org, table.object, field).read)
      return { table, name: field.childRelationshipName ?? query.from.name, rowsOf: (parentId) => lookupRows(table, field, parentId) }
  }
  const activities = activityList(scope.org, parent, wanted)
  if (activities !== undefined) return activities
  const message = `Didn't understand relationship '${query.from.name}' in FROM part of query call. ${RELATIONSHIP_ADVICE}`
  throw new Fault(400, 'INVALID_TYPE', caret(scope.query.text, query.from.at, message))
}

/** Parents that FROM gives aliases to must be there, used or not. */
export function bindJoined(scope: Scope): void {
  for (const { names, at } of scope.query.from.joined) bindPath(scope, { text: '', names: [...names, 'Id'], at })
}

/** `Email`, `Contact.Email` (the object's own name), `c.Email` (its alias), `a.Name` (the alias of a parent) or up to five parents: `Account.Owner.Name`. */
export function bindPath(scope: Scope, path: Path): Bound {
  const { query } = scope
  let names = path.names
  const first = names[0]?.toLowerCase()
  if (names.length > 1 && (first === query.from.alias?.toLowerCase() || first === scope.table.object.name.toLowerCase()))
    names = names.slice(1)
  const joined = names.length > 1 ? query.from.joined.find(({ alias }) => alias.toLowerCase() === first) : undefined
  if (joined !== undefined) names = [...joined.names, ...names.slice(1)]
  if (names.length > 6) throw badField(query, path.at, 'Relationship references are limited to five levels')
  const steps: Step[] = []
  let targets: readonly Table[] = [scope.table]
  for (const name of names.slice(0, -1)) {
    const step = bindStep(scope, targets, name, path.at)
    steps.push(step)
    targets = step.targets
  }
  return bindLast(scope, steps, targets, { name: names.at(-1) ?? '', at: path.at })
}

function bindLast(scope: Scope, steps: Step[], targets: readonly Table[], { name, at }: { name: string; at: number }): Bound {
  const [table = scope.table] = targets
  const isName = steps.at(-1)?.type === 'Name'
  const field = isName ? nameField(targets, name) : table.object.byName.get(name.toLowerCase())
  if (field === undefined || (!isName && !accessOf(scope.org, table.object, field).read)) {
    const message = `No such column '${name}' on entity '${isName ? 'Name' : table.object.name}'. ${COLUMN_ADVICE}`
    throw badField(scope.query, at, message)
  }
  const own = isName ? nameReader(targets, field) : readerOf(table, field)
  const label = [...steps.map((step) => step.name), field.name].join('.')
  return { field, table, steps, own, read: throughSteps(steps, own), label, key: field.name }
}

function bindStep(scope: Scope, from: readonly Table[], name: string, at: number): Step {
  const wanted = name.toLowerCase()
  for (const [place, table] of from.entries()) {
    const field = table.object.fields.find((each) => each.relationshipName?.toLowerCase() === wanted)
    if (field === undefined || !accessOf(scope.org, table.object, field).read) continue
    const targets = field.referenceTo.flatMap((target) => scope.catalog.get(target.toLowerCase()) ?? [])
    if (targets.length === 0) continue
    const row = parentRow(readerOf(table, field), targets)
    return {
      name: field.relationshipName ?? name,
      targets,
      type: field.referenceTo.length > 1 ? 'Name' : null,
      // Of a parent that may be of several objects, only some know this relationship.
      row: from.length === 1 ? row : (at) => (at % from.length === place ? row(Math.floor(at / from.length)) : undefined),
    }
  }
  throw badField(scope.query, at, `Didn't understand relationship '${name}' in field path. ${RELATIONSHIP_ADVICE}`)
}

function parentRow(read: (row: number) => Cell, targets: readonly Table[]): (row: number) => number | undefined {
  const [only] = targets
  if (only !== undefined && targets.length === 1) {
    return (row) => {
      const id = read(row)
      const parent = typeof id === 'string' ? only.rows.get(id) : undefined
      return parent === undefined || only.stages[parent] === GONE ? undefined : parent
    }
  }
  return (row) => {
    const id = read(row)
    if (typeof id !== 'string') return undefined
    for (const [place, table] of targets.entries()) {
      const parent = table.rows.get(id)
      if (parent !== undefined && table.stages[parent] !== GONE) return parent * targets.length + place
    }
    return undefined
  }
}

/** Which table and row a step's row number stands for. */
export function placeOf({ targets }: Step, row: number): { table: Table; row: number } | undefined {
  const table = targets[row % targets.length]
  return table === undefined ? undefined : { table, row: Math.floor(row / targets.length) }
}

/** A missing parent reads as null, as in a filter on a parent field. */
function throughSteps(steps: readonly Step[], read: (row: number) => Cell): (row: number) => Cell {
  if (steps.length === 0) return read
  return (row) => {
    let at: number | undefined = row
    for (const step of steps) {
      at = step.row(at)
      if (at === undefined) return null
    }
    return read(at)
  }
}

/** A field of the row itself, as a column. */
export function bindRowField(table: Table, field: Field): Bound {
  const read = readerOf(table, field)
  return { field, table, steps: [], read, own: read, label: field.name, key: field.name }
}

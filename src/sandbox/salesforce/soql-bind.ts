/** Names in a query, bound to fields the calling user may see. */
import { accessOf } from './org.ts'
import { caret } from './soql-lex.ts'
import { Fault } from './fault.ts'
import { GONE, readerOf } from './table.ts'
import type { Cell } from './column.ts'
import type { Field } from './schema-object.ts'
import type { Org } from './org.ts'
import type { Path, Query } from './soql-ast.ts'
import type { Table } from './table.ts'

export type Catalog = ReadonlyMap<string, Table>
/** One query being bound: `catalog` is what FROM and relationships may name. */
export type Scope = { org: Org; catalog: Catalog; query: Query; table: Table; now: number }
/** A step from a child row to the parent row, or to none. */
export type Step = { name: string; to: Table; row: (row: number) => number | undefined }
export type Bound = { field: Field; table: Table; steps: Step[]; read: (row: number) => Cell; label: string }

const HINT = 'Please reference your WSDL or the describe call for the appropriate names.'

export function bindFrom(catalog: Catalog, query: Query): Table {
  const table = catalog.get(query.from.name.toLowerCase())
  if (table !== undefined) return table
  const message = `sObject type '${query.from.name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${HINT}`
  throw new Fault(400, 'INVALID_TYPE', caret(query.text, query.from.at, message))
}

export const badField = (query: Query, at: number, message: string): Fault =>
  new Fault(400, 'INVALID_FIELD', caret(query.text, at, message))

/** `Email`, `Contact.Email` (the object's own name), `c.Email` (its alias) or up to five parents: `Account.Owner.Name`. */
export function bindPath(scope: Scope, path: Path): Bound {
  const { query } = scope
  let names = path.names
  const first = names[0]?.toLowerCase()
  if (names.length > 1 && (first === query.from.alias?.toLowerCase() || first === scope.table.object.name.toLowerCase()))
    names = names.slice(1)
  const steps: Step[] = []
  let table = scope.table
  for (const name of names.slice(0, -1)) {
    const step = bindStep(scope, table, name, path.at)
    steps.push(step)
    table = step.to
  }
  const name = names.at(-1) ?? ''
  const field = table.object.byName.get(name.toLowerCase())
  if (field === undefined || !accessOf(scope.org, table.object, field).read) {
    const advice = `If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. ${HINT}`
    throw badField(query, path.at, `No such column '${name}' on entity '${table.object.name}'. ${advice}`)
  }
  const label = [...steps.map((step) => step.name), field.name].join('.')
  return { field, table, steps, read: throughSteps(steps, readerOf(table, field)), label }
}

function bindStep(scope: Scope, from: Table, name: string, at: number): Step {
  const wanted = name.toLowerCase()
  const field = from.object.fields.find((each) => each.relationshipName?.toLowerCase() === wanted)
  const to = field === undefined || !accessOf(scope.org, from.object, field).read ? undefined : targetOf(scope.catalog, field)
  if (field === undefined || to === undefined) {
    const advice = `If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${HINT}`
    throw badField(scope.query, at, `Didn't understand relationship '${name}' in field path. ${advice}`)
  }
  const read = readerOf(from, field)
  return {
    name: field.relationshipName ?? name,
    to,
    row(row) {
      const id = read(row)
      const parent = typeof id === 'string' ? to.rows.get(id) : undefined
      return parent === undefined || to.stages[parent] === GONE ? undefined : parent
    },
  }
}

/** Of several possible targets the first that exists here (owners are users). */
function targetOf(catalog: Catalog, field: Field): Table | undefined {
  for (const target of field.referenceTo) {
    const table = catalog.get(target.toLowerCase())
    if (table !== undefined) return table
  }
  return undefined
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
export const bindRowField = (table: Table, field: Field): Bound => ({
  field,
  table,
  steps: [],
  read: readerOf(table, field),
  label: field.name,
})

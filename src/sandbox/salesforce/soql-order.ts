/** ORDER BY: several keys, nulls first by default, text without case, picklists in set-up order. */
import { badField, bindPath } from './soql-bind.ts'
import { functionOperand } from './soql-function.ts'
import type { Bound, Scope } from './soql-bind.ts'
import type { Cell } from './column.ts'

/** Without ORDER BY Salesforce promises no order; here rows come as they were made. */
export function sortRows(scope: Scope, rows: number[]): number[] {
  const { orderBy } = scope.query
  if (orderBy.length === 0) return rows
  const keys = orderBy.map((order) => {
    const bound = bindPath(scope, order.path)
    if (!bound.field.sortable || bound.field.type === 'multipicklist' || bound.field.type === 'address') {
      throw badField(scope.query, order.path.at, `field '${bound.field.name}' can not be sorted in a query call`)
    }
    const read =
      order.call === null
        ? sortReader(bound)
        : functionOperand(scope.query, order.call, { ...bound.field, read: bound.read }, order.path.at).read
    // NULLS LAST has no effect on a relationship field.
    const nullsLast = order.nullsLast === true && bound.steps.length === 0
    return { values: rows.map(read), descending: order.descending, nullsLast }
  })
  const at = Uint32Array.from(rows.keys())
  at.sort((a, b) => {
    for (const { values, descending, nullsLast } of keys) {
      const order = compareCells(values[a] ?? null, values[b] ?? null, descending, nullsLast)
      if (order !== 0) return order
    }
    return a - b
  })
  return Array.from(at, (index) => rows[index] ?? 0)
}

function sortReader({ field, read }: Bound): (row: number) => Cell {
  if (field.type === 'picklist') {
    const places = new Map(field.picklist.map(({ value }, place) => [value, place]))
    return (row) => {
      const cell = read(row)
      // Values outside the list come after it, by text.
      return typeof cell === 'string' ? String(places.get(cell) ?? `9999${cell.toLowerCase()}`).padStart(4, '0') : cell
    }
  }
  if (field.type === 'id' || field.type === 'reference' || field.type === 'datetime' || field.type === 'date') return read
  return (row) => {
    const cell = read(row)
    return typeof cell === 'string' ? cell.toLowerCase() : cell
  }
}

function compareCells(a: Cell, b: Cell, descending: boolean, nullsLast: boolean): number {
  if (a === b) return 0
  if (a === null) return nullsLast ? 1 : -1
  if (b === null) return nullsLast ? -1 : 1
  const order = a < b ? -1 : 1
  return descending ? -order : order
}

/** Typed columns: one object per row would cost several KiB a contact, a column costs eight bytes and its text. */
import type { FieldType } from './schema-object.ts'

/** Dates and datetimes are epoch milliseconds (dates at midnight UTC); ids and references have 18 characters. */
export type Cell = string | number | boolean | null
export type Column = {
  get(row: number): Cell
  set(row: number, cell: Cell): void
}

export function createColumn(type: FieldType): Column {
  switch (type) {
    case 'boolean':
      return booleanColumn()
    case 'date':
    case 'datetime':
    case 'double':
    case 'currency':
    case 'percent':
    case 'int':
      return numberColumn()
    default:
      return textColumn()
  }
}

export const isNumeric = (type: FieldType): boolean =>
  type === 'date' || type === 'datetime' || type === 'double' || type === 'currency' || type === 'percent' || type === 'int'

function numberColumn(): Column {
  let cells = new Float64Array(0)
  return {
    get(row) {
      const cell = cells[row]
      return cell === undefined || Number.isNaN(cell) ? null : cell
    },
    set(row, cell) {
      if (row >= cells.length) {
        if (cell === null) return
        const grown = new Float64Array(Math.max(64, row + 1 + (row >> 1)))
        grown.set(cells)
        grown.fill(Number.NaN, cells.length)
        cells = grown
      }
      cells[row] = typeof cell === 'number' ? cell : Number.NaN
    },
  }
}

/** A boolean is never null in Salesforce: an unset row reads false. */
function booleanColumn(): Column {
  let cells = new Uint8Array(0)
  return {
    get: (row) => cells[row] === 1,
    set(row, cell) {
      if (row >= cells.length) {
        if (cell !== true) return
        const grown = new Uint8Array(Math.max(64, row + 1 + (row >> 1)))
        grown.set(cells)
        cells = grown
      }
      cells[row] = cell === true ? 1 : 0
    },
  }
}

/** Values that repeat (cities, picklists, owners) share one string, up to this many of them per column. */
const SHARED_VALUES = 2_048

function textColumn(): Column {
  const cells: (string | null)[] = []
  const share = createPool()
  return {
    get: (row) => cells[row] ?? null,
    set(row, cell) {
      if (cell === null && row >= cells.length) return
      while (cells.length < row) cells.push(null)
      cells[row] = cell === null ? null : share(String(cell))
    },
  }
}

/** Gives equal texts one string, and gives up on a column whose values hardly ever repeat. */
function createPool(): (text: string) => string {
  const shared = new Map<string, string>()
  let hits = 0
  let misses = 0
  return (text) => {
    if (misses > 4 * SHARED_VALUES && misses > hits) return text
    const known = shared.get(text)
    if (known !== undefined) {
      hits += 1
      return known
    }
    misses += 1
    if (shared.size < SHARED_VALUES) shared.set(text, text)
    return text
  }
}

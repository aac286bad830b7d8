/** The fixed part of every contact, one typed array a field, in the order of their ids. Times are epoch milliseconds, addresses slab addresses. */
export const LIVE = 0
export const ARCHIVED = 1
/** Gone for good: no bytes, no history. */
export const ERASED = 2
/** Became part of another record by a merge; its id is an alias. */
export const MERGED = 3

export type Columns = {
  count: number
  id: Float64Array<ArrayBuffer>
  created: Float64Array<ArrayBuffer>
  updated: Float64Array<ArrayBuffer>
  archived: Float64Array<ArrayBuffer>
  status: Uint8Array<ArrayBuffer>
  values: Float64Array<ArrayBuffer>
  valuesLength: Uint32Array<ArrayBuffer>
  history: Float64Array<ArrayBuffer>
  historyLength: Uint32Array<ArrayBuffer>
}

export function createColumns(capacity = 1024): Columns {
  return {
    count: 0,
    id: new Float64Array(capacity),
    created: new Float64Array(capacity),
    updated: new Float64Array(capacity),
    archived: new Float64Array(capacity),
    status: new Uint8Array(capacity),
    values: new Float64Array(capacity),
    valuesLength: new Uint32Array(capacity),
    history: new Float64Array(capacity),
    historyLength: new Uint32Array(capacity),
  }
}

/** A copy of the same rows, or of the rows named in `order`. */
export function copyColumns(from: Columns, order?: Uint32Array): Columns {
  const to = createColumns(Math.max(1024, from.count))
  to.count = from.count
  for (const key of ['id', 'created', 'updated', 'archived', 'status', 'values', 'valuesLength', 'history', 'historyLength'] as const) {
    const source = from[key]
    const target = to[key]
    if (order === undefined) target.set(source.subarray(0, from.count))
    else for (let row = 0; row < from.count; row++) target[row] = source[order[row]!]!
  }
  return to
}

/** Makes room for one more row. */
export function growColumns(columns: Columns): Columns {
  if (columns.count < columns.id.length) return columns
  const larger = createColumns(columns.id.length * 2)
  const copy = copyColumns(columns)
  for (const key of ['id', 'created', 'updated', 'archived', 'status', 'values', 'valuesLength', 'history', 'historyLength'] as const) {
    larger[key].set(copy[key].subarray(0, columns.count))
  }
  larger.count = columns.count
  return larger
}

/** Row of the first id that is not below `id`; `count` when there is none. */
export function rowFrom(columns: Columns, id: number): number {
  let low = 0
  let high = columns.count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (columns.id[middle]! < id) low = middle + 1
    else high = middle
  }
  return low
}

/** Row numbers by ascending id, or undefined when they already are. */
export function idOrder(columns: Columns): Uint32Array | undefined {
  let sorted = true
  for (let row = 1; row < columns.count && sorted; row++) sorted = columns.id[row - 1]! < columns.id[row]!
  if (sorted) return undefined
  return new Uint32Array(columns.count).map((_, row) => row).sort((a, b) => columns.id[a]! - columns.id[b]!)
}

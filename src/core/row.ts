/** One record by numbers in place of names: what is judged is asked for again and again. */
import type { RawFields } from './judge.ts'
import { filled, type Text } from './text.ts'

/** By column, trimmed. */
export type Row = readonly Text[]
export type ColumnOf = (field: string) => number

export type RowReader = {
  readonly columnOf: ColumnOf
  /** One row serves a whole run and is filled anew for each record; it is never kept beyond one synchronous call. */
  read(fields: RawFields): Row
}

const unasked = -1

/**
 * Records of a run carry the same fields in the same order: walking along takes a fifth of the time of asking an object with ninety names for each
 * (0.5 µs against 2.5).
 */
export function createRowReader(): RowReader {
  const columns = new Map<string, number>()
  const row: Text[] = []
  /** The names of the record read last, in its order, and the column of each. */
  const order: string[] = []
  const places: number[] = []
  return {
    columnOf(field) {
      const known = columns.get(field) ?? row.push(undefined) - 1
      columns.set(field, known)
      return known
    },
    read(fields) {
      row.fill(undefined)
      let at = 0
      for (const name in fields) {
        if (name !== order[at]) {
          order[at] = name
          places[at] = columns.get(name) ?? unasked
        }
        const place = places[at++] ?? unasked
        if (place !== unasked) row[place] = filled(fields[name])
      }
      return row
    },
  }
}

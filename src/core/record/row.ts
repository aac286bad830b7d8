/** One record by numbers in place of names: what is judged is asked for again and again. */
import type { RawFields } from '../judge/judge.ts'
import { filled, type Text } from '../text/text.ts'

/** By column, trimmed. */
export type Row = readonly Text[]
export type ColumnOf = (field: string) => number

/**
 * What a record holds, for whoever has it at hand. `names` and `blank`: the same lists from record to record, the names of its fields in their order, and what
 * stands there where nothing else is said: `null`, or `undefined` for one of which nothing is known. `at`: the numbers of the other fields, with their
 * `values`; these two may be filled anew for the next record.
 */
export type Held = {
  readonly names: readonly string[]
  readonly blank: readonly (null | undefined)[]
  readonly at: readonly number[]
  readonly values: readonly (string | null | undefined)[]
}

export type RowReader = {
  readonly columnOf: ColumnOf
  /** One row serves a whole run and is filled anew for each record; it is never kept beyond one synchronous call. */
  read(fields: RawFields): Row
  /** The same of what a record holds: 0.3 µs against 1.9 for 95 names. */
  readHeld(held: Held): Row
}

const unasked = -1

export function createRowReader(): RowReader {
  const columns = new Map<string, number>()
  const row: Text[] = []
  return {
    columnOf(field) {
      const known = columns.get(field) ?? row.push(undefined) - 1
      columns.set(field, known)
      return known
    },
    read: createFieldReader(columns, row),
    readHeld: createHeldReader(columns, row),
  }
}

/**
 * Records of a run carry the same fields in the same order: walking along takes a fifth of the time of asking an object with ninety names for each
 * (0.5 µs against 2.5). Four fields in five are null: as long as the names are those of the record before, only the others are put in their place.
 */
function createFieldReader(columns: ReadonlyMap<string, number>, row: Text[]): RowReader['read'] {
  /** The row of a record that holds nothing: `null` where it has a field, `undefined` where it has none. */
  const blank: Text[] = []
  /** The names of the record read last, in its order, and the column of each. */
  const order: string[] = []
  const places: number[] = []
  /** Whether `blank` is that of these names; a record that throws halfway leaves it open. */
  let isLearnt = false
  const walk = (fields: RawFields): boolean => {
    for (let i = 0; i < row.length; i++) row[i] = blank[i]
    let at = 0
    for (const name in fields) {
      if (name !== order[at]) {
        isLearnt = false
        order[at] = name
        places[at] = columns.get(name) ?? unasked
      }
      const value = fields[name]
      if (value !== null) {
        const place = places[at] ?? unasked
        if (place !== unasked) row[place] = filled(value)
      }
      at++
    }
    if (at !== order.length) isLearnt = false
    order.length = at
    return isLearnt
  }
  const learn = (): void => {
    for (let place = 0; place < row.length; place++) blank[place] = undefined
    for (let at = 0; at < order.length; at++) if (places[at] !== unasked) blank[places[at] ?? unasked] = null
    isLearnt = true
  }
  return (fields) => {
    if (!walk(fields)) {
      learn()
      walk(fields)
    }
    return row
  }
}

function createHeldReader(columns: ReadonlyMap<string, number>, row: Text[]): RowReader['readHeld'] {
  let names: Held['names'] | null = null
  /** By number of the name. */
  let places: readonly number[] = []
  /** By column. */
  let blank: Text[] = []
  const learn = (held: Held): void => {
    names = held.names
    places = names.map((name) => columns.get(name) ?? unasked)
    blank = row.map(() => undefined)
    for (const [at, place] of places.entries()) if (place !== unasked) blank[place] = held.blank[at]
  }
  return (held) => {
    if (held.names !== names) learn(held)
    for (let i = 0; i < blank.length; i++) row[i] = blank[i]
    for (let i = 0; i < held.at.length; i++) {
      const place = places[held.at[i] ?? -1] ?? unasked
      if (place !== unasked) row[place] = filled(held.values[i])
    }
    return row
  }
}

import { createRows } from './link-rows.ts'
import type { PackedSide, Row } from './link-rows.ts'
import type { ObjectKind } from './object-kind.ts'
import type { Part } from './part.ts'

/** One direction of every association, as numbers: a large portal has hundreds of thousands, and one record may have tens of thousands. */
export type Links = {
  of(from: ObjectKind, id: number, to: ObjectKind): Row
  /** Type ids between two records. */
  between(from: ObjectKind, id: number, to: ObjectKind, toId: number): number[]
  /** False when it was there already. */
  put(from: ObjectKind, id: number, to: ObjectKind, toId: number, typeId: number): boolean
  drop(from: ObjectKind, id: number, to: ObjectKind, toId: number, typeId: number): void
  /** Records that carry a type. */
  holders(from: ObjectKind, to: ObjectKind, typeId: number): number[]
  /** All of them as bytes, for another portal's `take`. */
  give(): PackedSide[]
  take(sides: readonly PackedSide[]): void
  readonly part: Part
}

const keyOf = (from: ObjectKind, to: ObjectKind): string => `${from.name} ${to.name}`

export function createLinks(): Links {
  const rows = createRows()
  const links: Links = {
    of: (from, id, to) => rows.read(keyOf(from, to), id),
    between(from, id, to, toId) {
      const row = links.of(from, id, to)
      const found: number[] = []
      for (let at = placeOf(row, toId); row[at] === toId; at += 2) found.push(row[at + 1]!)
      return found
    },
    put(from, id, to, toId, typeId) {
      const row = links.of(from, id, to)
      let at = placeOf(row, toId)
      for (; row[at] === toId; at += 2) if (row[at + 1] === typeId) return false
      rows.own(keyOf(from, to), id).splice(at, 0, toId, typeId)
      return true
    },
    drop(from, id, to, toId, typeId) {
      const row = links.of(from, id, to)
      let at = placeOf(row, toId)
      while (row[at] === toId && row[at + 1] !== typeId) at += 2
      if (row[at] !== toId) return
      if (row.length === 2) rows.remove(keyOf(from, to), id)
      else rows.own(keyOf(from, to), id).splice(at, 2)
    },
    holders: (from, to, typeId) =>
      rows
        .all(keyOf(from, to))
        .filter(([, row]) => row.some((value, at) => at % 2 === 1 && value === typeId))
        .map(([id]) => id),
    give: rows.give,
    take: rows.take,
    part: { keep: rows.keep },
  }
  return links
}

/** Where the first entry that is not below a record id is, or would be. */
export function placeOf(row: Row, toId: number): number {
  let low = 0
  let high = row.length / 2
  while (low < high) {
    const middle = (low + high) >>> 1
    if (row[middle * 2]! < toId) low = middle + 1
    else high = middle
  }
  return low * 2
}

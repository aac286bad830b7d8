import type { ObjectKind } from './object-kind.ts'
import type { Part } from './part.ts'

/** Record id and association type id by turns, in the order of record ids. */
type Row = readonly number[]

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

/** `ends[n]` is where the row of `ids[n]` ends in `rows`. */
export type PackedSide = { key: string; ids: Float64Array<ArrayBuffer>; ends: Uint32Array<ArrayBuffer>; rows: Float64Array<ArrayBuffer> }

/** A row is changed in place only while no snapshot shares it. */
type Held = { epoch: number; list: number[] }
type Sides = Map<string, Map<number, Held>>

const NONE: Row = []
const keyOf = (from: ObjectKind, to: ObjectKind): string => `${from.name} ${to.name}`

export function createLinks(): Links {
  const sides: Sides = new Map()
  let epoch = 0

  function sideOf(key: string): Map<number, Held> {
    let side = sides.get(key)
    if (side === undefined) sides.set(key, (side = new Map<number, Held>()))
    return side
  }

  /** A row that may be changed. */
  function own(side: Map<number, Held>, id: number): number[] {
    const held = side.get(id)
    if (held?.epoch === epoch) return held.list
    const list = held === undefined ? [] : [...held.list]
    side.set(id, { epoch, list })
    return list
  }

  const links: Links = {
    of: (from, id, to) => sides.get(keyOf(from, to))?.get(id)?.list ?? NONE,
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
      own(sideOf(keyOf(from, to)), id).splice(at, 0, toId, typeId)
      return true
    },
    drop(from, id, to, toId, typeId) {
      const row = links.of(from, id, to)
      let at = placeOf(row, toId)
      while (row[at] === toId && row[at + 1] !== typeId) at += 2
      if (row[at] !== toId) return
      const side = sideOf(keyOf(from, to))
      if (row.length === 2) side.delete(id)
      else own(side, id).splice(at, 2)
    },
    holders(from, to, typeId) {
      const side = sides.get(keyOf(from, to)) ?? new Map<number, Held>()
      return [...side].filter(([, { list }]) => list.some((value, at) => at % 2 === 1 && value === typeId)).map(([id]) => id)
    },
    give: () => [...sides].map(([key, side]) => packSide(key, side)),
    take(packed) {
      sides.clear()
      for (const { key, ids, ends, rows } of packed) {
        const side = sideOf(key)
        ids.forEach((id, n) => side.set(id, { epoch, list: [...rows.subarray(ends[n - 1] ?? 0, ends[n])] }))
      }
    },
    part: {
      keep() {
        epoch++
        const kept = [...sides].map(([key, side]) => [key, new Map(side)] as const)
        return () => {
          epoch++
          sides.clear()
          for (const [key, side] of kept) sides.set(key, new Map(side))
        }
      },
    },
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

function packSide(key: string, side: ReadonlyMap<number, Held>): PackedSide {
  const lists = [...side.values()].map(({ list }) => list)
  const ends = new Uint32Array(lists.length)
  const rows = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0))
  let end = 0
  for (const [n, list] of lists.entries()) {
    rows.set(list, end)
    end += list.length
    ends[n] = end
  }
  return { key, ids: new Float64Array(side.keys()), ends, rows }
}

import type { ObjectKind } from './object-kind.ts'
import type { Part } from './part.ts'

/** Record id and association type id by turns, in the order of record ids. Never changed in place: snapshots share it. */
type Row = readonly number[]

/** One direction of every association, as numbers: a large portal has hundreds of thousands. */
export type Links = {
  of(from: ObjectKind, id: number, to: ObjectKind): Row
  /** Type ids between two records. */
  between(from: ObjectKind, id: number, to: ObjectKind, toId: number): number[]
  /** False when it was there already. */
  put(from: ObjectKind, id: number, to: ObjectKind, toId: number, typeId: number): boolean
  drop(from: ObjectKind, id: number, to: ObjectKind, toId: number, typeId: number): void
  /** Records that carry a type. */
  holders(from: ObjectKind, to: ObjectKind, typeId: number): number[]
  readonly part: Part
}

const NONE: Row = []

export function createLinks(): Links {
  const sides = new Map<string, Map<number, Row>>()

  function store(from: ObjectKind, id: number, to: ObjectKind, row: Row): void {
    const key = `${from.name} ${to.name}`
    let side = sides.get(key)
    if (side === undefined) sides.set(key, (side = new Map<number, Row>()))
    if (row.length > 0) side.set(id, row)
    else side.delete(id)
  }

  const links: Links = {
    of: (from, id, to) => sides.get(`${from.name} ${to.name}`)?.get(id) ?? NONE,
    between: (from, id, to, toId) => links.of(from, id, to).filter((_, at, row) => at % 2 === 1 && row[at - 1] === toId),
    put(from, id, to, toId, typeId) {
      const row = links.of(from, id, to)
      let at = 0
      while (at < row.length && row[at]! <= toId && (row[at] !== toId || row[at + 1] !== typeId)) at += 2
      if (row[at] === toId && row[at + 1] === typeId) return false
      store(from, id, to, [...row.slice(0, at), toId, typeId, ...row.slice(at)])
      return true
    },
    drop(from, id, to, toId, typeId) {
      const row = links.of(from, id, to)
      for (let at = 0; at < row.length; at += 2) {
        if (row[at] === toId && row[at + 1] === typeId) return store(from, id, to, row.toSpliced(at, 2))
      }
    },
    holders(from, to, typeId) {
      const side = sides.get(`${from.name} ${to.name}`) ?? new Map<number, Row>()
      return [...side].filter(([, row]) => row.some((value, at) => at % 2 === 1 && value === typeId)).map(([id]) => id)
    },
    part: {
      keep() {
        const kept = [...sides].map(([key, side]) => [key, new Map(side)] as const)
        return () => {
          sides.clear()
          for (const [key, side] of kept) sides.set(key, new Map(side))
        }
      },
    },
  }
  return links
}

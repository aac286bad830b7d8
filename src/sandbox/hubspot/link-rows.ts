/** Record id and association type id by turns, in the order of record ids. */
export type Row = readonly number[]

/** `ends[n]` is where the row of `ids[n]` ends in `rows`. */
export type PackedSide = { key: string; ids: Float64Array<ArrayBuffer>; ends: Uint32Array<ArrayBuffer>; rows: Float64Array<ArrayBuffer> }

/** Rows of numbers by a key and an id, which snapshots share until they change. */
export type Rows = {
  read(key: string, id: number): Row
  /** A row that may be changed in place. */
  own(key: string, id: number): number[]
  remove(key: string, id: number): void
  all(key: string): [id: number, row: Row][]
  /** Remembers all rows; the answer brings them back, as often as it is called. */
  keep(): () => void
  give(): PackedSide[]
  take(sides: readonly PackedSide[]): void
}

/** `epoch`: how many snapshots there were when the row was made; it is nobody else's while there are no more. */
type Held = { epoch: number; list: number[] }

const NONE: Row = []

export function createRows(): Rows {
  const sides = new Map<string, Map<number, Held>>()
  let epoch = 0

  function sideOf(key: string): Map<number, Held> {
    let side = sides.get(key)
    if (side === undefined) sides.set(key, (side = new Map<number, Held>()))
    return side
  }

  return {
    read: (key, id) => sides.get(key)?.get(id)?.list ?? NONE,
    own(key, id) {
      const side = sideOf(key)
      const held = side.get(id)
      if (held?.epoch === epoch) return held.list
      const list = held === undefined ? [] : [...held.list]
      side.set(id, { epoch, list })
      return list
    },
    remove: (key, id) => void sides.get(key)?.delete(id),
    all: (key) => [...(sides.get(key) ?? [])].map(([id, { list }]) => [id, list]),
    keep() {
      epoch++
      const kept = [...sides].map(([key, side]) => [key, new Map(side)] as const)
      return () => {
        epoch++
        sides.clear()
        for (const [key, side] of kept) sides.set(key, new Map(side))
      }
    },
    give: () => [...sides].map(([key, side]) => packSide(key, side)),
    take(packed) {
      sides.clear()
      for (const { key, ids, ends, rows } of packed) {
        const side = sideOf(key)
        ids.forEach((id, n) => side.set(id, { epoch, list: [...rows.subarray(ends[n - 1] ?? 0, ends[n])] }))
      }
    },
  }
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

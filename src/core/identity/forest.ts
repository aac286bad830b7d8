/** Disjoint sets over 0..size-1: the roots do not depend on the order of the joins, only on what was joined. */

export interface Forest {
  join(a: number, b: number): void
  /** The smallest member of the set. */
  rootOf(a: number): number
  /** Every set, members ascending, sets by their smallest member. */
  groups(): readonly (readonly number[])[]
}

export function createForest(size: number): Forest {
  const parent = Uint32Array.from({ length: size }, (_, i) => i)
  function rootOf(a: number): number {
    let root = a
    while (parent[root] !== root) root = parent[root] ?? root
    for (let at = a; at !== root;) {
      const next = parent[at] ?? root
      parent[at] = root
      at = next
    }
    return root
  }
  return {
    rootOf,
    join(a, b) {
      const x = rootOf(a)
      const y = rootOf(b)
      if (x < y) parent[y] = x
      else parent[x] = y
    },
    groups() {
      const found = new Map<number, number[]>()
      for (let i = 0; i < size; i++) {
        const root = rootOf(i)
        const group = found.get(root)
        if (group === undefined) found.set(root, [i])
        else group.push(i)
      }
      return [...found.values()]
    },
  }
}

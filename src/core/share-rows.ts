/** Equal rows become one array, so that a million verdicts share a few hundred. Items must be shared already: they compare by identity. */

const maxRows = 5_000

export type RowShare<T> = {
  /** Row under construction: one item for each index, with a number that tells items apart. */
  set(index: number, item: T, code: number): void
  /** The shared row that is equal to what was set, all indexes from 0 to `length - 1`. */
  take(length: number): readonly T[]
}

export function shareRows<T>(): RowShare<T> {
  const known = new Map<number, (readonly T[])[]>()
  const row: T[] = []
  let hash = 0
  let kept = 0
  return {
    set(index, item, code) {
      hash = index === 0 ? code + 1 : (Math.imul(hash, 31) + code + 1) | 0
      row[index] = item
    },
    take(length) {
      const candidates = known.get(hash)
      const found = candidates?.find((candidate) => equal(candidate, row, length))
      if (found !== undefined) return found
      const copy = Object.freeze(row.slice(0, length))
      if (kept++ < maxRows) known.set(hash, [...(candidates ?? []), copy])
      return copy
    },
  }
}

function equal<T>(a: readonly T[], b: readonly T[], length: number): boolean {
  if (a.length !== length) return false
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Lists that many outcomes share: what follows from one, as text of a verdict or as values of the write-back, is worked out once for the list. */
import type { PairParts } from '../consent/pair-parts.ts'
import type { PurposePair } from '../policy/purposes.ts'
import type { ConsentView } from './verdict.ts'

/** Six in all (GDPR art. 6(1)): each is one bit, and each set of them one list. */
export type BasisLists = { bitOf(basis: string): number; listOf(bits: number): readonly string[] }

export function createBasisLists(pairs: readonly PurposePair[]): BasisLists {
  const bases = [...new Set(pairs.map((pair) => pair.basis))].toSorted()
  const bitOf = (basis: string): number => 1 << bases.indexOf(basis)
  const lists = new Map<number, readonly string[]>()
  return {
    bitOf,
    listOf(bits) {
      let list = lists.get(bits)
      if (list === undefined) lists.set(bits, (list = bases.filter((basis) => (bits & bitOf(basis)) !== 0)))
      return list
    },
  }
}

/** A hundred thousand records show two thousand lists of views, and five times as many outcomes. */
const maxKept = 2_000
const codeBase = 32

/** The views of all pairs but those of service purposes. `parts`, `codes`: by pair; of a code the five lower bits count. */
export function createViewLists(pairs: readonly PurposePair[], parts: readonly PairParts[]): (codes: Uint8Array) => readonly ConsentView[] {
  const viewed = pairs.filter((pair) => !pair.serviceOnly).map((pair) => pair.index)
  const lists = new Map<string, readonly ConsentView[]>()
  return (codes) => {
    let key = ''
    for (let i = 0; i < viewed.length; i++) key += String.fromCharCode((codes[viewed[i] ?? 0] ?? 0) % codeBase)
    const known = lists.get(key)
    if (known !== undefined) return known
    const list = viewed.map((index) => (parts[index] as PairParts).viewOf((codes[index] ?? 0) % codeBase))
    if (lists.size >= maxKept) lists.clear()
    lists.set(key, list)
    return list
  }
}

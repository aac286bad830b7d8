/** Lists that are asked for texts which are cut out of each record anew. */
import { textHash } from './text-hash.ts'

/** What can only be asked for its members. */
export type Membership = Pick<ReadonlySet<string>, 'has'>
/** The same of what belongs to each. */
export type Lookup<T> = Pick<ReadonlyMap<string, T>, 'get'>

export function quickSet(list: Iterable<string>): Membership {
  const words = quickMap(Array.from(list, (word) => [word, true] as const))
  return { has: (text) => words.get(text) === true }
}

type Entry<T> = { readonly text: string; readonly value: T; readonly next: Entry<T> | null }

/** Turns most texts away by length and first letter, and compares the others with what stands in their place. */
export function quickMap<T>(entries: Iterable<readonly [string, T]>): Lookup<T> {
  const all = new Map(entries)
  const marks = new Uint8Array(64 << 7)
  const mask = 2 ** Math.ceil(Math.log2(all.size + 1)) - 1
  const places: (Entry<T> | null)[] = Array.from({ length: mask + 1 }, () => null)
  for (const [text, value] of all) {
    const at = textHash(text) & mask
    marks[markOf(text)] = 1
    places[at] = { text, value, next: places[at] ?? null }
  }
  return {
    get(text) {
      if (marks[markOf(text)] === 0) return undefined
      let entry = places[textHash(text) & mask] ?? null
      while (entry !== null && entry.text !== text) entry = entry.next
      return entry?.value
    },
  }
}

function markOf(text: string): number {
  return ((text.length & 63) << 7) | (text.charCodeAt(0) & 127)
}

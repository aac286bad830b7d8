import { textHash } from './text-hash.ts'

/** A text beyond this length may be a slice of the page that it was read from, all of which it would keep in memory. */
const sliceable = 12
/** Words, names and versions of texts are shorter; what is longer seldom comes again. */
const longest = 64

type Known<T> = { readonly text: string; readonly answer: T }

/**
 * The same function, which keeps its answers to the short texts that it was asked about lately: names and words come back all the time, and to fold one
 * costs ten times as much as to look it up. Bounded, since memory must not grow with the number of contacts: each text has one place, which it takes from
 * whatever stood there.
 */
export function remember<T>(work: (text: string) => T, most: number): (text: string) => T {
  const mask = 2 ** Math.floor(Math.log2(most)) - 1
  /** Made when it is first asked: most of these functions never are. */
  let places: (Known<T> | null)[] = []
  return (text) => {
    if (text.length > longest) return work(text)
    const at = textHash(text) & mask
    const known = places[at]
    if (known != null && known.text === text) return known.answer
    const own = text.length > sliceable ? copyOf(text) : text
    const answer = work(own)
    if (places.length === 0) places = Array.from({ length: mask + 1 }, () => null)
    places[at] = { text: own, answer }
    return answer
  }
}

/** Joined and cut, a text of its own that keeps no page: its parent is one sign longer than itself. */
function copyOf(text: string): string {
  return ` ${text}`.slice(1)
}

/** A text beyond this length may be a slice of the page that it was read from, all of which it would keep in memory. */
const sliceable = 12
/** Words, names and versions of texts are shorter; what is longer seldom comes again. */
const longest = 64

/**
 * The same function, which keeps its answers to the short texts that it was asked about lately: names and words come back all the time, and to fold one
 * costs ten times as much as to look it up. Bounded, since memory must not grow with the number of contacts.
 */
export function remember<T>(work: (text: string) => T, most: number): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    if (text.length > longest) return work(text)
    const before = known.get(text)
    if (before !== undefined) return before
    const own = text.length > sliceable ? copyOf(text) : text
    const answer = work(own)
    if (known.size >= most) known.clear()
    known.set(own, answer)
    return answer
  }
}

/** Joined and cut, a text of its own that keeps no page: its parent is one sign longer than itself. */
function copyOf(text: string): string {
  return ` ${text}`.slice(1)
}

/** A longer text may be a slice of the page that it was read from, all of which it would keep in memory. */
const longest = 12

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
    const answer = work(text)
    if (known.size >= most) known.clear()
    known.set(text, answer)
    return answer
  }
}

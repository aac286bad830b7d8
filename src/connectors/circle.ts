/**
 * Tells of each cursor of a list whether it leads back to where the list was before, by Brent's algorithm (BIT 20, 1980): one cursor is remembered, each time for
 * twice as many pages. Any circle is noticed, within about three times its pages, and a list of any length takes no memory.
 */
export function circleWatch(): (cursor: string) => boolean {
  let kept: string | null = null
  let since = 0
  let until = 1
  return (cursor) => {
    if (cursor === kept) return true
    if (++since === until) {
      kept = cursor
      since = 0
      until *= 2
    }
    return false
  }
}

/** A piece of the portal's state. `keep` remembers it and returns what brings it back, as often as it is called. */
export type Part = { keep(): () => void }

/** A set whose content a snapshot keeps. */
export function setPart(set: Set<string>): Part {
  return {
    keep() {
      const kept = [...set]
      return () => {
        set.clear()
        for (const value of kept) set.add(value)
      }
    },
  }
}

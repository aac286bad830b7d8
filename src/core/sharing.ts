/**
 * The one object for all that are equal in JSON; it is never changed. For texts, numbers and truths under names of which a policy has a few hundred:
 * each is kept.
 */
export type Sharing = <T extends object>(value: T) => T

export function createSharing(): Sharing {
  const known = new Map<string, object>()
  return <T extends object>(value: T): T => {
    const key = JSON.stringify(value)
    const before = known.get(key)
    if (before !== undefined) return before as T
    known.set(key, value)
    return value
  }
}

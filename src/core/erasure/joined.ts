/** Records that came back, as records of the erasure. */
import type { ItemState, Returned } from './erasure.ts'

/** Those that came back join the plan: the same person, by the same certain reasons. */
export function joined(items: readonly ItemState[], returned: readonly Returned[]): readonly ItemState[] {
  const known = new Set(items.map(({ key }) => key))
  const fresh = returned.filter(({ key }, index) => !known.has(key) && returned.findIndex((other) => other.key === key) === index)
  return [...items, ...fresh.map((item): ItemState => ({ ...item, action: 'erase', holds: [], outcome: null, reason: null, trace: null }))]
}

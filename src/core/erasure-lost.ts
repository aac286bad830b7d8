/** An erasure that goes on without a CRM that is gone for good: nothing there counts as done or proved, and nothing waits for it. */
import type { ErasureIn, ItemState } from './erasure.ts'
import { joined } from './erasure-joined.ts'
import { isLost, withLoss, withoutLoss, type Losses, type Lost } from './lost.ts'

/** Records in what is lost: whatever was seen of them before, nobody can look again. */
export function withoutReach(items: readonly ItemState[], losses: Losses): readonly ItemState[] {
  return items.map((item) => (isLost(losses, item.connection) ? { ...item, trace: 'out-of-reach' } : item))
}

type Carried = ErasureIn<'running' | 'settled' | 'returned'>

export function withLostIn<T extends Carried>(state: T, lost: Lost): T {
  const losses = withLoss(state, lost)
  const back = 'returned' in state ? state.returned : []
  const there = back.filter(({ connection }) => connection === lost.connection)
  const items = withoutReach(joined(state.items, there), losses)
  return { ...state, ...losses, items, ...('returned' in state && { returned: back.filter((one) => !there.includes(one)) }) }
}

/** Nobody has looked there since: what was out of reach counts as there until somebody has. */
export function regainedIn<T extends Carried>(state: T, connection: string): T {
  const { lost: _, ...rest } = state
  const items = state.items.map((item): ItemState =>
    item.connection === connection && item.trace === 'out-of-reach' ? { ...item, trace: 'unread' } : item,
  )
  return { ...(rest as T), ...withoutLoss(state, connection), items }
}

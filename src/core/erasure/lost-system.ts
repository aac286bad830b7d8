/** An erasure that goes on without a CRM that is gone for good: nothing there counts as done or proved, and nothing waits for it. */
import type { Act, ErasureIn, ItemState } from './erasure.ts'
import { stepId } from './steps.ts'
import { joined } from './joined.ts'
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
  const left = { ...state, ...losses, items, ...('returned' in state && { returned: back.filter((one) => !there.includes(one)) }) }
  return lookedIn(left, lost.connection)
}

/** Nobody has looked there since, known records or none: all that is done there in this round is done once more, and nothing is proved before. */
export function regainedIn<T extends Carried>(state: T, connection: string): T {
  const { lost: _, ...rest } = state
  const items = state.items.map((item): ItemState =>
    item.connection === connection && item.trace === 'out-of-reach' ? { ...item, trace: 'unread' } : item,
  )
  const unlooked = unlookedWith(state, connection)
  const undone =
    'done' in state
      ? { done: state.done.filter((id) => !actsOf.some((act) => id === stepId({ round: state.round, act, connection }))) }
      : {}
  return { ...(rest as T), ...withoutLoss(state, connection), items, unlooked, ...undone }
}

type Unlooked = Pick<Carried, 'unlooked'>
export function unlookedWith({ unlooked = [] }: Unlooked, connection: string): readonly string[] {
  return [...unlooked.filter((one) => one !== connection), connection]
}

const actsOf: readonly Act[] = ['silence', 'prepare', 'erase', 'look']

/** A round has looked there, or nobody can any more. */
export function lookedIn<T extends Unlooked>({ unlooked = [], ...state }: T, connection: string): T {
  const left = unlooked.filter((one) => one !== connection)
  return { ...(state as unknown as T), ...(left.length > 0 && { unlooked: left }) }
}

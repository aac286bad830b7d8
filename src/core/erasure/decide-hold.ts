/** What is decided about keeping a record on a user's word (GDPR art. 17(3)). */
import { standingOf, type CommandOf, type ErasureIn, type Standing } from './erasure.ts'
import { releasedIn, vouchedIn } from './evolve.ts'
import { isByHand, isUnread, type Hold } from './hold.ts'
import { happen, no, type Decided } from './decided.ts'

export function hold({ plan: shown }: ErasureIn<'planned'>, { by, key, hold: held }: CommandOf<'hold'>, now: number): Decided {
  if (by.kind !== 'staff') return no('that a record has to be kept is a user’s decision')
  const item = shown.items.find((one) => one.key === key)
  if (item === undefined) return no('no such record is in the plan: it names those that would go')
  if (item.holds.some(isByHand)) return no('this record is held by hand already: release it first')
  return happen({ type: 'held', at: now, by, key, hold: held })
}

export function release(state: ErasureIn<'planned' | 'settled'>, { by, key }: CommandOf<'release'>, now: number): Decided {
  if (by.kind !== 'staff') return no('that a record need not be kept any more is a user’s decision')
  if (!isHeld(state, key, isByHand)) return no('nobody holds this record by hand')
  return happen({ type: 'released', at: now, by, key, standing: standingAfter(state, releasedIn, key) })
}

export function vouch(state: ErasureIn<'planned' | 'settled'>, { by, key }: CommandOf<'vouch'>, now: number): Decided {
  if (by.kind !== 'staff') return no('that nothing obliges the company where nobody could look is a user’s word')
  if (!isHeld(state, key, isUnread)) return no('nothing of this record waits for somebody to look')
  return happen({ type: 'vouched', at: now, by, key, standing: standingAfter(state, vouchedIn, key) })
}

/** Null: nothing has been carried out yet. */
function standingAfter(state: ErasureIn<'planned' | 'settled'>, after: typeof releasedIn, key: string): Standing | null {
  return state.status === 'planned' ? null : standingOf({ ...state, items: after(state, key) })
}

function isHeld(state: ErasureIn<'planned' | 'settled'>, key: string, by: (hold: Hold) => boolean): boolean {
  const items = state.status === 'planned' ? state.plan.items : state.items
  return items.some((item) => item.key === key && item.holds.some(by))
}

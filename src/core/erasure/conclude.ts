/** What follows when nothing of a round is left to do. */
import { mostRounds, standingOf, type ErasureEvent, type ErasureIn, type ItemState } from './erasure.ts'
import { dueSteps } from './steps.ts'
import { evolve } from './evolve.ts'
import { joined } from './joined.ts'

/** With the last thing that was to be seen it is settled, or begins once more. */
export function concluding(state: ErasureIn<'running'>, event: ErasureEvent, now: number): readonly ErasureEvent[] {
  const next = evolve(state, event)
  if (next.status !== 'running' || dueSteps(next).length > 0) return [event]
  const items = joined(next.items, next.returned)
  return mayHelp(next)
    ? [event, { type: 'round-begun', at: now, round: state.round + 1 }]
    : [event, { type: 'settled', at: now, standing: standingOf({ ...next, items }) }]
}

/** Another round is for what came back meanwhile, and once for what is there although the CRM said that it was gone. A refusal needs somebody to act. */
function mayHelp({ returned, items, round, since }: ErasureIn<'running'>): boolean {
  if (round - since + 1 >= mostRounds) return false
  return returned.length > 0 || (round === since && items.some(isClaimedGone))
}

function isClaimedGone({ action, outcome, trace }: ItemState): boolean {
  if (trace !== 'present' && trace !== 'recoverable') return false
  // A sync fills again what was emptied, as long as the other side knows the person.
  return action === 'erase' ? outcome === 'erased' || outcome === 'gone' : outcome === 'anonymised'
}

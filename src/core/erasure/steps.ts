/** The order in which an erasure goes. */
import type { Plan } from './plan.ts'
import { isLost, type Losses } from './lost.ts'
import type { Act, Erasure, ErasureIn, Step } from './erasure.ts'

export function stepId({ round, act, connection }: Step): string {
  return `${round}:${act}:${connection ?? ''}`
}

/**
 * The steps that may run now; none: nothing is due. Suppress first, so that whatever comes back is noticed; then opt out everywhere, which a sync carries
 * along, so that a copy that returns is at least left alone; then all that can be refused or takes time, while every record is still there; then erase, one
 * CRM after the other in the order of the plan and as close together as can be; then look everywhere.
 */
export function dueSteps(state: Erasure): readonly Step[] {
  if (state.status !== 'running') return []
  const { plan, round, done } = state
  const at = (act: Act, connection: string | null): Step => ({ round, act, connection })
  const open = (steps: readonly Step[]): readonly Step[] => steps.filter((step) => !done.includes(stepId(step)))
  const everywhere = (act: Act): readonly Step[] => reachedBy(state).map((connection) => at(act, connection))
  // At the end of a period nobody has objected to anything: a refusal that nobody spoke would bind the person who comes back of their own accord.
  const quiet = plan.occasion === 'retention' ? [] : [[at('suppress', null)], everywhere('silence')]
  for (const phase of [...quiet, everywhere('prepare')]) {
    const left = open(phase)
    if (left.length > 0) return left
  }
  const [next] = open(everywhere('erase'))
  return next === undefined ? open(everywhere('look')) : [next]
}

/** The connections of the plan that are not lost, in its order. */
export function reachedBy({ plan, ...losses }: Losses & { readonly plan: Plan }): readonly string[] {
  return plan.connections.filter((connection) => !isLost(losses, connection))
}

/** Whether nothing has been done in this round at the CRM of the step yet. */
export function isFirstAtCrm({ plan }: ErasureIn<'running'>, { act }: Step): boolean {
  return act === (plan.occasion === 'retention' ? 'prepare' : 'silence')
}

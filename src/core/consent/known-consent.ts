/** What the facts about one person add up to, for every purpose and channel that can be agreed to. */
import { summarise, type ConsentFact, type ConsentState, type ConsentSummary } from './consent.ts'
import { createPairStates } from './pair-states.ts'
import { pairsOf } from '../policy/purposes.ts'
import type { Policy } from '../policy/schema.ts'

/** `since`: epoch milliseconds of what decides; `null` when nothing does, or nobody knows since when. */
export type KnownConsent = ConsentSummary & { readonly purpose: string; readonly channel: string; readonly since: number | null }

/**
 * Before any end that a rule of the policy sets: that depends on who somebody is, which only the CRM knows. `suppressed`: on the suppression list,
 * which outweighs any yes (GDPR art. 21(3)).
 */
export function createKnownConsent(policy: Policy): (facts: readonly ConsentFact[], suppressed: boolean) => readonly KnownConsent[] {
  const pairs = pairsOf(policy)
  const statesOf = createPairStates(pairs)
  return (facts, suppressed) => {
    const states = statesOf(facts)
    return pairs.flatMap(({ index, purpose, channel, serviceOnly }) => {
      const state = states[index]
      return state === undefined || serviceOnly ? [] : [{ purpose, channel, ...conclude(state, suppressed) }]
    })
  }
}

function conclude(state: ConsentState, suppressed: boolean): ConsentSummary & { since: number | null } {
  const summary = summarise(state)
  const no = summary.status === 'withdrawn' || summary.status === 'refused'
  if (suppressed && !no) return { status: 'withdrawn', grade: summary.status === 'granted' ? 'contradicted' : 'claimed', since: null }
  return { ...summary, since: sinceOf(state, summary.status) }
}

function sinceOf(state: ConsentState, status: ConsentSummary['status']): number | null {
  if (status === 'unknown') return null
  const at = status === 'granted' ? state.proved : state[status]
  return Number.isFinite(at) ? at : null
}

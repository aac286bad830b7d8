/** The plan of an erasure, with what no connection of ours can reach. Nothing is changed by planning. */
import { ConnectorError } from '../../connectors/connector.ts'
import { mailboxReaderOf } from '../../core/policy/audience.ts'
import { holdRulesOf, type HoldRule } from '../../core/erasure/hold.ts'
import { withLosses, type Plan } from '../../core/erasure/plan.ts'
import type { Policy } from '../../core/policy/schema.ts'
import { loadLosses } from '../../store/connection-loss.ts'
import { personFrom, type Asked, type ErasureDeps, type PersonFile } from './deps.ts'
import type { Holding } from './held.ts'
import { draftPlan } from './draft.ts'

export type Planned = { plan: Plan; person: PersonFile }

export async function planFor(deps: ErasureDeps, asked: Asked, signal: AbortSignal): Promise<Planned> {
  const { sides, unable, policy } = deps
  if (unable.length > 0)
    throw new ConnectorError(
      'refused',
      `${unable.join(', ')} cannot erase anybody yet, so that no erasure would be whole: nothing is planned`,
    )
  const drafting = {
    ...holdingOf(deps),
    homeCountry: policy.organisation.country,
    mailboxOf: mailboxReaderOf(policy),
  }
  const { plan, subject } = await draftPlan(sides, personFrom(asked), drafting, signal)
  return { plan, person: { asked, subject } }
}

/** For somebody who asks: with the CRMs that are gone for good, in which nobody can look for them any more, so that nothing is proved there. */
export async function planAsked(deps: ErasureDeps, asked: Asked, signal: AbortSignal): Promise<Planned> {
  const { plan, person } = await planFor(deps, asked, signal)
  return { plan: withLosses(plan, await loadLosses(deps.shell.db), ({ crm }) => purging.has(crm)), person }
}

/** Whose deletes cannot be taken back, known where no connection of it is left. */
const purging: ReadonlySet<string> = new Set(['hubspot'])

/** By the rules of this very day. */
export function holdingOf({ calendar, policy, shell }: Pick<ErasureDeps, 'calendar' | 'policy' | 'shell'>): Holding {
  const today = calendar.localDay(shell.now())
  return { rules: rulesOn(policy, today), today, localDay: calendar.localDay }
}

const rulesInForce = new WeakMap<Policy, { today: number; rules: readonly HoldRule[] }>()

/** Read once a day: each step of each person asks for them. */
function rulesOn(policy: Policy, today: number): readonly HoldRule[] {
  const known = rulesInForce.get(policy)
  if (known?.today === today) return known.rules
  const rules = holdRulesOf(policy, today)
  rulesInForce.set(policy, { today, rules })
  return rules
}

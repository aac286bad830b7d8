/** What is decided when a CRM is declared lost, or is back: whatever is under way goes on without it, or with it again. */
import { concluding } from './conclude.ts'
import { already, happen, type Decided } from './decided.ts'
import { standingOf, type CommandOf, type ErasureIn, type Status } from './erasure.ts'
import { withLostIn } from './lost-system.ts'
import { isLost } from './lost.ts'

type Losing<S extends Status> = (state: ErasureIn<S>, command: CommandOf<'lose'>, now: number) => Decided

export const losePlanned: Losing<'planned'> = ({ plan: shown }, { lost }, now) =>
  shown.connections.includes(lost.connection) && !isLost(shown, lost.connection)
    ? happen({ type: 'lost', at: now, lost, standing: null })
    : already()

export const loseRunning: Losing<'running'> = (state, { lost }, now) =>
  isReached(state, lost.connection) ? happen(...concluding(state, { type: 'lost', at: now, lost, standing: null }, now)) : already()

export function lose(state: ErasureIn<'settled' | 'returned'>, { lost }: CommandOf<'lose'>, now: number): Decided {
  if (!isReached(state, lost.connection)) return already()
  const next = withLostIn(state, lost)
  const back = next.status === 'returned' && next.returned.length > 0
  return happen({ type: 'lost', at: now, lost, standing: back ? 'not-proved' : standingOf(next) })
}

function isReached(state: ErasureIn<'running' | 'settled' | 'returned'>, connection: string): boolean {
  return state.plan.connections.includes(connection) && !isLost(state, connection)
}

export function regain(
  state: ErasureIn<'planned' | 'running' | 'settled' | 'returned'>,
  { by, connection }: CommandOf<'regain'>,
  now: number,
): Decided {
  if (!isLost(state.status === 'planned' ? state.plan : state, connection)) return already()
  // A user approves that everything is looked at once more.
  const standing = state.status === 'settled' || state.status === 'returned' ? 'not-proved' : null
  return happen({ type: 'regained', at: now, by, connection, standing })
}

/**
 * A request that was withdrawn half-way. What was carried out until then was an erasure or a rectification all the same, and art. 19 wants each recipient told of
 * it; what is left was not wished any more, so that nobody is asked to follow.
 */
import { irreversibleOf as irreversibleOfChange, type Change } from '../../core/request/change.ts'
import { irreversibleOf, type Erasure } from '../../core/erasure/erasure.ts'
import type { Told } from '../../core/request/recipients.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { openPerson, type ErasureDeps } from '../erasure/deps.ts'
import { ownMarks } from '../erasure/suppress.ts'
import { announce } from '../notify/notices.ts'
import type { TurnShell } from '../turn.ts'

/** In the transaction that stops it, or that notes what was on its way then. `change`: as it was before. */
export async function tellOfWithdrawn(
  { policy, recipients }: Pick<ErasureDeps, 'policy' | 'recipients'>,
  turn: TurnShell,
  file: StoredRequest,
  { erasure, change }: { erasure: Erasure; change: Change },
): Promise<void> {
  const told = carriedOut(erasure, change)
  if (told === null || recipients.length === 0) return
  await announce(turn, recipients, { request: file.id, right: told, person: ownMarks(openPerson(turn, file), policy) })
}

/** Nothing was taken away or corrected: then nobody has anything to be told. */
function carriedOut(erasure: Erasure, change: Change): Told | null {
  if ('items' in erasure && irreversibleOf(erasure.items) !== 'nothing') return 'erasure-withdrawn'
  return 'goal' in change && change.goal === 'correct' && irreversibleOfChange(change) !== 'nothing' ? 'rectification' : null
}

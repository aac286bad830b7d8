/** The end of a restriction comes after the person was told of it (GDPR art. 18(3)): a mail that is only waiting has told nobody. */
import { isNoticeSent } from '../../store/mails.ts'
import { waitUntil } from '../../store/request-turns.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { alertDpo } from '../notify/alert.ts'
import type { TurnShell } from '../turn.ts'

/** A user decides meanwhile; this only keeps what is due from being asked for at every turn. */
const LOOK_AGAIN_MS = 6 * 3_600_000

/** Null: it may end. Otherwise why not: the DPO is told, and the restriction stays. In the transaction that would end it. */
export async function forbidsLift(turn: TurnShell, { id, request, change }: StoredRequest): Promise<string | null> {
  // Whoever withdrew the request knows; who is refused was told with the refusal.
  if (request.status === 'withdrawn' || request.status === 'refused' || change.status !== 'settled') return null
  const { lift } = change
  if (lift === null || lift.told !== 'by-mail') return null
  const effectiveAt = new Date(lift.effectiveAt).toISOString()
  if (await isNoticeSent(turn.db, id, effectiveAt)) return null
  await waitUntil(turn.db, id, new Date(turn.now() + LOOK_AGAIN_MS).toISOString())
  await alertDpo(turn, { request: id, kind: 'not-told', event: effectiveAt })
  return 'the person could not be told that the restriction ends: tell them yourself, or decide it again'
}

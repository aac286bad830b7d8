/** What becomes of requests by a form that nobody confirms: they end by themselves after a time, or all at once by a user who has seen how many they are. */
import { hash } from 'node:crypto'
import { UNCONFIRMED_MS } from '../../core/request/identity.ts'
import type { Actor, RefusalReason } from '../../core/request/request.ts'
import { decide } from '../../core/request/decide.ts'
import { StoreError } from '../../store/error.ts'
import { lapsedRequests, listUnconfirmed, type Unconfirmed } from '../../store/unconfirmed.ts'
import { alarmDpo, dayOf } from '../notify/alarm.ts'
import type { ErasureDeps } from '../erasure/deps.ts'
import { asRequest, changeRequest } from './file.ts'

type Deps = Pick<ErasureDeps, 'shell' | 'calendar'>
/** At most so many at a look: the rest at the next. */
const PER_LOOK = 200
/** At most so many are shown, and refused, at once. */
export const MOST_AT_ONCE = 10_000

/** Answers how many have ended. The DPO hears of it once a day. */
export async function endUnconfirmed(deps: Deps, signal: AbortSignal): Promise<number> {
  const { shell } = deps
  const now = shell.now()
  const ids = await lapsedRequests(shell.db, { before: iso(now - UNCONFIRMED_MS), now: iso(now) }, PER_LOOK)
  const ended = await refuseEach(deps, ids, { by: { kind: 'service' }, reason: 'identity-not-established' }, signal)
  if (ended > 0) await alarmDpo(shell, { kind: 'unconfirmed', event: dayOf(shell), count: ended })
  return ended
}

export type Shown = { requests: readonly Unconfirmed[]; digest: string }

/** `digest`: of exactly these. */
export async function showUnconfirmed({ shell }: Deps): Promise<Shown> {
  const requests = await listUnconfirmed(shell.db, MOST_AT_ONCE)
  return { requests, digest: hash('sha256', JSON.stringify(requests.map(({ id }) => id).sort())) }
}

/** Exactly those that were shown, by ids; more of them since, or one fewer: nothing is refused, and they are looked at again. Null: it is not what was shown. */
export async function refuseUnconfirmed(
  deps: Deps,
  { user, reason, digest }: { user: string; reason: RefusalReason; digest: string },
  signal: AbortSignal,
): Promise<number | null> {
  const shown = await showUnconfirmed(deps)
  if (shown.digest !== digest || shown.requests.length === 0) return null
  const ids = shown.requests.map(({ id }) => id)
  return refuseEach(deps, ids, { by: { kind: 'staff', user }, reason }, signal)
}

/** One that was confirmed meanwhile stays, and so does one whose stored state is damaged. */
async function refuseEach(
  { shell, calendar }: Deps,
  ids: readonly string[],
  { by, reason }: { by: Actor; reason: RefusalReason },
  signal: AbortSignal,
): Promise<number> {
  const refuse = async (id: string): Promise<boolean> => {
    const changed = await changeRequest(shell, id, async ({ request }, turn) => {
      if (request.status !== 'received') return { message: 'it was confirmed meanwhile' }
      const decided = decide(request, { type: 'refuse', by, reason }, { now: turn.now(), calendar })
      return decided.ok ? { events: asRequest(decided.events) } : { message: decided.message }
    })
    return changed.outcome === 'changed'
  }
  let ended = 0
  for (const id of ids) {
    signal.throwIfAborted()
    try {
      if (await refuse(id)) ended++
    } catch (error) {
      // Of what cannot be read the DPO is told with the deadlines; it keeps no other from ending.
      if (!(error instanceof StoreError) || error.kind !== 'damaged') throw error
    }
  }
  return ended
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

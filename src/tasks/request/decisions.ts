/** What people decide about a request: say who asks, look at the plan, approve it, stop it, answer it. */
import { decide as decideChange } from '../../core/request/change-decide.ts'
import { irreversibleOf as irreversibleOfChange } from '../../core/request/change.ts'
import { decide as decideErasure } from '../../core/erasure/decide.ts'
import { evolve as evolveErasure } from '../../core/erasure/evolve.ts'
import { irreversibleOf, type Accepted } from '../../core/erasure/erasure.ts'
import { decide as decideRequest } from '../../core/request/decide.ts'
import type { Detail, Doubt, Proof } from '../../core/request/identity.ts'
import { evolve as evolveRequest } from '../../core/request/evolve.ts'
import type { Actor, RefusalReason, Request, RequestCommand } from '../../core/request/request.ts'
import { loadRequest, type StoredRequest } from '../../store/requests.ts'
import { carriers } from './carriers.ts'
import { openPerson, sealPerson, type ErasureDeps } from '../erasure/deps.ts'
import { planAsked, type Planned } from '../erasure/plan.ts'
import { asChange, asErasure, asRequest, changeRequest, type Change, type Changed } from './file.ts'
import { readAgain } from './progress.ts'
import { joinedTo, mayTakeTurn } from './turn.ts'
import { tellOfWithdrawn } from '../consent/withdrawal-notice.ts'

const refused = (message: string): { message: string } => ({ message })
const staff = (user: string): Actor => ({ kind: 'staff', user })

/** Looks everywhere and stores what would be done. `confirm`: keys of suggested records that somebody has recognised, besides earlier ones. */
export async function planRequest(
  deps: ErasureDeps,
  id: string,
  confirm: readonly string[],
  signal: AbortSignal,
): Promise<{ changed: Changed; planned: Planned | null }> {
  const file = await loadRequest(deps.shell.db, id)
  if (file === null) return { changed: { outcome: 'refused', message: 'there is no such request' }, planned: null }
  if (file.kind !== 'erasure')
    return { changed: { outcome: 'refused', message: `this is a request for ${file.kind}: it has no such plan` }, planned: null }
  if (file.erasure.status !== 'none' && file.erasure.status !== 'planned')
    return { changed: { outcome: 'refused', message: 'this erasure is under way, or over: its plan stands' }, planned: null }
  const { asked } = openPerson(deps.shell, file)
  const planned = await planAsked(deps, { ...asked, records: [...new Set([...asked.records, ...confirm])] }, signal)
  const unknown = confirm.find((key) => !planned.plan.items.some((item) => item.key === key))
  if (unknown !== undefined)
    return { changed: { outcome: 'refused', message: `${unknown} is no record of a person that was found` }, planned: null }
  const changed = await changeRequest(deps.shell, id, async ({ erasure }, turn) => {
    const decided = decideErasure(erasure, { type: 'plan', plan: planned.plan }, turn.now())
    return decided.ok ? { events: asErasure(decided.events), vault: sealPerson(turn, id, planned.person) } : refused(decided.message)
  })
  const stored = changed.outcome === 'changed' && changed.file.erasure.status === 'planned' ? changed.file.erasure.plan : planned.plan
  return { changed, planned: { ...planned, plan: stored } }
}

/** The approval of exactly what was shown, and with it the beginning. */
export function approveRequest(
  deps: ErasureDeps,
  id: string,
  { user, digest, count }: { user: string; digest: string; count: number | null },
): Promise<Changed> {
  return changeRequest(deps.shell, id, async (file, turn): Promise<Change | { message: string }> => {
    const wait = await mayTakeTurn(turn.db, file)
    if (wait !== null) return refused(wait)
    const approved = decideErasure(file.erasure, { type: 'approve', by: staff(user), digest, count }, turn.now())
    if (!approved.ok) return refused(approved.message)
    if (file.request.status === 'answered') return { events: asErasure(approved.events) }
    const begun = decideRequest(file.request, { type: 'begin', by: staff(user) }, { now: turn.now(), calendar: deps.calendar })
    return begun.ok ? { events: [...asRequest(begun.events), ...asErasure(approved.events)] } : refused(begun.message)
  })
}

export function doubtRequest(
  deps: ErasureDeps,
  id: string,
  asked: { user: string; doubt: Doubt; details: readonly Detail[] },
): Promise<Changed> {
  return command(deps, id, { type: 'doubt-identity', by: staff(asked.user), doubt: asked.doubt, details: asked.details })
}

export function identifyRequest(deps: ErasureDeps, id: string, { user, proof }: { user: string; proof: Proof }): Promise<Changed> {
  return command(deps, id, { type: 'identify', by: staff(user), proof })
}

export function refuseRequest(deps: ErasureDeps, id: string, { user, reason }: { user: string; reason: RefusalReason }): Promise<Changed> {
  return command(deps, id, { type: 'refuse', by: staff(user), reason })
}

function command(deps: ErasureDeps, id: string, wanted: RequestCommand): Promise<Changed> {
  return changeRequest(deps.shell, id, async ({ request }, turn) => {
    const decided = decideRequest(request, wanted, { now: turn.now(), calendar: deps.calendar })
    return decided.ok ? { events: asRequest(decided.events) } : refused(decided.message)
  })
}

/** The person has thought better of it: what is gone is gone, the rest stays. */
export function withdrawRequest(deps: ErasureDeps, id: string): Promise<Changed> {
  return changeRequest(deps.shell, id, async (file, turn): Promise<Change | { message: string }> => {
    const { request, erasure, change } = file
    const done = 'items' in erasure ? irreversibleOf(erasure.items) : irreversibleOfChange(change)
    const withdrawn = decideRequest(request, { type: 'withdraw', irreversible: done }, { now: turn.now(), calendar: deps.calendar })
    if (!withdrawn.ok) return refused(withdrawn.message)
    const erasing = erasure.status === 'none' || erasure.status === 'stopped' ? null : decideErasure(erasure, { type: 'stop' }, turn.now())
    if (erasing?.ok === false) return refused(erasing.message)
    // What is settled stands; a restriction is taken back by the change itself.
    const stopping = change.status === 'planned' || change.status === 'running' ? decideChange(change, { type: 'stop' }, turn.now()) : null
    if (stopping?.ok === false) return refused(stopping.message)
    const stopped = (erasing?.events ?? []).reduce(evolveErasure, erasure)
    await tellOfWithdrawn(deps, turn, file, { erasure: stopped, change })
    // What waited to be written to them was taken back when it began.
    if (erasure.status === 'running') await readAgain(turn, erasure.items)
    return { events: [...asErasure(erasing?.events ?? []), ...asChange(stopping?.events ?? []), ...asRequest(withdrawn.events)] }
  })
}

/** Notes that the person was told, and what: no more than what is proved. */
export function answerRequest(deps: ErasureDeps, id: string, user: string): Promise<Changed> {
  return changeRequest(deps.shell, id, async (file, turn): Promise<Change | { message: string }> => {
    const elder = await joinedTo(turn.db, file)
    if (elder !== null) return answerWith(deps, file, elder, user, turn.now())
    const outcome = carriers[file.kind].truth(file)
    if ('message' in outcome) return outcome
    const decided = decideRequest(
      file.request,
      { type: 'answer', by: staff(user), outcome: outcome.told },
      { now: turn.now(), calendar: deps.calendar },
    )
    return decided.ok ? { events: asRequest(decided.events) } : refused(decided.message)
  })
}

/** Asked for twice, carried out once, answered twice: this one by what was told there. */
function answerWith(
  { calendar }: ErasureDeps,
  { request }: StoredRequest,
  { id, request: elder }: StoredRequest,
  user: string,
  now: number,
): Change | { message: string } {
  if (elder.status !== 'answered') return refused(`the same person asks for the same thing in ${id}: answer that one first`)
  const begun = decideRequest(request, { type: 'begin', by: staff(user) }, { now, calendar })
  if (!begun.ok) return refused(begun.message)
  const state = begun.events.reduce<Request>(evolveRequest, request)
  const answered = decideRequest(state, { type: 'answer', by: staff(user), outcome: elder.outcome }, { now, calendar })
  return answered.ok ? { events: asRequest([...begun.events, ...answered.events]) } : refused(answered.message)
}

/** Somebody who came back stays: a new consent, or somebody else after all. */
export function acceptReturned(deps: ErasureDeps, id: string, { user, because }: { user: string; because: Accepted }): Promise<Changed> {
  return changeRequest(deps.shell, id, async ({ erasure }, turn) => {
    const decided = decideErasure(erasure, { type: 'accept', by: staff(user), because }, turn.now())
    return decided.ok ? { events: asErasure(decided.events) } : refused(decided.message)
  })
}

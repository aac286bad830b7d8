/** Carries an erasure on: one step, a later look, or the end. */
import { decide as decideErasure } from '../../core/erasure/decide.ts'
import { evolve as evolveErasure } from '../../core/erasure/evolve.ts'
import { decide as decideRequest } from '../../core/request/decide.ts'
import {
  nextCheck,
  readingChecks,
  type CheckId,
  type Erasure,
  type ErasureEvent,
  type EventOf,
  type ItemState,
  type Step,
} from '../../core/erasure/erasure.ts'
import { dueSteps } from '../../core/erasure/steps.ts'
import type { Outcome } from '../../core/request/request.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { openPerson, type ErasureDeps } from './deps.ts'
import { actOn, lookAgain, momentOf, type Acted, type Moment } from './act.ts'
import { alertDpo } from '../notify/alert.ts'
import type { Carrier } from '../request/carrier.ts'
import { hashesOf, ownMarks } from './suppress.ts'
import { announce } from '../notify/notices.ts'
import { asErasure, asRequest, changeRequest, closeRequest, type Change, type Changed } from '../request/file.ts'
import { alone, type Meeting } from '../request/meeting.ts'
import { noteProgress } from '../request/progress.ts'
import { shredPerson } from '../shred.ts'
import type { TurnShell } from '../turn.ts'
import { tellOfWithdrawn } from '../consent/withdrawal-notice.ts'

/** One thing to be done: a step of the erasure, a later look, or the end. */
export type Due = { do: 'step'; step: Step } | { do: 'check'; check: CheckId } | { do: 'close' }

export const eraser: Carrier = {
  tasks: (deps, file) => {
    const moment = momentOf(deps, file)
    return dueOf(file, deps.shell.now()).map((due) => ({
      what: due.do === 'step' ? `${due.step.act} ${due.step.connection}` : due.do,
      run: (signal, meeting) => perform(deps, file, due, signal, { moment, meeting }),
    }))
  },
  truth: ({ erasure }) => truthOf(erasure),
}

/** What can be done now, side by side. */
export function dueOf({ request, erasure, dueAt }: Pick<StoredRequest, 'request' | 'erasure' | 'dueAt'>, now: number): readonly Due[] {
  if (dueAt === null || dueAt > now) return []
  const steps = request.status === 'withdrawn' || request.status === 'refused' ? [] : dueSteps(erasure)
  if (steps.length > 0) return steps.map((step) => ({ do: 'step', step }))
  const next = nextCheck(erasure)
  if (next !== null && request.status !== 'withdrawn' && request.status !== 'refused') return [{ do: 'check', check: next.check }]
  return [{ do: 'close' }]
}

/** Acts at the CRM first, then stores what came of it. */
export async function perform(
  deps: ErasureDeps,
  file: StoredRequest,
  due: Due,
  signal: AbortSignal,
  { moment, meeting }: { moment: Moment; meeting: Meeting } = { moment: momentOf(deps, file), meeting: alone },
): Promise<Changed> {
  switch (due.do) {
    case 'step':
      return settle(deps, file, due.step, await meeting.after(actOn(deps, file, due.step, signal, moment)))
    case 'check':
      return check(deps, file, due.check, signal, meeting)
    case 'close':
      meeting.pass()
      return file.request.status === 'in-progress' ? endUnasked(deps, file.id) : close(deps, file.id)
    default:
      return due satisfies never
  }
}

function close(deps: ErasureDeps, id: string): Promise<Changed> {
  return closeRequest(deps, id, (turn, file) => shredPerson(deps, turn, file))
}

/** `seen`: as it was when the step was taken. */
export function settle(deps: ErasureDeps, seen: StoredRequest, step: Step, { report, scan }: Acted): Promise<Changed> {
  const { shell } = deps
  return noteProgress(shell, seen, (file, now) => {
    const decided = decideErasure(file.erasure, { type: 'report', step, report }, now)
    if (!decided.ok) return { message: decided.message }
    // Done before by somebody else: their outcome stands.
    if (decided.events.length === 0) return { events: [] }
    return {
      events: asErasure(decided.events),
      suppress: step.act === 'suppress' ? hashesOf(shell, openPerson(shell, file), deps.policy) : [],
      gone: step.act === 'erase' ? goingIn(file.erasure, step.connection) : [],
      scans: scan === null ? [] : [scan],
      also: (turn) => tellOf(deps, turn, file, decided.events),
      onStored: () => warn(deps, file.id, decided.events),
    }
  })
}

/** Our own tables forget these records as they forget all that are gone, and what was in those that stay without the person. */
function goingIn(erasure: Erasure, connection: string | null): readonly ItemState[] {
  return erasure.status === 'running' || erasure.status === 'stopped'
    ? erasure.items.filter((item) => item.connection === connection && item.action !== 'keep')
    : []
}

async function check(deps: ErasureDeps, file: StoredRequest, id: CheckId, signal: AbortSignal, meeting: Meeting): Promise<Changed> {
  const { erasure } = file
  if (erasure.status !== 'settled') throw new Error(`no look is due while an erasure is ${erasure.status}`)
  const looks = await meeting.after(lookAgain(deps, erasure, openPerson(deps.shell, file), { reading: readingChecks.has(id) }, signal))
  const sights = looks.flatMap((one) => one.report.sights)
  const returned = looks.flatMap((one) => one.report.returned)
  return noteProgress(deps.shell, file, (current, now) => {
    const decided = decideErasure(current.erasure, { type: 'check', check: id, sights, returned }, now)
    if (!decided.ok) return { message: decided.message }
    if (decided.events.length === 0) return { events: [] }
    return {
      events: asErasure(decided.events),
      scans: looks.flatMap(({ scan }) => scan ?? []),
      also: (turn) => tellOf(deps, turn, current, decided.events),
      onStored: () => warn(deps, file.id, decided.events),
    }
  })
}

/** Nobody asked for this one anew, so that nobody is told: what it came to is noted, and that is its end. */
function endUnasked({ shell, calendar }: ErasureDeps, id: string): Promise<Changed> {
  return changeRequest(shell, id, async ({ request, erasure }, turn): Promise<Change | { message: string }> => {
    const truth = truthOf(erasure)
    if ('message' in truth) return truth
    const moment = { now: turn.now(), calendar }
    const answered = decideRequest(request, { type: 'answer', by: { kind: 'service' }, outcome: truth.told }, moment)
    return answered.ok ? { events: asRequest(answered.events) } : { message: answered.message }
  })
}

function truthOf(erasure: Erasure): { told: Outcome } | { message: string } {
  // Nothing was found wherever anybody could look: what a lost CRM held nobody knows.
  if (erasure.status === 'planned' && erasure.unlooked !== undefined)
    return { message: `${erasure.unlooked.join(', ')} is back, and nobody has looked there: plan it anew` }
  if (erasure.status === 'planned' && erasure.plan.items.length === 0)
    return { told: erasure.plan.lost === undefined ? 'nothing-held' : 'part' }
  if (erasure.status !== 'settled') return { message: 'there is nothing yet that could be told' }
  switch (erasure.standing) {
    case 'not-proved':
      return { message: 'the erasure is not proved: to say that it is done would not be true' }
    case 'held':
    // What a lost CRM held may be anywhere: nobody is told that everything is erased.
    case 'out-of-reach':
      return { told: 'part' }
    case 'proved':
    case 'pending-vendor-purge':
      return { told: 'full' }
    default:
      return erasure.standing satisfies never
  }
}

/** In the transaction of the events: recipients that are to follow, and what the DPO is to know. */
async function tellOf(deps: ErasureDeps, turn: TurnShell, file: StoredRequest, events: readonly ErasureEvent[]): Promise<void> {
  const { policy, recipients } = deps
  const request = file.id
  // It was on its way when the rest was stopped.
  if (file.erasure.status === 'stopped')
    await tellOfWithdrawn(deps, turn, file, { erasure: events.reduce(evolveErasure, file.erasure), change: file.change })
  const carriedOut = events.some((event) => (event.type === 'settled' || event.type === 'checked') && event.standing !== 'not-proved')
  if (carriedOut && recipients.length > 0)
    await announce(turn, recipients, { request, right: 'erasure', person: ownMarks(openPerson(turn, file), policy) })
  for (const event of events) {
    if ((event.type === 'settled' || event.type === 'checked') && event.standing === 'not-proved')
      await alertDpo(turn, { request, kind: 'not-proved', event: String(event.at) })
    if (event.type === 'returned') await alertDpo(turn, { request, kind: 'reappeared', event: String(event.at) })
    if (isHeldNow(event)) await alertDpo(turn, { request, kind: 'held-since', event: String(event.at) })
  }
}

function warn({ shell }: ErasureDeps, request: string, events: readonly ErasureEvent[]): void {
  for (const event of events) {
    if ((event.type === 'settled' || event.type === 'checked') && event.standing === 'not-proved')
      shell.log('erasure.not-proved', { request })
    if (event.type === 'returned') shell.log('erasure.returned', { request, records: event.returned.length })
    if (isHeldNow(event)) shell.log('erasure.held', { request, records: event.report.held?.length ?? 0 })
  }
}

function isHeldNow(event: ErasureEvent): event is EventOf<'reported'> {
  return event.type === 'reported' && event.report.held !== undefined
}

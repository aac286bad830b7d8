/** What may be done with an erasure, and what that makes happen: a full table of states and commands. */
import {
  irreversibleOf,
  nextCheck,
  standingOf,
  toApprove,
  type CommandOf,
  type CommandType,
  type Erasure,
  type ErasureCommand,
  type ErasureEvent,
  type ErasureIn,
  type Sight,
  type Status,
} from './erasure.ts'
import { concluding } from './conclude.ts'
import { hold, release, vouch } from './decide-hold.ts'
import { lose, losePlanned, loseRunning, regain } from './decide-lost.ts'
import { already, happen, no, type Decided } from './decided.ts'
import { asksForCount, keepingHands, keepingLost } from './plan.ts'
import { dueSteps, stepId } from './steps.ts'
import { isLost } from './lost.ts'

/** `now`: epoch milliseconds. */
type Cell<S extends Status, C extends CommandType> = (state: ErasureIn<S>, command: CommandOf<C>, now: number) => Decided
export type ErasureDecideTable = { readonly [S in Status]: { readonly [C in CommandType]: Cell<S, C> } }

export function decide(state: Erasure, command: ErasureCommand, now: number): Decided {
  const cell = table[state.status][command.type] as unknown as (state: Erasure, command: ErasureCommand, now: number) => Decided
  return cell(state, command, now)
}

const notPlanned = (): Decided => no('there is no plan yet')
const underWay = (): Decided => no('this erasure is under way: stop it first')
const notApproved = (): Decided => no('nothing is done before somebody has approved the plan')
const overWith = (): Decided => no('this erasure was stopped: what is asked now is a new request')
const noCheck = (): Decided => no('the first look comes with the steps; later ones after everything has been looked at')

function plan(_: Erasure, { plan: shown }: CommandOf<'plan'>, now: number): Decided {
  return happen({ type: 'planned', at: now, plan: shown })
}

/** Looked at again: what somebody holds by hand is still held. */
function planAgain(state: ErasureIn<'planned'>, { plan: shown }: CommandOf<'plan'>, now: number): Decided {
  return happen({ type: 'planned', at: now, plan: keepingLost(state.plan, keepingHands(state.plan, shown)) })
}

function redact(_: Erasure, { by, around }: CommandOf<'redact'>, now: number): Decided {
  if (by.kind !== 'staff') return no('what others have written is changed on a user’s word alone')
  return around.length === 0 ? already() : happen({ type: 'redacted', at: now, by, around })
}
const read = (_: Erasure, __: CommandOf<'read'>, now: number): Decided => happen({ type: 'read', at: now })
const lookFirst = (): Decided => no('texts of others are read after everything was carried out')
const tooLate = (): Decided => no('this erasure is under way: what has to be kept is named before the plan is approved')
const heldTooLate = (): Decided => no('everything has been carried out: there is nothing left to hold')
const settleFirst = (): Decided => no('first approve what came back for erasure, or accept it')

/** The digest binds the approval to what was on the screen: a record that was found since then is not in it. */
function approve(state: ErasureIn<'planned' | 'returned' | 'settled'>, { by, digest, count }: CommandOf<'approve'>, now: number): Decided {
  if (state.status === 'planned' && state.unlooked !== undefined)
    return no(`${state.unlooked.join(', ')} is back, and this was planned without it: plan it anew`)
  const shown = toApprove(state)
  if (shown === null) return no('nothing waits for an approval')
  if (shown.digest !== digest) return no('something else was approved than what is planned now: look at it again')
  if (shown.records === 0 && state.plan.items.length === 0)
    return no(
      state.plan.lost === undefined
        ? 'nothing was found: the answer is that nothing is held'
        : 'nothing was found wherever anybody can look: that is the answer, in part',
    )
  const large = asksForCount(state.plan, shown.records)
  if (state.status !== 'planned' && by.kind !== 'staff')
    return no('somebody who came back, or could not be proved absent, is looked at by a user first')
  if (large && by.kind !== 'staff') return no('so many records need a user’s approval')
  if (large && count !== shown.records) return no('state the number of records that are to go, as the plan shows it')
  return happen({ type: 'approved', at: now, by, digest })
}

function report(state: ErasureIn<'running'>, { step, report: told }: CommandOf<'report'>, now: number): Decided {
  const id = stepId(step)
  if (state.done.includes(id) || step.round < state.round) return already()
  if (!dueSteps(state).some((due) => stepId(due) === id)) return no('this step is not due: what comes before it is open')
  const returned = told.returned.filter(({ key }) => !state.accepted.includes(key))
  const reported: ErasureEvent = { type: 'reported', at: now, step, report: { ...told, returned } }
  return { ok: true, events: concluding(state, reported, now) }
}

function check(state: ErasureIn<'settled'>, { check: id, sights, returned }: CommandOf<'check'>, now: number): Decided {
  if (state.checksDone.includes(id)) return already()
  if (nextCheck(state)?.check !== id) return no('the earlier looks come first')
  const traces = new Map(sights.map(({ key, trace }) => [key, trace]))
  const seen = state.items.map((item) => ({
    ...item,
    trace: isLost(state, item.connection) ? item.trace : (traces.get(item.key) ?? 'unread'),
  }))
  const whole = seen.flatMap(({ key, trace }): Sight[] => (trace === null ? [] : [{ key, trace }]))
  const known = new Set([...state.accepted, ...state.items.map(({ key }) => key)])
  const fresh = returned.filter(({ key }) => !known.has(key))
  const standing = fresh.length > 0 ? 'not-proved' : standingOf({ ...state, items: seen })
  const checked: ErasureEvent = { type: 'checked', at: now, check: id, sights: whole, standing }
  return fresh.length > 0 ? happen(checked, { type: 'returned', at: now, returned: fresh }) : happen(checked)
}

function notice({ accepted, items }: ErasureIn<'settled'>, { returned }: CommandOf<'notice'>, now: number): Decided {
  const known = new Set([...accepted, ...items.map(({ key }) => key)])
  const fresh = returned.filter(({ key }) => !known.has(key))
  return fresh.length > 0 ? happen({ type: 'returned', at: now, returned: fresh }) : already()
}

function accept(state: ErasureIn<'returned'>, { by, because }: CommandOf<'accept'>, now: number): Decided {
  return by.kind === 'staff'
    ? happen({ type: 'accepted', at: now, by, because, standing: standingOf(state) })
    : no('that somebody who was erased may be kept is a user’s decision')
}
const nobodyBack = (): Decided => no('nobody has come back')

function stop(state: ErasureIn<'running'>, _: CommandOf<'stop'>, now: number): Decided {
  const irreversible = irreversibleOf(state.items)
  return irreversible === 'all'
    ? no('everything is erased: there is nothing left to stop')
    : happen({ type: 'stopped', at: now, irreversible })
}

function redate({ settledAt }: ErasureIn<'settled'>, _: CommandOf<'redate'>, now: number): Decided {
  return settledAt > now ? happen({ type: 'redated', at: now }) : already()
}

const table: ErasureDecideTable = {
  none: {
    lose: already,
    regain: already,
    redact: lookFirst,
    read: lookFirst,
    hold: notPlanned,
    release: notPlanned,
    vouch: notPlanned,
    notice: nobodyBack,
    accept: nobodyBack,
    plan,
    approve: notPlanned,
    report: notPlanned,
    check: notPlanned,
    redate: already,
    stop: notPlanned,
  },
  planned: {
    lose: losePlanned,
    regain,
    notice: nobodyBack,
    redact: lookFirst,
    read: lookFirst,
    hold,
    release,
    vouch,
    accept: nobodyBack,
    plan: planAgain,
    approve,
    report: notApproved,
    check: notApproved,
    redate: already,
    stop: (_, __, now) => happen({ type: 'stopped', at: now, irreversible: 'nothing' }),
  },
  running: {
    lose: loseRunning,
    regain,
    notice: already,
    redact: lookFirst,
    read: lookFirst,
    hold: tooLate,
    release: tooLate,
    vouch: tooLate,
    accept: nobodyBack,
    plan: underWay,
    approve: already,
    report,
    check: noCheck,
    redate: already,
    stop,
  },
  settled: {
    lose,
    regain,
    notice,
    redact,
    read,
    hold: heldTooLate,
    release,
    vouch,
    accept: already,
    plan: underWay,
    approve,
    report: already,
    check,
    redate,
    stop: () => no('everything has been carried out: there is nothing left to stop'),
  },
  returned: {
    lose,
    regain,
    redact,
    read,
    hold: heldTooLate,
    release: settleFirst,
    vouch: settleFirst,
    notice: already,
    accept,
    plan: underWay,
    approve,
    report: already,
    check: notApproved,
    redate: already,
    stop: () => no('what came back is approved for erasure, or accepted'),
  },
  stopped: {
    lose: already,
    regain: already,
    redact: overWith,
    read: overWith,
    hold: overWith,
    release: overWith,
    vouch: overWith,
    notice: overWith,
    accept: overWith,
    plan: overWith,
    approve: overWith,
    report: (state, { step, report: told }, now) =>
      state.done.includes(stepId(step)) ? already() : happen({ type: 'reported', at: now, step, report: told }),
    check: overWith,
    redate: already,
    stop: already,
  },
}

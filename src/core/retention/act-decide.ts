/** What may be done with a retention list, and with one person in it: full tables of states and commands. Nothing is ever done without what stands here. */
import { evolve } from './act-evolve.ts'
import {
  approversOf,
  type Case,
  type CaseCommand,
  type CaseCommandOf,
  type CaseCommandType,
  type CaseEvent,
  type CaseIn,
  type CaseStatus,
  type CommandOf,
  type CommandType,
  type Moment,
  type Retention,
  type RetentionCommand,
  type RetentionEvent,
  type RetentionIn,
  type Status,
  isSamePerson,
} from './act.ts'
import { excessOf, peopleNeeded, totalOf } from './brake.ts'

export type Decided = { readonly ok: true; readonly events: readonly RetentionEvent[] } | { readonly ok: false; readonly message: string }
type Cell<S extends Status, C extends CommandType> = (state: RetentionIn<S>, command: CommandOf<C>, moment: Moment) => Decided
export type RetentionDecideTable = { readonly [S in Status]: { readonly [C in CommandType]: Cell<S, C> } }

export function decide(state: Retention, command: RetentionCommand, moment: Moment): Decided {
  const cell = table[state.status][command.type] as unknown as (state: Retention, command: RetentionCommand, moment: Moment) => Decided
  return cell(state, command, moment)
}

const happen = (...events: readonly RetentionEvent[]): Decided => ({ ok: true, events })
const no = (message: string): Decided => ({ ok: false, message })
const already = (): Decided => happen()
const unseen = (): Decided => no('nothing was shown: begin with "accord retention what-if"')
const over = (): Decided => no('this list has ended: look again with "accord retention what-if"')
const notApproved = (): Decided => no('nothing is done before this list is approved')
const taken = (): Decided => no('this list was shown before: a new one has a number of its own')
const stopped = ({ stops }: Moment): Decided | null => (stops.length === 0 ? null : no(`retention acts are stopped: ${stops.join('; ')}`))

/** A list whose every rule is automatic releases itself, under the brake; it waits all the same, so that somebody can stop it. */
function show(_: Retention, { shown }: CommandOf<'show'>, moment: Moment): Decided {
  const halt = stopped(moment)
  if (halt !== null) return halt
  if (totalOf(shown.acts) === 0) return no('nothing is due')
  const { now, spent, limits } = moment
  const seen: RetentionEvent = { type: 'shown', at: now, shown }
  return peopleNeeded(shown, spent, limits) === 0 ? happen(seen, { type: 'released', at: now, from: now + limits.waitMs }) : happen(seen)
}

function leaveOut(state: RetentionIn<'shown'>, { by, shown }: CommandOf<'leave-out'>, { now }: Moment): Decided {
  if (state.braked) return no('this list was under way: stop it, and look again')
  if (shown.digest === state.shown.digest) return already()
  return happen({ type: 'left-out', at: now, by, shown })
}

/** The digest binds the approval to what was on the screen, and its age to what was in the CRMs. */
function approve(state: RetentionIn<'shown'>, { by, digest, count }: CommandOf<'approve'>, moment: Moment): Decided {
  const { now, spent, limits } = moment
  const { shown } = state
  if (digest !== shown.digest) return no('something else was approved than what was shown: look at it again')
  const halt = stopped(moment)
  if (halt !== null) return halt
  if (now - shown.madeAt > limits.maxAgeMs || now < shown.madeAt)
    return no('what was shown is too old to be approved: "accord retention what-if" shows it anew')
  const needed = Math.max(1, peopleNeeded(shown, spent, limits), state.braked ? limits.people : 0)
  if (needed > 1 && count !== totalOf(shown.acts))
    return no('state with --count the number of records that are to go, as the list shows it')
  if (approversOf(state).some((user) => isSamePerson(user, by)))
    return no(`${by} has approved it already: above the brake ${needed} different people approve, each of them what was shown`)
  const approved: RetentionEvent = { type: 'approved', at: now, by, digest }
  const next = evolve(state, approved)
  if (next.status !== 'shown' || approversOf(next).length < needed) return happen(approved)
  return happen(approved, { type: 'released', at: now, from: now + limits.waitMs })
}

/** Asked before each person: other lists, and time, may have changed what one approval allows. No event: they may go. */
function spend(state: RetentionIn<'released'>, { acts }: CommandOf<'spend'>, moment: Moment): Decided {
  const halt = stopped(moment)
  if (halt !== null) return halt
  const { now, spent, limits } = moment
  if (now < state.from) return no('the time in which somebody can still stop it has not passed')
  const approvers = approversOf(state).length
  if (approvers === 0 && !state.shown.automatic) return notApproved()
  const [first] = excessOf(acts, spent, limits)
  if (first === undefined || approvers >= limits.people) return already()
  return happen({ type: 'braked', at: now, ...first })
}

function end(_: Retention, { because, by }: CommandOf<'end'>, { now }: Moment): Decided {
  return happen({ type: 'ended', at: now, because, by })
}

const table: RetentionDecideTable = {
  none: { show, 'leave-out': unseen, approve: unseen, spend: unseen, end: unseen },
  shown: { show: taken, 'leave-out': leaveOut, approve, spend: notApproved, end },
  released: {
    show: taken,
    'leave-out': () => no('this list is approved: stop it, and look again'),
    approve: already,
    spend,
    end,
  },
  ended: { show: taken, 'leave-out': over, approve: over, spend: over, end: already },
}

export type CaseDecided = { readonly ok: true; readonly events: readonly CaseEvent[] } | { readonly ok: false; readonly message: string }
type CaseCell<S extends CaseStatus, C extends CaseCommandType> = (state: CaseIn<S>, command: CaseCommandOf<C>, now: number) => CaseDecided
export type CaseDecideTable = { readonly [S in CaseStatus]: { readonly [C in CaseCommandType]: CaseCell<S, C> } }

/** What asks or destroys is decided together with the list: `spend` first, with the same acts, in the same transaction. */
export function decideCase(state: Case, command: CaseCommand, now: number): CaseDecided {
  const cell = cases[state.status][command.type] as unknown as (state: Case, command: CaseCommand, now: number) => CaseDecided
  return cell(state, command, now)
}

const occur = (...events: readonly CaseEvent[]): CaseDecided => ({ ok: true, events })
const not = (message: string): CaseDecided => ({ ok: false, message })
const before = (): CaseDecided => occur()
const tooEarly = (): CaseDecided => not('nothing has begun for this person')
const tooLate = (): CaseDecided => not('what has begun for this person is not taken back')
const gone = (): CaseDecided => not('this person is off the list')

const begin = (_: Case, { acts }: CaseCommandOf<'begin'>, now: number): CaseDecided => occur({ type: 'begun', at: now, acts })
const drop = (_: Case, { why }: CaseCommandOf<'drop'>, now: number): CaseDecided => occur({ type: 'dropped', at: now, why })
const answerable = (): CaseDecided => not('this person may still answer the last message')

const cases: CaseDecideTable = {
  waiting: {
    ask: (_, { until }, now) => occur({ type: 'asked', at: now, until }),
    begin: (state, command, now) => (state.notBefore !== null && now < state.notBefore ? answerable() : begin(state, command, now)),
    drop,
    'see-again': tooEarly,
    close: tooEarly,
  },
  asked: {
    ask: before,
    begin: (state, command, now) => (now < state.until ? answerable() : begin(state, command, now)),
    drop,
    'see-again': tooEarly,
    close: tooEarly,
  },
  begun: {
    ask: tooLate,
    begin: before,
    drop: (state, command, now) => (command.why === 'request' ? drop(state, command, now) : tooLate()),
    'see-again': ({ again }, { keys }, now) => {
      const fresh = keys.filter((key) => !again.includes(key))
      return fresh.length === 0 ? before() : occur({ type: 'seen-again', at: now, keys: fresh })
    },
    close: (_, { standing }, now) => occur({ type: 'closed', at: now, standing }),
  },
  dropped: { ask: gone, begin: gone, drop: before, 'see-again': gone, close: gone },
  closed: { ask: tooLate, begin: before, drop: tooLate, 'see-again': before, close: before },
}

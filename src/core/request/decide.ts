/** What may be done with a request, and what that makes happen: a full table of states and commands. */
import { deadlineOf, mayExtend, standingOn, type Calendar } from './deadline.ts'
import { forbidsProof, forbidsQuestion, UNCONFIRMED_MS } from './identity.ts'
import {
  isImmediate,
  type Case,
  type CommandOf,
  type CommandType,
  type Decided,
  type Irreversible,
  type Request,
  type RequestCommand,
  type RequestEvent,
  type RequestIn,
  type Status,
} from './request.ts'

/** `now`: epoch milliseconds. */
export type Moment = { readonly now: number; readonly calendar: Calendar }
type Cell<S extends Status, C extends CommandType> = (state: RequestIn<S>, command: CommandOf<C>, moment: Moment) => Decided
export type DecideTable = { readonly [S in Status]: { readonly [C in CommandType]: Cell<S, C> } }

export function decide(state: Request, command: RequestCommand, moment: Moment): Decided {
  const cell = table[state.status][command.type] as unknown as (state: Request, command: RequestCommand, moment: Moment) => Decided
  return cell(state, command, moment)
}

const happen = (...events: RequestEvent[]): Decided => ({ ok: true, events })
const no = (message: string): Decided => ({ ok: false, message })
/** Asked again, by a worker that died in between or a second click: no mistake, and no second effect. */
const already = (): Decided => happen()
const unknown = (): Decided => no('there is no such request')
const taken = (): Decided => no('this request has been received before: give the new one an id of its own')
const ended = (): Decided => no('this request has ended: what the person asks now is a new one')
const running = (): Decided => no('this is being carried out already')
const unidentified = (): Decided => no('first make sure who is asking')

function isLate({ deadline, extended }: Case, { now, calendar }: Moment): boolean {
  return standingOn(calendar.localDay(now), deadline, extended !== null) === 'late'
}

/** Nobody takes down what has been late for years: a wrong year would make a wrong deadline. */
const OLDEST_MS = 366 * 24 * 3_600_000

function receive(_: RequestIn<'none'>, command: CommandOf<'receive'>, { now, calendar }: Moment): Decided {
  const { at, origin, right, scope } = command
  if (at > now) return no('a request cannot have been received in the future')
  if (at < now - OLDEST_MS)
    return no(
      'a request that reached the company more than a year ago is not taken down with that day: look at the year, or say when it was found',
    )
  if (right === 'objection' ? scope === 'all' : scope !== 'all')
    return no(
      right === 'objection'
        ? 'say what is objected to: marketing, or another use for reasons of the person’s situation'
        : 'only an objection has a scope',
    )
  return happen({ type: 'received', at, origin, right, scope, deadline: deadlineOf(at, calendar) })
}

function acknowledge(state: Case, _: CommandOf<'acknowledge'>, { now }: Moment): Decided {
  return state.acknowledgedAt === null ? happen({ type: 'acknowledged', at: now }) : already()
}

function doubt(state: Case, { by, doubt: kind, details }: CommandOf<'doubt-identity'>, { now }: Moment): Decided {
  const forbidden = forbidsQuestion(state, state.origin, state.questions, { by, doubt: kind, details })
  return forbidden === null ? happen({ type: 'identity-doubted', at: now, by, doubt: kind, details }) : no(forbidden)
}

function identify(state: Case, { by, proof }: CommandOf<'identify'>, { now }: Moment): Decided {
  const open = state.questions.find(({ answeredAt }) => answeredAt === null) ?? null
  const forbidden = forbidsProof(state.origin, open, { by, proof })
  return forbidden === null ? happen({ type: 'identified', at: now, by, proof }) : no(forbidden)
}

function beginUnasked(state: RequestIn<'received'>, { by }: CommandOf<'begin'>, { now }: Moment): Decided {
  return isImmediate(state) ? happen({ type: 'begun', at: now, by }) : unidentified()
}

function extend(state: Case, { by, reason }: CommandOf<'extend'>, { now, calendar }: Moment): Decided {
  if (state.extended !== null) return state.extended.reason === reason ? already() : no('the time is extended once only')
  if (isImmediate(state)) return no('a withdrawal or an objection to marketing takes effect at once: there is nothing to extend')
  if (!mayExtend(calendar.localDay(now), state.deadline))
    return no('an extension is announced within the first month, with its reasons; that month is over')
  return happen({ type: 'extended', at: now, by, reason })
}

function answer(state: Case, { by, outcome }: CommandOf<'answer'>, moment: Moment): Decided {
  if (outcome === 'part' && isImmediate(state)) return no('marketing ends altogether, or the answer is not true')
  return happen({ type: 'answered', at: moment.now, by, outcome, late: isLate(state, moment) })
}

/** Before anything was done only the answer "we hold nothing about you" can be true. */
function answerAtOnce(state: RequestIn<'identified'>, command: CommandOf<'answer'>, moment: Moment): Decided {
  return command.outcome === 'nothing-held' ? answer(state, command, moment) : no('begin first: nothing has been done that could be told')
}

function refuse(state: Case, { by, reason }: CommandOf<'refuse'>, moment: Moment): Decided {
  const forbidden = isLapsed(state, by.kind, reason, moment.now) ? null : forbidsRefusal(state, by.kind, reason)
  return forbidden === null ? happen({ type: 'refused', at: moment.now, by, reason, late: isLate(state, moment) }) : no(forbidden)
}

/** The one refusal that needs nobody: a link was sent, nobody has used it in all that time, and nobody of the company has asked anything else. */
function isLapsed(state: Case, by: 'person' | 'service' | 'staff', reason: CommandOf<'refuse'>['reason'], now: number): boolean {
  const isAsked = state.origin === 'form' && !isImmediate(state) && state.questions.length === 0
  return by === 'service' && reason === 'identity-not-established' && isAsked && now >= state.receivedAt + UNCONFIRMED_MS
}

function forbidsRefusal(state: Case, by: 'person' | 'service' | 'staff', reason: CommandOf<'refuse'>['reason']): string | null {
  if (isImmediate(state)) return 'a withdrawal or an objection to marketing cannot be refused (GDPR art. 7(3), 21(3))'
  if (by !== 'staff') return 'a refusal is somebody’s decision: name the user who takes it'
  if (reason === 'identity-not-established' && state.questions.length === 0) return 'ask for more details first (GDPR art. 11(2), 12(6))'
  if ((reason === 'no-ground' || reason === 'exempt') && state.right !== 'erasure')
    return 'only an erasure knows this reason (GDPR art. 17(1), 17(3))'
  if (reason === 'compelling-grounds' && state.right !== 'objection') return 'only an objection knows this reason (GDPR art. 21(1))'
  return null
}

function refuseKnown(state: Case, command: CommandOf<'refuse'>, moment: Moment): Decided {
  return command.reason === 'identity-not-established' ? no('the person has been identified') : refuse(state, command, moment)
}

/** What was carried out half-way is told to the person: it cannot be brought back, and saying so is the only honest answer. */
function withdraw(irreversible: 'nothing' | 'asked') {
  return (_: Case, command: CommandOf<'withdraw'>, { now }: Moment): Decided => {
    const done: Irreversible = irreversible === 'nothing' ? 'nothing' : command.irreversible
    return done === 'all'
      ? no('everything has been carried out: there is nothing left to withdraw, only to answer')
      : happen({ type: 'withdrawn', at: now, irreversible: done })
  }
}

function close(_: Case, __: CommandOf<'close'>, { now }: Moment): Decided {
  return happen({ type: 'closed', at: now })
}
const stillOpen = (): Decided => no('answer, refuse or withdraw it first')

const afterEnd = {
  receive: taken,
  'doubt-identity': ended,
  identify: ended,
  begin: ended,
  extend: ended,
  answer: ended,
  refuse: ended,
  withdraw: ended,
  acknowledge: already,
} as const
const begunOrOpen = { receive: taken, acknowledge, extend, close: stillOpen } as const

const table: DecideTable = {
  none: {
    receive,
    acknowledge: unknown,
    'doubt-identity': unknown,
    identify: unknown,
    begin: unknown,
    extend: unknown,
    answer: unknown,
    refuse: unknown,
    withdraw: unknown,
    close: unknown,
  },
  received: {
    ...begunOrOpen,
    'doubt-identity': doubt,
    identify,
    begin: beginUnasked,
    answer: unidentified,
    refuse,
    withdraw: withdraw('nothing'),
  },
  'identity-check': {
    ...begunOrOpen,
    'doubt-identity': doubt,
    identify,
    begin: unidentified,
    answer: unidentified,
    refuse,
    withdraw: withdraw('nothing'),
  },
  identified: {
    ...begunOrOpen,
    'doubt-identity': doubt,
    identify: already,
    begin: (_, { by }, { now }) => happen({ type: 'begun', at: now, by }),
    answer: answerAtOnce,
    refuse: refuseKnown,
    withdraw: withdraw('nothing'),
  },
  'in-progress': {
    ...begunOrOpen,
    'doubt-identity': running,
    identify: already,
    begin: already,
    answer,
    refuse: refuseKnown,
    withdraw: withdraw('asked'),
  },
  answered: { ...afterEnd, answer: (state, { outcome }) => (state.outcome === outcome ? already() : ended()), close },
  refused: { ...afterEnd, refuse: (state, { reason }) => (state.reason === reason ? already() : ended()), close },
  withdrawn: { ...afterEnd, withdraw: already, close },
  closed: { ...afterEnd, close: already },
}

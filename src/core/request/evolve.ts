/** What a request is after an event: a full table of states and events, so that a new one of either does not compile before every meeting is thought of. */
import type { Case, EventOf, EventType, Request, RequestEvent, RequestIn, Status } from './request.ts'

type Cell<S extends Status, E extends EventType> = ((state: RequestIn<S>, event: EventOf<E>) => Request) | 'impossible'
export type EvolveTable = { readonly [S in Status]: { readonly [E in EventType]: Cell<S, E> } }

const none = 'impossible'

/** Without the fields of one status alone. */
function caseOf({ right, scope, receivedAt, origin, deadline, acknowledgedAt, extended, questions }: Case): Case {
  return { right, scope, receivedAt, origin, deadline, acknowledgedAt, extended, questions }
}
const answer = (state: Case, { at, outcome, late }: EventOf<'answered'>): Request => ({
  ...caseOf(state),
  status: 'answered',
  at,
  outcome,
  late,
})
const refuse = (state: Case, { at, reason, late }: EventOf<'refused'>): Request => ({
  ...caseOf(state),
  status: 'refused',
  at,
  reason,
  late,
})
const withdraw = (state: Case, { at, irreversible }: EventOf<'withdrawn'>): Request => ({
  ...caseOf(state),
  status: 'withdrawn',
  at,
  irreversible,
})
const doubt = (state: Case, event: EventOf<'identity-doubted'>): Request => ({
  ...caseOf(state),
  status: 'identity-check',
  questions: [...answeredQuestions(state, event.at), { doubt: event.doubt, details: event.details, askedAt: event.at, answeredAt: null }],
})
const identify = (state: Case, { at, proof }: EventOf<'identified'>): Request => ({
  ...caseOf(state),
  status: 'identified',
  questions: answeredQuestions(state, at),
  proof,
})
const acknowledge = <T extends Case>(state: T, { at }: EventOf<'acknowledged'>): T => ({ ...state, acknowledgedAt: at })
const extend = <T extends Case>(state: T, { at, reason }: EventOf<'extended'>): T => ({ ...state, extended: { at, reason } })
const close =
  (ended: 'answered' | 'refused' | 'withdrawn') =>
  (state: Case, { at }: EventOf<'closed'>): Request => ({ ...caseOf(state), status: 'closed', at, ended })

function answeredQuestions({ questions }: Case, at: number): Case['questions'] {
  return questions.map((question) => (question.answeredAt === null ? { ...question, answeredAt: at } : question))
}

const over = {
  received: none,
  acknowledged: none,
  'identity-doubted': none,
  identified: none,
  begun: none,
  extended: none,
  answered: none,
  refused: none,
  withdrawn: none,
} as const

const table: EvolveTable = {
  none: {
    ...over,
    received: (_, { at, origin, deadline, right, scope }) => ({
      status: 'received',
      right,
      scope,
      receivedAt: at,
      origin,
      deadline,
      acknowledgedAt: null,
      extended: null,
      questions: [],
    }),
    closed: none,
  },
  received: {
    received: none,
    acknowledged: acknowledge,
    'identity-doubted': doubt,
    identified: identify,
    begun: (state, { at }) => ({ ...state, status: 'in-progress', proof: null, begunAt: at }),
    extended: extend,
    answered: none,
    refused: refuse,
    withdrawn: withdraw,
    closed: none,
  },
  'identity-check': {
    received: none,
    acknowledged: acknowledge,
    'identity-doubted': doubt,
    identified: identify,
    begun: none,
    extended: extend,
    answered: none,
    refused: refuse,
    withdrawn: withdraw,
    closed: none,
  },
  identified: {
    received: none,
    acknowledged: acknowledge,
    'identity-doubted': doubt,
    identified: none,
    begun: (state, { at }) => ({ ...state, status: 'in-progress', begunAt: at }),
    extended: extend,
    answered: answer,
    refused: refuse,
    withdrawn: withdraw,
    closed: none,
  },
  'in-progress': {
    received: none,
    acknowledged: acknowledge,
    'identity-doubted': none,
    identified: none,
    begun: none,
    extended: extend,
    answered: answer,
    refused: refuse,
    withdrawn: withdraw,
    closed: none,
  },
  answered: { ...over, closed: close('answered') },
  refused: { ...over, closed: close('refused') },
  withdrawn: { ...over, closed: close('withdrawn') },
  closed: { ...over, closed: none },
}

export const unborn: Request = { status: 'none' }

/** Throws on a history that cannot have happened: a ledger that says so is broken, and nothing may be done on its word. */
export function evolve(state: Request, event: RequestEvent): Request {
  const cell = table[state.status][event.type] as Cell<Status, EventType>
  if (cell === none) throw new RangeError(`a request that is ${state.status} cannot have been ${event.type}`)
  return (cell as (state: Request, event: RequestEvent) => Request)(state, event)
}

export function requestOf(events: readonly RequestEvent[]): Request {
  return events.reduce(evolve, unborn)
}

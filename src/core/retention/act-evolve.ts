/** What a list, and one person in it, is after an event: full tables, so that no meeting of a state and an event is left to chance. */
import type {
  Case,
  CaseEvent,
  CaseEventOf,
  CaseEventType,
  CaseIn,
  CaseStatus,
  EventOf,
  EventType,
  Retention,
  RetentionEvent,
  RetentionIn,
  Status,
} from './act.ts'

type Cell<S extends Status, E extends EventType> = ((state: RetentionIn<S>, event: EventOf<E>) => Retention) | 'impossible'
export type RetentionEvolveTable = { readonly [S in Status]: { readonly [E in EventType]: Cell<S, E> } }
type CaseCell<S extends CaseStatus, E extends CaseEventType> = ((state: CaseIn<S>, event: CaseEventOf<E>) => Case) | 'impossible'
export type CaseEvolveTable = { readonly [S in CaseStatus]: { readonly [E in CaseEventType]: CaseCell<S, E> } }

const none = 'impossible'
const never = { shown: none, 'left-out': none, approved: none, released: none, braked: none, ended: none } as const

const end = ({ shown, approvals }: RetentionIn<'shown' | 'released'>, { at, because, by }: EventOf<'ended'>): Retention => ({
  status: 'ended',
  shown,
  approvals,
  at,
  because,
  by,
})

const table: RetentionEvolveTable = {
  none: { ...never, shown: (_, { shown }) => ({ status: 'shown', shown, approvals: [], braked: false }) },
  shown: {
    ...never,
    // Another list than the one that was approved: nobody has approved it yet.
    'left-out': (_, { shown }) => ({ status: 'shown', shown, approvals: [], braked: false }),
    approved: (state, { by, at }) => ({ ...state, approvals: [...state.approvals, { user: by, at }] }),
    released: ({ shown, approvals }, { from }) => ({ status: 'released', shown, approvals, from }),
    ended: end,
  },
  released: {
    ...never,
    braked: ({ shown, approvals }) => ({ status: 'shown', shown, approvals, braked: true }),
    ended: end,
  },
  ended: never,
}

const neverOfCase = { asked: none, begun: none, dropped: none, 'seen-again': none, closed: none } as const
const begin = (_: Case, { at, acts }: CaseEventOf<'begun'>): Case => ({ status: 'begun', at, acts, again: [] })
const drop = (_: Case, { at, why }: CaseEventOf<'dropped'>): Case => ({ status: 'dropped', at, why })

const cases: CaseEvolveTable = {
  waiting: { ...neverOfCase, asked: (_, { at, until }) => ({ status: 'asked', at, until }), begun: begin, dropped: drop },
  asked: { ...neverOfCase, begun: begin, dropped: drop },
  begun: {
    ...neverOfCase,
    dropped: drop,
    'seen-again': (state, { keys }) => ({ ...state, again: [...new Set([...state.again, ...keys])].sort() }),
    closed: ({ acts, again }, { at, standing }) => ({ status: 'closed', at, acts, again, standing }),
  },
  dropped: neverOfCase,
  closed: neverOfCase,
}

export const unshown: Retention = { status: 'none' }

/** Throws on a history that cannot have happened: nothing is destroyed on its word. */
export function evolve(state: Retention, event: RetentionEvent): Retention {
  const cell = table[state.status][event.type] as Cell<Status, EventType>
  if (cell === none) throw new RangeError(`a retention list that is ${state.status} cannot have been ${event.type}`)
  return (cell as (state: Retention, event: RetentionEvent) => Retention)(state, event)
}

export function evolveCase(state: Case, event: CaseEvent): Case {
  const cell = cases[state.status][event.type] as CaseCell<CaseStatus, CaseEventType>
  if (cell === none) throw new RangeError(`a retention case that is ${state.status} cannot have been ${event.type}`)
  return (cell as (state: Case, event: CaseEvent) => Case)(state, event)
}

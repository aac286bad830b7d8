/** What a change of records is after an event: a full table of states and events. */
import type { Change, ChangeEvent, ChangeIn, ChangeItem, EventOf, EventType, ItemState, Status } from './change.ts'

type Cell<S extends Status, E extends EventType> = ((state: ChangeIn<S>, event: EventOf<E>) => Change) | 'impossible'
export type ChangeEvolveTable = { readonly [S in Status]: { readonly [E in EventType]: Cell<S, E> } }

export const unchanged: Change = { status: 'none' }
const none = 'impossible'

function begin(state: Change, { goal, by, round }: EventOf<'begun'>): Change {
  const planned = state.status === 'planned' ? state.plan : null
  const again = state.status === 'settled' && goal === 'correct' ? state.items : null
  const items = planned?.items ?? again
  const restricted = goal === 'restrict' || (goal === 'correct' && 'restricted' in state && state.restricted)
  return {
    status: 'running',
    goal,
    by,
    round,
    restricted,
    // Tried once more it still ends when somebody has said so: the person was told that day.
    lift: goal === 'restrict' && state.status === 'settled' ? state.lift : null,
    items: items === null ? null : items.map(open),
    gaps: planned?.gaps ?? [],
    written: [],
    looked: [],
  }
}

function open({ key, connection, object, id, fields }: ChangeItem): ItemState {
  return { key, connection, object, id, fields, outcome: null, reason: null, seen: null }
}

function plan(state: Change, { at, plan: shown }: EventOf<'planned'>): Change {
  const restricted = 'restricted' in state && state.restricted
  return { status: 'planned', plan: shown, plannedAt: at, restricted, lift: null }
}

function stop(state: Change, { at }: EventOf<'stopped'>): Change {
  const items = 'items' in state ? (state.items ?? []) : []
  return { status: 'stopped', at, items, restricted: 'restricted' in state && state.restricted, lift: null }
}

const never = {
  planned: none,
  'address-proved': none,
  begun: none,
  found: none,
  written: none,
  looked: none,
  settled: none,
  'lift-decided': none,
  stopped: none,
} as const

const table: ChangeEvolveTable = {
  none: {
    ...never,
    planned: plan,
    begun: begin,
    stopped: stop,
  },
  planned: {
    ...never,
    planned: plan,
    'address-proved': (state) => ({ ...state, plan: { ...state.plan, address: null } }),
    begun: begin,
    stopped: stop,
  },
  running: {
    ...never,
    begun: begin,
    found: (state, { items, gaps }) => ({ ...state, items: items.map(open), gaps }),
    written: (state, { connection, deeds }) => {
      const known = new Map(deeds.map((deed) => [deed.key, deed]))
      const items = (state.items ?? []).map((item) => ({ ...item, ...known.get(item.key) }))
      return { ...state, items, written: [...state.written, connection] }
    },
    looked: (state, { connection, sights }) => {
      const seen = new Map(sights.map((sight) => [sight.key, sight.seen]))
      const items = (state.items ?? []).map((item) => ({
        ...item,
        seen: item.connection === connection ? (seen.get(item.key) ?? ('unread' as const)) : item.seen,
      }))
      return { ...state, items, looked: [...state.looked, connection] }
    },
    settled: ({ goal, by, round, restricted, lift, items, gaps }, { at, standing }) => ({
      status: 'settled',
      goal,
      by,
      round,
      restricted,
      lift,
      gaps,
      at,
      standing,
      items: items ?? [],
    }),
    stopped: stop,
  },
  settled: {
    ...never,
    // Somebody else had written it meanwhile: it was shown anew.
    planned: plan,
    begun: begin,
    'lift-decided': (state, { by, effectiveAt, told }) => ({ ...state, lift: { by, effectiveAt, told } }),
  },
  stopped: {
    ...never,
    begun: begin,
  },
}

/** Throws on a history that cannot have happened: a ledger that says so is broken, and nothing may be done on its word. */
export function evolve(state: Change, event: ChangeEvent): Change {
  const cell = table[state.status][event.type] as Cell<Status, EventType>
  if (cell === none) throw new RangeError(`a change that is ${state.status} cannot have been ${event.type}`)
  return (cell as (state: Change, event: ChangeEvent) => Change)(state, event)
}

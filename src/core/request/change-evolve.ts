/** What a change of records is after an event: a full table of states and events. */
import { hash } from 'node:crypto'
import type { Change, ChangeEvent, ChangeIn, ChangeItem, EventOf, EventType, ItemState, Status } from './change.ts'
import { isLost, lossesOf, withLoss, withoutLoss, type Lost } from '../erasure/lost.ts'

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
    items: items === null ? null : items.map(open).map((item) => (isLost(lossesIn(state), item.connection) ? beyond(item) : item)),
    gaps: planned?.gaps ?? [],
    written: [],
    looked: [],
    ...lossesIn(state),
    ...unlookedOf('unlooked' in state ? state.unlooked : undefined),
  }
}

const beyond = (item: ItemState): ItemState => ({ ...item, seen: 'out-of-reach' })

function lossesIn(state: Change) {
  return lossesOf('lost' in state ? state.lost : undefined)
}

/** Whatever was seen of the records there, nobody can look again. A plan is another one without them: what was shown is not what would be done. */
export function withLostIn<T extends ChangeIn<'running' | 'settled'>>(state: T, lost: Lost): T {
  const items = state.items?.map((item) => (item.connection === lost.connection ? beyond(item) : item)) ?? null
  return { ...without(state, lost.connection), ...withLoss(state, lost), items }
}

/** Nobody has looked there since. Marks are looked for once more; what is to be corrected somebody has to be shown. */
function regainedIn<T extends ChangeIn<'running' | 'settled'>>(state: T, connection: string): T {
  const { lost: _, ...rest } = state
  const seen = state.items?.map((item) => (item.connection === connection ? { ...item, seen: 'unread' as const } : item)) ?? null
  const anew = state.status === 'running' && state.goal !== 'correct'
  const fresh = anew ? { items: null, written: [], looked: [] } : { items: seen }
  return { ...(rest as unknown as T), ...withoutLoss(state, connection), ...backIn(state, connection), ...fresh }
}

type Unlooked = { readonly unlooked?: readonly string[] }
function unlookedOf(unlooked: readonly string[] = []): Unlooked {
  return unlooked.length > 0 ? { unlooked } : {}
}
function backIn({ unlooked = [] }: Unlooked, connection: string): Unlooked {
  return { unlooked: [...unlooked.filter((one) => one !== connection), connection] }
}
function without<T extends Unlooked>({ unlooked = [], ...state }: T, connection: string): T {
  return { ...(state as unknown as T), ...unlookedOf(unlooked.filter((one) => one !== connection)) }
}

/** Approved is what can be done: with what cannot be it is another plan. */
function rebound(state: ChangeIn<'planned'>): ChangeIn<'planned'> {
  const { plan: shown, lost = [] } = state
  return { ...state, plan: { ...shown, digest: hash('sha256', JSON.stringify([shown.digest, lost])) } }
}

function open({ key, connection, object, id, fields }: ChangeItem): ItemState {
  return { key, connection, object, id, fields, outcome: null, reason: null, seen: null }
}

function plan(state: Change, { at, plan: shown, unlooked }: EventOf<'planned'>): Change {
  const restricted = 'restricted' in state && state.restricted
  return { status: 'planned', plan: shown, plannedAt: at, restricted, lift: null, ...lossesIn(state), ...unlookedOf(unlooked) }
}

function stop(state: Change, { at }: EventOf<'stopped'>): Change {
  const items = 'items' in state ? (state.items ?? []) : []
  return { status: 'stopped', at, items, restricted: 'restricted' in state && state.restricted, lift: null, ...lossesIn(state) }
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
  lost: none,
  regained: none,
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
    lost: (state, { lost }) => rebound({ ...without(state, lost.connection), ...withLoss(state, lost) }),
    regained: ({ lost, ...state }, { connection }) =>
      rebound({ ...state, ...withoutLoss({ lost: lost ?? [] }, connection), ...backIn(state, connection) }),
  },
  running: {
    ...never,
    begun: begin,
    lost: (state, { lost }) => withLostIn(state, lost),
    regained: (state, { connection }) => regainedIn(state, connection),
    found: (state, { items, gaps, unlooked }) => {
      const { unlooked: _, ...rest } = state
      return { ...rest, items: items.map(open), gaps, ...unlookedOf(unlooked) }
    },
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
    settled: ({ goal, by, round, restricted, lift, items, gaps, lost, unlooked }, { at, standing }) => ({
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
      ...lossesOf(lost),
      ...unlookedOf(unlooked),
    }),
    stopped: stop,
  },
  settled: {
    ...never,
    // Somebody else had written it meanwhile: it was shown anew.
    planned: plan,
    begun: begin,
    lost: (state, { lost, standing }) => ({ ...withLostIn(state, lost), standing: standing ?? state.standing }),
    regained: (state, { connection, standing }) => ({ ...regainedIn(state, connection), standing: standing ?? state.standing }),
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

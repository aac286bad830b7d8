/** What an erasure is after an event: a full table, so that no meeting of a state and an event is left to chance. */
import { isByHand, type Hold } from './hold.ts'
import { joined } from './joined.ts'
import { lookedIn, regainedIn, unlookedWith, withLostIn, withoutReach } from './lost-system.ts'
import { heldBy, vouchedFor, withHolds, withLost, withRegained, withVouched, type Occasion } from './plan.ts'
import { lossesOf } from './lost.ts'
import {
  type Around,
  irreversibleOf,
  type Erasure,
  type ErasureEvent,
  type ErasureIn,
  type EventOf,
  type EventType,
  type ItemState,
  type Report,
  type Sight,
  type Status,
  withHeld,
} from './erasure.ts'
import { stepId } from './steps.ts'

type Cell<S extends Status, E extends EventType> = ((state: ErasureIn<S>, event: EventOf<E>) => Erasure) | 'impossible'
export type ErasureEvolveTable = { readonly [S in Status]: { readonly [E in EventType]: Cell<S, E> } }

const none = 'impossible'
const never = {
  planned: none,
  approved: none,
  reported: none,
  'round-begun': none,
  settled: none,
  checked: none,
  returned: none,
  accepted: none,
  stopped: none,
  held: none,
  released: none,
  vouched: none,
  redacted: none,
  read: none,
  redated: none,
  lost: none,
  regained: none,
} as const

const plan = (_: Erasure, { plan: shown, at }: EventOf<'planned'>): Erasure => ({ status: 'planned', plan: shown, plannedAt: at })

function seen(items: readonly ItemState[], sights: readonly Sight[]): readonly ItemState[] {
  if (sights.length === 0) return items
  const traces = new Map(sights.map(({ key, trace }) => [key, trace]))
  return items.map((item) => ({ ...item, trace: traces.get(item.key) ?? item.trace }))
}

function reported(items: readonly ItemState[], { deeds, sights, held = [] }: Report, occasion: Occasion): readonly ItemState[] {
  const after = seen(withHeld(items, held, occasion), sights)
  if (deeds.length === 0) return after
  const done = new Map(deeds.map((deed) => [deed.key, deed]))
  return after.map((item) => {
    const deed = done.get(item.key)
    return deed === undefined ? item : { ...item, outcome: deed.outcome, reason: deed.reason }
  })
}

/** The last word on each thing: what was refused in one round may be done in the next. */
function together(before: readonly Around[], now: readonly Around[]): readonly Around[] {
  const nameOf = ({ connection, object, id }: Around): string => `${connection} ${object} ${id ?? ''}`
  return [...new Map([...before, ...now].map((one) => [nameOf(one), one])).values()]
}

const withoutHands = (holds: readonly Hold[]): readonly Hold[] => holds.filter((hold) => !isByHand(hold))

type Carried = Pick<ErasureIn<'settled'>, 'items' | 'plan'>
/** What it was kept as is no outcome any more: it is to go, unless something else holds it. */
export function releasedIn(state: Carried, key: string): readonly ItemState[] {
  return changed(state, key, (item, anonymises) => heldBy(item, withoutHands(item.holds), anonymises))
}
export function vouchedIn(state: Carried, key: string): readonly ItemState[] {
  return changed(state, key, vouchedFor)
}

function changed(
  { items, plan: { anonymises } }: Carried,
  key: string,
  change: (item: ItemState, anonymises: readonly string[]) => ItemState,
): readonly ItemState[] {
  return items.map((item) => (item.key === key ? change(item, anonymises) : item))
}

function again(state: ErasureIn<'settled' | 'returned'>, { by }: EventOf<'approved'>): Erasure {
  const returned = state.status === 'returned' ? state.returned : []
  return {
    status: 'running',
    plan: state.plan,
    items: joined(state.items, returned),
    approvedBy: by,
    accepted: state.accepted,
    around: state.around,
    round: state.round + 1,
    since: state.round + 1,
    done: [],
    returned: [],
    ...lossesOf(state.lost),
    ...(state.unlooked !== undefined && { unlooked: state.unlooked }),
  }
}

function lostIn<T extends ErasureIn<'settled' | 'returned'>>(state: T, { lost, standing }: EventOf<'lost'>): T {
  return { ...withLostIn(state, lost), standing: standing ?? state.standing }
}
function foundIn<T extends ErasureIn<'settled' | 'returned'>>(state: T, { connection, standing }: EventOf<'regained'>): T {
  return { ...regainedIn(state, connection), standing: standing ?? state.standing }
}

const table: ErasureEvolveTable = {
  none: { ...never, planned: plan },
  planned: {
    ...never,
    planned: (state, { plan: shown, at }) => ({
      status: 'planned',
      plan: shown,
      plannedAt: at,
      // Drafted before it was back: nobody has looked there yet.
      ...(state.unlooked?.some((one) => !shown.connections.includes(one)) && {
        unlooked: state.unlooked.filter((one) => !shown.connections.includes(one)),
      }),
    }),
    held: (state, { key, hold }) => ({ ...state, plan: withHolds(state.plan, key, (holds) => [...holds, hold]) }),
    released: (state, { key }) => ({ ...state, plan: withHolds(state.plan, key, withoutHands) }),
    vouched: (state, { key }) => ({ ...state, plan: withVouched(state.plan, key) }),
    lost: (state, { lost }) => ({ ...lookedIn(state, lost.connection), plan: withLost(state.plan, lost) }),
    regained: (state, { connection }) => ({
      ...state,
      plan: withRegained(state.plan, connection),
      unlooked: unlookedWith(state, connection),
    }),
    approved: ({ plan: shown }, { by }) => ({
      status: 'running',
      plan: shown,
      items: withoutReach(
        shown.items.map((item) => ({ ...item, outcome: null, reason: null, trace: null })),
        shown,
      ),
      ...lossesOf(shown.lost),
      approvedBy: by,
      accepted: [],
      around: [],
      round: 1,
      since: 1,
      done: [],
      returned: [],
    }),
    stopped: (_, { at, irreversible }) => ({ status: 'stopped', at, irreversible, items: [], done: [] }),
  },
  running: {
    ...never,
    reported: (state, { step, report }) => ({
      ...(step.act === 'look' && step.connection !== null ? lookedIn(state, step.connection) : state),
      items: reported(state.items, report, state.plan.occasion),
      done: [...state.done, stepId(step)],
      returned: [...state.returned, ...report.returned],
      around: together(state.around, report.around),
    }),
    'round-begun': (state, { round }) => ({ ...state, items: joined(state.items, state.returned), returned: [], round }),
    lost: (state, { lost }) => withLostIn(state, lost),
    regained: (state, { connection }) => regainedIn(state, connection),
    settled: ({ plan: shown, items, returned, approvedBy, accepted, around, round, lost, unlooked }, { at, standing }) => ({
      status: 'settled',
      plan: shown,
      items: joined(items, returned),
      approvedBy,
      accepted,
      around,
      round,
      standing,
      settledAt: at,
      checksDone: [],
      ...lossesOf(lost),
      ...(unlooked !== undefined && { unlooked }),
    }),
    stopped: ({ items, done }, { at, irreversible }) => ({ status: 'stopped', at, irreversible, items, done }),
  },
  settled: {
    ...never,
    approved: again,
    checked: (state, { check, sights, standing }) => ({
      ...state,
      items: seen(state.items, sights),
      standing,
      checksDone: [...state.checksDone, check],
    }),
    returned: (state, { at, returned }) => ({ ...state, status: 'returned', returned, at }),
    read: (state) => state,
    redated: (state, { at }) => ({ ...state, settledAt: Math.min(state.settledAt, at) }),
    redacted: (state, { around }) => ({ ...state, around: together(state.around, around) }),
    released: (state, { key, standing }) => ({ ...state, items: releasedIn(state, key), standing: standing ?? state.standing }),
    vouched: (state, { key, standing }) => ({ ...state, items: vouchedIn(state, key), standing: standing ?? state.standing }),
    lost: lostIn,
    regained: foundIn,
  },
  returned: {
    ...never,
    approved: again,
    lost: (state, event) => {
      const { at: _, returned, ...next } = lostIn(state, event)
      // Whoever came back there alone is nobody's to decide about any more.
      return returned.length > 0 ? { ...next, returned, at: state.at } : { ...next, status: 'settled' }
    },
    regained: foundIn,
    read: (state) => state,
    redacted: (state, { around }) => ({ ...state, around: together(state.around, around) }),
    accepted: (state, { standing }) => {
      const { at: _, returned, ...rest } = state
      const keys = [...state.accepted, ...returned.map(({ key }) => key)]
      return { ...rest, status: 'settled', accepted: keys, standing }
    },
  },
  stopped: {
    ...never,
    // It was on its way when somebody stopped the rest.
    reported: (state, { step, report }) => {
      const items = reported(state.items, report, 'request')
      return { ...state, items, irreversible: irreversibleOf(items), done: [...state.done, stepId(step)] }
    },
  },
}

export const unbegun: Erasure = { status: 'none' }

/** Throws on a history that cannot have happened: nothing is destroyed on its word. */
export function evolve(state: Erasure, event: ErasureEvent): Erasure {
  const cell = table[state.status][event.type] as Cell<Status, EventType>
  if (cell === none) throw new RangeError(`an erasure that is ${state.status} cannot have been ${event.type}`)
  return (cell as (state: Erasure, event: ErasureEvent) => Erasure)(state, event)
}

export function erasureOf(events: readonly ErasureEvent[]): Erasure {
  return events.reduce(evolve, unbegun)
}

/** What may be done with a change of records, and what that makes happen: a full table of states and commands. */
import { evolve, withLostIn } from './change-evolve.ts'
import {
  asksAnew,
  dueChanges,
  isOutdated,
  standingOf,
  type Change,
  type ChangeCommand,
  type ChangeEvent,
  type ChangeIn,
  type CommandOf,
  type CommandType,
  type Status,
} from './change.ts'
import { isLost, lossesOf, type Lost } from '../erasure/lost.ts'

export type Decided = { readonly ok: true; readonly events: readonly ChangeEvent[] } | { readonly ok: false; readonly message: string }
/** `now`: epoch milliseconds. */
type Cell<S extends Status, C extends CommandType> = (state: ChangeIn<S>, command: CommandOf<C>, now: number) => Decided
export type ChangeDecideTable = { readonly [S in Status]: { readonly [C in CommandType]: Cell<S, C> } }

export function decide(state: Change, command: ChangeCommand, now: number): Decided {
  const cell = table[state.status][command.type] as unknown as (state: Change, command: ChangeCommand, now: number) => Decided
  return cell(state, command, now)
}

const happen = (...events: readonly ChangeEvent[]): Decided => ({ ok: true, events })
const no = (message: string): Decided => ({ ok: false, message })
/** Done before by somebody else: their outcome stands. */
const already = (): Decided => happen()
const notBegun = (): Decided => no('this has not been begun')
const underWay = (): Decided => no('this is being carried out already')
const overWith = (): Decided => no('this was stopped: what is asked now is a new request')
const notRestricted = (): Decided => no('nothing is restricted that could be lifted')

function beginFirst(state: Change, command: CommandOf<'begin'>, now: number): Decided {
  return command.goal === 'correct' ? no('nothing is corrected before somebody has approved the plan') : begun(state, command, 1, now)
}

function begun(state: Change, { by, goal, losses }: CommandOf<'begin'>, round: number, now: number): Decided {
  const first: ChangeEvent = { type: 'begun', at: now, by, goal, round }
  return happen(first, ...(goal === 'correct' ? [] : losing(state, losses, now)))
}

/** Of whoever asks after the loss: nothing is found there, and nothing proved. */
function losing(state: Change, losses: readonly Lost[], now: number): readonly ChangeEvent[] {
  const known = 'lost' in state ? lossesOf(state.lost) : {}
  const fresh = losses.filter(({ connection }) => !isLost(known, connection))
  return fresh.map((lost) => ({ type: 'lost', at: now, lost, standing: null }))
}

/** Connections that are back, of those in which somebody has not looked. */
function unlookedIn(state: Change, sides: readonly string[]): { readonly unlooked?: readonly string[] } {
  const left = ('unlooked' in state ? (state.unlooked ?? []) : []).filter((one) => !sides.includes(one))
  return left.length > 0 ? { unlooked: left } : {}
}

/** The same again is another try; something else is what somebody decided, or the end of a restriction. */
function beginNext(state: ChangeIn<'running' | 'settled'>, command: CommandOf<'begin'>, now: number): Decided {
  const { goal } = command
  if (goal === state.goal) {
    if (state.status === 'running') return already()
    if (isOutdated(state.items)) return no('somebody else has written it since it was looked at: look at it again')
    if (asksAnew(state)) return no(`${state.unlooked?.join(', ')} is back, and nobody has looked there: look at it again`)
    return state.standing === 'not-proved' ? begun(state, command, state.round + 1, now) : already()
  }
  if (goal === 'lift' && !state.restricted) return notRestricted()
  if (state.goal === 'restrict' && (goal === 'lift' || goal === 'opt-out')) return begun(state, command, 1, now)
  return no('this request asks for something else')
}

function find(state: ChangeIn<'running'>, { items, gaps, sides }: CommandOf<'find'>, now: number): Decided {
  if (state.items !== null) return already()
  return settling(state, { type: 'found', at: now, items, gaps, ...unlookedIn(state, sides) }, now)
}

function write(state: ChangeIn<'running'>, { connection, deeds }: CommandOf<'write'>, now: number): Decided {
  if (state.written.includes(connection)) return already()
  return isDue(state, 'write', connection)
    ? happen({ type: 'written', at: now, connection, deeds })
    : no('this step is not due: what comes before it is open')
}

function look(state: ChangeIn<'running'>, { connection, sights }: CommandOf<'look'>, now: number): Decided {
  if (state.looked.includes(connection)) return already()
  return isDue(state, 'look', connection)
    ? settling(state, { type: 'looked', at: now, connection, sights }, now)
    : no('this step is not due: what comes before it is open')
}

function isDue(state: Change, act: 'write' | 'look', connection: string): boolean {
  return dueChanges(state).some((step) => step.act === act && step.connection === connection)
}

/** With the last thing that was to be seen it is settled. */
function settling(state: ChangeIn<'planned' | 'running'>, event: ChangeEvent, now: number): Decided {
  const next = evolve(state, event)
  if (next.status !== 'running' || dueChanges(next).length > 0) return happen(event)
  return happen(event, { type: 'settled', at: now, standing: standingOf(next) })
}

/** Also where nobody has looked yet what there is: they cannot look there. */
function lose(state: ChangeIn<'planned' | 'running' | 'settled'>, { lost }: CommandOf<'lose'>, now: number): Decided {
  const isNamed =
    state.status === 'planned'
      ? state.plan.items.some(({ connection }) => connection === lost.connection)
      : state.items === null || state.items.some(({ connection }) => connection === lost.connection)
  if (!isNamed || isLost(state, lost.connection)) return already()
  if (state.status === 'running') return settling(state, { type: 'lost', at: now, lost, standing: null }, now)
  return happen({ type: 'lost', at: now, lost, standing: state.status === 'settled' ? standingOf(withLostIn(state, lost)) : null })
}

/** Nobody has looked there since. */
function regain(state: ChangeIn<'planned' | 'running' | 'settled'>, { by, connection }: CommandOf<'regain'>, now: number): Decided {
  if (!isLost(state, connection)) return already()
  return happen({ type: 'regained', at: now, by, connection, standing: state.status === 'settled' ? 'not-proved' : null })
}

const stop = (_: Change, __: CommandOf<'stop'>, now: number): Decided => happen({ type: 'stopped', at: now })
const plan = (state: Change, { plan: shown, sides, losses }: CommandOf<'plan'>, now: number): Decided =>
  happen({ type: 'planned', at: now, plan: shown, ...unlookedIn(state, sides) }, ...losing(state, losses, now))

const proveNothing = (): Decided => no('no new address waits to be confirmed')

const table: ChangeDecideTable = {
  none: {
    plan,
    'prove-address': proveNothing,
    begin: beginFirst,
    find: notBegun,
    write: notBegun,
    look: notBegun,
    'decide-lift': notRestricted,
    stop,
    lose: already,
    regain: already,
  },
  planned: {
    lose,
    regain,
    plan,
    'prove-address': ({ plan: { address } }, { by, how }, now) =>
      address === null ? already() : happen({ type: 'address-proved', at: now, by, how }),
    begin: (state, { by, goal }, now) => {
      if (goal !== 'correct') return no('this request asks for a correction')
      if (state.unlooked !== undefined) return no(`${state.unlooked.join(', ')} is back, and this was planned without it: plan it anew`)
      // Where every record is in a CRM that is lost there is nothing to write.
      return state.plan.address === null
        ? settling(state, { type: 'begun', at: now, by, goal, round: 1 }, now)
        : no('the new address is not confirmed: "accord request address" sends its owner a link, or notes how it is known')
    },
    find: notBegun,
    write: notBegun,
    look: notBegun,
    'decide-lift': notRestricted,
    stop,
  },
  running: {
    plan: underWay,
    'prove-address': proveNothing,
    begin: beginNext,
    find,
    write,
    look,
    'decide-lift': underWay,
    stop,
    lose,
    regain,
  },
  settled: {
    lose,
    regain,
    plan: (state, command, now) => (asksAnew(state) ? plan(state, command, now) : underWay()),
    'prove-address': proveNothing,
    begin: beginNext,
    find: already,
    write: already,
    look: already,
    'decide-lift': (state, { by, effectiveAt, told }, now) => {
      if (!state.restricted) return notRestricted()
      if (by.kind !== 'staff') return no('that a restriction ends is somebody’s decision: name the user')
      // An end that has passed and did not come: the person could not be told.
      const stands = state.lift !== null && state.lift.effectiveAt <= effectiveAt && state.lift.effectiveAt > now
      return stands ? already() : happen({ type: 'lift-decided', at: now, by, effectiveAt, told })
    },
    stop: () => no('everything has been carried out: there is nothing left to stop'),
  },
  stopped: {
    lose: already,
    regain: already,
    plan: overWith,
    'prove-address': proveNothing,
    begin: (state, command, now) => (command.goal === 'lift' && state.restricted ? begun(state, command, 1, now) : overWith()),
    find: already,
    write: already,
    look: already,
    'decide-lift': overWith,
    stop: already,
  },
}

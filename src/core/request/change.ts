/**
 * A right that changes records and leaves them there (GDPR art. 7(3), 16, 18, 21): in every CRM something is written, and then read again. It never ends as
 * "done": what was asked for is seen there, or it is not proved.
 */
import { hash } from 'node:crypto'
import { isLost, type Losses, type Lost } from '../erasure/lost.ts'
import type { Actor, Irreversible } from './request.ts'

/** `opt-out`: no marketing any more. `restrict`: kept and not used; `lift` ends that. `correct`: other values in some fields. */
export type Goal = 'opt-out' | 'restrict' | 'lift' | 'correct'

/** One record of the person. `fields`: names of what is corrected, none for a mark. */
export type ChangeItem = {
  readonly key: string
  readonly connection: string
  readonly object: string
  readonly id: string
  readonly fields: readonly string[]
}
/**
 * `refused`: the CRM says no, and why, in its own code. `changed`: it no longer read as a user had seen it, so that nothing was written over it. `left`: a mark is
 * to be written and was not here, since another worker is at it, or the CRM takes no write of this record: the look behind it says what is there.
 */
export type Deed = {
  readonly key: string
  readonly outcome: 'written' | 'unchanged' | 'gone' | 'refused' | 'changed' | 'left'
  readonly reason: string | null
}
/** What was found on reading the record again. `unread`: nobody could look, so it counts as otherwise. */
export type Sight = { readonly key: string; readonly seen: 'as-asked' | 'otherwise' | 'gone' | 'unread' }
/** `out-of-reach`: nobody ever can look again, since its CRM was declared lost. */
export type ItemState = ChangeItem & {
  readonly outcome: Deed['outcome'] | null
  readonly reason: string | null
  readonly seen: Sight['seen'] | 'out-of-reach' | null
}
/** `suggestions`: what may be the person's and was not selected. `digest`: binds the approval to records, fields and values. */
export type Correction = {
  readonly items: readonly ChangeItem[]
  readonly suggestions: readonly { readonly key: string; readonly why: string }[]
  readonly gaps: readonly string[]
  readonly digest: string
  /** Keyed hash of a new e-mail address whose owner has not confirmed it yet; null: there is none. */
  readonly address: string | null
}
/** How a user knows that a new address is the person's. `account`: it is that of an account to which they have signed in. */
export const addressGrounds = ['written-from-it', 'call-back', 'in-person', 'account'] as const
export type AddressGround = (typeof addressGrounds)[number]
type AddressProof = { readonly by: Actor; readonly how: AddressGround | 'signed-link' }
/** `part`: a CRM refused some of it, or is lost: the person is told. `nothing-held`: no record is theirs. */
export type Standing = 'proved' | 'part' | 'nothing-held' | 'not-proved'

/** `told`: how the person hears of the end before it comes (art. 18(3)); the mail has to have left. */
type Lift = { readonly by: Actor; readonly effectiveAt: number; readonly told: 'by-mail' | 'otherwise' }
/**
 * `restricted`: the person's data may be kept and not used, at this moment. `lift`: when that ends, once somebody has decided so. `unlooked`: connections that were
 * lost and are back, in which nobody has looked for records since; absent: none.
 */
type Marks = Losses & {
  readonly unlooked?: readonly string[]
  readonly restricted: boolean
  readonly lift: Lift | null
}
/** `gaps`: what could not be looked at, so that nothing is proved. `round`: how often it was tried. */
type Run = Marks & {
  readonly goal: Goal
  readonly by: Actor
  readonly round: number
  readonly gaps: readonly string[]
}
export type Change =
  | { readonly status: 'none' }
  | ({ readonly status: 'planned'; readonly plan: Correction; readonly plannedAt: number } & Marks)
  /** `items` null: not looked for yet. */
  | ({
      readonly status: 'running'
      readonly items: readonly ItemState[] | null
      readonly written: readonly string[]
      readonly looked: readonly string[]
    } & Run)
  | ({ readonly status: 'settled'; readonly items: readonly ItemState[]; readonly standing: Standing; readonly at: number } & Run)
  | ({ readonly status: 'stopped'; readonly items: readonly ItemState[]; readonly at: number } & Marks)

export type Status = Change['status']
export type ChangeIn<S extends Status> = Extract<Change, { status: S }>

export type ChangeEvent =
  | { readonly type: 'planned'; readonly at: number; readonly plan: Correction; readonly unlooked?: readonly string[] }
  | ({ readonly type: 'address-proved'; readonly at: number } & AddressProof)
  | { readonly type: 'begun'; readonly at: number; readonly by: Actor; readonly goal: Goal; readonly round: number }
  | {
      readonly type: 'found'
      readonly at: number
      readonly items: readonly ChangeItem[]
      readonly gaps: readonly string[]
      readonly unlooked?: readonly string[]
    }
  | { readonly type: 'written'; readonly at: number; readonly connection: string; readonly deeds: readonly Deed[] }
  | { readonly type: 'looked'; readonly at: number; readonly connection: string; readonly sights: readonly Sight[] }
  | { readonly type: 'settled'; readonly at: number; readonly standing: Standing }
  | ({ readonly type: 'lift-decided'; readonly at: number } & Lift)
  | { readonly type: 'stopped'; readonly at: number }
  /** A CRM is gone for good, or is back against all expectation. `standing`: of what was settled; null before. */
  | { readonly type: 'lost'; readonly at: number; readonly lost: Lost; readonly standing: Standing | null }
  | { readonly type: 'regained'; readonly at: number; readonly by: Actor; readonly connection: string; readonly standing: Standing | null }
export type EventType = ChangeEvent['type']
export type EventOf<E extends EventType> = Extract<ChangeEvent, { type: E }>

export type ChangeCommand =
  /** `sides`: connections in which records were looked for; `losses`: CRMs that are gone for good. */
  | { readonly type: 'plan'; readonly plan: Correction; readonly sides: readonly string[]; readonly losses: readonly Lost[] }
  | ({ readonly type: 'prove-address' } & AddressProof)
  | { readonly type: 'begin'; readonly by: Actor; readonly goal: Goal; readonly losses: readonly Lost[] }
  | {
      readonly type: 'find'
      readonly items: readonly ChangeItem[]
      readonly gaps: readonly string[]
      readonly sides: readonly string[]
    }
  | { readonly type: 'write'; readonly connection: string; readonly deeds: readonly Deed[] }
  | { readonly type: 'look'; readonly connection: string; readonly sights: readonly Sight[] }
  | ({ readonly type: 'decide-lift' } & Lift)
  | { readonly type: 'stop' }
  /** What is under way goes on without this CRM, or with it again. */
  | { readonly type: 'lose'; readonly lost: Lost }
  | { readonly type: 'regain'; readonly by: Actor; readonly connection: string }
export type CommandType = ChangeCommand['type']
export type CommandOf<C extends CommandType> = Extract<ChangeCommand, { type: C }>

export type ChangeStep = { readonly act: 'find' } | { readonly act: 'write' | 'look'; readonly connection: string }

/** What may be done now, side by side: find, then write everywhere, then look everywhere. */
export function dueChanges(state: Change): readonly ChangeStep[] {
  if (state.status !== 'running') return []
  if (state.items === null) return [{ act: 'find' }]
  const connections = connectionsOf(state.items).filter((connection) => !isLost(state, connection))
  const open = connections.filter((one) => !state.written.includes(one))
  if (open.length > 0) return open.map((connection) => ({ act: 'write', connection }))
  return connections.filter((one) => !state.looked.includes(one)).map((connection) => ({ act: 'look', connection }))
}

function connectionsOf(items: readonly ChangeItem[]): readonly string[] {
  return [...new Set(items.map(({ connection }) => connection))]
}

/** One record that is otherwise, or could not be looked at, outweighs everything else. */
export function standingOf({ goal, items: all, gaps, unlooked = [], ...losses }: Judged): Standing {
  const items = (all ?? []).filter(({ connection }) => !isLost(losses, connection))
  if ((gaps.length > 0 && goal !== 'correct') || unlooked.length > 0 || isOutdated(items)) return 'not-proved'
  const open = items.filter(({ seen }) => seen !== 'as-asked' && seen !== 'gone')
  const refused = items.filter(({ outcome }) => outcome === 'refused')
  if (goal === 'correct' ? open.some(({ outcome }) => outcome !== 'refused') : open.length > 0 || refused.length > 0) return 'not-proved'
  const isWhole = refused.length === 0 && gaps.length === 0 && losses.lost === undefined
  return isWhole ? (items.length === 0 ? 'nothing-held' : 'proved') : 'part'
}
type Judged = Pick<Marks, 'lost' | 'unlooked'> & {
  readonly goal: Goal
  readonly items: readonly ItemState[] | null
  readonly gaps: readonly string[]
}

/** Somebody has written one of these since a user looked: only a user who looks anew can say which value is right. */
export function isOutdated(items: readonly Pick<ItemState, 'outcome'>[]): boolean {
  return items.some(({ outcome }) => outcome === 'changed')
}

/** What was to be written was shown before somebody else wrote it, or without a CRM that is back: it is shown anew. Marks are looked for anew by themselves. */
export function asksAnew({ goal, items, unlooked }: Pick<ChangeIn<'settled'>, 'goal' | 'items' | 'unlooked'>): boolean {
  return isOutdated(items) || (goal === 'correct' && unlooked !== undefined)
}

/** What an approval names: exactly what was shown. Null: nothing waits for one. */
export function toApprove(state: Change): { readonly digest: string; readonly records: number } | null {
  if (state.status === 'planned' && state.unlooked !== undefined) return null
  if (state.status === 'planned') return { digest: state.plan.digest, records: state.plan.items.length }
  if (state.status !== 'settled' || state.standing !== 'not-proved' || asksAnew(state)) return null
  const open = state.items.filter(({ seen, connection }) => seen !== 'as-asked' && seen !== 'gone' && !isLost(state, connection))
  return { digest: hash('sha256', JSON.stringify([state.goal, state.round, open.map(({ key }) => key)])), records: open.length }
}

/** How much cannot be taken back by thinking better of it: a no that was said stays said, a value that was overwritten is gone. */
export function irreversibleOf(state: Change): Irreversible {
  if (!('goal' in state) || (state.goal !== 'opt-out' && state.goal !== 'correct')) return 'nothing'
  const items = state.items ?? []
  const done = items.filter(({ outcome }) => outcome === 'written').length
  if (state.goal === 'opt-out') return state.status === 'settled' ? 'all' : 'part'
  return done === 0 ? 'nothing' : done === items.length ? 'all' : 'part'
}

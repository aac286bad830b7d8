/** An erasure (GDPR art. 17) as it goes: what was planned, approved and done, and what a sceptic finds on looking again. It never ends as "done". */
import { hash } from 'node:crypto'
import type { Actor, Irreversible } from '../request/request.ts'
import type { Hold } from './hold.ts'
import { goingIn, type Occasion, type Plan, type PlanItem } from './plan.ts'
import type { Losses, Lost } from './lost.ts'

/**
 * What somebody finds who looks for a record again. `purging`: nobody can read or restore it as a record, and the vendor still shows that it was there until its
 * own purge has run. `anonymous`: there, and nothing of the person in it. `unread`: nobody could look, so it counts as there. `out-of-reach`: nobody ever can,
 * since its CRM was declared lost; what was done there before stands in the outcome.
 */
export type Trace = 'present' | 'recoverable' | 'purging' | 'absent' | 'anonymous' | 'unread' | 'out-of-reach'
/** `out-of-reach`: proved wherever anybody can look, and in a CRM that is lost nobody can. */
export type Standing = 'proved' | 'not-proved' | 'held' | 'pending-vendor-purge' | 'out-of-reach'

/** One job each, safe to run twice; all but `suppress` for one connection. Found by query, never only in a queue. */
export type Act = 'suppress' | 'silence' | 'prepare' | 'erase' | 'look'
export type Step = { readonly round: number; readonly act: Act; readonly connection: string | null }

/** `refused`: the CRM says no, and why, in its own code. */
export type Outcome = 'erased' | 'anonymised' | 'kept' | 'gone' | 'refused'
export type Deed = { readonly key: string; readonly outcome: Outcome; readonly reason: string | null }
export type Sight = { readonly key: string; readonly trace: Trace }
/** A record that was not there before, and is this person's for certain: somebody or something has brought it back. */
export type Returned = Pick<PlanItem, 'key' | 'connection' | 'object' | 'id' | 'reasons'>
/** What has come up since the approval and obliges to keep a record that was to go. `holds`: all of them, those that were shown included. */
export type Held = { readonly key: string; readonly action: Exclude<PlanItem['action'], 'erase'>; readonly holds: readonly Hold[] }
/**
 * What a step has to tell: deeds of `erase`, sights and returned records of `look`, what became of the things around of `silence` and `prepare`. `held`: of
 * `prepare` and `erase`, where there is any.
 */
export type Report = {
  readonly deeds: readonly Deed[]
  readonly sights: readonly Sight[]
  readonly returned: readonly Returned[]
  readonly around: readonly Around[]
  readonly held?: readonly Held[]
}
/**
 * What became of a thing around the records, a note or a case, or of the opt-out of a record. What was `refused` or `left` stays in the file: the person is told.
 * `id` null: all of that object.
 */
export type Around = {
  readonly connection: string
  readonly object: string
  readonly id: string | null
  readonly outcome: 'deleted' | 'redacted' | 'detached' | 'gone' | 'left' | 'refused'
  readonly reason: string | null
}

/** Looked at again this long after the first proof, in milliseconds: the hour is for a sync, the rest for vendors' purges and for imports. */
export const checks = [
  { id: 'hour', after: 3_600_000 },
  { id: 'day', after: 86_400_000 },
  { id: 'week', after: 7 * 86_400_000 },
  { id: 'month', after: 31 * 86_400_000 },
] as const
export type CheckId = (typeof checks)[number]['id']
/**
 * The looks at which the texts of others are read: it takes a dozen searches for each person, of the five a second that HubSpot grants, and its index has then
 * seen what was changed around the erasure. The proof does not wait for it.
 */
export const readingChecks: ReadonlySet<CheckId> = new Set<CheckId>(['hour', 'month'])

/** A sync that brings the person back within one run is run against this often; then somebody has to switch it off. */
export const mostRounds = 5

export type ItemState = PlanItem & { readonly outcome: Outcome | null; readonly reason: string | null; readonly trace: Trace | null }
/**
 * `accepted`: keys of records that came back and stay, since somebody has looked: a new consent, or somebody else after all. `unlooked`: connections that were lost
 * and are back, in which no round has looked since; absent: none.
 */
type Run = Losses & {
  readonly unlooked?: readonly string[]
  readonly plan: Plan
  readonly items: readonly ItemState[]
  readonly approvedBy: Actor
  readonly round: number
  readonly accepted: readonly string[]
  readonly around: readonly Around[]
}
/** `checksDone`: ids of the later looks that have been taken since `settledAt`. */
type Settled = Run & { readonly standing: Standing; readonly settledAt: number; readonly checksDone: readonly CheckId[] }

export type Erasure =
  | { readonly status: 'none' }
  /** `unlooked`: as in what follows. What was planned without a CRM is no plan for it. */
  | { readonly status: 'planned'; readonly plan: Plan; readonly plannedAt: number; readonly unlooked?: readonly string[] }
  /** `since`: the round with which the last approval began. */
  | ({
      readonly status: 'running'
      readonly since: number
      readonly done: readonly string[]
      readonly returned: readonly Returned[]
    } & Run)
  | ({ readonly status: 'settled' } & Settled)
  /** Came back after everything had been proved absent: nothing is erased again before somebody has approved it. */
  | ({ readonly status: 'returned'; readonly returned: readonly Returned[]; readonly at: number } & Settled)
  | {
      readonly status: 'stopped'
      readonly at: number
      readonly irreversible: Irreversible
      readonly items: readonly ItemState[]
      readonly done: readonly string[]
    }

export type Status = Erasure['status']
export type ErasureIn<S extends Status> = Extract<Erasure, { status: S }>

export type ErasureEvent =
  | { readonly type: 'planned'; readonly at: number; readonly plan: Plan }
  | { readonly type: 'approved'; readonly at: number; readonly by: Actor; readonly digest: string }
  | { readonly type: 'reported'; readonly at: number; readonly step: Step; readonly report: Report }
  | { readonly type: 'round-begun'; readonly at: number; readonly round: number }
  | { readonly type: 'settled'; readonly at: number; readonly standing: Standing }
  | {
      readonly type: 'checked'
      readonly at: number
      readonly check: CheckId
      readonly sights: readonly Sight[]
      readonly standing: Standing
    }
  | { readonly type: 'returned'; readonly at: number; readonly returned: readonly Returned[] }
  | { readonly type: 'accepted'; readonly at: number; readonly by: Actor; readonly because: Accepted; readonly standing: Standing }
  | { readonly type: 'stopped'; readonly at: number; readonly irreversible: Irreversible }
  /** Words about the person that were taken out of texts of others, since somebody has asked for it place by place. */
  | { readonly type: 'redacted'; readonly at: number; readonly by: Actor; readonly around: readonly Around[] }
  /** It had been settled by a clock that was ahead: later looks are counted from this instant. */
  | { readonly type: 'redated'; readonly at: number }
  /** The texts of others, because somebody wished it. */
  | { readonly type: 'read'; readonly at: number }
  | { readonly type: 'held'; readonly at: number; readonly by: Actor; readonly key: string; readonly hold: Hold }
  /** `standing`: of what had been carried out already; null before. */
  | { readonly type: 'released'; readonly at: number; readonly by: Actor; readonly key: string; readonly standing: Standing | null }
  /** A CRM is gone for good, or is back against all expectation. `standing` as with `released`. */
  | { readonly type: 'lost'; readonly at: number; readonly lost: Lost; readonly standing: Standing | null }
  | { readonly type: 'regained'; readonly at: number; readonly by: Actor; readonly connection: string; readonly standing: Standing | null }
  /** A user has looked where Accord may not: nothing there obliges the company. `standing` as with `released`. */
  | { readonly type: 'vouched'; readonly at: number; readonly by: Actor; readonly key: string; readonly standing: Standing | null }
/** `new-consent`: by a form of their own, with proof newer than the erasure. */
export type Accepted = 'new-consent' | 'somebody-else'
export type EventType = ErasureEvent['type']
export type EventOf<E extends EventType> = Extract<ErasureEvent, { type: E }>

export type ErasureCommand =
  | { readonly type: 'plan'; readonly plan: Plan }
  /** `digest`: of the plan that was looked at; `count`: how many records somebody says it has, asked for when there are many. */
  | { readonly type: 'approve'; readonly by: Actor; readonly digest: string; readonly count: number | null }
  | { readonly type: 'report'; readonly step: Step; readonly report: Report }
  | { readonly type: 'check'; readonly check: CheckId; readonly sights: readonly Sight[]; readonly returned: readonly Returned[] }
  /** Seen by a sweep or a webhook, before the next look. */
  | { readonly type: 'notice'; readonly returned: readonly Returned[] }
  /** What came back stays. */
  | { readonly type: 'accept'; readonly by: Actor; readonly because: Accepted }
  | { readonly type: 'stop' }
  /** One more reason to keep a record of the plan, which somebody of the company knows of. */
  | { readonly type: 'hold'; readonly by: Actor; readonly key: string; readonly hold: Hold }
  /** What was done about words that others have written of the person. */
  | { readonly type: 'redact'; readonly by: Actor; readonly around: readonly Around[] }
  | { readonly type: 'read' }
  /** Nothing happens unless it was settled in the future. */
  | { readonly type: 'redate' }
  /** What was held by hand is held no longer. */
  | { readonly type: 'release'; readonly by: Actor; readonly key: string }
  /** What is under way goes on without this CRM, or with it again. */
  | { readonly type: 'lose'; readonly lost: Lost }
  | { readonly type: 'regain'; readonly by: Actor; readonly connection: string }
  /** What could not be read was looked at by a user, who answers for it that nothing there obliges the company. */
  | { readonly type: 'vouch'; readonly by: Actor; readonly key: string }
export type CommandType = ErasureCommand['type']
export type CommandOf<C extends CommandType> = Extract<ErasureCommand, { type: C }>

/** The next look after the first proof, and when it is due (epoch milliseconds). */
export function nextCheck(state: Erasure): { readonly check: CheckId; readonly at: number } | null {
  if (state.status !== 'settled') return null
  const next = checks.find(({ id }) => !state.checksDone.includes(id))
  return next === undefined ? null : { check: next.id, at: state.settledAt + next.after }
}

/**
 * What the traces add up to. One record that is there, can be brought back or could not be looked at outweighs everything else, and so does a CRM that is back and
 * in which nobody has looked since, known records or none. Where a CRM is lost nothing is proved either: nobody can look any more.
 */
export function standingOf({ items, lost = [], unlooked = [] }: Seen): Standing {
  if (items.some(isLeft) || unlooked.length > 0) return 'not-proved'
  if (lost.length > 0) return 'out-of-reach'
  if (items.some(({ action, trace }) => action === 'erase' && trace === 'purging')) return 'pending-vendor-purge'
  return items.some(({ action }) => action !== 'erase') ? 'held' : 'proved'
}

type Seen = Pick<Run, 'lost' | 'unlooked'> & { readonly items: readonly Pick<ItemState, 'action' | 'trace'>[] }

/** A record on which something binding has come up stays. At the end of a period a person goes whole or not at all: then all that is left of theirs stays with it. */
export function withHeld(items: readonly ItemState[], held: readonly Held[], occasion: Occasion): readonly ItemState[] {
  const [first] = held
  if (first === undefined) return items
  const ofKey = new Map(held.map((one) => [one.key, one]))
  return items.map((item): ItemState => {
    const own = ofKey.get(item.key)
    if (own !== undefined) return { ...item, action: own.action, holds: own.holds }
    const isLeftToGo = item.action !== 'keep' && (item.outcome === null || item.outcome === 'refused')
    return occasion === 'retention' && isLeftToGo ? { ...item, action: 'keep', holds: first.holds } : item
  })
}

/** Still the person's, as far as anybody has seen. What is anonymised stays as a record, and is read again like the others. */
function isLeft({ action, trace }: Pick<ItemState, 'action' | 'trace'>): boolean {
  if (action === 'keep' || trace === 'absent' || trace === 'purging' || trace === 'out-of-reach') return false
  return action === 'erase' || trace !== 'anonymous'
}

/** What an approval names: exactly what was shown. `null`: nothing waits for one. */
export function toApprove(state: Erasure): { readonly digest: string; readonly records: number } | null {
  switch (state.status) {
    case 'planned':
      if (state.unlooked !== undefined) return null
      return { digest: state.plan.digest, records: goingIn(state.plan).length }
    case 'returned': {
      const keys = state.returned.map(({ key }) => key).sort()
      return { digest: hash('sha256', JSON.stringify([state.plan.digest, state.round, keys])), records: new Set(keys).size }
    }
    case 'settled': {
      if (state.standing !== 'not-proved') return null
      const left = state.items.filter(isLeft)
      return { digest: hash('sha256', JSON.stringify([state.plan.digest, state.round])), records: left.length }
    }
    case 'none':
    case 'running':
    case 'stopped':
      return null
    default:
      return state satisfies never
  }
}

/** How much cannot be taken back any more. */
export function irreversibleOf(items: readonly ItemState[]): Irreversible {
  const toDo = items.filter(({ action }) => action !== 'keep')
  const done = toDo.filter(({ outcome }) => outcome === 'erased' || outcome === 'anonymised' || outcome === 'gone')
  if (done.length === 0) return 'nothing'
  return done.length === toDo.length ? 'all' : 'part'
}

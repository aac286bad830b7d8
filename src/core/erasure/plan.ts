/** What an erasure will do, shown before anything happens: each record with its reasons, what is held and why, what nobody can reach, and what it costs. */
import { hash } from 'node:crypto'
import { isByHand, isUnread, type Hold, type HoldFact } from './hold.ts'
import type { Selection } from './select.ts'
import { isLost, lossesOf, withLoss, withoutLoss, type Losses, type Lost } from './lost.ts'

/**
 * One selected record. `vouched`: what could not be read and a user has looked at; absent: nothing. Holds no personal data: this is what is stored.
 */
export type PlanItem = {
  readonly key: string
  readonly connection: string
  readonly object: string
  readonly id: string
  readonly reasons: Extract<Selection, { verdict: 'selected' }>['reasons']
  readonly action: 'erase' | 'anonymise' | 'keep'
  readonly holds: readonly Hold[]
  readonly vouched?: readonly HoldFact['kind'][]
}
export type Suggestion = { readonly key: string; readonly why: Extract<Selection, { verdict: 'suggested' }>['why'] }
/** `what`: an object, a field or a permission, named so that somebody can mend it. */
export type Unreachable = { readonly connection: string; readonly what: string }
/** One CRM. `means`: `bin` deletes can fail and be taken back; a `purge` cannot. `anonymises`: it can forget what its fields once held. `looking`: calls of all looks, however many records. */
export type Reach = {
  readonly connection: string
  readonly means: 'bin' | 'purge'
  readonly anonymises: boolean
  readonly looking: number
  readonly callsPerMinute: number
}

/**
 * `erased-not-anonymised`: a hold is content with an anonymous record, and this CRM keeps what its fields once held: the record goes, what the hold is about stays.
 * `kept-may-bring-back`: a record is kept in one CRM while another forgets the person: a sync between the two brings her back,
 * unless it leaves that record out.
 */
export type PlanWarning = 'kept-may-bring-back' | 'erased-not-anonymised'

/** Whose wish it is: a person's, or nobody's, when the time to keep a record is over. */
export type Occasion = 'request' | 'retention'
/** `lost`: connections of it in which nobody can do anything any more; what is known there stays in it, and stays undone. */
export type Plan = Losses & {
  readonly occasion: Occasion
  readonly items: readonly PlanItem[]
  readonly suggestions: readonly Suggestion[]
  readonly unreachable: readonly Unreachable[]
  readonly warnings: readonly PlanWarning[]
  /** In the order in which records are erased. */
  readonly connections: readonly string[]
  /** Those of them that can make a record anonymous. */
  readonly anonymises: readonly string[]
  readonly calls: number
  readonly minutes: number
  /** More records than one person has as a rule: somebody confirms their number. */
  readonly large: boolean
  /** Names exactly what was shown. An approval of anything else approves nothing. */
  readonly digest: string
}

export type Drafted = {
  readonly key: string
  readonly connection: string
  readonly object: string
  readonly id: string
  readonly selection: Selection
  readonly holds: readonly Hold[]
  readonly calls: number
}
export type PlanOptions = {
  readonly reaches: readonly Reach[]
  readonly unreachable: readonly Unreachable[]
}

/** More records than this no one person has as a rule. */
const mostOfOne = 10

function isMany(records: number): boolean {
  return records > mostOfOne
}

/** Whether somebody has to state how many records go: there are many in the plan, or as many have come to it since. `records`: that wait for an approval. */
export function asksForCount({ large }: Pick<Plan, 'large'>, records: number): boolean {
  return large || isMany(records)
}

export function planErasure(drafts: readonly Drafted[], { reaches, unreachable }: PlanOptions): Plan {
  const anonymises = reaches.flatMap((reach) => (reach.anonymises ? [reach.connection] : []))
  const items = drafts
    .flatMap(({ key, connection, object, id, selection, holds }): PlanItem[] =>
      selection.verdict === 'selected'
        ? [heldBy({ key, connection, object, id, reasons: selection.reasons, action: 'erase', holds }, holds, anonymises)]
        : [],
    )
    .sort(byKey)
  const suggestions = drafts
    .flatMap(({ key, selection }): Suggestion[] => (selection.verdict === 'suggested' ? [{ key, why: selection.why }] : []))
    .sort(byKey)
  const connections = erasureOrder(reaches).map(({ connection }) => connection)
  const selected = drafts.filter(({ selection }) => selection.verdict === 'selected')
  const callsTo = (connection: string): number =>
    selected.filter((draft) => draft.connection === connection).reduce((sum, { calls }) => sum + calls, 0)
  const cost = reaches.map(({ connection, looking, callsPerMinute }) => ({ calls: looking + callsTo(connection), pace: callsPerMinute }))
  return signed({
    occasion: 'request',
    items,
    suggestions,
    unreachable,
    connections,
    anonymises,
    large: isMany(items.length),
    calls: cost.reduce((sum, { calls }) => sum + calls, 0),
    minutes: cost.reduce((most, { calls, pace }) => Math.max(most, Math.ceil(calls / pace)), 0),
  })
}

function signed({ occasion, calls, minutes, anonymises, ...rest }: Omit<Plan, 'warnings' | 'digest'>): Plan {
  const { items, suggestions, unreachable, connections, large, lost } = rest
  const shown = { items, suggestions, unreachable, warnings: warningsOf(items), connections, large, ...(lost && { lost }) }
  return { occasion, ...shown, anonymises, calls, minutes, digest: hash('sha256', JSON.stringify(shown)) }
}

/** With other holds on one record, and what follows from them: the digest is another one, so that nobody has approved it yet. */
export function withHolds(plan: Plan, key: string, change: (holds: readonly Hold[]) => readonly Hold[]): Plan {
  return withItem(plan, key, (item) => heldBy(item, change(item.holds), plan.anonymises))
}

export function withLost(plan: Plan, lost: Lost): Plan {
  return signed({ ...plan, ...withLoss(plan, lost) })
}

/** For somebody who asks after the loss: as for whoever had asked before. `purges`: its deletes cannot be taken back, so that they come last, should it be there after all. */
export function withLosses(plan: Plan, losses: readonly Lost[], purges: (lost: Lost) => boolean): Plan {
  const unnamed = losses.filter(({ connection }) => !plan.connections.includes(connection))
  const names = (of: readonly Lost[]): string[] => of.map(({ connection }) => connection)
  const connections = [...names(unnamed.filter((one) => !purges(one))), ...plan.connections, ...names(unnamed.filter(purges))]
  return losses.reduce(withLost, { ...plan, connections })
}

export function withRegained({ lost, ...plan }: Plan, connection: string): Plan {
  return signed({ ...plan, ...withoutLoss({ lost: lost ?? [] }, connection) })
}

/** Planned anew, where nobody could look in what is lost: what was known there stays known, with its place in the order and what that CRM can do. */
export function keepingLost(before: Plan, plan: Plan): Plan {
  if (before.lost === undefined) return plan
  const isGone = (connection: string): boolean => isLost(before, connection)
  const there = before.items.filter(({ key, connection }) => isGone(connection) && !plan.items.some((one) => one.key === key))
  const connections = before.connections.filter(isGone).reduce((order, one) => placed(order, one, before.connections), plan.connections)
  const anonymises = [...new Set([...plan.anonymises, ...before.anonymises.filter(isGone)])]
  const { lost } = before.lost.reduce<Losses>(withLoss, plan)
  const items = [...plan.items, ...there].sort(byKey)
  return signed({ ...plan, items, connections, anonymises, large: plan.large || before.large || isMany(items.length), ...lossesOf(lost) })
}

/** Before what came after it in the former order. */
function placed(order: readonly string[], connection: string, former: readonly string[]): readonly string[] {
  if (order.includes(connection)) return order
  const later = former.slice(former.indexOf(connection) + 1)
  const at = order.findIndex((one) => later.includes(one))
  return order.toSpliced(at < 0 ? order.length : at, 0, connection)
}

/** Records that an approval lets go. */
export function goingIn({ items, ...losses }: Pick<Plan, 'items' | 'lost'>): readonly PlanItem[] {
  return items.filter(({ action, connection }) => action !== 'keep' && !isLost(losses, connection))
}

/** Somebody has looked where nothing could be read. */
export function withVouched(plan: Plan, key: string): Plan {
  return withItem(plan, key, (item) => vouchedFor(item, plan.anonymises))
}

function withItem(plan: Plan, key: string, change: (item: PlanItem) => PlanItem): Plan {
  return signed({ ...plan, items: plan.items.map((item) => (item.key === key ? change(item) : item)) })
}

/** Planned anew, with what somebody has held by hand on the records that are still in it. */
export function keepingHands(before: Plan, plan: Plan): Plan {
  return before.items.reduce((next, { key, holds }) => {
    const own = holds.filter(isByHand)
    return own.length === 0 ? next : withHolds(next, key, (found) => [...found, ...own])
  }, plan)
}

export function heldBy<T extends Pick<PlanItem, 'connection' | 'holds' | 'action'>>(
  item: T,
  holds: readonly Hold[],
  anonymises: readonly string[],
): T {
  return { ...item, holds, action: actionFor(holds, anonymises.includes(item.connection)) }
}

export function vouchedFor<T extends PlanItem>(item: T, anonymises: readonly string[]): T {
  const kinds = item.holds.flatMap(({ because }) => (because.kind === 'unread' ? [because.fact] : []))
  const left = item.holds.filter((hold) => !isUnread(hold))
  return { ...heldBy(item, left, anonymises), vouched: [...new Set([...(item.vouched ?? []), ...kinds])] }
}

/**
 * The order that survives a sync between two CRMs. Such a sync brings back whom only one side forgot, so all sides must forget between two of its cycles,
 * and what can go wrong must go wrong while nothing is lost: deletes that may be refused and can be taken back come first, and a purge, which cannot, last.
 */
function erasureOrder(reaches: readonly Reach[]): readonly Reach[] {
  const rank = { bin: 0, purge: 1 } as const
  return [...reaches].sort((a, b) => rank[a.means] - rank[b.means] || (a.connection < b.connection ? -1 : 1))
}

function warningsOf(items: readonly PlanItem[]): readonly PlanWarning[] {
  const kept = items.filter(({ action }) => action === 'keep')
  const mayComeBack = items.some(({ action, connection }) => action === 'erase' && kept.some((other) => other.connection !== connection))
  return [
    ...(mayComeBack ? (['kept-may-bring-back'] as const) : []),
    ...(items.some(({ action, holds }) => action === 'erase' && holds.length > 0) ? (['erased-not-anonymised'] as const) : []),
  ]
}

/** The strictest hold decides: one that keeps the record as it is outweighs one that is content with less. */
function actionFor(holds: readonly Hold[], anonymises: boolean): PlanItem['action'] {
  if (holds.some(({ instead }) => instead === 'keep')) return 'keep'
  // What a CRM remembers of its fields would be the person still: then only the record can go.
  return holds.length > 0 && anonymises ? 'anonymise' : 'erase'
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}

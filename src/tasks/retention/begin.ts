/** The last look before people go, a group at a time, so that they share the calls to the CRMs and the commits: read, judged and planned anew; and the beginning itself, under the brake. */
import { ConnectorError } from '../../connectors/connector.ts'
import { decide as decideErasure } from '../../core/erasure/decide.ts'
import { unbegun } from '../../core/erasure/evolve.ts'
import type { ErasureEvent } from '../../core/erasure/erasure.ts'
import type { Plan } from '../../core/erasure/plan.ts'
import type { Actor } from '../../core/request/request.ts'
import { decide, decideCase } from '../../core/retention/act-decide.ts'
import { approversOf, type DropWhy, type Retention } from '../../core/retention/act.ts'
import { spentWith } from '../../core/retention/brake.ts'
import { actsOf, type Ask, type Entry, type KeptWhy, type Standing } from '../../core/retention/list.ts'
import { knownRecords } from '../../store/retention-due.ts'
import { loadCases, type StoredCase } from '../../store/retention-lists.ts'
import { sealPerson } from '../erasure/deps.ts'
import { askPersons, dropPersons } from './ask.ts'
import { momentOf, type JudgingWorld, type RetentionDeps } from './deps.ts'
import { changeList, type CaseChange, type ListChange } from './file.ts'
import { noteClock } from './guard.ts'
import { judgeLive, keyOf, personsOf, type PersonRecords } from './judge.ts'
import { planPerson, type PlannedPerson } from './plan.ts'

/** By what a person's file is sealed, and named in nothing else. */
export function caseId({ list, n }: Pick<StoredCase, 'list' | 'n'>): string {
  return `retention:${list}:${n}`
}

/** `stop`: by clock, fields or brake, in words. `faults`: of CRMs that were in the way of some of them. */
export type Began = { stop: string | null; faults: readonly ConnectorError[] }
type Due = Extract<PlannedPerson, { outcome: 'planned' }>
type Going = { person: StoredCase; planned: Due }

/** Persons of one list who are waiting, or whose time to answer is over. */
export async function beginPersons(
  deps: RetentionDeps,
  world: JudgingWorld,
  list: string,
  persons: readonly StoredCase[],
  signal: AbortSignal,
): Promise<Began> {
  const looked = await lookAgain(deps, world, persons, signal)
  const dropping: { person: StoredCase; why: DropWhy }[] = []
  const asking: { person: StoredCase; ask: Ask }[] = []
  const going: Going[] = []
  const faults: ConnectorError[] = []
  for (const [i, person] of persons.entries()) {
    const one = looked[i]!
    if (one.outcome === 'drop') dropping.push({ person, why: one.why })
    else if (one.outcome === 'fault') faults.push(one.fault)
    else {
      const ask = person.case.status === 'waiting' ? stillAsk(person.entry.ask, one.ask) : null
      if (ask === null) going.push({ person, planned: one.planned })
      else asking.push({ person, ask })
    }
  }
  faults.push(...(await dropPersons(deps, world, list, dropping, signal)))
  const stops = await noteClock(deps)
  const stop = (await beginAll(deps, list, going, stops)) ?? (await askPersons(deps, world, list, { asking, stops }, signal))
  return { stop, faults }
}

/** Answers what stops it, in words. */
async function beginAll(deps: RetentionDeps, list: string, going: readonly Going[], stops: readonly string[]): Promise<string | null> {
  for (let rest = going; rest.length > 0;) {
    const { stop, left } = await beginSome(deps, list, rest, stops)
    if (stop !== null) return stop
    rest = left
  }
  return null
}

/** In their order, each weighed with those before: up to the one who meets the brake, for whom the next transaction notes it. */
async function beginSome(
  deps: RetentionDeps,
  list: string,
  going: readonly Going[],
  stops: readonly string[],
): Promise<{ stop: string | null; left: readonly Going[] }> {
  const met: { stop: string | null; left: readonly Going[] } = { stop: null, left: [] }
  const changed = await changeList(deps, list, async ({ retention }, turn): Promise<ListChange> => {
    let moment = await momentOf(deps, turn.db, stops)
    const numbers = going.map(({ person }) => person.n)
    const now = new Map((await loadCases(turn.db, list, numbers)).map((file) => [file.n, file]))
    const cases: CaseChange[] = []
    for (const [i, { person, planned }] of going.entries()) {
      const { n } = person
      const acts = actsOf([planned.entry])
      const spent = decide(retention, { type: 'spend', acts }, moment)
      if (!spent.ok) {
        met.stop = spent.message
        break
      }
      if (spent.events.length > 0) {
        met.left = going.slice(i)
        return cases.length > 0 ? { cases } : { events: spent.events }
      }
      const begun = decideCase(now.get(n)!.case, { type: 'begin', acts }, moment.now)
      if (!begun.ok || begun.events.length === 0) continue
      const erasure = erasureEvents(planned.plan, retention, moment.now)
      const vault = sealPerson(turn, caseId({ list, n }), planned.person)
      cases.push({ n, events: begun.events, erasure, vault })
      moment = { ...moment, spent: spentWith(moment.spent, acts) }
    }
    return { cases }
  })
  if (changed.outcome === 'refused') return { stop: changed.message, left: [] }
  // The brake: nothing more of this list until more people have approved it.
  if (changed.list.retention.status === 'shown') {
    deps.shell.log('retention.braked', { list })
    return { stop: 'the brake: more people approve it, or a newer list', left: [] }
  }
  return met
}

/** In the name of whoever approved the list; of the service where the policy needs nobody. @throws Error when the plan is none that could be approved */
function erasureEvents(plan: Plan, retention: Retention, now: number): readonly ErasureEvent[] {
  const [user] = retention.status === 'none' ? [] : approversOf(retention)
  const by: Actor = user === undefined ? { kind: 'service' } : { kind: 'staff', user }
  const planned = decideErasure(unbegun, { type: 'plan', plan }, now)
  if (!planned.ok) throw new Error(planned.message)
  const approve = { type: 'approve', by, digest: plan.digest, count: plan.items.length } as const
  const approved = decideErasure({ status: 'planned', plan, plannedAt: now }, approve, now)
  if (!approved.ok) throw new Error(approved.message)
  return [...planned.events, ...approved.events]
}

type Looked =
  | { outcome: 'drop'; why: DropWhy }
  | { outcome: 'due'; ask: Ask | null; planned: Due }
  | { outcome: 'fault'; fault: ConnectorError }

/** Live, by every rule again: less than what was shown may go, never more. In the order of `persons`. */
async function lookAgain(
  deps: RetentionDeps,
  world: JudgingWorld,
  persons: readonly StoredCase[],
  signal: AbortSignal,
): Promise<readonly Looked[]> {
  const shown = persons.map(({ entry }) => entry.records.filter(({ rule }) => rule !== null).map(({ key }) => key))
  const known = await knownRecords(deps.shell.db, shown.flat())
  const knownKeys = new Set(known.map(keyOf))
  const groups = await personsOf(deps, known)
  const groupOf = new Map(groups.flatMap((records) => records.map((record): [string, PersonRecords] => [keyOf(record), records])))
  const judged = new Map((await judgeLive(deps, world, groups, signal)).map(({ records, standing }) => [records, standing]))
  const drafts = persons.map(({ entry }, i): { outcome: 'drop'; why: DropWhy } | { shown: Entry; due: DueStanding } => {
    const keys = shown[i]!
    const own = new Set(keys.filter((key) => knownKeys.has(key)).map((key) => groupOf.get(key)!))
    if (own.size === 0) return { outcome: 'drop', why: 'went' }
    const [records] = own
    // Two persons by now, or one with records that were not shown.
    if (own.size > 1 || records!.some((record) => !keys.includes(keyOf(record)))) return { outcome: 'drop', why: 'found-more' }
    const standing = judged.get(records!) ?? { standing: 'not due' }
    if (standing.standing === 'not due') return { outcome: 'drop', why: 'not-due' }
    if (standing.standing === 'kept') return { outcome: 'drop', why: whyOf(standing.kept.why) }
    return { shown: entry, due: standing }
  })
  const ends = await Promise.allSettled(
    drafts.map(async (draft) => ('shown' in draft ? planAgain(deps, world, draft.shown, draft.due, signal) : draft)),
  )
  signal.throwIfAborted()
  return ends.map((end): Looked => {
    if (end.status === 'fulfilled') return end.value
    if (end.reason instanceof ConnectorError) return { outcome: 'fault', fault: end.reason }
    throw end.reason
  })
}

type DueStanding = Extract<Standing, { standing: 'due' }>

async function planAgain(
  deps: RetentionDeps,
  world: JudgingWorld,
  shown: Entry,
  { entry }: DueStanding,
  signal: AbortSignal,
): Promise<Looked> {
  const planned = await planPerson(deps, world, entry, signal)
  if (planned.outcome === 'kept') return { outcome: 'drop', why: whyOf(planned.kept.why) }
  const actions = new Map(shown.records.map(({ key, action }) => [key, action]))
  if (planned.entry.records.some(({ key, action }) => actions.get(key) !== action)) return { outcome: 'drop', why: 'found-more' }
  return { outcome: 'due', ask: entry.ask, planned }
}

function whyOf(why: KeptWhy): DropWhy {
  switch (why) {
    case 'hold':
    case 'unread':
    case 'cannot-anonymise':
      return 'held'
    case 'request':
      return 'request'
    case 'elsewhere':
    case 'act-lost':
    case 'by-hand':
    case 'under-way':
      return 'not-due'
    case 'changed':
      return 'found-more'
    default:
      return why satisfies never
  }
}

/** What was shown is asked, if it may be asked now. */
function stillAsk(shown: Ask | null, now: Ask | null): Ask | null {
  return shown !== null && now !== null && shown.key === now.key && shown.purpose === now.purpose && shown.channel === now.channel
    ? now
    : null
}

/** The moment before a person of a list goes: read and judged once more, planned once more, asked the last question, or dropped. */
import { ConnectorError } from '../connectors/connector.ts'
import { decide as decideErasure } from '../core/erasure-decide.ts'
import { unbegun } from '../core/erasure-evolve.ts'
import type { ErasureEvent } from '../core/erasure.ts'
import type { Plan } from '../core/erasure-plan.ts'
import type { Actor } from '../core/request.ts'
import { parseDuration } from '../core/duration.ts'
import { decide, decideCase } from '../core/retention-act-decide.ts'
import { approversOf, type DropWhy, type Retention } from '../core/retention-act.ts'
import { lengthOf } from '../core/retention-brake.ts'
import { actsOf, type Ask, type Entry, type KeptWhy, type Standing } from '../core/retention-list.ts'
import { knownRecords } from '../store/retention-due.ts'
import { loadCase, type StoredCase, type StoredList } from '../store/retention-lists.ts'
import { saveAsked } from '../store/retention-turns.ts'
import { sealPerson } from './erase-desk.ts'
import { momentOf, type JudgingWorld, type RetentionDesk } from './retention-desk.ts'
import { changeList, type ListChange, type ListChanged } from './retention-file.ts'
import { noteClock } from './retention-guard.ts'
import { askFieldOf, judgeLive, keyOf, personsOf } from './retention-judge.ts'
import { planPerson, type PlannedPerson } from './retention-plan.ts'

/** By what a person's file is sealed, and named in nothing else. */
export function caseId({ list, n }: Pick<StoredCase, 'list' | 'n'>): string {
  return `retention:${list}:${n}`
}

/** One person who is waiting, or whose time to answer is over. */
export async function beginPerson(
  desk: RetentionDesk,
  world: JudgingWorld,
  { list, person }: { list: StoredList; person: StoredCase },
  signal: AbortSignal,
): Promise<ListChanged> {
  const { entry, n } = person
  const looked = await lookAgain(desk, world, entry, signal)
  if (looked.outcome === 'drop') return drop(desk, world, person, looked.why, signal)
  const ask = person.case.status === 'waiting' ? stillAsk(entry.ask, looked.ask) : null
  if (ask !== null) return askPerson(desk, world, { list, person, ask }, signal)
  const { plan, person: file } = looked.planned
  const stops = await noteClock(desk)
  const changed = await changeList(desk, list.id, async ({ retention }, turn): Promise<ListChange | { message: string }> => {
    const moment = await momentOf(desk, turn.db, stops)
    const acts = actsOf([{ records: looked.planned.entry.records }])
    const spent = decide(retention, { type: 'spend', acts }, moment)
    if (!spent.ok) return { message: spent.message }
    // The brake: nothing more of this list until more people have approved it.
    if (spent.events.length > 0) return { events: spent.events }
    const now = await loadCase(turn.db, list.id, n)
    if (now === null) return { message: 'this person is off the list' }
    const begun = decideCase(now.case, { type: 'begin', acts }, moment.now)
    if (!begun.ok) return { message: begun.message }
    if (begun.events.length === 0) return {}
    const erasure = erasureEvents(plan, retention, moment.now)
    if ('message' in erasure) return erasure
    return { cases: [{ n, events: begun.events, erasure: erasure.events, vault: sealPerson(turn, caseId({ list: list.id, n }), file) }] }
  })
  if (changed.outcome === 'changed' && changed.list.retention.status === 'shown') desk.shell.log('retention.braked', { list: list.id })
  return changed
}

/** In the name of whoever approved the list; of the service where the policy needs nobody. */
function erasureEvents(plan: Plan, retention: Retention, now: number): { events: readonly ErasureEvent[] } | { message: string } {
  const [user] = retention.status === 'none' ? [] : approversOf(retention)
  const by: Actor = user === undefined ? { kind: 'service' } : { kind: 'staff', user }
  const planned = decideErasure(unbegun, { type: 'plan', plan }, now)
  if (!planned.ok) return { message: planned.message }
  const approve = { type: 'approve', by, digest: plan.digest, count: plan.items.length } as const
  const approved = decideErasure({ status: 'planned', plan, plannedAt: now }, approve, now)
  return approved.ok ? { events: [...planned.events, ...approved.events] } : { message: approved.message }
}

type Looked =
  | { outcome: 'drop'; why: DropWhy }
  | { outcome: 'due'; ask: Ask | null; planned: Extract<PlannedPerson, { outcome: 'planned' }> }

/** Live, by every rule again: less than what was shown may go, never more. */
async function lookAgain(desk: RetentionDesk, world: JudgingWorld, shown: Entry, signal: AbortSignal): Promise<Looked> {
  const keys = shown.records.filter(({ rule }) => rule !== null).map(({ key }) => key)
  const known = await knownRecords(desk.shell.db, keys)
  if (known.length === 0) return { outcome: 'drop', why: 'went' }
  const persons = await personsOf(desk, known)
  // Two persons by now, or one with records that were not shown.
  if (persons.length !== 1 || persons.flat().some((record) => !keys.includes(keyOf(record)))) return { outcome: 'drop', why: 'found-more' }
  const [judged] = await judgeLive(desk, world, persons, signal)
  const standing: Standing = judged?.standing ?? { standing: 'not due' }
  if (standing.standing === 'not due') return { outcome: 'drop', why: 'not-due' }
  if (standing.standing === 'kept') return { outcome: 'drop', why: whyOf(standing.kept.why) }
  const planned = await planPerson(desk, world, standing.entry, signal)
  if (planned.outcome === 'kept') return { outcome: 'drop', why: whyOf(planned.kept.why) }
  const actions = new Map(shown.records.map(({ key, action }) => [key, action]))
  if (planned.entry.records.some(({ key, action }) => actions.get(key) !== action)) return { outcome: 'drop', why: 'found-more' }
  return { outcome: 'due', ask: standing.entry.ask, planned }
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

/** Filled in the CRM first: whoever dies behind it fills it once more with the same day, and nobody is erased unasked. */
async function askPerson(
  desk: RetentionDesk,
  world: JudgingWorld,
  { list, person, ask }: { list: StoredList; person: StoredCase; ask: Ask },
  signal: AbortSignal,
): Promise<ListChanged> {
  const wait = parseDuration(ask.wait)
  if (wait === null) throw new RangeError('a duration that the policy schema let through does not parse')
  const { localDay, dayStart } = desk.calendar
  // Whole days, so that it is the same on another try.
  const day = localDay(desk.shell.now() + lengthOf(wait, 31)) + 1
  const stops = await noteClock(desk)
  const ready = await changeList(desk, list.id, async ({ retention }, turn) => {
    const spent = decide(retention, { type: 'spend', acts: actsOf([person.entry]) }, await momentOf(desk, turn.db, stops))
    return spent.ok ? { events: spent.events } : { message: spent.message }
  })
  if (ready.outcome === 'refused' || ready.list.retention.status !== 'released') return ready
  const outcome = await fillLastMessage(world, ask.key, isoDay(day), signal)
  if (outcome !== 'written') return drop(desk, world, person, outcome === 'gone' ? 'went' : 'refused', signal)
  return changeList(desk, list.id, async (_, turn): Promise<ListChange | { message: string }> => {
    const now = await loadCase(turn.db, list.id, person.n)
    const until = dayStart(day)
    const asked = decideCase(now!.case, { type: 'ask', until }, turn.now())
    if (!asked.ok) return { message: asked.message }
    const dueOn = person.entry.records.find(({ key }) => key === ask.key)?.dueOn
    if (dueOn == null) return { message: `${ask.key} has no end of its own` }
    const at = new Date(turn.now()).toISOString()
    await saveAsked(turn.db, { key: ask.key, dueOn, at, until: new Date(until).toISOString() })
    return { cases: [{ n: person.n, events: asked.events }] }
  })
}

function isoDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

async function fillLastMessage(
  { targets }: JudgingWorld,
  key: string,
  value: string | null,
  signal: AbortSignal,
): Promise<'written' | 'gone' | 'refused'> {
  const [connection = '', object = '', id = ''] = key.split(':')
  const target = targets.find(({ source }) => source.connection === connection && source.object === object)
  const field = target === undefined ? null : askFieldOf(target)
  if (target === undefined || field === null) return 'refused'
  const [result] = await target.connector.write([{ ref: { object, id }, set: { [field]: value } }], signal)
  if (result?.outcome === 'written' || result?.outcome === 'unchanged') return 'written'
  return result?.outcome === 'gone' ? 'gone' : 'refused'
}

/** Whoever was asked, and stays, is no longer among those to be asked. */
async function drop(
  desk: RetentionDesk,
  world: JudgingWorld,
  { list, n, case: before, entry }: StoredCase,
  why: DropWhy,
  signal: AbortSignal,
): Promise<ListChanged> {
  if (before.status === 'asked' && why !== 'went' && entry.ask !== null) {
    const cleared = await fillLastMessage(world, entry.ask.key, null, signal)
    if (cleared === 'refused') throw new ConnectorError('refused', 'the field of the last message could not be emptied')
  }
  return changeList(desk, list, async (_, turn) => {
    const now = await loadCase(turn.db, list, n)
    const dropped = decideCase(now!.case, { type: 'drop', why }, turn.now())
    return dropped.ok ? { cases: [{ n, events: dropped.events }] } : { message: dropped.message }
  })
}

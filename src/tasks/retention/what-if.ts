/** What a retention act would do: drawn up from live records, shown, and stored under the digest that an approval names. Nothing is changed in any CRM. */
import { randomUUID } from 'node:crypto'
import type { Plan, Unreachable } from '../../core/erasure/plan.ts'
import { decide } from '../../core/retention/act-decide.ts'
import { unshown } from '../../core/retention/act-evolve.ts'
import type { Ending, Shown } from '../../core/retention/act.ts'
import { peopleNeeded } from '../../core/retention/brake.ts'
import { actsOf, digestOfList, type Entry, type Kept, type ReviewList } from '../../core/retention/list.ts'
import { countBehind, dueCandidates, type DueCandidate } from '../../store/retention-due.ts'
import { appendBlock } from '../../store/ledger.ts'
import { deleteCases, insertCases, insertList, listLists, loadCases, loadList, type StoredList } from '../../store/retention-lists.ts'
import { loadAnonymised, recordsUnderWay } from '../../store/retention-turns.ts'
import { TOGETHER } from '../request/advance.ts'
import { momentOf, type JudgingWorld, type RetentionDeps } from './deps.ts'
import { changeList, storeList, type CaseChange, type ListChange, type ListChanged } from './file.ts'
import { checkGuards } from './guard.ts'
import { judgeLive, keyOf, personsOf, type JudgedPerson } from './judge.ts'
import { planPerson } from './plan.ts'
import { inTurn, type TurnShell } from '../turn.ts'

/** `atMost`: destructive acts; a person who would exceed it waits for the next list. `which`: only what the policy lets pass by itself, or all. */
export type WhatIf = { atMost: number; which: 'all' | 'automatic' }
/** `people`: how many have to approve. */
export type Drawn =
  | { outcome: 'shown'; list: StoredList; entries: readonly Entry[]; people: number }
  | { outcome: 'nothing'; list: ReviewList }
  | { outcome: 'stopped'; stops: readonly string[] }

const PER_LOOK = 200
/** A guess on the careful side, as in the plan of an erasure. */
const CALLS_PER_MINUTE = 300

export async function whatIf(deps: RetentionDeps, options: WhatIf, signal: AbortSignal): Promise<Drawn> {
  const stops = await checkGuards(deps, signal)
  if (stops.length > 0) return { outcome: 'stopped', stops }
  const list = await drawUp(deps, options, signal)
  if (list.entries.length === 0) return { outcome: 'nothing', list }
  return inTurn(deps.shell, (turn) => storeNew(deps, turn, list, options.which))
}

async function drawUp(deps: RetentionDeps, options: WhatIf, signal: AbortSignal): Promise<ReviewList> {
  const world = await deps.prepare(signal)
  const day = deps.today()
  const drawing: Drawing = { entries: [], kept: [], unreachable: new Map(), acts: 0, full: false, left: 0 }
  const underWay = await recordsUnderWay(deps.shell.db)
  const anonymised = await loadAnonymised(deps.shell.db)
  let after: DueCandidate | null = null
  for (;;) {
    const page: DueCandidate[] = await dueCandidates(deps.shell.db, day, after, PER_LOOK)
    if (page.length === 0) break
    const persons = await judgeLive(deps, world, await personsOf(deps, page), signal)
    for (let from = 0; from < persons.length && !drawing.full;) {
      // More than may still be let in would be planned for nothing.
      const group = persons.slice(from, from + Math.min(TOGETHER, options.atMost - drawing.acts + 1))
      const considered = await considerTogether(deps, world, { drawing, group, options, underWay, anonymised }, signal)
      from += considered
      if (drawing.full) drawing.left = persons.slice(from).reduce((sum, { records }) => sum + records.length, 0)
    }
    after = page.at(-1)!
    if (drawing.full) break
  }
  const { entries, kept, unreachable } = drawing
  const calls = entries.reduce((sum, one) => sum + one.calls, 0)
  const more = drawing.left + (after === null ? 0 : await countBehind(deps.shell.db, day, after))
  return { day, entries, kept, unreachable: [...unreachable.values()], more, calls, minutes: Math.ceil(calls / CALLS_PER_MINUTE) }
}

type Drawing = { entries: Entry[]; kept: Kept[]; unreachable: Map<string, Unreachable>; acts: number; full: boolean; left: number }
type Considered = {
  drawing: Drawing
  group: readonly JudgedPerson[]
  options: WhatIf
  underWay: ReadonlySet<string>
  anonymised: ReadonlyMap<string, string>
}

/** Planned side by side, let in one after the other. Answers how many were considered: all, unless the list is full before. */
async function considerTogether(
  deps: RetentionDeps,
  world: JudgingWorld,
  { drawing, group, ...considered }: Considered,
  signal: AbortSignal,
): Promise<number> {
  signal.throwIfAborted()
  const listed = new Set(drawing.entries.flatMap(({ records }) => records.map(({ key }) => key)))
  const drafts = await Promise.all(group.map((person) => consider(deps, world, { person, listed, ...considered }, signal)))
  for (const [i, { entry, kept, unreachable }] of drafts.entries()) {
    for (const gap of unreachable) drawing.unreachable.set(JSON.stringify(gap), gap)
    if (kept !== null) drawing.kept.push(kept)
    if (entry === null) continue
    if (drawing.acts + entry.records.length > considered.options.atMost) {
      drawing.full = true
      return i
    }
    drawing.acts += entry.records.length
    drawing.entries.push(entry)
  }
  return group.length
}

type Draft = { entry: Entry | null; kept: Kept | null; unreachable: Plan['unreachable'] }
const nothing: Draft = { entry: null, kept: null, unreachable: [] }

async function consider(
  deps: RetentionDeps,
  world: JudgingWorld,
  {
    person: { records, standing },
    listed,
    options,
    underWay,
    anonymised,
  }: Omit<Considered, 'drawing' | 'group'> & { person: JudgedPerson; listed: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<Draft> {
  if (standing.standing === 'not due') return nothing
  const keys = records.map(keyOf)
  if (keys.some((key) => listed.has(key))) return nothing
  if (keys.some((key) => underWay.has(key))) return { ...nothing, kept: { keys, why: 'under-way', by: null, holds: [] } }
  if (standing.standing === 'kept') return { ...nothing, kept: standing.kept }
  if (options.which === 'automatic' && !standing.entry.automatic) return nothing
  // What stayed without its person is over with the same end for good.
  if (standing.entry.records.every(({ key, dueOn }) => dueOn !== null && anonymised.get(key) === dueOn)) return nothing
  const planned = await planPerson(deps, world, standing.entry, signal)
  if (planned.outcome === 'kept') return { entry: null, kept: planned.kept, unreachable: planned.unreachable }
  return { entry: planned.entry, kept: null, unreachable: planned.plan.unreachable }
}

function shownOf({ day, entries, kept }: Pick<ReviewList, 'day' | 'entries' | 'kept'>, madeAt: number): Shown {
  return {
    digest: digestOfList({ day, entries, kept }),
    day,
    madeAt,
    persons: entries.length,
    acts: actsOf(entries),
    automatic: entries.every(({ automatic }) => automatic),
  }
}

/** One list at a time waits for approval: a newer look at the same things is the same list, with its approvals; another one takes its place. */
async function storeNew(deps: RetentionDeps, turn: TurnShell, list: ReviewList, which: WhatIf['which']): Promise<Drawn> {
  const moment = await momentOf(deps, turn.db, [])
  const shown = shownOf(list, moment.now)
  const people = peopleNeeded(shown, moment.spent, moment.limits)
  for (const open of await listLists(turn.db, 'open', 1_000)) {
    if (open.retention.status !== 'shown') continue
    const { shown: before, braked } = open.retention
    // What draws itself up does not push aside what people are looking at.
    if (which === 'automatic' && !before.automatic) continue
    const fresh = moment.now - before.madeAt <= moment.limits.maxAgeMs
    if (before.digest === shown.digest && !braked && fresh) return { outcome: 'shown', list: open, entries: list.entries, people }
    await endList(turn, open, { because: 'superseded', by: null })
  }
  const decided = decide(unshown, { type: 'show', shown }, moment)
  if (!decided.ok) return { outcome: 'stopped', stops: [decided.message] }
  const { entries, ...rest } = list
  const head = { id: randomUUID(), retention: unshown, shown: rest, madeAt: moment.now, dueAt: null }
  await insertList(turn.db, head)
  await insertCases(turn.db, head.id, entries)
  // The ledger keeps what was shown, so that nobody can say later that it was something else.
  await appendBlock(turn.db, [JSON.stringify(['retention-list', head.id, shown.digest, list])], new Date(moment.now).toISOString())
  const stored = await storeList(turn, { ...head, version: 0, attempts: 0, fault: null }, { events: decided.events })
  turn.log('retention.shown', { list: head.id, persons: shown.persons, people })
  return { outcome: 'shown', list: stored, entries, people }
}

export async function endList(turn: TurnShell, list: StoredList, ending: { because: Ending; by: string | null }): Promise<StoredList> {
  return storeList(turn, list, await endOf(turn, list, ending))
}

/** Nobody who has not begun is begun any more; what has begun goes on to its proof. */
export async function endOf(
  turn: TurnShell,
  list: StoredList,
  { because, by }: { because: Ending; by: string | null },
): Promise<ListChange> {
  const cases = (await loadCases(turn.db, list.id)).flatMap(({ n, case: one }): CaseChange[] =>
    one.status === 'waiting' || one.status === 'asked' ? [{ n, events: [{ type: 'dropped', at: turn.now(), why: 'list-ended' }] }] : [],
  )
  return { events: [{ type: 'ended', at: turn.now(), because, by }], cases }
}

/** Takes persons off a list by one of their records: what is left is shown anew, and approved anew. */
export function leaveOut(deps: RetentionDeps, id: string, { user, keys }: { user: string; keys: readonly string[] }): Promise<ListChanged> {
  return changeList(deps, id, async (list, turn) => {
    const cases = await loadCases(turn.db, id)
    const out = cases.filter(({ entry }) => entry.records.some(({ key }) => keys.includes(key)))
    const unknown = keys.find((key) => !out.some(({ entry }) => entry.records.some((one) => one.key === key)))
    if (unknown !== undefined) return { message: `${unknown} is not on this list` }
    const entries = cases.filter((one) => !out.includes(one)).map(({ entry }) => entry)
    if (entries.length === 0) return { message: 'nobody would be left: stop the list instead' }
    const kept = [
      ...list.shown.kept,
      ...out.map(({ entry }): Kept => ({ keys: entry.records.map(({ key }) => key), why: 'by-hand', by: user, holds: [] })),
    ]
    const shown = shownOf({ day: list.shown.day, entries, kept }, list.madeAt)
    const decided = decide(list.retention, { type: 'leave-out', by: user, shown }, await momentOf(deps, turn.db, []))
    if (!decided.ok) return { message: decided.message }
    await deleteCases(
      turn.db,
      id,
      out.map(({ n }) => n),
    )
    return { events: decided.events, shown: { ...list.shown, kept } }
  })
}

/** As it would be drawn up again from what is stored: for whoever looks at it, and for its digest. */
export async function reviewOf(db: RetentionDeps['shell']['db'], id: string): Promise<ReviewList | null> {
  const list = await loadList(db, id)
  return list === null ? null : { ...list.shown, entries: (await loadCases(db, id)).map(({ entry }) => entry) }
}

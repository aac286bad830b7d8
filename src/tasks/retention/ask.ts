/** The last message, and who drops out: both write the field from whose date the marketing team's mailing is sent. */
import { decide as decideErasure } from '../../core/erasure/decide.ts'
import { ConnectorError, type WriteResult } from '../../connectors/connector.ts'
import { parseDuration } from '../../core/policy/duration.ts'
import { decide, decideCase } from '../../core/retention/act-decide.ts'
import type { DropWhy } from '../../core/retention/act.ts'
import { lengthOf } from '../../core/retention/brake.ts'
import { actsOf, type Ask } from '../../core/retention/list.ts'
import { loadCases, type StoredCase } from '../../store/retention-lists.ts'
import { saveAsked, type NewAsked } from '../../store/retention-turns.ts'
import { momentOf, type JudgingWorld, type RetentionDeps } from './deps.ts'
import { changeList, type CaseChange, type ListChange } from './file.ts'
import { askFieldOf } from './judge.ts'
import type { Target } from '../shell.ts'

export type Asking = { person: StoredCase; ask: Ask }

/**
 * Filled in the CRM first: whoever dies behind it fills it once more with the same day, and nobody is erased unasked. Answers what stops it, in words: from the
 * first who is stopped on nobody is asked.
 */
export async function askPersons(
  deps: RetentionDeps,
  world: JudgingWorld,
  list: string,
  { asking, stops }: { asking: readonly Asking[]; stops: readonly string[] },
  signal: AbortSignal,
): Promise<string | null> {
  if (asking.length === 0) return null
  const met: { stop: string | null; asking: readonly Asking[] } = { stop: null, asking }
  const ready = await changeList(deps, list, async ({ retention }, turn): Promise<ListChange> => {
    const moment = await momentOf(deps, turn.db, stops)
    for (const [i, { person }] of asking.entries()) {
      const spent = decide(retention, { type: 'spend', acts: actsOf([person.entry]) }, moment)
      if (spent.ok && spent.events.length === 0) continue
      met.asking = asking.slice(0, i)
      if (spent.ok) return { events: spent.events }
      met.stop = spent.message
      break
    }
    return {}
  })
  if (ready.outcome === 'refused') return ready.message
  await ask(deps, world, list, met.asking, signal)
  if (ready.list.retention.status !== 'shown') return met.stop
  deps.shell.log('retention.braked', { list })
  return 'the brake: more people approve it, or a newer list'
}

async function ask(deps: RetentionDeps, world: JudgingWorld, list: string, asking: readonly Asking[], signal: AbortSignal): Promise<void> {
  const { dayStart } = deps.calendar
  const days = asking.map((one) => lastDayOf(deps, one.ask))
  const outcomes = await fillLastMessages(
    world,
    asking.map((one, i) => ({ key: one.ask.key, value: isoDay(days[i]!) })),
    signal,
  )
  const left = asking.flatMap(({ person }, i) => {
    const outcome = outcomes[i]!
    return outcome === 'written' ? [] : [{ person, why: outcome === 'gone' ? ('went' as const) : ('refused' as const) }]
  })
  const changed = await changeList(deps, list, async (_, turn): Promise<ListChange> => {
    const now = await casesByNumber(turn.db, list, asking)
    const fresh: NewAsked[] = []
    const cases = asking.flatMap(({ person, ask: { key } }, i): CaseChange[] => {
      if (outcomes[i] !== 'written') return []
      const until = dayStart(days[i]!)
      const decided = decideCase(now.get(person.n)!.case, { type: 'ask', until }, turn.now())
      if (!decided.ok) throw new Error(decided.message)
      const dueOn = person.entry.records.find((record) => record.key === key)?.dueOn
      if (dueOn == null) throw new Error(`${key} has no end of its own`)
      fresh.push({ key, dueOn, at: new Date(turn.now()).toISOString(), until: new Date(until).toISOString() })
      return [{ n: person.n, events: decided.events }]
    })
    await saveAsked(turn.db, fresh)
    return { cases }
  })
  if (changed.outcome === 'refused') throw new Error(changed.message)
  await noteDropped(deps, list, left)
}

/** Whole days, so that it is the same on another try. */
function lastDayOf({ calendar, shell }: RetentionDeps, { wait }: Ask): number {
  const length = parseDuration(wait)
  if (length === null) throw new RangeError('a duration that the policy schema let through does not parse')
  return calendar.localDay(shell.now() + lengthOf(length, 31)) + 1
}

export type Dropping = { person: StoredCase; why: DropWhy }

/** Whoever was asked, and stays, is no longer among those to be asked. Answers who could not be taken off the mailing: they are tried again. */
export async function dropPersons(
  deps: RetentionDeps,
  world: JudgingWorld,
  list: string,
  dropping: readonly Dropping[],
  signal: AbortSignal,
): Promise<readonly ConnectorError[]> {
  const asked = dropping.flatMap(({ person: { n, case: before, entry }, why }) =>
    (before.status === 'asked' || before.status === 'begun') && why !== 'went' && entry.ask !== null ? [{ n, key: entry.ask.key }] : [],
  )
  const outcomes = await fillLastMessages(
    world,
    asked.map(({ key }) => ({ key, value: null })),
    signal,
  )
  const refused = new Set(asked.flatMap(({ n }, i) => (outcomes[i] === 'refused' ? [n] : [])))
  await noteDropped(
    deps,
    list,
    dropping.filter(({ person }) => !refused.has(person.n)),
  )
  return [...refused].map(() => new ConnectorError('refused', 'the field of the last message could not be emptied'))
}

async function noteDropped(deps: RetentionDeps, list: string, dropping: readonly Dropping[]): Promise<void> {
  if (dropping.length === 0) return
  const changed = await changeList(deps, list, async (_, turn): Promise<ListChange> => {
    const now = await casesByNumber(turn.db, list, dropping)
    const cases = dropping.map(({ person: { n }, why }): CaseChange => {
      const file = now.get(n)!
      const dropped = decideCase(file.case, { type: 'drop', why }, turn.now())
      if (!dropped.ok) throw new Error(dropped.message)
      if (file.case.status !== 'begun') return { n, events: dropped.events }
      const stopped = decideErasure(file.erasure, { type: 'stop' }, turn.now())
      if (!stopped.ok) throw new Error(stopped.message)
      return { n, events: dropped.events, erasure: stopped.events, vault: null }
    })
    return { cases }
  })
  if (changed.outcome === 'refused') throw new Error(changed.message)
}

async function casesByNumber(
  db: RetentionDeps['shell']['db'],
  list: string,
  of: readonly { person: Pick<StoredCase, 'n'> }[],
): Promise<ReadonlyMap<number, StoredCase>> {
  const numbers = of.map(({ person }) => person.n)
  return new Map((await loadCases(db, list, numbers)).map((file) => [file.n, file]))
}

function isoDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

type Filled = 'written' | 'gone' | 'refused'

/** One outcome each, in order. `key`: `connection:object:id`. */
async function fillLastMessages(
  { targets }: JudgingWorld,
  fills: readonly { key: string; value: string | null }[],
  signal: AbortSignal,
): Promise<readonly Filled[]> {
  const outcomes = new Map<string, Filled>()
  const placeOf = (key: string): string => key.split(':').slice(0, 2).join(':')
  for (const [place, own] of Map.groupBy(fills, ({ key }) => placeOf(key))) {
    const target = targets.find(({ source }) => `${source.connection}:${source.object}` === place)
    const field = target === undefined ? null : askFieldOf(target)
    if (target === undefined || field === null) continue
    const patches = own.map(({ key, value }) => {
      const [, object = '', id = ''] = key.split(':')
      return { ref: { object, id }, set: { [field]: value } }
    })
    const results = await writeAll(target, patches, signal)
    for (const [i, { key }] of own.entries()) outcomes.set(key, filledOf(results[i]))
  }
  return fills.map(({ key }) => outcomes.get(key) ?? 'refused')
}

async function writeAll(
  { connector }: Target,
  patches: Parameters<Target['connector']['write']>[0],
  signal: AbortSignal,
): Promise<readonly WriteResult[]> {
  const results: WriteResult[] = []
  const { patchesPerWrite } = connector.limits
  for (let from = 0; from < patches.length; from += patchesPerWrite)
    results.push(...(await connector.write(patches.slice(from, from + patchesPerWrite), signal)))
  return results
}

function filledOf(result: WriteResult | undefined): Filled {
  if (result?.outcome === 'written' || result?.outcome === 'unchanged') return 'written'
  return result?.outcome === 'gone' ? 'gone' : 'refused'
}

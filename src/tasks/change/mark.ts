/** Marks on the records of a person: written as a sweep would write them, and then read again from the CRM. */
import { ConnectorError, type WriteResult } from '../../connectors/connector.ts'
import type { Deed, Goal, Sight } from '../../core/request/change.ts'
import type { Judge, RawFields } from '../../core/judge/judge.ts'
import type { Verdict } from '../../core/judge/verdict.ts'
import { databaseTime } from '../../store/live-reads.ts'
import { applyBatch } from '../sweep/batch.ts'
import type { ErasureDeps } from '../erasure/deps.ts'
import type { Prepared } from '../sweep/live.ts'
import { push } from '../sweep/push.ts'
import type { Target } from '../shell.ts'

type Item = { key: string; object: string; id: string }
/**
 * Judges these records anew and sends what differs, and nothing that waits for others. By key what came of it; none of a record that nothing is written to.
 * @throws ConnectorError of kind `unavailable` when somebody else was writing the same record: it is tried again
 */
export async function writeMarks(
  { shell }: ErasureDeps,
  { landscape, targets }: Prepared,
  items: readonly Item[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Marked>> {
  const marked = new Map<string, Marked>()
  for (const [target, ids] of byTarget(targets, items)) {
    const { gone, decisions } = await judgeAgain(shell, landscape, target, ids, signal)
    const said = new Map<string, Marked>(gone.map(({ ref }) => [ref.id, { outcome: 'gone', reason: null }]))
    for (const { id, outcome } of decisions) said.set(id, { outcome: outcome.patch === null ? 'unchanged' : 'left', reason: null })
    const note = (results: readonly WriteResult[]): void => results.forEach((result) => said.set(result.ref.id, markedBy(result)))
    await push(shell, target, (_, results) => note(results), signal, ids)
    for (const { key, object, id } of items) {
      const own = object === target.source.object ? said.get(id) : undefined
      if (own !== undefined) marked.set(key, own)
    }
  }
  return marked
}

type Marked = Pick<Deed, 'outcome' | 'reason'>

function markedBy(result: WriteResult): Marked {
  switch (result.outcome) {
    case 'conflict':
      throw new ConnectorError('unavailable', 'somebody else was writing the same record')
    case 'rejected':
    case 'frozen':
      return { outcome: 'refused', reason: result.reason }
    case 'written':
    case 'unchanged':
    case 'gone':
      return { outcome: result.outcome, reason: null }
    default:
      return result satisfies never
  }
}

/** What stands in the CRM now, held against what would be written now. */
export async function lookAtMarks(
  { shell, policy }: ErasureDeps,
  { landscape, targets }: Prepared,
  { goal, items }: { goal: Goal; items: readonly Item[] },
  signal: AbortSignal,
): Promise<readonly Sight[]> {
  const seen = new Map<string, Sight['seen']>()
  const service = new Set(policy.purposes.filter(({ serviceOnly }) => serviceOnly).map(({ id }) => id))
  for (const [target, ids] of byTarget(targets, items)) {
    const { records, gone, decisions } = await settledReading(shell, landscape, target, ids, signal)
    const fields = new Map(records.map((record) => [record.ref.id, record.fields]))
    for (const { ref } of gone) seen.set(`${target.source.object}:${ref.id}`, 'gone')
    for (const { id, outcome, context } of decisions) {
      const shown = fields.get(id)!
      const verdict = target.judge.judge(shown, context)
      const right = outcome.patch === null && isMarked(goal, target, shown, verdict, service)
      seen.set(`${target.source.object}:${id}`, right ? 'as-asked' : 'otherwise')
    }
  }
  return items.map(({ key, object, id }) => ({ key, seen: seen.get(`${object}:${id}`) ?? 'unread' }))
}

/** A CRM may keep an opt-out before it shows it: HubSpot's property follows its subscriptions. */
const WAITS_MS = [250, 1_000, 2_500]

/**
 * Read until it shows what it must, or does not come to it. What the other CRM has meanwhile said of the person may ask for one more write here: one that does
 * not keep what it is sent does not get better by a third.
 */
async function settledReading(...[shell, landscape, target, ids, signal]: Parameters<typeof judgeAgain>): ReturnType<typeof judgeAgain> {
  for (let round = 0; ; round++) {
    const read = await judgeAgain(shell, landscape, target, ids, signal)
    const differing = read.decisions.filter(({ outcome }) => outcome.patch !== null).map(({ id }) => id)
    const wait = WAITS_MS[round]
    if (differing.length === 0 || wait === undefined) return read
    if (round === 1) await push(shell, target, () => undefined, signal, differing)
    await shell.sleep(wait, signal)
  }
}

function isMarked(goal: Goal, { recipe }: Target, shown: RawFields, verdict: Verdict, service: ReadonlySet<string>): boolean {
  const status = recipe?.mapping.writeBack.status
  switch (goal) {
    case 'opt-out':
      return verdict.permissions.every(({ purpose, allowed }) => service.has(purpose) || !allowed)
    case 'restrict':
      return verdict.permissions.every(({ allowed }) => !allowed) && status !== undefined && shown[status] === 'blocked'
    case 'lift':
      return verdict.findings.every(({ rule }) => rule !== 'consent.restricted')
    case 'correct':
      return true
    default:
      return goal satisfies never
  }
}

/** Read by id and stored like any other reading; the judgement leaves a patch where the CRM shows something else. */
async function judgeAgain(
  shell: ErasureDeps['shell'],
  landscape: Prepared['landscape'],
  target: Target,
  ids: readonly string[],
  signal: AbortSignal,
) {
  const readAt = await databaseTime(shell.db)
  const judge: Judge = target.judge
  const { records, gone } = await target.connector.get({ object: target.source.object, ids, fields: judge.reads }, signal)
  const { decisions } = await applyBatch(shell, landscape, target, { records, gone, rechecked: { taken: [], readAt }, force: true }, 'keep')
  return { records, gone, decisions }
}

function byTarget(targets: readonly Target[], items: readonly Item[]): [Target, string[]][] {
  return targets.flatMap((target): [Target, string[]][] => {
    const ids = [...new Set(items.filter(({ object }) => object === target.source.object).map(({ id }) => id))]
    return ids.length === 0 ? [] : [[target, ids]]
  })
}

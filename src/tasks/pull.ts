/** Reads one source to its end, a transaction per batch; a crash or a broken pull resumes at the last stored page. */
import type { Cursor, CrmRecord, Gone, Page } from '../connectors/connector.ts'
import { createFillCounter, unusedFields, type FillReport } from '../core/minimisation-fill.ts'
import { compareIds, loadIdsAfter } from '../store/records.ts'
import { saveRechecks } from '../store/outbox.ts'
import { loadSource, saveConnectionFindings, startFull, type Source } from '../store/sources.ts'
import { applyBatch, type BatchOutcome } from './batch.ts'
import { rehearse } from './rehearse.ts'
import type { House, Shell, Target } from './shell.ts'

/** Large enough that a transaction is worth its commit, small enough that a crash repeats little. */
const RECORDS_PER_BATCH = 1_000

export type PullOptions = {
  full: boolean
  keep: boolean
  onBatch: (outcome: BatchOutcome, expected: number | undefined) => void
}
export type PullResult = { mode: 'full' | 'delta'; pages: number; records: number }

export async function pull(shell: Shell, house: House, target: Target, options: PullOptions, signal: AbortSignal): Promise<PullResult> {
  const source = await openSource(shell, target, options)
  const full = source.fullSince !== null
  const flow = { ...target, source }
  const result: PullResult = { mode: full ? 'full' : 'delta', pages: 0, records: 0 }
  // Only a pull that began here has seen every record.
  const fill = full && options.keep && source.cursor === null ? createFillCounter(target.custom.map((field) => field.name)) : null
  const force = source.policy !== target.policy || (options.full && !options.keep)
  let collected = emptyBatch()
  let cursor: Cursor | null = null
  let position = source.position
  let ordered = true
  let storing: Promise<void> = Promise.resolve()

  const store = async (finished: boolean): Promise<void> => {
    if (source.policy === null) rehearse(shell, flow, collected.records)
    await storing
    if (cursor === null) return
    const { expected, ...content } = collected
    const last = content.records.at(-1)?.ref.id ?? null
    const range = full && ordered && last !== null ? { range: { after: position, last } } : {}
    position = last ?? position
    const open = { policy: source.policy, cursor, position, fullSince: source.fullSince }
    const progress = finished ? { policy: target.policy, cursor, position: null, fullSince: null } : open
    collected = emptyBatch()
    storing = applyBatch(shell, house, flow, { ...content, progress, force, ...range }, options.keep ? 'keep' : 'dry run').then((outcome) =>
      options.onBatch(outcome, expected),
    )
    storing.catch(() => undefined) // awaited before the next batch; until then a rejection must not count as unhandled
    if (finished) await storing
  }

  try {
    for await (const page of readPages(flow, source, signal)) {
      result.pages += 1
      result.records += page.records.length
      ordered &&= isAscending(page, collected.records.at(-1)?.ref.id ?? position)
      if (fill) for (const record of page.records) fill.add(record.fields)
      collected.records.push(...page.records)
      collected.gone.push(...page.gone)
      collected.expected = page.expected ?? collected.expected
      cursor = page.cursor
      if (collected.records.length >= RECORDS_PER_BATCH) await store(false)
    }
  } catch (error) {
    // What was read before the break is worth keeping; the break itself must still be seen.
    await store(false).then(() => storing)
    throw error
  }
  // Before the last batch: once that is stored the pull counts as finished, and nobody would come back for the rest.
  if (fill) await saveUnused(shell, target, fill.report())
  if (full && options.keep) await ringForTheRest(shell, flow, collected.records.at(-1)?.ref.id ?? position, ordered)
  await store(true)
  return result
}

type Collected = { records: CrmRecord[]; gone: Gone[]; expected: number | undefined }

function emptyBatch(): Collected {
  return { records: [], gone: [], expected: undefined }
}

function readPages(target: Target, source: Source, signal: AbortSignal): AsyncIterable<Page> {
  const since = source.cursor === null ? {} : { since: source.cursor as Cursor }
  return target.connector.read({ object: source.object, fields: target.judge.reads, ...since }, signal)
}

/** A new policy, a new mapping or the first visit means that every record is judged: a full pull. One under way goes on. */
async function openSource(shell: Shell, target: Target, options: PullOptions): Promise<Source> {
  const source = (await loadSource(shell.db, target.source.id)) ?? target.source
  const underWay = source.fullSince !== null && source.fullPolicy === target.policy && !options.full
  const current = source.policy === target.policy && source.cursor !== null && source.fullSince === null
  if (underWay || (current && !options.full)) return source
  const fullSince = new Date(shell.now()).toISOString()
  if (options.keep) await startFull(shell.db, source.id, fullSince, target.policy)
  const policy = source.policy === target.policy ? source.policy : null
  return { ...source, policy, cursor: null, position: null, fullSince, fullPolicy: target.policy }
}

function isAscending(page: Page, previous: string | null): boolean {
  let last = previous
  for (const { ref } of page.records) {
    if (last !== null && compareIds(ref.id, last) <= 0) return false
    last = ref.id
  }
  return true
}

/** Stored records behind the last listed one have vanished, too. Without an order of ids nothing can be concluded: say so. */
async function ringForTheRest(shell: Shell, target: Target, position: string | null, ordered: boolean): Promise<void> {
  const source = target.source
  if (!ordered) {
    shell.log('pull.unordered', { connection: source.connection, object: source.object })
    return
  }
  const ids = await loadIdsAfter(shell.db, source.id, position)
  await saveRechecks(
    shell.db,
    ids.map((id) => ({ source: source.id, id, reason: 'vanished' as const })),
  )
}

/** Too few records to tell a rare field from an unused one. */
const FEW_RECORDS = 100

async function saveUnused(shell: Shell, target: Target, report: FillReport): Promise<void> {
  const finding = unusedFields(report, { catalogue: target.custom, keep: new Set(), minRecords: FEW_RECORDS })
  await saveConnectionFindings(shell.db, target.source.id, 'minimisation', finding ? [finding] : [])
}

/** Reads one source to its end, a transaction per batch; a crash or a broken pull resumes at the last stored page. */
import type { Cursor, CrmRecord, Gone, Page } from '../../connectors/connector.ts'
import { countFilled, sheetOf } from '../../connectors/sheet.ts'
import { createFillCounter, unusedFields, type FillCounter, type FillReport } from '../../core/minimisation/fill.ts'
import { compareIds, loadIdsAfter, takeTurn } from '../../store/records.ts'
import { saveRechecks } from '../../store/outbox.ts'
import { databaseTime } from '../../store/live-reads.ts'
import { lookAround } from '../../store/surroundings.ts'
import { loadSource, saveConnectionFindings, type Source } from '../../store/sources.ts'
import { openAhead, WORTH_A_THREAD } from '../judge/ahead.ts'
import type { AssessThread } from '../judge/assess-thread.ts'
import { toSheet } from '../judge/packed-records.ts'
import { applyBatch, type BatchOutcome } from './batch.ts'
import type { Landscape, Shell, Target } from '../shell.ts'

/** Records per transaction: large enough to amortise the commit, small enough that a crash repeats little. */
const RECORDS_PER_BATCH = 1_000

/** `thread`: assesses what there is much of. `streams` is called when there is. */
export type PullOptions = {
  full: boolean
  thread: AssessThread
  streams?: () => void
  onBatch: (outcome: BatchOutcome, expected: number | undefined) => void
}
/** `since`: what was written to the CRM before then, in the database's time, was there to be read. */
export type PullResult = { mode: 'full' | 'delta'; pages: number; records: number; since: string }

/** A pull whose first page has been asked for. Nothing is stored yet, and nothing will be if it is left. */
export type Begun = { source: Source; since: string; pages: AsyncIterable<Page>; leave: () => Promise<unknown> }

export async function beginPull(shell: Shell, target: Target, options: Pick<PullOptions, 'full'>, signal: AbortSignal): Promise<Begun> {
  const source = await openSource(shell, target, options)
  const since = await databaseTime(shell.db, target.connector.limits.settleMs)
  const pages = readPages({ ...target, source }, source, signal)[Symbol.asyncIterator]()
  const first = pages.next().then((page) => (page.done ? page : { ...page, value: lightened(page.value, target) }))
  first.catch(() => undefined) // met by whoever reads it
  return { source, since, pages: following(first, pages), leave: async () => pages.return?.() }
}

export async function pull(
  shell: Shell,
  landscape: Landscape,
  target: Target,
  options: PullOptions,
  signal: AbortSignal,
): Promise<PullResult> {
  return completePull(shell, landscape, target, options, await beginPull(shell, target, options, signal))
}

export async function completePull(
  shell: Shell,
  landscape: Landscape,
  target: Target,
  options: PullOptions,
  { source, since, pages }: Begun,
): Promise<PullResult> {
  const full = source.fullSince !== null
  const flow = { ...target, source }
  const result: PullResult = { mode: full ? 'full' : 'delta', pages: 0, records: 0, since }
  // Only a pull that began here has seen every record.
  const fill = full && source.cursor === null ? createFillCounter(target.custom.map((field) => field.name)) : null
  const collection = createCollection(source.position, full)
  const { accompanied } = await lookAround(shell.db, source.id)
  const batches = openBatches(shell, landscape, flow, { ...options, since }, { collection, accompanied })
  try {
    for await (const page of pages) {
      result.pages += 1
      result.records += page.records.length
      if (Math.max(result.records, page.expected ?? 0) > WORTH_A_THREAD) options.streams?.()
      const records = await batches.add(page)
      if (fill) countIn(fill, records)
    }
    // Before the last batch: storing it marks the pull as finished, after which nothing would fetch the rest.
    if (fill) await saveUnused(shell, target, fill.report())
    if (full) await ringForTheRest(shell, flow, collection)
    await batches.store('finished')
    return result
  } catch (error) {
    // Store what was read before the failure, then rethrow it.
    await batches.store('broken')
    throw error
  }
}

type Batches = {
  /** Answers its records in the form in which they are kept. */
  add: (page: Page) => Promise<readonly CrmRecord[]>
  store: (end: 'more' | 'finished' | 'broken') => Promise<void>
}

/** Up to two batches are under way while a third is collected: one in the thread that judges, one in the database. */
function openBatches(
  shell: Shell,
  landscape: Landscape,
  flow: Target,
  options: PullOptions & { since: string },
  { collection, accompanied }: { collection: Collection; accompanied: boolean },
): Batches {
  const { source } = flow
  const force = source.policy !== flow.policy
  // What a delta brings has changed, and so has all of a source that was never judged by this policy; of any other pull most is as it was.
  const ahead = source.policy === null || source.fullSince === null ? openAhead(shell, flow, options.thread, { accompanied }) : null
  let before: Promise<void> = Promise.resolve()
  let storing: Promise<void> = Promise.resolve()

  const store: Batches['store'] = async (end) => {
    await before
    const collected = collection.take()
    if (collected === null) return
    const { cursor, position, expected, ...content } = collected
    const open = { policy: source.policy, cursor, position, fullSince: source.fullSince, fullPolicy: source.fullPolicy }
    const progress = end === 'finished' ? { ...open, policy: flow.policy, position: null, fullSince: null } : open
    const assessed = ahead?.done()
    before = storing
    storing = before.then(async () => {
      await assessed
      const batch = { ...content, progress, force, since: options.since }
      options.onBatch(await applyBatch(shell, landscape, flow, batch, 'keep'), expected)
    })
    storing.catch(() => undefined) // awaited before the batch after the next; until then a rejection must not count as unhandled
    if (end !== 'more') await storing
  }
  return {
    async add(page) {
      const light = ahead ? { ...page, records: ahead.take(page) } : page
      if (collection.add(light) >= RECORDS_PER_BATCH) await store('more')
      return light.records
    },
    store,
  }
}

/** `range`: as in a batch. `position`: the last id so far. */
type Collected = {
  records: CrmRecord[]
  gone: Gone[]
  range?: { after: string | null; last: string }
  expected: number | undefined
  cursor: Cursor
  position: string | null
}
type Collection = {
  /** Whether all ids so far came in ascending order. */
  readonly ordered: boolean
  /** The last id so far. */
  readonly last: string | null
  /** Answers how many records there are now. */
  add: (page: Page) => number
  /** Empties it; `null` before the first page. */
  take: () => Collected | null
}

function createCollection(start: string | null, full: boolean): Collection {
  let records: CrmRecord[] = []
  let gone: Gone[] = []
  let expected: number | undefined
  let cursor: Cursor | null = null
  let position = start
  let ordered = true
  const lastId = (): string | null => records.at(-1)?.ref.id ?? position
  return {
    get ordered() {
      return ordered
    },
    get last() {
      return lastId()
    },
    add(page) {
      ordered &&= isAscending(page, lastId())
      records.push(...page.records)
      gone.push(...page.gone)
      expected = page.expected ?? expected
      cursor = page.cursor
      return records.length
    },
    take() {
      if (cursor === null) return null
      const last = records.at(-1)?.ref.id
      const range = full && ordered && last !== undefined ? { range: { after: position, last } } : {}
      position = last ?? position
      const taken = { records, gone, expected, cursor, position, ...range }
      records = []
      gone = []
      expected = undefined
      return taken
    },
  }
}

function readPages(target: Target, source: Source, signal: AbortSignal): AsyncIterable<Page> {
  const since = source.cursor === null ? {} : { since: source.cursor as Cursor }
  return target.connector.read({ object: source.object, fields: target.judge.reads, ...since }, signal)
}

/** It may wait for as long as the object before it takes: two thousand records as objects would be another 10 MiB at the peak. */
function lightened(page: Page, { judge }: Target): Page {
  return page.records.length > WORTH_A_THREAD ? { ...page, records: toSheet(page.records, judge.reads).light } : page
}

async function* following(first: Promise<IteratorResult<Page>>, pages: AsyncIterator<Page>): AsyncGenerator<Page> {
  try {
    for (let page = await first; !page.done; page = await pages.next()) yield page.value
  } finally {
    await pages.return?.()
  }
}

/** `--full` resumes an unfinished full pull that is younger than this; an older one is started over. */
const RESUMABLE_MS = 24 * 3_600_000

/**
 * A new policy, a new mapping or the first visit means that every record is judged: a full pull. One under way goes on. A pull that begins is stored with its
 * first page: until then the source is as the last one left it, so that what happens in the CRM meanwhile, or if it cannot be read, is still heard.
 */
async function openSource(shell: Shell, target: Target, options: Pick<PullOptions, 'full'>): Promise<Source> {
  const source = (await loadSource(shell.db, target.source.id)) ?? target.source
  const underWay = source.fullSince !== null && source.fullPolicy === target.policy
  if (underWay && (!options.full || shell.now() - Date.parse(source.fullSince!) < RESUMABLE_MS)) return source
  const current = source.policy === target.policy && source.cursor !== null && source.fullSince === null
  if (current && !options.full) return source
  const fullSince = new Date(shell.now()).toISOString()
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

/** At the end of a full pull, stored ids after the last listed one are no longer listed either. If the ids came out of order nothing follows: log it. */
async function ringForTheRest(shell: Shell, target: Target, { ordered, last }: Collection): Promise<void> {
  const source = target.source
  if (!ordered) {
    shell.log('pull.unordered', { connection: source.connection, object: source.object })
    return
  }
  const ids = await loadIdsAfter(shell.db, source.id, last)
  await shell.db.transaction().execute(async (trx) => {
    await takeTurn(trx)
    await saveRechecks(
      trx,
      ids.map((id) => ({ source: source.id, id, reason: 'vanished' as const })),
    )
  })
}

function countIn(fill: FillCounter, records: readonly CrmRecord[]): void {
  const sheet = sheetOf(records)
  if (sheet !== null) fill.addCounts(records.length, countFilled(sheet))
  else for (const record of records) fill.add(record.fields)
}

/** Too few records to tell a rare field from an unused one. */
const FEW_RECORDS = 100

async function saveUnused(shell: Shell, target: Target, report: FillReport): Promise<void> {
  const finding = unusedFields(report, { catalogue: target.custom, keep: new Set(), minRecords: FEW_RECORDS })
  await saveConnectionFindings(shell.db, target.source.id, 'minimisation', finding ? [finding] : [])
}

/** A full pull by one Bulk 2.0 query job: pages of `pageSize` out of locator pages that are fetched one ahead. */
import { circleWatch } from '../circle.ts'
import { ConnectorError, type CrmRecord, type Page, type ReadRequest } from '../connector.ts'
import { type JobPosition, nextSince, toCursor } from './cursor.ts'
import { awaitJob, dropJob, type Leaf, openLeaf } from './job.ts'
import { leafRows } from './leaf.ts'
import type { Org } from './org.ts'
import type { Step } from './read-step.ts'
import { covers } from './record.ts'
import { createRowSheet, type RowSheet } from './row-sheet.ts'
import type { Plan } from './schema.ts'

type Reading = { org: Org; request: ReadRequest; plan: Plan; total: number; resumed: boolean; signal: AbortSignal }

/** `fresh`: the job was made just now, by this pull. */
export async function* readByJob(
  org: Org,
  request: ReadRequest,
  { next: position, fresh }: { next: JobPosition; fresh: boolean },
  signal: AbortSignal,
): AsyncGenerator<Page, Step | 'finished'> {
  const plan = await org.schemas.plan(request.object, request.fields, signal)
  const job = await awaitJob(org, position.job, signal)
  const resumed = !fresh
  if (job.state !== 'JobComplete') {
    // A stored cursor must not lead into the same dead end for ever: the records are still there, behind another job.
    if (resumed) return { next: { ...position, kind: 'full' }, road: 'best' }
    if (job.state === 'Failed') {
      // The next one might fail for the same reason; pages by Id are slower and ask little of the org at a time.
      org.deps.log('salesforce.bulk-failed', { object: request.object })
      return { next: { ...position, kind: 'full' }, road: 'rest' }
    }
    throw new ConnectorError('unavailable', `the Bulk query job ended as ${job.state}; the next pull starts another one`)
  }
  // Id order makes what is left after `after` a query of its own, so the count of the job covers exactly its rows.
  return yield* readLeaves({ org, request, plan, total: job.total, resumed, signal }, position)
}

async function* readLeaves(reading: Reading, from: JobPosition): AsyncGenerator<Page, Step | 'finished'> {
  const { org, signal, resumed } = reading
  let position = from
  const comesBack = circleWatch()
  if (from.locator !== null) comesBack(from.locator)
  let ahead: Promise<Leaf | null> | null = openLeaf(org, from.job, from.locator, signal)
  try {
    for (;;) {
      const leaf = await ahead
      ahead = null
      // Expired between two pulls: begin another job after the last record that was stored.
      if (leaf === null && resumed) return { next: { ...position, kind: 'full' }, road: 'best' }
      if (leaf === null) throw new ConnectorError('unavailable', 'the result of the Bulk query job went away while it was read')
      if (leaf.count === undefined) return await unpaged(reading, position, leaf, 'Sforce-NumberOfRecords')
      const read = position.before + leaf.count
      if (leaf.next === undefined && read < reading.total) return await unpaged(reading, position, leaf, 'Sforce-Locator')
      // Pages that lead in a circle come to no end otherwise, empty ones by no count.
      const circle = leaf.next ? comesBack(leaf.next) : false
      if (read > reading.total || circle) {
        leaf.body.destroy()
        throw circle ? new ConnectorError('unavailable', 'the pages of a Bulk result lead in a circle') : miscounted(read, reading.total)
      }
      if (leaf.next) ahead = prefetch(openLeaf(org, position.job, leaf.next, signal))
      const outcome: JobPosition | 'other columns' = yield* readLeaf(reading, position, leaf, read)
      if (outcome === 'other columns') return { next: { ...position, kind: 'full' }, road: 'best' }
      if (!leaf.next) break
      position = outcome
    }
  } finally {
    void ahead?.then((leaf) => leaf?.body.destroy()).catch(() => undefined)
  }
  await tidy(org, position.job, signal)
  return 'finished'
}

/** Whoever takes this header out would take it out of the next job too; pages by Id need none. */
async function unpaged({ org, request, signal }: Reading, position: JobPosition, leaf: Leaf, header: string): Promise<Step> {
  leaf.body.destroy()
  org.deps.log('salesforce.bulk-unpaged', { object: request.object, header })
  await tidy(org, position.job, signal)
  return { next: { ...position, kind: 'full' }, road: 'rest' }
}

/** Yields the pages of one leaf and gives the position after it, where `read` rows of the result were told. The last page of a leaf waits until its count was checked. */
async function* readLeaf(
  reading: Reading,
  from: JobPosition,
  leaf: Leaf,
  read: number,
): AsyncGenerator<Page, JobPosition | 'other columns'> {
  const { org, plan, signal, total } = reading
  let position = from
  let unskipped = from.skip
  const { pageSize } = org.settings
  let sheet: RowSheet | null = null
  for await (const { header, rows, from: unread } of leafRows(org, leaf, () => openLeaf(org, from.job, from.locator, signal), signal)) {
    if (sheet === null && reading.resumed && !covers(header, plan)) return 'other columns'
    sheet ??= createRowSheet(plan, header, from.started)
    const skipped = Math.min(unskipped, rows.count - unread)
    unskipped -= skipped
    for (let at = unread + skipped, end = at; at < rows.count; at = end) {
      if (sheet.length === pageSize) {
        const records = sheet.take()
        position = advance(position, records)
        yield pageOf(reading, records, position)
        signal.throwIfAborted()
      }
      end = Math.min(rows.count, at + pageSize - sheet.length)
      sheet.add(rows, at, end)
    }
  }
  const held = sheet?.take() ?? []
  const next = leaf.next ?? null
  if (next === null && read !== total) throw miscounted(read, total)
  position = { ...advance(position, held), locator: next, skip: 0, before: read }
  if (held.length > 0 || next === null) yield pageOf(reading, held, position)
  signal.throwIfAborted()
  return position
}

function miscounted(read: number, total: number): ConnectorError {
  return new ConnectorError('unavailable', `the Bulk result holds ${read} rows where numberRecordsProcessed says ${total}`)
}

function advance(position: JobPosition, records: readonly CrmRecord[]): JobPosition {
  const newest = records.reduce<number | null>((max, { modifiedAt }) => Math.max(max ?? modifiedAt, modifiedAt), position.newest)
  const { length } = records
  return {
    ...position,
    after: records.at(-1)?.ref.id ?? position.after,
    rows: position.rows + length,
    skip: position.skip + length,
    newest,
  }
}

function pageOf({ org, request, total }: Reading, records: readonly CrmRecord[], position: JobPosition): Page {
  const last = position.locator === null && position.before === total && position.skip === 0
  const next = last ? nextSince(position.newest, position.started, org.settings.lookbackMs, 0) : position
  const expected = position.rows - position.before - position.skip + total
  return { records, gone: [], cursor: toCursor(request.object, next), expected }
}

/** An unread page is dropped with the pull; its failure is met by whoever reads it. */
function prefetch(leaf: Promise<Leaf | null>): Promise<Leaf | null> {
  leaf.catch(() => undefined)
  return leaf
}

async function tidy(org: Org, job: string, signal: AbortSignal): Promise<void> {
  try {
    await dropJob(org, job, signal)
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    org.deps.log('salesforce.job-kept', { kind: error.kind })
  }
}

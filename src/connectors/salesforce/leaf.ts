/** The rows of one page of a Bulk result, each once, even when the connection breaks in the middle of the page. */
import { ConnectorError } from '../connector.ts'
import { type Bytes, type Incoming, NoAnswer, orAborted, release } from '../http.ts'
import { createCsvReader, type CsvRows } from './csv.ts'
import type { Leaf } from './job.ts'
import type { Org } from './org.ts'

const TRIES = 3
const PAUSE_MS = 1_000

/** `from`: the first of the rows that were not delivered yet. Good until the next is asked for. */
export type LeafRows = { header: readonly string[]; rows: CsvRows; from: number }

/** `again` opens the same page once more: locators are stable and repeatable (Bulk API 2.0 guide). */
export async function* leafRows(
  org: Org,
  first: Leaf,
  again: () => Promise<Leaf | null>,
  signal: AbortSignal,
): AsyncGenerator<LeafRows, void> {
  let leaf: Leaf | null = first
  let delivered = 0
  for (let tries = 1; leaf !== null; tries++) {
    const csv = createCsvReader()
    let known = delivered
    const fresh = (rows: CsvRows): LeafRows | null => {
      const from = Math.min(known, rows.count)
      known -= from
      delivered += rows.count - from
      return csv.header && from < rows.count ? { header: csv.header, rows, from } : null
    }
    try {
      for await (const chunk of chunksOf(leaf.body, org.settings.timeoutMs, signal)) {
        const rows = fresh(csv.push(chunk))
        release(chunk)
        if (rows) yield rows
      }
      const rows = fresh(csv.end(known > 0 || leaf.count === undefined ? Infinity : leaf.count - delivered))
      if (rows) yield rows
      if (delivered === leaf.count) return
      throw new ConnectorError(
        'unavailable',
        `a page of a Bulk result holds ${delivered} rows where Sforce-NumberOfRecords says ${leaf.count}`,
      )
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      if (tries >= TRIES) throw new ConnectorError('unavailable', error.message)
      await org.deps.sleep(PAUSE_MS * tries * (0.5 + org.deps.random()), signal)
    }
    leaf = await again()
  }
  throw new ConnectorError('unavailable', 'a page of a Bulk result went away while it was read')
}

async function* chunksOf(body: Incoming['body'], timeoutMs: number, signal: AbortSignal): AsyncGenerator<Bytes, void> {
  const chunks: AsyncIterator<Bytes> = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await within(chunks.next(), timeoutMs, signal)
      if (done) return
      yield value
    }
  } finally {
    // Also when the pull is left early.
    body.destroy()
  }
}

/** Rejects with the signal's reason, or with `NoAnswer` when the chunk does not come. */
async function within<T>(chunk: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  const still = Promise.withResolvers<never>()
  const timer = setTimeout(() => still.reject(new NoAnswer(`a Bulk result stood still for ${timeoutMs} ms`)), timeoutMs)
  try {
    return await orAborted(Promise.race([chunk, still.promise]), signal)
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw error instanceof NoAnswer ? error : new NoAnswer('a Bulk result broke off')
  } finally {
    clearTimeout(timer)
  }
}

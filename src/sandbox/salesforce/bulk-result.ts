/** One page of a query job's result: CSV with a header, and the locator of the next page. */
import { createSink } from './csv-bytes.ts'
import { Fault } from './fault.ts'
import type { QueryJob } from './bulk-query.ts'
import type { Reply } from './call.ts'

/** The service cuts a page itself where the client names no size. */
const PAGE = 250_000
const PIECE = 2_000

export function resultPage(job: QueryJob, maxRecords: string | null, locator: string | null): Reply {
  const from = locator === null || locator === '' ? 0 : offsetIn(job.size, locator)
  const asked = maxRecords === null || maxRecords === '' ? PAGE : Number(maxRecords)
  if (!Number.isInteger(asked) || asked < 1) throw new Fault(400, 'INVALID_QUERY_PARAMETER', `Invalid maxRecords: ${maxRecords}`)
  const to = Math.min(job.size, from + Math.min(asked, PAGE))
  const pieces = [Buffer.from(`${job.header}\n`)]
  const sink = createSink(1 << 20)
  for (let start = from; start < to; start += PIECE) {
    const end = Math.min(to, start + PIECE)
    sink.at = 0
    for (let at = start; at < end; at += 1) job.line(sink, at)
    pieces.push(Buffer.from(sink.bytes.subarray(0, sink.at)))
  }
  return {
    status: 200,
    kind: 'text',
    text: pieces,
    type: 'text/csv',
    headers: { 'Sforce-Locator': to < job.size ? locatorAt(to) : 'null', 'Sforce-NumberOfRecords': String(to - from) },
  }
}

/** Salesforce docs: Get Parallel Results for a Query Job; addresses of so many pages come in one answer. */
const LINKS = 5

/** Addresses of the pages of a result, to be read side by side; `path` is the job's. */
export function resultLinks(size: number, path: string, locator: string | null, page: number = PAGE): Record<string, unknown> {
  const from = locator === null ? 0 : offsetIn(size, locator)
  const end = Math.min(size, from + LINKS * page)
  const starts = Array.from({ length: Math.max(1, Math.ceil((end - from) / page)) }, (_, n) => from + n * page)
  return {
    resultPages: starts.map((start) => ({ resultUrl: `${path}/results?locator=${locatorAt(start)}` })),
    // unverified: the name of the parameter.
    nextRecordsUrl: end < size ? `${path}/resultPages?locator=${locatorAt(end)}` : null,
    done: end >= size,
  }
}

/** Like `MTAwMDA`: the offset in base64, without padding. */
const locatorAt = (offset: number): string => Buffer.from(String(offset)).toString('base64').replace(/=+$/, '')

function offsetIn(size: number, locator: string): number {
  const text = Buffer.from(locator, 'base64').toString('utf8')
  const offset = Number(text)
  // A locator this job never gave out is refused, whatever it decodes to.
  if (!/^(0|[1-9]\d*)$/.test(text) || offset >= Math.max(1, size) || locatorAt(offset) !== locator.replace(/=+$/, '')) {
    throw new Fault(400, 'INVALID_LOCATOR', `Invalid locator: ${locator}`)
  }
  return offset
}

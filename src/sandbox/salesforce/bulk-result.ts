/** One page of a query job's result: CSV with a header, and the locator of the next page. */
import { Fault } from './fault.ts'
import type { QueryJob } from './bulk-query.ts'
import type { Reply } from './call.ts'

/** The service cuts a page itself where the client names no size. */
const PAGE = 250_000
const PIECE = 2_000

export function resultPage(job: QueryJob, maxRecords: string | null, locator: string | null): Reply {
  const from = locator === null || locator === '' ? 0 : offsetOf(job, locator)
  const asked = maxRecords === null || maxRecords === '' ? PAGE : Number(maxRecords)
  if (!Number.isInteger(asked) || asked < 1) throw new Fault(400, 'INVALID_QUERY_PARAMETER', `Invalid maxRecords: ${maxRecords}`)
  const to = Math.min(job.size, from + Math.min(asked, PAGE))
  const pieces = [Buffer.from(`${job.header}\n`)]
  for (let start = from; start < to; start += PIECE) {
    let text = ''
    const end = Math.min(to, start + PIECE)
    for (let at = start; at < end; at += 1) text += `${job.line(at)}\n`
    pieces.push(Buffer.from(text))
  }
  return {
    status: 200,
    kind: 'text',
    text: pieces,
    type: 'text/csv',
    headers: { 'Sforce-Locator': to < job.size ? locatorAt(to) : 'null', 'Sforce-NumberOfRecords': String(to - from) },
  }
}

/** Like `MTAwMDA`: the offset in base64, without padding. */
const locatorAt = (offset: number): string => Buffer.from(String(offset)).toString('base64').replace(/=+$/, '')

function offsetOf(job: QueryJob, locator: string): number {
  const text = Buffer.from(locator, 'base64').toString('utf8')
  const offset = Number(text)
  if (!/^\d+$/.test(text) || offset >= job.size || offset === 0) throw new Fault(400, 'INVALID_LOCATOR', `Invalid locator: ${locator}`)
  return offset
}

/** Lists of Bulk 2.0 jobs, a thousand a page. Salesforce docs: Get All Jobs. */
import { Fault } from './fault.ts'
import { json } from './call.ts'
import type { Call, Reply } from './call.ts'
import type { JobHead } from './job.ts'

const PAGE = 1_000
const LOCATOR = /^01g4400000000(\d{5})-(\d{1,9})$/

export function jobList<J extends JobHead>(call: Call, kind: 'ingest' | 'query', jobs: readonly J[], info: (job: J) => object): Reply {
  const type = call.query.get('jobType')
  const own = kind === 'ingest' ? 'V2Ingest' : 'V2Query'
  const wanted = type === null || type === '' || type === own ? jobs : []
  const from = offsetOf(call.query.get('queryLocator'))
  const to = Math.min(from + PAGE, wanted.length)
  const next = to < wanted.length ? `${call.base}/jobs/${kind}?queryLocator=01g440000000000000-${to}` : null
  return json(200, { done: next === null, records: wanted.slice(from, to).map(info), nextRecordsUrl: next })
}

function offsetOf(locator: string | null): number {
  if (locator === null || locator === '') return 0
  const offset = LOCATOR.exec(locator)?.[2]
  if (offset === undefined) throw new Fault(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator')
  return Number(offset)
}

/** Bulk 2.0 query jobs: create, look, page through results by locator, abort, delete. Salesforce docs: Bulk API 2.0, Query. */
import { copyInto, createSink, lineWriter } from './csv-bytes.ts'
import { DELIMITERS } from './csv.ts'
import { Fault, notFound, wrongMethod } from './fault.ts'
import { jobHead, jobMembers, stateAt } from './job.ts'
import { jobList } from './job-list.ts'
import { json, none, readJson } from './call.ts'
import { parseId } from './ids.ts'
import { runSoql } from './soql-run.ts'
import { resultLinks, resultPage } from './bulk-result.ts'
import type { Call, Reply } from './call.ts'
import type { CsvFormat, Sink } from './csv-bytes.ts'
import type { JobHead } from './job.ts'
import type { Org } from './org.ts'
import type { QueryResult, Visibility } from './soql-run.ts'

/**
 * Results are settled when the job is made: `line` writes a row as it was then. A row about to change is written down
 * first (`kept`), so that the result needs no copy of its own.
 */
export type QueryJob = JobHead & {
  size: number
  header: string
  line: (sink: Sink, at: number) => void
  columnDelimiter: string
  lineEnding: string
  release: () => void
}

/** Salesforce docs: Get Parallel Results for a Query Job. */
const LINKS_SINCE = 58

const TERMINAL = new Set(['JobComplete', 'Aborted', 'Failed', 'UploadComplete'])

export function bulkQueryReply(call: Call, rest: readonly string[]): Reply {
  const [id, part] = rest
  if (id === undefined) {
    if (call.method === 'POST') return create(call)
    if (call.method === 'GET') return jobList(call, 'query', [...call.jobs.queries.values()], (job) => info(call, job))
    throw wrongMethod(call, 'GET,POST')
  }
  const job = call.jobs.queries.get(parseId(id) ?? '')
  if (job === undefined) throw notFound()
  const kind = part?.toLowerCase()
  if (kind === 'results' || (kind === 'resultpages' && Number(call.version) >= LINKS_SINCE)) {
    if (call.method !== 'GET') throw wrongMethod(call, 'GET')
    refuseUnfinished(call, job)
    return kind === 'results'
      ? results(call, job)
      : json(200, resultLinks(job.size, `${call.base}/jobs/query/${job.id}`, call.query.get('locator')))
  }
  if (part !== undefined) throw notFound()
  if (call.method === 'GET') return json(200, info(call, job))
  if (call.method === 'PATCH') return abort(call, job)
  if (call.method === 'DELETE') return remove(call, job)
  throw wrongMethod(call, 'GET,PATCH,DELETE')
}

function create(call: Call): Reply {
  const { query, operation, columnDelimiter = 'COMMA', lineEnding = 'LF' } = readJson(call)
  if (operation !== 'query' && operation !== 'queryAll') throw new Fault(400, 'INVALIDJOB', `Unsupported operation: ${String(operation)}`)
  if (typeof query !== 'string') throw new Fault(400, 'INVALIDJOB', 'A query has to be specified')
  const delimiter = Object.hasOwn(DELIMITERS, String(columnDelimiter)) ? DELIMITERS[String(columnDelimiter)] : undefined
  if (delimiter === undefined || (lineEnding !== 'LF' && lineEnding !== 'CRLF'))
    throw new Fault(400, 'INVALIDJOB', 'Unsupported column delimiter or line ending')
  const result = runForBulk(call, query, operation === 'query' ? 'live' : 'all')
  const head = jobHead(call.org, call.jobs, operation, result.kind === 'rows' ? result.table.object.name : '', call.version)
  const format = { delimiter, crlf: lineEnding === 'CRLF' }
  const job = { ...head, ...frozen(result, format), columnDelimiter: String(columnDelimiter), lineEnding }
  call.jobs.queries.set(job.id, job)
  const { numberRecordsProcessed: _, ...fresh } = info(call, job)
  return json(200, { ...fresh, state: 'UploadComplete' })
}

type Rows = Extract<QueryResult, { kind: 'rows' }>

/** Runs what Bulk can query; throws the query's own Fault, or the one of Bulk. `compoundCode`: the code for addresses, seen in both versions of the API. */
export function runForBulk({ org }: Call, query: string, visibility: Visibility, compoundCode = 'API_ERROR'): Rows {
  const refusal = (what: string): Fault => new Fault(400, 'API_ERROR', `Bulk API Query doesn't support ${what}`)
  const result = runKnown(org, query, visibility)
  if (result.kind !== 'rows') throw refusal('aggregates, COUNT() and GROUP BY')
  if (/\boffset\s+\d+\s*$/i.test(query)) throw refusal('OFFSET')
  if (result.children.length > 0) throw refusal('parent-to-child subqueries')
  if (result.kinds.length > 0) throw refusal('TYPEOF')
  if (result.columns.some(({ field }) => field.type === 'address'))
    throw new Fault(400, compoundCode, 'Selecting compound data not supported in Bulk Query')
  return result
}

/** Seen on the live API for objects that are not queryable. */
function runKnown(org: Org, query: string, visibility: Visibility): QueryResult {
  try {
    return runSoql(org, org.tables, query, visibility)
  } catch (error) {
    if (!(error instanceof Fault) || error.errorCode !== 'INVALID_TYPE_FOR_OPERATION') throw error
    const [, name = ''] = /^entity type (\w+)/.exec(error.message) ?? []
    throw new Fault(400, 'INVALIDENTITY', `Entity '${name}' is not supported by the Bulk API.`)
  }
}

/** A result that stays as it is while its rows change: a row's line is kept at the moment before its first change. */
export function frozen({ table, rows, columns }: Rows, format: CsvFormat): Pick<QueryJob, 'size' | 'header' | 'line' | 'release'> {
  const write = lineWriter(columns, format)
  const kept = new Map<number, Buffer>()
  const held = new Uint8Array(table.ids.length)
  for (const row of rows) held[row] = 1
  const keep = (row: number): void => {
    if (held[row] !== 1 || kept.has(row)) return
    const sink = createSink(1_024)
    write(sink, row)
    kept.set(row, sink.bytes.subarray(0, sink.at))
  }
  table.listeners.add(keep)
  return {
    size: rows.length,
    header: columns.map(({ label }) => `"${label}"`).join(format.delimiter) + (format.crlf ? '\r' : ''),
    line(sink, at) {
      const row = rows[at] ?? 0
      const before = kept.size === 0 ? undefined : kept.get(row)
      if (before === undefined) write(sink, row)
      else copyInto(sink, before)
    },
    release: () => void table.listeners.delete(keep),
  }
}

function info(call: Call, job: QueryJob): Record<string, unknown> {
  const state = stateAt(call.org, call.jobs, job)
  const processed = state === 'JobComplete' ? job.size : 0
  return {
    ...jobMembers(call.org, job, state),
    jobType: 'V2Query',
    lineEnding: job.lineEnding,
    columnDelimiter: job.columnDelimiter,
    numberRecordsProcessed: processed,
    retries: 0,
    totalProcessingTime: state === 'JobComplete' ? call.jobs.pace.runningMs : 0,
    isPkChunkingSupported: true,
  }
}

function refuseUnfinished(call: Call, job: QueryJob): void {
  if (job.version !== call.version) {
    throw new Fault(
      409,
      'API_VERSION_MISMATCH',
      `The API version of the request (${call.version}) differs from the version of the job (${job.version})`,
    )
  }
  const state = stateAt(call.org, call.jobs, job)
  if (state !== 'JobComplete') throw new Fault(400, 'INVALIDJOBSTATE', `Results are not available for a job in state ${state}`)
}

function results(call: Call, job: QueryJob): Reply {
  const accept = call.headers.accept ?? '*/*'
  if (!/text\/csv|\*\/\*|text\/\*/.test(accept)) throw new Fault(406, 'NOT_ACCEPTABLE', 'Results are available as text/csv only')
  return resultPage(job, call.query.get('maxRecords'), call.query.get('locator'))
}

function abort(call: Call, job: QueryJob): Reply {
  const { state } = readJson(call)
  if (state !== 'Aborted') throw new Fault(400, 'INVALIDJOBSTATE', 'A query job can only be set to Aborted')
  const now = stateAt(call.org, call.jobs, job)
  if (now !== 'UploadComplete' && now !== 'InProgress')
    throw new Fault(400, 'INVALIDJOBSTATE', `Aborting is not allowed for a job in state ${now}`)
  job.ended = 'Aborted'
  job.release()
  return json(200, info(call, job))
}

function remove(call: Call, job: QueryJob): Reply {
  const state = stateAt(call.org, call.jobs, job)
  if (!TERMINAL.has(state)) throw new Fault(400, 'INVALIDJOBSTATE', `Deleting is not allowed for a job in state ${state}`)
  job.release()
  call.jobs.queries.delete(job.id)
  return none(204)
}

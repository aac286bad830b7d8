/** Bulk 2.0 ingest jobs: create, upload, close, look, results. Salesforce docs: Bulk API 2.0, Ingest. */
import { DELIMITERS } from './csv.ts'
import { Fault, notFound, wrongMethod } from './fault.ts'
import { ingestResult, runIngest } from './bulk-rows.ts'
import { jobHead, jobMembers, stateAt } from './job.ts'
import { json, none, readJson } from './call.ts'
import { parseId } from './ids.ts'
import type { Call, Reply } from './call.ts'
import type { JobHead, JobState } from './job.ts'
import type { Table } from './table.ts'

export type IngestOperation = 'insert' | 'update' | 'upsert' | 'delete' | 'hardDelete'
/** One row of the upload and what became of it; `error` is `CODE:message:fields --`. */
export type IngestRow = { cells: readonly string[]; id: string; created: boolean; error: string | null }
export type IngestJob = JobHead & {
  operation: IngestOperation
  table: Table
  externalIdFieldName: string | null
  delimiter: string
  lineEnding: string
  phase: 'open' | 'uploaded' | 'closed'
  csv: string
  columns: readonly string[]
  rows: readonly IngestRow[]
  errorMessage: string | null
}

const OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete']
const UPLOAD_LIMIT = 150 * 1024 * 1024

export function bulkIngestReply(call: Call, rest: readonly string[]): Reply {
  const [id, part] = rest
  if (id === undefined) {
    if (call.method === 'POST') return create(call)
    if (call.method === 'GET')
      return json(200, { done: true, records: [...call.jobs.ingests.values()].map((job) => info(call, job)), nextRecordsUrl: null })
    throw wrongMethod('GET, POST')
  }
  const job = call.jobs.ingests.get(parseId(id) ?? '')
  if (job === undefined) throw notFound()
  if (part !== undefined) return partReply(call, job, part.toLowerCase())
  if (call.method === 'GET') return json(200, info(call, job))
  if (call.method === 'PATCH') return change(call, job)
  if (call.method === 'DELETE') return remove(call, job)
  throw wrongMethod('GET, PATCH, DELETE')
}

function create(call: Call): Reply {
  const body = readJson(call)
  const { object, operation, externalIdFieldName = null, columnDelimiter = 'COMMA', lineEnding = 'LF', contentType = 'CSV' } = body
  const invalid = (message: string): Fault => new Fault(400, 'INVALIDJOB', message)
  if (typeof operation !== 'string' || !OPERATIONS.includes(operation)) throw invalid(`Unsupported operation: ${String(operation)}`)
  const table = typeof object === 'string' ? call.org.tables.get(object.toLowerCase()) : undefined
  if (table === undefined) throw new Fault(400, 'INVALIDENTITY', `Unable to find object: ${String(object)}`)
  if (contentType !== 'CSV') throw invalid(`Unsupported content type: ${String(contentType)}`)
  const delimiter = DELIMITERS[String(columnDelimiter)]
  if (delimiter === undefined || (lineEnding !== 'LF' && lineEnding !== 'CRLF'))
    throw invalid('Unsupported column delimiter or line ending')
  if (operation === 'upsert' && typeof externalIdFieldName !== 'string') throw invalid('externalIdFieldName is required for upsert')
  if (operation === 'hardDelete' && !call.org.hardDelete) {
    // unverified: the spelling of the code in Bulk 2.0; the text is the one of Bulk v1.
    throw new Fault(
      400,
      'FEATURENOTENABLED',
      'hardDelete operation requires special user profile permission, please contact your system administrator',
    )
  }
  const job: IngestJob = {
    ...jobHead(call.org, call.jobs, operation, table.object.name, call.version),
    operation: operation as IngestOperation,
    table,
    externalIdFieldName: typeof externalIdFieldName === 'string' ? externalIdFieldName : null,
    delimiter: String(columnDelimiter),
    lineEnding,
    phase: 'open',
    csv: '',
    columns: [],
    rows: [],
    errorMessage: null,
  }
  call.jobs.ingests.set(job.id, job)
  return json(200, { ...info(call, job), contentUrl: `services/data/v${call.version}/jobs/ingest/${job.id}/batches` })
}

const stateOf = (call: Call, job: IngestJob): JobState =>
  job.phase !== 'closed' && job.ended === null ? 'Open' : stateAt(call.org, call.jobs, job)

function info(call: Call, job: IngestJob): Record<string, unknown> {
  const state = stateOf(call, job)
  const done = state === 'JobComplete' || state === 'Failed'
  return {
    ...jobMembers(call.org, job, state),
    jobType: 'V2Ingest',
    lineEnding: job.lineEnding,
    columnDelimiter: job.delimiter,
    ...(job.externalIdFieldName === null ? {} : { externalIdFieldName: job.externalIdFieldName }),
    numberRecordsProcessed: done ? job.rows.length : 0,
    numberRecordsFailed: done ? job.rows.filter(({ error }) => error !== null).length : 0,
    retries: 0,
    totalProcessingTime: 0,
    apiActiveProcessingTime: 0,
    apexProcessingTime: 0,
    ...(job.errorMessage === null ? {} : { errorMessage: job.errorMessage }),
  }
}

function partReply(call: Call, job: IngestJob, part: string): Reply {
  if (part === 'batches') {
    if (call.method !== 'PUT') throw wrongMethod('PUT')
    if (job.phase !== 'open' || job.ended !== null)
      throw new Fault(400, 'INVALIDJOBSTATE', 'Found multiple contents for job, or the job is not open')
    if (!/text\/csv/i.test(call.headers['content-type'] ?? ''))
      throw new Fault(400, 'INVALIDCONTENTTYPE', 'Content-Type text/csv is expected')
    if (call.body.length > UPLOAD_LIMIT) throw new Fault(413, 'REQUEST_ENTITY_TOO_LARGE', 'The upload is too large')
    job.csv = call.body.toString('utf8')
    job.phase = 'uploaded'
    return none(201)
  }
  if (call.method !== 'GET') throw wrongMethod('GET')
  if (part !== 'successfulresults' && part !== 'failedresults' && part !== 'unprocessedrecords') throw notFound()
  const state = stateOf(call, job)
  if (state !== 'JobComplete' && state !== 'Failed' && state !== 'Aborted')
    throw new Fault(400, 'INVALIDJOBSTATE', `Results are not available for a job in state ${state}`)
  return { status: 200, kind: 'text', text: ingestResult(job, part), type: 'text/csv' }
}

function change(call: Call, job: IngestJob): Reply {
  const { state } = readJson(call)
  const now = stateOf(call, job)
  if (state === 'UploadComplete' && now === 'Open') {
    job.phase = 'closed'
    job.startedAt = call.org.clock.now()
    runIngest(call.org, job)
    return json(200, { ...info(call, job), state: 'UploadComplete' })
  }
  if (state === 'Aborted' && (now === 'Open' || now === 'UploadComplete' || now === 'InProgress')) {
    job.ended = 'Aborted'
    return json(200, info(call, job))
  }
  throw new Fault(400, 'INVALIDJOBSTATE', `A job in state ${now} cannot become ${String(state)}`)
}

function remove(call: Call, job: IngestJob): Reply {
  const state = stateOf(call, job)
  if (state === 'Open' || state === 'InProgress')
    throw new Fault(400, 'INVALIDJOBSTATE', `Deleting is not allowed for a job in state ${state}`)
  call.jobs.ingests.delete(job.id)
  return none(204)
}

/** Bulk 2.0 ingest jobs: create, upload, close, look, results. Salesforce docs: Bulk API 2.0, Ingest. */
import { DELIMITERS } from './csv.ts'
import { Fault, notFound, wrongMethod } from './fault.ts'
import { INGEST_OPERATIONS } from './bulk-rows.ts'
import { ingestResult, ingestState, settleJobs } from './ingest-job.ts'
import { json, none, readJson } from './call.ts'
import { jobHead, jobMembers } from './job.ts'
import { jobList } from './job-list.ts'
import { keyField } from './upsert.ts'
import { parseId } from './ids.ts'
import { isMultipart, parseMultipart, readPart } from './multipart.ts'
import type { Call, Reply } from './call.ts'
import type { IngestJob } from './ingest-job.ts'
import type { IngestOperation } from './bulk-rows.ts'

/** Salesforce docs: 150 MB an upload, 100,000 characters within a multipart create. */
const UPLOAD_LIMIT = 150 * 1024 * 1024
const MULTIPART_LIMIT = 100_000
export const NO_HARD_DELETE = 'hardDelete operation requires special user profile permission, please contact your system administrator'

export function bulkIngestReply(call: Call, rest: readonly string[]): Reply {
  const [id, part] = rest
  if (id === undefined) {
    if (call.method === 'POST') return create(call)
    if (call.method === 'GET') return jobList(call, 'ingest', [...call.jobs.ingests.values()], (job) => info(call, job))
    throw wrongMethod(call, 'GET,POST')
  }
  const job = call.jobs.ingests.get(parseId(id) ?? '')
  if (job === undefined || rest.length > 2) throw notFound()
  if (part !== undefined) return partReply(call, job, part.toLowerCase())
  if (call.method === 'GET') return json(200, info(call, job))
  if (call.method === 'PATCH') return change(call, job)
  if (call.method === 'DELETE') return remove(call, job)
  throw wrongMethod(call, 'GET,PATCH,DELETE')
}

const invalid = (message: string): Fault => new Fault(400, 'INVALIDJOB', message)

function create(call: Call): Reply {
  const type = call.headers['content-type'] ?? ''
  const parts = isMultipart(type) ? parseMultipart(type, call.body) : undefined
  const job = jobOf(call, parts === undefined ? readJson(call) : readPart(parts.get('job')))
  call.jobs.ingests.set(job.id, job)
  const contentUrl = `services/data/v${call.version}/jobs/ingest/${job.id}/batches`
  if (parts !== undefined) {
    const content = parts.get('content')?.toString('utf8') ?? ''
    if (content.length > MULTIPART_LIMIT)
      throw new Fault(400, 'INVALIDMULTIPARTREQUEST', `The content is longer than ${MULTIPART_LIMIT} characters`)
    job.csv = content
    close(call, job)
    return json(200, { ...summary(call, job), state: 'UploadComplete', contentUrl })
  }
  return json(200, { ...summary(call, job), contentUrl })
}

function jobOf(call: Call, body: Readonly<Record<string, unknown>>): IngestJob {
  const { object, operation, externalIdFieldName = null, columnDelimiter = 'COMMA', lineEnding = 'LF', contentType = 'CSV' } = body
  if (typeof operation !== 'string' || !INGEST_OPERATIONS.includes(operation)) throw invalid(`Unsupported operation: ${String(operation)}`)
  const table = typeof object === 'string' ? call.org.tables.get(object.toLowerCase()) : undefined
  if (table === undefined) throw new Fault(400, 'INVALIDENTITY', `Unable to find object: ${String(object)}`)
  if (contentType !== 'CSV') throw invalid(`Unsupported content type: ${String(contentType)}`)
  if (!Object.hasOwn(DELIMITERS, String(columnDelimiter)) || (lineEnding !== 'LF' && lineEnding !== 'CRLF'))
    throw invalid('Unsupported column delimiter or line ending')
  if (operation === 'upsert' && typeof externalIdFieldName !== 'string') throw invalid('externalIdFieldName is required for upsert')
  if (operation === 'upsert') checkKey(call, table, String(externalIdFieldName))
  // unverified: the spelling of the code in Bulk 2.0; the text is the one of Bulk v1.
  if (operation === 'hardDelete' && !call.org.hardDelete) throw new Fault(400, 'FEATURENOTENABLED', NO_HARD_DELETE)
  return {
    ...jobHead(call.org, call.jobs, operation, table.object.name, call.version),
    operation: operation as IngestOperation,
    table,
    externalIdFieldName: operation === 'upsert' ? String(externalIdFieldName) : null,
    delimiter: String(columnDelimiter),
    lineEnding,
    assignmentRuleId: typeof body.assignmentRuleId === 'string' ? body.assignmentRuleId : null,
    phase: 'open',
    csv: '',
    upload: null,
    rows: [],
    errorMessage: null,
  }
}

function checkKey(call: Call, table: IngestJob['table'], name: string): void {
  try {
    keyField(call.org, table, name)
  } catch (error) {
    if (error instanceof Fault)
      throw invalid(`Field name provided, ${name} does not match an External ID, Salesforce Id, or indexed field for ${table.object.name}`)
    throw error
  }
}

/** What a job is; its answers to creation and to a change of state hold no more. */
function summary(call: Call, job: IngestJob, state = ingestState(call.org, call.jobs, job)): Record<string, unknown> {
  return {
    ...jobMembers(call.org, job, state),
    jobType: 'V2Ingest',
    lineEnding: job.lineEnding,
    columnDelimiter: job.delimiter,
    ...(job.externalIdFieldName === null ? {} : { externalIdFieldName: job.externalIdFieldName }),
    ...(job.assignmentRuleId === null ? {} : { assignmentRuleId: job.assignmentRuleId }),
  }
}

function info(call: Call, job: IngestJob): Record<string, unknown> {
  const state = ingestState(call.org, call.jobs, job)
  const took = state === 'JobComplete' ? call.jobs.pace.runningMs : 0
  return {
    ...summary(call, job, state),
    numberRecordsProcessed: job.rows.length,
    numberRecordsFailed: job.rows.filter(({ error }) => error !== null).length,
    retries: 0,
    totalProcessingTime: took,
    apiActiveProcessingTime: took,
    apexProcessingTime: 0,
    ...(job.errorMessage === null ? {} : { errorMessage: job.errorMessage }),
  }
}

function partReply(call: Call, job: IngestJob, part: string): Reply {
  if (part === 'batches') return upload(call, job)
  if (part !== 'successfulresults' && part !== 'failedresults' && part !== 'unprocessedrecords') throw notFound()
  if (call.method !== 'GET') throw wrongMethod(call, 'GET')
  const state = ingestState(call.org, call.jobs, job)
  if (state !== 'JobComplete' && state !== 'Failed' && state !== 'Aborted')
    throw new Fault(400, 'INVALIDJOBSTATE', `Results are not available for a job in state ${state}`)
  return { status: 200, kind: 'text', text: ingestResult(job, part), type: 'text/csv' }
}

function upload(call: Call, job: IngestJob): Reply {
  if (call.method !== 'PUT') throw wrongMethod(call, 'PUT')
  if (job.phase !== 'open' || job.ended !== null)
    throw new Fault(400, 'INVALIDJOBSTATE', 'Found multiple contents for job, or the job is not open')
  if (!/text\/csv/i.test(call.headers['content-type'] ?? ''))
    throw new Fault(400, 'INVALIDCONTENTTYPE', 'Content-Type text/csv is expected')
  if (call.body.length > UPLOAD_LIMIT) throw new Fault(413, 'REQUEST_ENTITY_TOO_LARGE', 'The upload is too large')
  job.csv = call.body.toString('utf8')
  job.phase = 'uploaded'
  return { status: 201, kind: 'none' }
}

/** What is due at once is done at once. */
function close(call: Call, job: IngestJob): void {
  job.phase = 'closed'
  job.startedAt = call.org.clock.now()
  settleJobs(call.org, call.jobs)
}

function change(call: Call, job: IngestJob): Reply {
  const { state } = readJson(call)
  const now = ingestState(call.org, call.jobs, job)
  if (state === 'UploadComplete' && now === 'Open') {
    const before = summary(call, job)
    close(call, job)
    return json(200, { ...before, state: 'UploadComplete' })
  }
  if (state === 'Aborted' && (now === 'Open' || now === 'UploadComplete' || now === 'InProgress')) {
    job.ended = 'Aborted'
    return json(200, info(call, job))
  }
  throw new Fault(400, 'INVALIDJOBSTATE', `A job in state ${now} cannot become ${String(state)}`)
}

function remove(call: Call, job: IngestJob): Reply {
  const state = ingestState(call.org, call.jobs, job)
  if (state === 'Open' || state === 'InProgress')
    throw new Fault(400, 'INVALIDJOBSTATE', `Deleting is not allowed for a job in state ${state}`)
  call.jobs.ingests.delete(job.id)
  return none(204)
}

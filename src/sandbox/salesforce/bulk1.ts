/** /services/async/NN/job: Bulk API 1.0, control in XML or JSON. Salesforce docs: Bulk API, Reference. */
import { BulkError, formOf, listText, readControl } from './bulk1-form.ts'
import { batchInfo, batchState, jobInfo, settleV1 } from './bulk1-job.ts'
import { Fault } from './fault.ts'
import { INGEST_OPERATIONS } from './bulk-rows.ts'
import { keyField } from './upsert.ts'
import { makeId, parseId } from './ids.ts'
import { MOST_BYTES, uploadResult } from './bulk1-upload.ts'
import { NO_HARD_DELETE } from './bulk-ingest.ts'
import { queryResult, runQueryBatch } from './bulk1-query.ts'
import type { Call, Reply } from './call.ts'
import type { ContentType, V1Batch, V1Job } from './bulk1-job.ts'

const CONTENT_TYPES: Readonly<Record<ContentType, RegExp>> = { CSV: /csv/i, JSON: /json/i, XML: /xml/i }
/** Salesforce docs: PK chunking, default and largest chunk. */
const CHUNK = { usual: 100_000, most: 250_000 }

/** `call.path` are the segments after the version. Refusals take the API's own form. */
export function bulk1Reply(call: Call): Reply {
  const form = formOf(call)
  try {
    settleV1(call.org, call.jobs)
    return route(call)
  } catch (error) {
    if (error instanceof BulkError) return form.error(error)
    if (error instanceof Fault) return form.error(new BulkError('ClientInputError', error.message))
    throw error
  }
}

function route(call: Call): Reply {
  const [root = '', id, list, batchId, part, resultId] = call.path
  if (root.toLowerCase() !== 'job' || call.path.length > 6) throw new BulkError('InvalidUrl', `Destination URL not found`)
  if (id === undefined) return call.method === 'POST' ? create(call) : wrongMethod()
  const job = call.jobs.classic.get(parseId(id) ?? '')
  if (job === undefined) throw new BulkError('InvalidJob', `Unable to find object: ${id}`)
  if (list === undefined)
    return call.method === 'GET' ? showJob(call, job, 200) : call.method === 'POST' ? change(call, job) : wrongMethod()
  if (list.toLowerCase() !== 'batch') throw new BulkError('InvalidUrl', 'Destination URL not found')
  if (batchId === undefined) return call.method === 'POST' ? addBatch(call, job) : listBatches(call, job)
  const batch = job.batches.get(parseId(batchId) ?? '')
  if (batch === undefined) throw new BulkError('InvalidBatch', `Unable to find batch: ${batchId}`)
  if (call.method !== 'GET') return wrongMethod()
  if (part === undefined) return formOf(call, job).answer('batchInfo', batchInfo(call.org, call.jobs, batch), 200)
  if (part.toLowerCase() === 'request') return text(batch.text, job.contentType === 'CSV' ? 'text/csv' : 'application/octet-stream')
  if (part.toLowerCase() === 'result') return result(call, job, batch, resultId)
  throw new BulkError('InvalidUrl', 'Destination URL not found')
}

function wrongMethod(): never {
  throw new BulkError('InvalidUrl', 'HTTP method not allowed for this resource', 405)
}

const text = (body: string | Buffer[], type: string): Reply => ({ status: 200, kind: 'text', text: body, type })
const showJob = (call: Call, job: V1Job, status: number): Reply => formOf(call).answer('jobInfo', jobInfo(call.org, call.jobs, job), status)

function create(call: Call): Reply {
  const control = readControl(call)
  const { operation = '', object = '', contentType = 'XML', concurrencyMode = 'Parallel', externalIdFieldName = null } = control
  if (!INGEST_OPERATIONS.includes(operation ?? '') && operation !== 'query' && operation !== 'queryAll')
    throw new BulkError('InvalidJob', `Unsupported operation: ${operation ?? ''}`)
  const table = call.org.tables.get((object ?? '').toLowerCase())
  if (table === undefined) throw new BulkError('InvalidEntity', `Entity '${object ?? ''}' not supported by the Bulk API`)
  if (contentType !== 'CSV' && contentType !== 'JSON' && contentType !== 'XML')
    throw new BulkError('InvalidJob', `Unsupported content type: ${contentType ?? ''}`)
  if (operation === 'upsert' && externalIdFieldName === null) throw new BulkError('InvalidJob', 'External ID was blank for an upsert job')
  if (operation === 'upsert') keyField(call.org, table, externalIdFieldName ?? '')
  if (operation === 'hardDelete' && !call.org.hardDelete) throw new BulkError('FeatureNotEnabled', NO_HARD_DELETE)
  call.jobs.made += 1
  const now = call.org.clock.now()
  const job: V1Job = {
    id: makeId('750', call.jobs.made),
    operation: operation as V1Job['operation'],
    table,
    externalIdFieldName,
    assignmentRuleId: control.assignmentRuleId ?? null,
    concurrencyMode: concurrencyMode === 'Serial' ? 'Serial' : 'Parallel',
    contentType,
    version: call.version,
    state: 'Open',
    createdAt: now,
    changedAt: now,
    chunkSize: chunkSize(call),
    batches: new Map(),
  }
  call.jobs.classic.set(job.id, job)
  return showJob(call, job, 201)
}

function chunkSize(call: Call): number | null {
  const header = call.headers['sforce-enable-pkchunking']
  if (header === undefined || /^\s*false/i.test(header)) return null
  const size = Number(/chunksize\s*=\s*(\d+)/i.exec(header)?.[1] ?? CHUNK.usual)
  return Math.min(CHUNK.most, Math.max(1, size))
}

function change(call: Call, job: V1Job): Reply {
  const { state } = readControl(call)
  if (state !== 'Closed' && state !== 'Aborted') throw new BulkError('InvalidJob', `Unsupported state: ${state ?? ''}`)
  if (job.state !== 'Open' && !(job.state === 'Closed' && state === 'Aborted'))
    throw new BulkError('InvalidJobState', `Job is in state ${job.state} and cannot be changed to ${state}`)
  job.state = state
  job.changedAt = call.org.clock.now()
  if (state === 'Aborted') {
    for (const batch of job.batches.values()) if (batchState(call.org, call.jobs, batch) !== 'Completed') batch.ended ??= 'NotProcessed'
  }
  return showJob(call, job, 200)
}

function addBatch(call: Call, job: V1Job): Reply {
  if (job.state !== 'Open') throw new BulkError('InvalidJobState', `Job is in state ${job.state} and cannot accept batches`)
  const type = call.headers['content-type'] ?? ''
  const isQuery = job.operation === 'query' || job.operation === 'queryAll'
  if (!isQuery && !CONTENT_TYPES[job.contentType].test(type))
    throw new BulkError('InvalidBatch', `Content type of the batch does not match the content type of the job: ${type}`)
  if (call.body.length > MOST_BYTES) throw new BulkError('ExceededQuota', `Batch size exceeded: ${MOST_BYTES} bytes`)
  const batch = newBatch(call, job, call.body.toString('utf8').replace(/^\uFEFF/, ''))
  if (isQuery) query(call, job, batch)
  settleV1(call.org, call.jobs)
  // The answer shows the batch as it was taken in; what is due at once is done behind it.
  const taken = { ...batchInfo(call.org, call.jobs, batch), state: 'Queued', numberRecordsProcessed: 0, numberRecordsFailed: 0 }
  return formOf(call).answer('batchInfo', taken, 201)
}

function newBatch(call: Call, job: V1Job, body: string): V1Batch {
  call.jobs.made += 1
  const id = makeId('751', call.jobs.made)
  const batch: V1Batch = {
    id,
    jobId: job.id,
    createdAt: call.org.clock.now(),
    text: body,
    ended: null,
    stateMessage: '',
    rows: null,
    results: [],
  }
  job.batches.set(id, batch)
  return batch
}

/** A query that cannot run fails its batch, not the call. */
function query(call: Call, job: V1Job, batch: V1Batch): void {
  try {
    runQueryBatch(call, job, batch, () => newBatch(call, job, batch.text))
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    batch.ended = 'Failed'
    batch.stateMessage = `InvalidBatch : Failed to process query: ${error.errorCode}: ${error.message}`
  }
}

function listBatches(call: Call, job: V1Job): Reply {
  if (call.method !== 'GET') return wrongMethod()
  return formOf(call, job).list(
    'batchInfoList',
    'batchInfo',
    [...job.batches.values()].map((batch) => batchInfo(call.org, call.jobs, batch)),
  )
}

function result(call: Call, job: V1Job, batch: V1Batch, resultId: string | undefined): Reply {
  const state = batchState(call.org, call.jobs, batch)
  if (state !== 'Completed' && state !== 'Failed') throw new BulkError('InvalidBatch', 'Batch not completed')
  if (job.operation !== 'query' && job.operation !== 'queryAll') {
    if (state === 'Failed') throw new BulkError('InvalidBatch', batch.stateMessage)
    const { text: body, type } = uploadResult(job, batch.rows ?? [])
    return text(body, type)
  }
  if (resultId === undefined)
    return text(
      ...listText(
        call,
        job,
        batch.results.map(({ id }) => id),
      ),
    )
  const found = batch.results.find(({ id }) => id === parseId(resultId))
  if (found === undefined) throw new BulkError('InvalidBatch', `Unable to find result: ${resultId}`)
  const { text: body, type } = queryResult(job, found)
  return text(body, type)
}

/** Bulk API 1.0 jobs and batches: what they are and where they stand. Salesforce docs: Bulk API. */
import { commitChanges } from './changes.ts'
import { DAY, timeText } from './text.ts'
import { runUpload } from './bulk1-upload.ts'
import type { BatchRow } from './bulk1-upload.ts'
import type { IngestOperation } from './bulk-rows.ts'
import type { Jobs } from './job.ts'
import type { Org } from './org.ts'
import type { QueryJob } from './bulk-query.ts'
import type { Table } from './table.ts'

export type ContentType = 'CSV' | 'JSON' | 'XML'
export type V1Job = {
  id: string
  operation: IngestOperation | 'query' | 'queryAll'
  table: Table
  externalIdFieldName: string | null
  assignmentRuleId: string | null
  concurrencyMode: 'Parallel' | 'Serial'
  contentType: ContentType
  version: string
  state: 'Open' | 'Closed' | 'Aborted' | 'Failed'
  createdAt: number
  changedAt: number
  /** Rows a PK chunk, or null where the header was not sent. */
  chunkSize: number | null
  batches: Map<string, V1Batch>
}
export type V1Batch = {
  id: string
  jobId: string
  createdAt: number
  text: string
  /** Set for good: a broken upload, an aborted job, a query split into chunks. */
  ended: 'Failed' | 'NotProcessed' | null
  stateMessage: string
  rows: BatchRow[] | null
  results: {
    id: string
    size: number
    pages: Pick<QueryJob, 'header' | 'line' | 'release'>
    from: number
    records: (at: number) => string
  }[]
}
export type BatchState = 'Queued' | 'InProgress' | 'Completed' | 'Failed' | 'NotProcessed'

export function batchState(org: Org, { pace }: Jobs, batch: V1Batch): BatchState {
  if (batch.ended !== null) return batch.ended
  const age = org.clock.now() - batch.createdAt
  if (age < pace.queuedMs) return 'Queued'
  return age < pace.queuedMs + pace.runningMs ? 'InProgress' : 'Completed'
}

const KEPT = 7 * DAY

/** Carries out the batches whose time has come, and forgets old jobs. */
export function settleV1(org: Org, jobs: Jobs): void {
  for (const job of jobs.classic.values()) {
    if (org.clock.now() - job.createdAt >= KEPT) dropV1(jobs, job)
    else if (job.operation !== 'query' && job.operation !== 'queryAll')
      for (const batch of job.batches.values()) settleBatch(org, jobs, job, batch)
  }
}

export function dropV1(jobs: Jobs, job: V1Job): void {
  for (const { results } of job.batches.values()) for (const { pages } of results) pages.release()
  jobs.classic.delete(job.id)
}

function settleBatch(org: Org, jobs: Jobs, job: V1Job, batch: V1Batch): void {
  if (batch.rows !== null || batchState(org, jobs, batch) !== 'Completed') return
  const result = runUpload(org, job, batch.text)
  if ('broken' in result) {
    batch.ended = 'Failed'
    batch.stateMessage = result.broken
    batch.rows = []
    return
  }
  batch.rows = result.rows
  commitChanges(org, `com/salesforce/api/bulk/${job.version}`)
}

const times = { totalProcessingTime: 0, apiActiveProcessingTime: 0, apexProcessingTime: 0 }
const instant = (ms: number): string => timeText(Math.floor(ms / 1_000) * 1_000, 'Z')

/** Members in the order the XML form fixes. */
export function batchInfo(org: Org, jobs: Jobs, batch: V1Batch): Record<string, string | number> {
  const state = batchState(org, jobs, batch)
  const done = state === 'Completed' || state === 'Failed'
  const queried = batch.results.reduce((sum, { size }) => sum + size, 0)
  return {
    id: batch.id,
    jobId: batch.jobId,
    state,
    ...(batch.stateMessage === '' ? {} : { stateMessage: batch.stateMessage }),
    createdDate: instant(batch.createdAt),
    systemModstamp: instant(done ? batch.createdAt + jobs.pace.queuedMs + jobs.pace.runningMs : batch.createdAt),
    numberRecordsProcessed: done ? (batch.rows?.length ?? queried) : 0,
    numberRecordsFailed: done ? failedIn(batch) : 0,
    ...times,
  }
}

const failedIn = ({ rows }: V1Batch): number => (rows ?? []).filter(({ error }) => error !== null).length

export function jobInfo(org: Org, jobs: Jobs, job: V1Job): Record<string, string | number> {
  const batches = [...job.batches.values()].map((batch) => batchInfo(org, jobs, batch))
  const count = (state: BatchState): number => batches.filter((batch) => batch.state === state).length
  const sum = (name: string): number => batches.reduce((total, batch) => total + Number(batch[name] ?? 0), 0)
  return {
    id: job.id,
    operation: job.operation,
    object: job.table.object.name,
    createdById: org.userId,
    createdDate: instant(job.createdAt),
    systemModstamp: instant(job.changedAt),
    state: job.state,
    ...(job.externalIdFieldName === null ? {} : { externalIdFieldName: job.externalIdFieldName }),
    concurrencyMode: job.concurrencyMode,
    contentType: job.contentType,
    ...(job.assignmentRuleId === null ? {} : { assignmentRuleId: job.assignmentRuleId }),
    numberBatchesQueued: count('Queued'),
    numberBatchesInProgress: count('InProgress'),
    numberBatchesCompleted: count('Completed'),
    numberBatchesFailed: count('Failed'),
    numberBatchesTotal: batches.length,
    numberRecordsProcessed: sum('numberRecordsProcessed'),
    numberRetries: 0,
    apiVersion: job.version,
    numberRecordsFailed: sum('numberRecordsFailed'),
    ...times,
  }
}

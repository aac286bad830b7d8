/** An ingest job over time: rows are carried out in chunks as the clock moves, so that a job can be aborted half-way. */
import { commitChanges } from './changes.ts'
import { csvLine, readUpload, runCells } from './bulk-rows.ts'
import { DAY } from './text.ts'
import { DELIMITERS } from './csv.ts'
import type { IngestRow, Load, Upload } from './bulk-rows.ts'
import type { JobHead, Jobs, JobState } from './job.ts'
import type { Org } from './org.ts'

export type IngestJob = JobHead &
  Load & {
    delimiter: string
    lineEnding: string
    assignmentRuleId: string | null
    phase: 'open' | 'uploaded' | 'closed'
    csv: string
    /** Read once the job runs; null before and where the file is broken. */
    upload: Upload | null
    /** Done so far, in the order of the upload. */
    rows: IngestRow[]
    errorMessage: string | null
  }

/** Salesforce docs: Bulk API 2.0 works in chunks of 200; a job stays open for a day, and is kept for seven. */
const CHUNK = 200
const KEPT = 7 * DAY

export function ingestState(org: Org, { pace }: Jobs, job: IngestJob): JobState {
  if (job.ended !== null) return job.ended
  if (job.phase !== 'closed') return 'Open'
  const age = org.clock.now() - job.startedAt
  if (age < pace.queuedMs) return 'UploadComplete'
  return age < pace.queuedMs + pace.runningMs ? 'InProgress' : 'JobComplete'
}

/** Carries out what is due by now, and forgets jobs past their time. */
export function settleJobs(org: Org, jobs: Jobs): void {
  const now = org.clock.now()
  for (const job of jobs.ingests.values()) {
    if (now - job.createdAt >= KEPT) jobs.ingests.delete(job.id)
    else if (job.phase !== 'closed' && job.ended === null && now - job.createdAt >= DAY) job.ended = 'Aborted'
    else if (job.phase === 'closed' && job.ended === null && (job.upload === null || job.rows.length < job.upload.rows.length))
      advance(org, jobs, job)
  }
  for (const job of jobs.queries.values()) {
    if (now - job.createdAt < KEPT) continue
    job.release()
    jobs.queries.delete(job.id)
  }
}

function advance(org: Org, jobs: Jobs, job: IngestJob): void {
  const state = ingestState(org, jobs, job)
  if (state !== 'InProgress' && state !== 'JobComplete') return
  if (job.upload === null) {
    const upload = readUpload(org, job, job.csv, job.delimiter, job.lineEnding)
    if ('broken' in upload) {
      job.ended = 'Failed'
      job.errorMessage = upload.broken
      return
    }
    job.upload = upload
    job.csv = ''
  }
  const { upload } = job
  const { rows } = upload
  const due = state === 'JobComplete' ? rows.length : dueRows(org, jobs, job, rows.length)
  for (const cells of rows.slice(job.rows.length, due)) job.rows.push(runCells(org, job, upload, cells))
  commitChanges(org, `com/salesforce/api/bulk/${job.version}`)
}

function dueRows(org: Org, { pace }: Jobs, job: IngestJob, total: number): number {
  const share = (org.clock.now() - job.startedAt - pace.queuedMs) / pace.runningMs
  return Math.floor((share * total) / CHUNK) * CHUNK
}

export type ResultPart = 'successfulresults' | 'failedresults' | 'unprocessedrecords'

export function ingestResult(job: IngestJob, part: ResultPart): string {
  const delimiter = DELIMITERS[job.delimiter] ?? ','
  const line = (cells: readonly string[]): string => csvLine(cells, delimiter, job.lineEnding === 'CRLF' ? '\r\n' : '\n')
  const { header = [], rows = [] } = job.upload ?? {}
  if (part === 'unprocessedrecords') return [header, ...rows.slice(job.rows.length)].map(line).join('')
  const wanted = job.rows.filter(({ error }) => (error === null) === (part === 'successfulresults'))
  const second = part === 'successfulresults' ? 'sf__Created' : 'sf__Error'
  const lines = wanted.map(({ cells, id, created, error }) => line([id, error ?? String(created), ...cells]))
  return line(['sf__Id', second, ...header]) + lines.join('')
}

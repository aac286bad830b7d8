/** Bulk 2.0 jobs and their states over time. Salesforce docs: Bulk API 2.0. */
import { stamp } from './stamp.ts'
import { decimal, timeText } from './text.ts'
import { makeId } from './ids.ts'
import type { IngestJob } from './ingest-job.ts'
import type { Org } from './org.ts'
import type { QueryJob } from './bulk-query.ts'
import type { V1Job } from './bulk1-job.ts'

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Aborted' | 'Failed'
/** Milliseconds a job waits and runs; both zero by default, so that a job is complete at the first look. */
export type Pace = { queuedMs: number; runningMs: number }
export type JobHead = {
  id: string
  operation: string
  object: string
  version: string
  createdAt: number
  startedAt: number
  ended: 'Aborted' | 'Failed' | null
}
export type Jobs = {
  made: number
  pace: Pace
  queries: Map<string, QueryJob>
  ingests: Map<string, IngestJob>
  classic: Map<string, V1Job>
}

export const createJobs = (): Jobs => ({
  made: 0,
  pace: { queuedMs: 0, runningMs: 0 },
  queries: new Map(),
  ingests: new Map(),
  classic: new Map(),
})

export function jobHead(org: Org, jobs: Jobs, operation: string, object: string, version: string): JobHead {
  jobs.made += 1
  const now = org.clock.now()
  return { id: makeId('750', jobs.made), operation, object, version, createdAt: now, startedAt: now, ended: null }
}

/** Where a job stands that was handed over at `startedAt`. */
export function stateAt(org: Org, jobs: Jobs, { startedAt, ended }: JobHead): JobState {
  if (ended !== null) return ended
  const age = org.clock.now() - startedAt
  const { queuedMs, runningMs } = jobs.pace
  if (age < queuedMs) return 'UploadComplete'
  return age < queuedMs + runningMs ? 'InProgress' : 'JobComplete'
}

/** The members that every job answer shares. */
export function jobMembers(org: Org, head: JobHead, state: JobState): Record<string, unknown> {
  return {
    id: head.id,
    operation: head.operation,
    object: head.object,
    createdById: org.userId,
    createdDate: timeText(Math.floor(head.createdAt / 1_000) * 1_000, '+0000'),
    systemModstamp: timeText(stamp(org), '+0000'),
    state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: decimal(head.version),
  }
}

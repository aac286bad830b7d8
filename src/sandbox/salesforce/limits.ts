/** /limits and /limits/recordCount. Salesforce docs: REST API, Limits. */
import { DAY } from './text.ts'
import { json } from './call.ts'
import { LIVE } from './table.ts'
import { notFound, wrongMethod } from './fault.ts'
import { usedCalls } from './usage.ts'
import type { Call, Reply } from './call.ts'

export function limitsReply(call: Call, rest: readonly string[]): Reply {
  if (call.method !== 'GET') throw wrongMethod(call, 'GET')
  if (rest.length === 0) return json(200, limits(call))
  if (rest.length === 1 && rest[0]?.toLowerCase() === 'recordcount') return recordCount(call)
  throw notFound()
}

/** Salesforce docs: Bulk API limits; batches of API 1.0 and 2.0 count together. */
const BATCHES = 15_000
const QUERY_JOBS = 10_000
const BATCH_ROWS = 10_000

function limits({ usage, org, jobs }: Call): object {
  const { limit } = usage
  const today = <J extends { createdAt: number }>(list: Map<string, J>): J[] =>
    [...list.values()].filter(({ createdAt }) => org.clock.now() - createdAt < DAY)
  const batches =
    today(jobs.ingests).reduce((sum, { rows }) => sum + Math.ceil(rows.length / BATCH_ROWS), 0) +
    today(jobs.classic).reduce((sum, job) => sum + job.batches.size, 0)
  return {
    DailyApiRequests: { Max: limit, Remaining: Math.max(0, limit - usedCalls(usage, org.clock.now())) },
    DailyBulkApiBatches: { Max: BATCHES, Remaining: Math.max(0, BATCHES - batches) },
    DailyBulkV2QueryFileStorageMB: { Max: 976_562, Remaining: 976_562 },
    DailyBulkV2QueryJobs: { Max: QUERY_JOBS, Remaining: Math.max(0, QUERY_JOBS - today(jobs.queries).length) },
    DataStorageMB: { Max: 10_240, Remaining: 9_000 },
    FileStorageMB: { Max: 10_240, Remaining: 10_000 },
  }
}

function recordCount({ org, query }: Call): Reply {
  // Salesforce's command line sends the parameter without names when it wants all objects.
  const asked = (query.get('sObjects') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  const sObjects = [...org.tables.values()]
    .filter(({ object }) => asked.length === 0 || asked.includes(object.name.toLowerCase()))
    .map(({ object, stages }) => ({ count: stages.filter((stage) => stage === LIVE).length, name: object.name }))
    .filter(({ count }) => count > 0)
  return json(200, { sObjects })
}

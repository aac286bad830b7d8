/** A Bulk API 2.0 query job: made, waited for, read page by page, thrown away. jsforce's own loop breaks beyond one page. */
import { ConnectorError } from '../connector.ts'
import type { Incoming } from '../http.ts'
import { refusal } from './fault.ts'
import type { Org } from './org.ts'
import { QueryJob, shaped, unreadable } from './payloads.ts'

const GROWTH = 1.5
const SLOWEST = 10

/** `at`: the server's clock when the job was made. `refused`: Bulk is closed to this user or object, REST may not be. */
export async function makeJob(
  org: Org,
  soql: string,
  signal: AbortSignal,
): Promise<{ job: string; at: number } | 'refused' | 'unknown field'> {
  const doing = 'make a Bulk query job'
  // A second job, should the answer to the first be lost, costs the org a little and changes nothing.
  const body = { operation: 'query', query: soql, contentType: 'CSV', columnDelimiter: 'COMMA', lineEnding: 'LF' }
  const reply = await org.client.json({ method: 'POST', path: '/jobs/query', body, doing, repeatable: true }, signal)
  if (reply.ok) return { job: shaped(QueryJob, reply.body, 'the new Bulk job').id, at: reply.at }
  if (reply.faults.some((fault) => fault.code === 'INVALID_FIELD')) return 'unknown field'
  const error = refusal(doing, reply.status, reply.faults)
  if (error.kind !== 'scope' && error.kind !== 'refused') throw error
  org.deps.log('salesforce.bulk-refused', { status: reply.status, code: reply.faults[0]?.code ?? '' })
  return 'refused'
}

/** Waits for the end of a job, which is not always a good one; `Deleted`: thrown away, as Salesforce does after seven days. */
export async function awaitJob(
  org: Org,
  job: string,
  signal: AbortSignal,
): Promise<{ state: 'JobComplete'; total: number } | { state: 'Failed' | 'Aborted' | 'Deleted' }> {
  const { deps, settings } = org
  const until = deps.now() + settings.jobTimeoutMs
  for (let wait = settings.pollMs; ; wait = Math.min(wait * GROWTH, settings.pollMs * SLOWEST)) {
    const reply = await org.client.json({ method: 'GET', path: `/jobs/query/${job}`, doing: 'look at a Bulk job' }, signal)
    if (!reply.ok) {
      if (reply.status === 404) return { state: 'Deleted' }
      throw refusal('look at a Bulk job', reply.status, reply.faults)
    }
    const { state, numberRecordsProcessed } = shaped(QueryJob, reply.body, 'a Bulk job')
    if (state === 'JobComplete') {
      if (typeof numberRecordsProcessed !== 'number') throw unreadable('a Bulk job', 'numberRecordsProcessed')
      return { state, total: numberRecordsProcessed }
    }
    if (state === 'Failed' || state === 'Aborted') return { state }
    if (deps.now() >= until)
      throw new ConnectorError('unavailable', `the Bulk query job was still ${state} after ${settings.jobTimeoutMs} ms`)
    await deps.sleep(wait, signal)
  }
}

/**
 * `count` rows follow in `body`; `next` is the locator of the page after it, `null` after the last. `undefined`: no header says, as behind a gateway that takes out
 * those it does not know.
 */
export type Leaf = { next: string | null | undefined; count: number | undefined; body: Incoming['body'] }

/** 409: the job was made with another API version, before the settings changed. */
const GONE = new Set([400, 404, 409])

/** One page of the result; `null` when the job or the locator is gone. */
export async function openLeaf(org: Org, job: string, locator: string | null, signal: AbortSignal): Promise<Leaf | null> {
  const doing = 'read the result of a Bulk job'
  const query = { maxRecords: String(org.settings.bulkPageSize), ...(locator !== null && { locator }) }
  const call = { method: 'GET', path: `/jobs/query/${job}/results`, query, headers: { accept: 'text/csv' }, doing } as const
  const reply = await org.client.open(call, signal)
  if (!reply.ok) {
    if (GONE.has(reply.status)) return null
    throw refusal(doing, reply.status, reply.faults)
  }
  const count = reply.headers.get('sforce-numberofrecords') ?? ''
  const next = reply.headers.get('sforce-locator')
  if (!/^\d*$/.test(count) || !/^text\/csv\b/i.test(reply.headers.get('content-type') ?? '')) {
    reply.body.destroy()
    throw unreadable('a page of a Bulk result', 'Sforce-NumberOfRecords or the CSV')
  }
  return { next: next === 'null' ? null : next || undefined, count: count === '' ? undefined : Number(count), body: reply.body }
}

/** The result holds people's data and would lie in the org for a week. Failing to clean up is no reason to fail the pull. */
export async function dropJob(org: Org, job: string, signal: AbortSignal): Promise<void> {
  const reply = await org.client.json(
    { method: 'DELETE', path: `/jobs/query/${job}`, doing: 'delete a Bulk job', repeatable: true },
    signal,
  )
  if (!reply.ok) org.deps.log('salesforce.job-kept', { status: reply.status })
}

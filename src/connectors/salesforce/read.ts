/** A pull: everything by Id (REST, then one Bulk job), or what changed by SystemModstamp. */
import type { Page, ReadRequest } from '../connector.ts'
import { withConsents, withIndividualId } from './consent-read.ts'
import { BEGINNING, fromCursor } from './cursor.ts'
import { asNewAsFlags, withFlagTime } from './individual.ts'
import type { Org } from './org.ts'
import { readDelta } from './read-delta.ts'
import { readByRest, type Step } from './read-full.ts'
import { readByJob } from './read-job.ts'

export async function* read(org: Org, request: ReadRequest, signal: AbortSignal): AsyncGenerator<Page> {
  const { fields } = request
  for await (const page of readRecords(org, { ...request, fields: withFlagTime(withIndividualId(fields)) }, signal))
    yield { ...page, records: await withConsents(org, request, asNewAsFlags(page.records), signal) }
}

async function* readRecords(org: Org, request: ReadRequest, signal: AbortSignal): AsyncGenerator<Page> {
  const position = request.since === undefined ? BEGINNING : fromCursor(request.object, request.since)
  if (position.kind === 'since' || position.kind === 'delta') {
    yield* readDelta(org, request, position, signal)
    return
  }
  for (let step: Step = { next: position, road: 'best' }; ;) {
    const { next, road } = step
    const byJob = next.kind === 'job' || (road === 'best' && next.rows >= org.settings.bulkThreshold)
    const outcome = yield* byJob ? readByJob(org, request, next, signal) : readByRest(org, request, { ...next, kind: 'full' }, road, signal)
    if (outcome === 'finished') return
    step = outcome
  }
}

/** A pull: everything by Id (REST, then one Bulk job), or what changed by SystemModstamp. */
import type { Page, ReadRequest } from '../connector.ts'
import { withConsents, withIndividualId } from './consent-read.ts'
import { BEGINNING, fromCursor } from './cursor.ts'
import { asNewAsFlags, withFlagTime } from './individual.ts'
import type { Org } from './org.ts'
import { readDelta } from './read-delta.ts'
import { readByRest } from './read-full.ts'
import { readByJob } from './read-job.ts'
import { type Step, stepToJob } from './read-step.ts'

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
  let step: Step = position.kind === 'job' ? { next: position, road: 'best', fresh: false } : { next: position, road: 'best' }
  for (;;) {
    if (!('fresh' in step) && step.road === 'best' && step.next.rows >= org.settings.bulkThreshold)
      step = await stepToJob(org, request, step.next, signal)
    const outcome: Step | 'finished' = yield* 'fresh' in step
      ? readByJob(org, request, step, signal)
      : readByRest(org, request, step.next, step.road, signal)
    if (outcome === 'finished') return
    step = outcome
  }
}

/** How a full pull goes from one way of reading to the other. */
import type { ReadRequest } from '../connector.ts'
import type { FullPosition, JobPosition } from './cursor.ts'
import { makeJob } from './job.ts'
import type { Org } from './org.ts'
import type { Question } from './query.ts'
import { columnsOf } from './record.ts'
import { quote, select } from './soql.ts'

/** `rest`: Bulk was refused to us. */
export type Road = 'best' | 'rest'
/** `fresh`: its job was made just now, by this pull. */
export type Step = { next: FullPosition; road: Road } | { next: JobPosition; road: 'best'; fresh: boolean }

export function pageAfter({ object, fields }: ReadRequest, after: string | null, limit?: number): Question {
  return {
    object,
    fields,
    resource: 'query',
    soql: (plan) =>
      select({
        fields: columnsOf(plan, 'live'),
        object,
        ...(after !== null && { where: `Id > ${quote(after)}` }),
        orderBy: ['Id'],
        ...(limit !== undefined && { limit }),
      }),
  }
}

/** Makes a job of all that stands after this position; where Bulk is refused, it goes on by REST. */
export async function stepToJob(org: Org, request: ReadRequest, from: FullPosition, signal: AbortSignal): Promise<Step> {
  for (let again = false; ; again = true) {
    const plan = await org.schemas.plan(request.object, request.fields, signal)
    const made = await makeJob(org, pageAfter(request, from.after).soql(plan), signal)
    if (made === 'refused' || (made === 'unknown field' && again)) return { next: from, road: 'rest' }
    if (made === 'unknown field') {
      org.schemas.forget()
      continue
    }
    const next: JobPosition = { ...from, kind: 'job', job: made.job, locator: null, skip: 0, before: 0, started: from.started ?? made.at }
    return { next, road: 'best', fresh: true }
  }
}

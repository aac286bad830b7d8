/** A full pull by REST: pages by Id, each a query of its own that begins after the last Id. */
import type { Page, ReadRequest } from '../connector.ts'
import { type FullPosition, nextSince, toCursor } from './cursor.ts'
import type { Org } from './org.ts'
import { unreadable } from './payloads.ts'
import { queryRows } from './query.ts'
import { pageAfter, type Road, type Step, stepToJob } from './read-step.ts'
import { toRecord } from './record.ts'

export async function* readByRest(
  org: Org,
  request: ReadRequest,
  from: FullPosition,
  road: Road,
  signal: AbortSignal,
): AsyncGenerator<Page, Step | 'finished'> {
  let position = from
  let limit = org.settings.pageSize
  for (;;) {
    const { plan, rows, whole, at, total } = await queryRows(org, pageAfter(request, position.after, limit), signal)
    const asOf = position.started ?? at
    const records = rows.map((row) => toRecord(plan, row, at))
    if (position.after !== null && records[0]?.ref.id === position.after)
      throw unreadable(`the query of ${request.object}`, 'the order by Id')
    const last = whole && records.length < limit
    if (!last && records.length === 0) throw unreadable(`the query of ${request.object}`, 'records')
    const alone = last && position.after === null ? { expected: total } : {}
    const newest = records.reduce<number | null>((max, { modifiedAt }) => Math.max(max ?? modifiedAt, modifiedAt), position.newest)
    const after = records.at(-1)?.ref.id ?? position.after
    position = { kind: 'full', after, rows: position.rows + records.length, started: asOf, newest }
    // The org works at the rest while this page is judged, and whoever goes on from its cursor finds the job.
    const bulk = !last && road === 'best' && position.rows >= org.settings.bulkThreshold
    const step = bulk ? await stepToJob(org, request, position, signal) : null
    const next = last ? nextSince(newest, asOf, org.settings.lookbackMs, 0) : (step?.next ?? position)
    yield { records, gone: [], cursor: toCursor(request.object, next), ...alone }
    if (last) return 'finished'
    signal.throwIfAborted()
    if (step !== null) return step
    // Wide rows make the server answer fewer than asked: asking for no more leaves no cursor of its open.
    if (!whole) limit = records.length
  }
}

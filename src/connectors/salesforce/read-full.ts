/** A full pull by REST: pages by Id, each a query of its own that begins after the last Id. */
import type { Page, ReadRequest } from '../connector.ts'
import { type FullPosition, type JobPosition, nextSince, toCursor } from './cursor.ts'
import type { Org } from './org.ts'
import { unreadable } from './payloads.ts'
import { type Question, queryRows } from './query.ts'
import { columnsOf, toRecord } from './record.ts'
import { quote, select } from './soql.ts'

/** How a pull goes on where one way of reading stops. `rest`: Bulk was refused to us. */
export type Road = 'best' | 'rest'
export type Step = { next: FullPosition | JobPosition; road: Road }

export async function* readByRest(
  org: Org,
  request: ReadRequest,
  from: FullPosition,
  road: Road,
  signal: AbortSignal,
): AsyncGenerator<Page, Step | 'finished'> {
  let position = from
  let limit = org.settings.pageSize
  while (road === 'rest' || position.rows < org.settings.bulkThreshold) {
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
    const next = last ? nextSince(newest, asOf, org.settings.lookbackMs, 0) : position
    yield { records, gone: [], cursor: toCursor(request.object, next), ...alone }
    if (last) return 'finished'
    signal.throwIfAborted()
    // Wide rows make the server answer fewer than asked: asking for no more leaves no cursor of its open.
    if (!whole) limit = records.length
  }
  return { next: position, road }
}

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

/**
 * What changed: live rows and the recycle bin by SystemModstamp, in pages that each begin after the last (stamp, Id).
 *
 * A quiet delta is one request. It does not see what a hard delete or an emptied recycle bin took away for good: only a full
 * pull does, by what is missing from it.
 */
import type { Page, ReadRequest } from '../connector.ts'
import { readByConsent } from './consent-delta.ts'
import { isConsent } from './consent-field.ts'
import { type DeltaPosition, nextSince, toCursor } from './cursor.ts'
import { INDIVIDUAL, isOfIndividual } from './individual.ts'
import type { Org } from './org.ts'
import { unreadable } from './payloads.ts'
import { queryRows } from './query.ts'
import { columnsOf, idOf, isDeleted, stampOf, toGone, toRecord } from './record.ts'
import { rowsById } from './rows-by-id.ts'
import { instant, quote, select } from './soql.ts'

export async function* readDelta(org: Org, request: ReadRequest, from: DeltaPosition, signal: AbortSignal): AsyncGenerator<Page, void> {
  const { object, fields } = request
  let position = from
  let limit = org.settings.pageSize
  for (;;) {
    const where = whereOf(position)
    const size = limit
    const answer = await queryRows(
      org,
      {
        object,
        fields,
        resource: 'queryAll',
        soql: (plan) => select({ fields: columnsOf(plan, 'deleted too'), object, where, orderBy: ['SystemModstamp', 'Id'], limit: size }),
      },
      signal,
    )
    const started = position.kind === 'delta' ? position.started : answer.at
    const end = answer.rows.at(-1)
    const last = answer.whole && answer.rows.length < size
    if (!last && end === undefined) throw unreadable(`the query of ${object}`, 'records')
    if (end !== undefined && position.kind === 'delta' && stampOf(end) === position.at && idOf(end) === position.id)
      throw unreadable(`the query of ${object}`, 'the order by SystemModstamp')
    const reached = end === undefined ? position : ({ kind: 'delta', from: from.from, at: stampOf(end), id: idOf(end), started } as const)
    if (last && fields.some(isOfIndividual)) yield* readByIndividual(org, request, from.from, position, signal)
    const said = last && fields.some(isConsent) ? yield* readByConsent(org, request, from.from, position, signal) : null
    // Bounded by the look-back, so that it may be the time of either.
    const newest = reached.kind === 'delta' ? Math.max(reached.at, said ?? -Infinity) : said
    const next = last ? nextSince(newest, started, org.settings.lookbackMs, from.from) : reached
    const dead = answer.rows.filter((row) => isDeleted(answer.plan, row))
    yield {
      records: answer.rows.filter((row) => !isDeleted(answer.plan, row)).map((row) => toRecord(answer.plan, row, answer.at)),
      gone: dead.map((row) => toGone(object, row)),
      cursor: toCursor(object, next),
    }
    if (last) return
    signal.throwIfAborted()
    if (!answer.whole) limit = answer.rows.length
    position = reached
  }
}

/** Records whose Individual changed, which leaves no trace on them. The position stays where it is: read once too often does no harm. */
async function* readByIndividual(
  org: Org,
  { object, fields }: ReadRequest,
  from: number,
  position: DeltaPosition,
  signal: AbortSignal,
): AsyncGenerator<Page, void> {
  const where = `${INDIVIDUAL}.SystemModstamp >= ${instant(from)}`
  for await (const { plan, rows, at } of rowsById(org, { object, fields, resource: 'query', where }, signal))
    yield { records: rows.map((row) => toRecord(plan, row, at)), gone: [], cursor: toCursor(object, position) }
}

/** A mixed AND and OR must be parenthesised (SOQL guide), and the first condition lets the index on SystemModstamp work. */
function whereOf(position: DeltaPosition): string {
  if (position.kind === 'since') return `SystemModstamp >= ${instant(position.from)}`
  const at = instant(position.at)
  return `SystemModstamp >= ${at} AND (SystemModstamp > ${at} OR Id > ${quote(position.id)})`
}

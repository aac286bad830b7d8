/** What the carrying out of many requests has come to, stored in a few statements. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { Erasure, ItemState } from '../core/erasure/erasure.ts'
import type { Request } from '../core/request/request.ts'
import type { RequestEntry } from './requests.ts'
import { itemsOf, saveItems, standingOf } from './request-records.ts'

type Db = QueryExecutorProvider
/** `version`: that the events were decided on. `before`: the erasure at that time. */
export type Progress = {
  id: string
  version: number
  request: Request
  before: Erasure
  erasure: Erasure
  dueAt: string | null
  events: readonly RequestEntry[]
}

/**
 * Events and what they add up to, of all or of none. No request stands there twice; none is closed by it.
 * @throws Error when somebody else has decided on one of them meanwhile
 */
export async function saveProgress(trx: Db, all: readonly Progress[], at: string): Promise<void> {
  if (all.length === 0) return
  const column = <T>(of: (one: Progress) => T): T[] => all.map(of)
  const { rows } = await sql`
    update request r set version = u.version, status = u.status, erasure = u.erasure, standing = u.standing, request_state = u.request_state,
      erasure_state = u.erasure_state, due_at = u.due_at::timestamptz, attempts = 0, fault = null
    from unnest(${column((one) => one.id)}::uuid[], ${column((one) => one.version)}::int[], ${column((one) => one.version + one.events.length)}::int[],
      ${column((one) => one.request.status)}::text[], ${column((one) => one.erasure.status)}::text[], ${column((one) => standingOf(one.erasure))}::text[],
      ${column((one) => JSON.stringify(one.request))}::text[], ${column((one) => JSON.stringify(one.erasure))}::text[],
      ${column((one) => one.dueAt)}::text[]) as u (id, was, version, status, erasure, standing, request_state, erasure_state, due_at)
    where r.id = u.id and r.version = u.was returning r.id`.execute(trx)
  if (rows.length !== all.length) throw new Error('a request was changed by somebody else meanwhile; try again')
  const events = all.flatMap(({ id, version, events: list }) => list.map((entry, index) => ({ id, n: version + index + 1, ...entry })))
  await sql`
    insert into request_event (request, n, at, stream, body)
    select request, n, ${at}::timestamptz, stream, body
    from unnest(${events.map((one) => one.id)}::uuid[], ${events.map((one) => one.n)}::int[], ${events.map((one) => one.stream)}::text[],
      ${events.map((one) => JSON.stringify(one.event))}::text[]) as e (request, n, stream, body)`.execute(trx)
  await saveItems(
    trx,
    all.filter(({ before, erasure }) => differ(itemsOf(before), itemsOf(erasure))),
  )
}

/** Most steps leave the very same items. */
function differ(before: readonly ItemState[], after: readonly ItemState[]): boolean {
  return before !== after && JSON.stringify(before) !== JSON.stringify(after)
}

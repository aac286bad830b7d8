/** Requests of persons: their events, what these add up to, and who asked, sealed until the end. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { Change, ChangeEvent } from '../core/request/change.ts'
import type { Erasure, ErasureEvent } from '../core/erasure/erasure.ts'
import type { Request, RequestEvent, Right } from '../core/request/request.ts'
import { saveItems, standingOf } from './request-records.ts'
import { readState } from './stored-state.ts'

type Db = QueryExecutorProvider
/** `sealed` is only to be read with `seal`, which stands for nothing else. */
export type Vault = { sealed: Buffer; seal: Buffer }
/** `version`: number of events so far. `vault`: null once shredded. Times are epoch milliseconds, `lastDay` an epoch day. */
export type StoredRequest = {
  id: string
  kind: Right
  /** In which the person is written to; null as the company writes. */
  language: string | null
  version: number
  request: Request
  erasure: Erasure
  change: Change
  vault: Vault | null
  receivedAt: number
  lastDay: string
  dueAt: number | null
  attempts: number
  fault: string | null
}
export type RequestEntry =
  | { stream: 'request'; event: RequestEvent }
  | { stream: 'erasure'; event: ErasureEvent }
  | { stream: 'change'; event: ChangeEvent }
export type NewRequest = {
  id: string
  kind: Right
  language: string | null
  person: Buffer
  vault: Vault
  receivedAt: string
  lastDay: string
}
/** `version`: that the events were decided on. `vault`: undefined leaves it as it is, null destroys it. */
export type RequestChange = {
  id: string
  version: number
  request: Request
  erasure: Erasure
  change: Change
  vault: Vault | null | undefined
  dueAt: string | null
  closedAt: string | null
}

export async function insertRequest(trx: Db, { id, kind, language, person, vault, receivedAt, lastDay }: NewRequest): Promise<void> {
  await sql`
    insert into request (id, kind, language, version, status, erasure, request_state, erasure_state, person, sealed, seal, received_at, last_day)
    values (${id}, ${kind}, ${language}, 0, 'none', 'none', '{"status":"none"}', '{"status":"none"}', ${person}, ${vault.sealed}, ${vault.seal},
      ${receivedAt}::timestamptz, ${lastDay}::date)`.execute(trx)
}

export type RequestRow = Omit<StoredRequest, 'request' | 'erasure' | 'change' | 'vault' | 'receivedAt' | 'dueAt'> & {
  requestState: string
  erasureState: string
  changeState: string
  sealed: Buffer | null
  seal: Buffer | null
  receivedAt: Date
  dueAt: Date | null
}

export const requestColumns = sql.raw(
  `id, kind, language, version, request_state as "requestState", erasure_state as "erasureState", change_state as "changeState", sealed, seal, received_at as "receivedAt",
   last_day::text as "lastDay", due_at as "dueAt", attempts, fault`,
)

export async function loadRequest(db: Db, id: string, lock: 'for update' | 'no lock' = 'no lock'): Promise<StoredRequest | null> {
  const { rows } =
    await sql<RequestRow>`select ${requestColumns} from request where id = ${id} ${sql.raw(lock === 'for update' ? lock : '')}`.execute(db)
  return rows[0] === undefined ? null : requestOf(rows[0])
}

/**
 * Those that there are, by id. Locked in one order by whoever locks several. `known`: as they were read before, by id; what is the same still, which is most of
 * them, is not sent again.
 */
export async function loadRequests(
  db: Db,
  ids: readonly string[],
  lock: 'for update' | 'no lock' = 'no lock',
  known: ReadonlyMap<string, StoredRequest> = new Map(),
): Promise<Map<string, StoredRequest>> {
  const before = ids.map((id) => known.get(id))
  const { rows } = await sql<KnownRow>`
    select id, kind, language, version, received_at as "receivedAt", last_day::text as "lastDay", due_at as "dueAt", attempts, fault, same,
      case when same then '' else request_state end as "requestState", case when same then '' else erasure_state end as "erasureState",
      case when same then '' else change_state end as "changeState", case when same then null else sealed end as sealed,
      case when same then null else seal end as seal
    from request join unnest(${ids}::uuid[], ${before.map((one) => one?.version ?? null)}::int[], ${before.map((one) => one?.vault?.seal ?? null)}::bytea[])
      as seen (id, was, former) using (id),
      lateral (select coalesce(version = was and seal is not distinct from former, false) as same) as compared
    order by id ${sql.raw(lock === 'for update' ? 'for update of request' : '')}`.execute(db)
  return new Map(rows.map(({ same, ...row }) => [row.id, same ? asBefore(row, known.get(row.id)!) : requestOf(row)]))
}

/** A version says what the states are, a seal what it closes. */
type KnownRow = RequestRow & { same: boolean }

function asBefore({ dueAt, attempts, fault }: Pick<RequestRow, 'dueAt' | 'attempts' | 'fault'>, before: StoredRequest): StoredRequest {
  return { ...before, dueAt: dueAt?.getTime() ?? null, attempts, fault }
}

/**
 * Events and what they add up to, together or not at all.
 * @throws Error when somebody else has decided meanwhile: what was decided on is no more.
 */
export async function saveRequest(trx: Db, change: RequestChange, events: readonly RequestEntry[], at: string): Promise<void> {
  const { id, version, request, erasure, change: work, vault, dueAt, closedAt } = change
  const numbers = events.map((_, index) => version + index + 1)
  const safe = vault === undefined ? sql`` : sql`sealed = ${vault?.sealed ?? null}, seal = ${vault?.seal ?? null},`
  const { rows } = await sql`
    update request set version = ${version + events.length}, status = ${request.status}, erasure = ${erasure.status}, standing = ${standingOf(erasure)},
      request_state = ${JSON.stringify(request)}, erasure_state = ${JSON.stringify(erasure)}, change = ${work.status}, change_state = ${JSON.stringify(work)}, ${safe}
      due_at = ${dueAt}::timestamptz, attempts = 0, fault = null, closed_at = ${closedAt}::timestamptz,
      person = case when ${closedAt}::timestamptz is null then person end
    where id = ${id} and version = ${version} returning id`.execute(trx)
  if (rows.length === 0) throw new Error('the request was changed by somebody else meanwhile; try again')
  await sql`
    insert into request_event (request, n, at, stream, body)
    select ${id}::uuid, n, ${at}::timestamptz, stream, body
    from unnest(${numbers}::int[], ${events.map((one) => one.stream)}::text[], ${events.map((one) => JSON.stringify(one.event))}::text[]) as e (n, stream, body)`.execute(
    trx,
  )
  await saveItems(trx, [{ id, erasure }])
}

export async function loadRequestEvents(db: Db, id: string): Promise<RequestEntry[]> {
  const { rows } = await sql<{ stream: RequestEntry['stream']; body: string }>`
    select stream, body from request_event where request = ${id} order by n`.execute(db)
  return rows.map(({ stream, body }) => ({ stream, event: JSON.parse(body) }) as RequestEntry)
}

export function requestOf({ requestState, erasureState, changeState, sealed, seal, receivedAt, dueAt, ...row }: RequestRow): StoredRequest {
  const of = `request ${row.id}`
  return {
    ...row,
    request: readState<Request>(of, requestState),
    erasure: readState<Erasure>(of, erasureState),
    change: readState<Change>(of, changeState),
    vault: sealed === null || seal === null ? null : { sealed, seal },
    receivedAt: receivedAt.getTime(),
    dueAt: dueAt?.getTime() ?? null,
  }
}

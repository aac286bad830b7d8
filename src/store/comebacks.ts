/** Cases of persons who were erased and are seen again. Events stand in the ledger; here is what they add up to. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { unopened, type Comeback } from '../core/erasure/comeback.ts'

type Db = QueryExecutorProvider
/** `version`: number of events so far. `dueAt`: epoch milliseconds. */
export type StoredComeback = { id: string; request: string; version: number; state: Comeback; dueAt: number | null }

type Row = { id: string; request: string; version: number; state: string; due_at: Date | null }
const columns = sql.raw('id, request, version, state, due_at')

/** The open case of the person of this request; a blank one, not yet stored, when there is none. */
export async function openComeback(trx: Db, request: string, id: string): Promise<StoredComeback> {
  const { rows } = await sql<Row>`select ${columns} from comeback where request = ${request} and closed_at is null for update`.execute(trx)
  return rows[0] === undefined ? { id, request, version: 0, state: unopened, dueAt: null } : fromRow(rows[0])
}

export async function loadComeback(db: Db, id: string, lock: 'for update' | 'no lock' = 'no lock'): Promise<StoredComeback | null> {
  const { rows } = await sql<Row>`select ${columns} from comeback where id = ${id} ${sql.raw(lock === 'for update' ? lock : '')}`.execute(
    db,
  )
  return rows[0] === undefined ? null : fromRow(rows[0])
}

/** Open ones whose person is, or is to be, erased by this request. */
export async function comebacksOf(db: Db, requests: readonly string[]): Promise<StoredComeback[]> {
  const { rows } = await sql<Row>`
    select ${columns} from comeback where closed_at is null and (request = any(${requests}::uuid[]) or again = any(${requests}::uuid[])) order by id`.execute(
    db,
  )
  return rows.map(fromRow)
}

/** The open ones first, the oldest of them first. */
export async function listComebacks(db: Db, limit: number): Promise<StoredComeback[]> {
  const { rows } = await sql<Row>`
    select ${columns} from comeback order by closed_at is not null, opened_at, id limit ${limit}`.execute(db)
  return rows.map(fromRow)
}

/** Ids that begin so: for people, who type the first characters. */
export async function findComebackIds(db: Db, prefix: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from comeback where starts_with(id::text, ${prefix}) order by id limit 2`.execute(db)
  return rows.map((row) => row.id)
}

export async function countOpenComebacks(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from comeback where closed_at is null`.execute(db)
  return rows[0]!.n
}

/** Takes the one that is longest due until `until`: whoever dies with it in hand leaves it to others from then on. Null: none is due. */
export async function takeComeback(db: Db, now: string, until: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    with next as (select id from comeback where due_at <= ${now}::timestamptz order by due_at, id limit 1 for update skip locked)
    update comeback c set due_at = ${until}::timestamptz from next where c.id = next.id returning c.id`.execute(db)
  return rows[0]?.id ?? null
}

/** `version`: that the events were decided on, and how many there are now. */
export async function saveComeback(
  trx: Db,
  { id, request, state, version, dueAt }: Omit<StoredComeback, 'dueAt'> & { dueAt: string | null },
  at: string,
): Promise<void> {
  if (state.status === 'none') throw new RangeError('a case is stored from its opening on')
  const ended = state.status === 'closed' ? state.ended : null
  const closedAt = state.status === 'closed' ? at : null
  await sql`
    insert into comeback (id, request, again, version, state, ended, opened_at, due_at, closed_at)
    values (${id}, ${request}, ${state.again}, ${version}, ${JSON.stringify(state)}, ${ended}, ${at}::timestamptz, ${dueAt}::timestamptz, ${closedAt}::timestamptz)
    on conflict (id) do update set again = excluded.again, version = excluded.version, state = excluded.state, ended = excluded.ended,
      due_at = excluded.due_at, closed_at = excluded.closed_at, attempts = 0, fault = null`.execute(trx)
}

/** `fault`: a kind of failure; null: nothing failed, it is only due then. */
export async function postponeComeback(db: Db, id: string, dueAt: string, fault: string | null): Promise<void> {
  await sql`
    update comeback set due_at = ${dueAt}::timestamptz, fault = ${fault},
      attempts = case when ${fault}::text is null then attempts else least(attempts + 1, 1000) end where id = ${id} and closed_at is null`.execute(
    db,
  )
}

/** How many times in a row it was put off. */
export async function howOftenLooked(db: Db, id: string): Promise<number> {
  const { rows } = await sql<{ attempts: number }>`select attempts from comeback where id = ${id}`.execute(db)
  return rows[0]?.attempts ?? 0
}

function fromRow({ state, due_at, ...row }: Row): StoredComeback {
  return { ...row, state: JSON.parse(state) as Comeback, dueAt: due_at?.getTime() ?? null }
}

/** Lists of retention acts: what was shown, what happened since, and each person in it. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { Erasure, ErasureEvent, Standing } from '../core/erasure/erasure.ts'
import type { Case, CaseEvent, Retention, RetentionEvent } from '../core/retention/act.ts'
import type { Entry, ReviewList } from '../core/retention/list.ts'
import type { Vault } from './requests.ts'
import { readState } from './stored-state.ts'

type Db = QueryExecutorProvider
/** `shown`: all but the entries, which stand in the cases. Times are epoch milliseconds. */
export type StoredList = {
  id: string
  version: number
  retention: Retention
  shown: Omit<ReviewList, 'entries'>
  madeAt: number
  dueAt: number | null
  attempts: number
  fault: string | null
}
export type StoredCase = {
  list: string
  n: number
  case: Case
  entry: Entry
  erasure: Erasure
  vault: Vault | null
  dueAt: number | null
  /** Failures of ours in a row, and until when nothing of theirs is tried because of them. */
  attempts: number
  heldUntil: number | null
}
/** `person`: number of the case; null: about the list. */
export type ListEvent =
  | { person: null; event: RetentionEvent }
  | { person: number; event: { stream: 'case'; event: CaseEvent } | { stream: 'erasure'; event: ErasureEvent } }

export async function insertList(
  trx: Db,
  { id, retention, shown, madeAt, dueAt }: Omit<StoredList, 'version' | 'attempts' | 'fault'>,
): Promise<void> {
  await sql`
    insert into retention_list (id, version, status, state, list, made_at, due_at)
    values (${id}, 0, ${retention.status}, ${JSON.stringify(retention)}, ${JSON.stringify(shown)}, ${iso(madeAt)}::timestamptz, ${iso(dueAt)}::timestamptz)`.execute(
    trx,
  )
}

/** In the order of their numbers, from `first` on. */
export async function insertCases(trx: Db, list: string, entries: readonly Entry[]): Promise<void> {
  const rows = entries.map((entry, n) => ({
    n,
    state: JSON.stringify({ status: 'waiting', notBefore: entry.notBefore } satisfies Case),
    entry: JSON.stringify(entry),
  }))
  await sql`
    insert into retention_case (list, n, status, state, entry, erasure)
    select ${list}::uuid, n, 'waiting', state, entry, '{"status":"none"}'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c (n integer, state text, entry text)`.execute(trx)
  const records = entries.flatMap((entry, n) =>
    entry.records.map(({ connection, object, id, rule, dueOn, action }) => ({ n, connection, object, id, rule, due_on: dueOn, action })),
  )
  await sql`
    insert into retention_record (list, n, connection, object, id, rule, due_on, action)
    select ${list}::uuid, n, connection, object, id, rule, due_on, action
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb)
      as r (n integer, connection text, object text, id text, rule text, due_on date, action text)`.execute(trx)
}

/** Those who were left out by hand: nothing has begun for them. */
export async function deleteCases(trx: Db, list: string, numbers: readonly number[]): Promise<void> {
  await sql`delete from retention_record where list = ${list} and n = any(${numbers}::int[])`.execute(trx)
  await sql`delete from retention_case where list = ${list} and n = any(${numbers}::int[]) and status = 'waiting'`.execute(trx)
}

/** @throws Error when somebody else has decided meanwhile: what was decided on is no more. */
export async function saveList(
  trx: Db,
  change: Pick<StoredList, 'id' | 'version' | 'retention' | 'shown' | 'dueAt'>,
  events: readonly ListEvent[],
  at: string,
): Promise<void> {
  const { id, version, retention, shown, dueAt } = change
  const { rows } = await sql`
    update retention_list set version = ${version + events.length}, status = ${retention.status}, state = ${JSON.stringify(retention)},
      list = ${JSON.stringify(shown)}, due_at = ${iso(dueAt)}::timestamptz, attempts = 0, fault = null
    where id = ${id} and version = ${version} returning id`.execute(trx)
  if (rows.length === 0) throw new Error('the list was changed by somebody else meanwhile; try again')
  await sql`
    insert into retention_event (list, n, at, person, body)
    select ${id}::uuid, n, ${at}::timestamptz, person, body
    from unnest(${events.map((_, index) => version + index + 1)}::int[], ${events.map(({ person }) => person)}::int[],
      ${events.map(({ event }) => JSON.stringify(event))}::text[]) as e (n, person, body)`.execute(trx)
}

/** `vault`: undefined leaves it as it is, null destroys it. `begunAt`: the records count as destroyed from then on. */
export type CaseState = Pick<StoredCase, 'n' | 'case' | 'erasure' | 'dueAt'> & { vault?: Vault | null; begunAt?: string }

/** Of one list, each person once. */
export async function saveCases(trx: Db, list: string, changes: readonly CaseState[]): Promise<void> {
  if (changes.length === 0) return
  const column = <T>(of: (change: CaseState) => T): T[] => changes.map(of)
  await sql`
    update retention_case c set status = u.status, standing = u.standing, state = u.state, erasure = u.erasure, due_at = u.due_at::timestamptz,
      attempts = 0, fault = null, held_until = null,
      sealed = case when u.resealed then u.sealed else c.sealed end, seal = case when u.resealed then u.seal else c.seal end
    from unnest(${column(({ n }) => n)}::int[], ${column((one) => one.case.status)}::text[], ${column(({ erasure }) => standingOf(erasure))}::text[],
      ${column((one) => JSON.stringify(one.case))}::text[], ${column(({ erasure }) => JSON.stringify(erasure))}::text[],
      ${column(({ dueAt }) => iso(dueAt))}::text[], ${column(({ vault }) => vault !== undefined)}::boolean[],
      ${column(({ vault }) => vault?.sealed ?? null)}::bytea[], ${column(({ vault }) => vault?.seal ?? null)}::bytea[])
      as u (n, status, standing, state, erasure, due_at, resealed, sealed, seal)
    where c.list = ${list} and c.n = u.n`.execute(trx)
  const begun = changes.filter(({ begunAt }) => begunAt !== undefined)
  if (begun.length > 0)
    await sql`
      update retention_record r set begun_at = u.at::timestamptz
      from unnest(${begun.map(({ n }) => n)}::int[], ${begun.map(({ begunAt }) => begunAt!)}::text[]) as u (n, at)
      where r.list = ${list} and r.n = u.n`.execute(trx)
  const items = changes.flatMap(({ n, erasure }) =>
    ('items' in erasure ? erasure.items : []).map(({ connection, object, id, outcome, trace }) => ({
      n,
      connection,
      object,
      id,
      outcome,
      trace,
    })),
  )
  if (items.length === 0) return
  await sql`
    update retention_record r set outcome = u.outcome, trace = u.trace
    from jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as u (n integer, connection text, object text, id text, outcome text, trace text)
    where r.list = ${list} and r.n = u.n and r.connection = u.connection and r.object = u.object and r.id = u.id`.execute(trx)
}

function standingOf(erasure: Erasure): Standing | null {
  return erasure.status === 'settled' || erasure.status === 'returned' ? erasure.standing : null
}

type ListRow = Omit<StoredList, 'retention' | 'shown' | 'madeAt' | 'dueAt'> & {
  state: string
  list: string
  madeAt: Date
  dueAt: Date | null
}
const listColumns = sql.raw(`id, version, state, list, made_at as "madeAt", due_at as "dueAt", attempts, fault`)

export async function loadList(db: Db, id: string, lock: 'for update' | 'no lock' = 'no lock'): Promise<StoredList | null> {
  const { rows } = await sql<ListRow>`
    select ${listColumns} from retention_list where id = ${id} ${sql.raw(lock === 'for update' ? lock : '')}`.execute(db)
  return rows[0] === undefined ? null : listOf(rows[0])
}

/** The newest first. `open`: those that have not ended. */
export async function listLists(db: Db, which: 'open' | 'all', limit: number): Promise<StoredList[]> {
  const { rows } = await sql<ListRow>`
    select ${listColumns} from retention_list ${which === 'open' ? sql`where status <> 'ended'` : sql``} order by made_at desc, id limit ${limit}`.execute(
    db,
  )
  return rows.map(listOf)
}

export async function findListIds(db: Db, prefix: string): Promise<string[]> {
  const { rows } = await sql<{
    id: string
  }>`select id from retention_list where starts_with(id::text, ${prefix}) order by id limit 2`.execute(db)
  return rows.map((row) => row.id)
}

function listOf({ state, list, madeAt, dueAt, ...row }: ListRow): StoredList {
  const of = `retention list ${row.id}`
  return {
    ...row,
    retention: readState<Retention>(of, state),
    shown: readState<StoredList['shown']>(of, list),
    madeAt: madeAt.getTime(),
    dueAt: dueAt?.getTime() ?? null,
  }
}

type CaseRow = Pick<StoredCase, 'list' | 'n' | 'attempts'> & {
  state: string
  entry: string
  erasure: string
  sealed: Buffer | null
  seal: Buffer | null
  dueAt: Date | null
  heldUntil: Date | null
}
const caseColumns = sql.raw(`list, n, state, entry, erasure, sealed, seal, due_at as "dueAt", attempts, held_until as "heldUntil"`)

/** In the order of their numbers; `numbers`: these alone. */
export async function loadCases(db: Db, list: string, numbers: readonly number[] | null = null): Promise<StoredCase[]> {
  const { rows } = await sql<CaseRow>`
    select ${caseColumns} from retention_case where list = ${list} ${numbers === null ? sql`` : sql`and n = any(${numbers}::int[])`} order by n`.execute(
    db,
  )
  return rows.map(caseOf)
}

function caseOf({ state, entry, erasure, sealed, seal, dueAt, heldUntil, ...row }: CaseRow): StoredCase {
  const of = `retention list ${row.list}`
  return {
    ...row,
    case: readState<Case>(of, state),
    entry: readState<Entry>(of, entry),
    erasure: readState<Erasure>(of, erasure),
    vault: sealed === null || seal === null ? null : { sealed, seal },
    dueAt: dueAt?.getTime() ?? null,
    heldUntil: heldUntil?.getTime() ?? null,
  }
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

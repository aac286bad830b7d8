/** Connections whose CRM was declared lost for good, and what under way still counts on one. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { Lost, LossReason } from '../core/lost.ts'

type Db = QueryExecutorProvider
type Row = { connection: string; crm: string; account: string | null; because: LossReason; declared_by: string; declared_at: Date }

export async function loadLosses(db: Db): Promise<Lost[]> {
  const { rows } = await sql<Row>`select * from connection_loss order by connection`.execute(db)
  return rows.map(({ declared_by, declared_at, ...row }) => ({
    ...row,
    by: { kind: 'staff', user: declared_by },
    at: declared_at.getTime(),
  }))
}

export async function loadLoss(db: Db, connection: string): Promise<Lost | null> {
  return (await loadLosses(db)).find((one) => one.connection === connection) ?? null
}

/** The first word stands. */
export async function saveLoss(trx: Db, { connection, crm, account, because, by, at }: Lost): Promise<void> {
  if (by.kind !== 'staff') throw new TypeError('that a CRM is lost is a user’s word')
  await sql`
    insert into connection_loss (connection, crm, account, because, declared_by, declared_at)
    values (${connection}, ${crm}, ${account}, ${because}, ${by.user}, ${new Date(at).toISOString()}::timestamptz) on conflict do nothing`.execute(
    trx,
  )
}

export async function deleteLoss(trx: Db, connection: string): Promise<void> {
  await sql`delete from connection_loss where connection = ${connection}`.execute(trx)
}

/** Lists, ended ones included, in which somebody who is not finished has records there, or is looked for there. */
export async function listsCountingOn(db: Db, connection: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select l.id from retention_list l where exists (
      select from retention_case c where c.list = l.id and c.status in ('waiting', 'asked', 'begun') and (
        strpos(c.erasure, ${`"${connection}"`}) > 0
        or exists (select from retention_record q where q.list = c.list and q.n = c.n and q.connection = ${connection}))) order by l.made_at, l.id`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

/** Requests that are not closed, and open cases of persons who were seen again there. */
export async function requestsNotClosed(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from request where closed_at is null order by received_at, id`.execute(db)
  return rows.map(({ id }) => id)
}

export async function casesSeenIn(db: Db, connection: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct c.id from comeback c join reappearance r on r.comeback = c.id join source s on s.id = r.source
    where c.closed_at is null and s.connection = ${connection} order by 1`.execute(db)
  return rows.map(({ id }) => id)
}

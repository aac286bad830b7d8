/** Connections whose CRM was declared lost for good, and what under way still counts on one. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { Lost, LossReason } from '../core/erasure/lost.ts'

type Db = QueryExecutorProvider
type Row = { connection: string; crm: string; account: string | null; because: LossReason; user: string; declaredAt: Date }

const columns = sql.raw(`connection, crm, account, because, declared_by as "user", declared_at as "declaredAt"`)

/** Those that whatever begins now has to name: what was known there is not forgotten yet. */
export async function loadLosses(db: Db): Promise<Lost[]> {
  const { rows } = await sql<Row>`select ${columns} from connection_loss where forgotten_at is null order by connection`.execute(db)
  return rows.map(lostOf)
}

/** All of them, also those that were forgotten: each is refused wherever it is configured. */
export async function loadDeclared(db: Db): Promise<Lost[]> {
  const { rows } = await sql<Row>`select ${columns} from connection_loss order by connection`.execute(db)
  return rows.map(lostOf)
}

/** Until somebody says that it is there after all, also once it is forgotten. */
export async function loadLoss(db: Db, connection: string): Promise<Lost | null> {
  const { rows } = await sql<Row>`select ${columns} from connection_loss where connection = ${connection}`.execute(db)
  return rows[0] === undefined ? null : lostOf(rows[0])
}

/** The same of an account, whatever the id is under which it is configured now. */
export async function loadLossOf(db: Db, { crm, account }: { crm: string; account: string }): Promise<Lost | null> {
  const { rows } = await sql<Row>`
    select ${columns} from connection_loss where crm = ${crm} and account = ${account} order by connection limit 1`.execute(db)
  return rows[0] === undefined ? null : lostOf(rows[0])
}

function lostOf({ user, declaredAt, ...row }: Row): Lost {
  return { ...row, by: { kind: 'staff', user }, at: declaredAt.getTime() }
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

export async function forgetLoss(trx: Db, connection: string, at: string): Promise<void> {
  await sql`update connection_loss set forgotten_at = ${at}::timestamptz where connection = ${connection}`.execute(trx)
}

export async function deleteLoss(trx: Db, connection: string): Promise<void> {
  await sql`delete from connection_loss where connection = ${connection}`.execute(trx)
}

/** Lists, ended ones included, in which somebody is not finished. */
export async function unfinishedLists(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select l.id from retention_list l
    where exists (select from retention_case c where c.list = l.id and c.status in ('waiting', 'asked', 'begun')) order by l.made_at, l.id`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

/** Open cases of persons who were seen again there. */
export async function casesSeenIn(db: Db, connection: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct c.id from comeback c join reappearance r on r.comeback = c.id join source s on s.id = r.source
    where c.closed_at is null and s.connection = ${connection} order by 1`.execute(db)
  return rows.map(({ id }) => id)
}

/** How retention stands, for a monitor: counts only. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
/** `lists`: by status. `persons`: by state, those whose end is proved or not by their standing. `spent`: records begun to be destroyed, by connection. */
export type RetentionLoad = {
  lists: readonly { status: string; count: number }[]
  persons: readonly { state: string; count: number }[]
  spent: readonly { connection: string; count: number }[]
  stops: number
}

export async function loadRetention(db: Db, since: string): Promise<RetentionLoad> {
  const lists = await sql<{ status: string; count: number }>`
    select status, count(*)::int as count from retention_list where status <> 'ended' group by 1 order by 1`.execute(db)
  const persons = await sql<{ state: string; count: number }>`
    select case when status in ('begun', 'closed') then coalesce(standing, 'under-way') else status end as state, count(*)::int as count
    from retention_case where status <> 'dropped' group by 1 order by 1`.execute(db)
  const spent = await sql<{ connection: string; count: number }>`
    select connection, count(*)::int as count from retention_record where begun_at > ${since}::timestamptz group by 1 order by 1`.execute(
    db,
  )
  const stops = await sql<{ n: number }>`select count(*)::int as n from retention_stop where confirmed_at is null`.execute(db)
  return { lists: lists.rows, persons: persons.rows, spent: spent.rows, stops: stops.rows[0]!.n }
}

/** What was counted under the former name counts under the new one: a rename empties no window. */
export async function renameRetention(trx: Db, from: string, to: string): Promise<void> {
  await sql`update retention_record set connection = ${to} where connection = ${from}`.execute(trx)
  await sql`update retention_asked set connection = ${to} where connection = ${from}`.execute(trx)
}

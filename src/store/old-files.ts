/** Files of requests that were closed a long time ago, and their end. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { keptRecords } from './request-records.ts'

type Db = QueryExecutorProvider
/** `closedAt`: epoch milliseconds. `keeps`: a record of the person was there still when it was last looked at. */
export type OldFile = { id: string; closedAt: number; keeps: boolean }

/**
 * Closed before `until` (ISO 8601), in the order of their numbers behind `after`. Not those that still do something: a restriction that stands, a case of
 * somebody who is seen again, a recipient who is still to be told.
 */
export async function loadOldFiles(db: Db, until: string, after: string | null, limit: number): Promise<OldFile[]> {
  const { rows } = await sql<{ id: string; closed: Date; keeps: boolean }>`
    select r.id, r.closed_at as closed, exists (${keptRecords('r')}) as keeps from request r
    where r.closed_at < ${until}::timestamptz and ${after === null ? sql`true` : sql`r.id > ${after}::uuid`}
      and not exists (select from restriction x where x.request = r.id)
      and not exists (select from comeback c where c.closed_at is null and (c.request = r.id or c.again = r.id))
      and not exists (select from notice n where n.request = r.id and n.status = 'waiting')
    order by r.id limit ${limit}`.execute(db)
  return rows.map(({ id, closed, keeps }) => ({ id, closedAt: closed.getTime(), keeps }))
}

export async function countClosed(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from request where closed_at is not null`.execute(db)
  return rows[0]!.n
}

const parts = [
  'request_event',
  'request_record',
  'request_mention',
  'request_alert',
  'request_link',
  'copy_link',
  'copy_decision',
  'notice',
]

/**
 * Whole. The suppression list stays, keyed hashes that bind on: an entry of an erasure that was carried out goes on naming it by its number, so that whoever
 * comes back is a case; one of an erasure that was stopped is a refusal like any other.
 */
export async function deleteFiles(trx: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const gone = sql`any(${ids}::uuid[])`
  await sql`
    update suppression s set request = null from request r
    where s.request = r.id and r.id = ${gone} and r.erasure not in ('settled', 'returned')`.execute(trx)
  await sql`delete from reappearance where request = ${gone}`.execute(trx)
  await sql`delete from comeback where request = ${gone}`.execute(trx)
  await sql`
    delete from mail where link in (
      select id from request_link where request = ${gone} union all select id from copy_link where request = ${gone})`.execute(trx)
  for (const table of parts) await sql`delete from ${sql.table(table)} where request = ${gone}`.execute(trx)
  await sql`delete from request where id = ${gone}`.execute(trx)
}

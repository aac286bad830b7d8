/** What is kept under the name of a connection beside its records: where work goes on, what of the CRM's quota was used, what was heard. */
import { sql, type QueryExecutorProvider, type RawBuilder } from 'kysely'

type Db = QueryExecutorProvider

/** One row or more by connection, none of which outlives it. Calls are counted anew when somebody asks the CRM the next time. */
const BY_NAME = [
  'inbox',
  'stream_position',
  'schedule_window',
  'call_slot',
  'call_ring',
  'call_day',
  'call_hour',
  'retention_gauge',
] as const

/** So that nothing goes on where it stopped, should this be broken off: what is read of it next is read whole. */
export async function clearProgress(trx: Db, connection: string): Promise<void> {
  const own = sql`select id from source where connection = ${connection}`
  await sql`
    update source set retired = true, policy = null, cursor = null, position = null, full_since = null, full_policy = null
    where connection = ${connection}`.execute(trx)
  for (const table of ['patch', 'recheck', 'live_read', 'reappearance', 'connection_finding'])
    await sql`delete from ${sql.table(table)} where source in (${own})`.execute(trx)
  for (const table of BY_NAME) await sql`delete from ${sql.table(table)} where connection = ${connection}`.execute(trx)
  await sql`delete from retention_stop where confirmed_at is null and ${aboutIs(connection)}`.execute(trx)
}

/** The new name may have left traces of its own, when a service was started before the connection was renamed: they make room. */
export async function renameTraces(trx: Db, from: string, to: string): Promise<void> {
  for (const table of BY_NAME) {
    await sql`delete from ${sql.table(table)} where connection = ${to}`.execute(trx)
    await sql`update ${sql.table(table)} set connection = ${to} where connection = ${from}`.execute(trx)
  }
  // Of requests that are closed: whom they kept is not somebody who comes back.
  for (const table of ['request_record', 'request_mention'])
    await sql`update ${sql.table(table)} set connection = ${to} where connection = ${from}`.execute(trx)
  await sql`update retention_stop set about = ${to} || substring(about from ${from.length + 1}::int) where ${aboutIs(from)}`.execute(trx)
}

/** A connection, or an object of it. */
function aboutIs(connection: string): RawBuilder<boolean> {
  return sql`split_part(about, ':', 1) = ${connection}`
}

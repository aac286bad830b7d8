/** Which windows of the schedule have fired: one firing each, however many workers look at the clock. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
/** `opens`: local date and time, YYYY-MM-DDTHH:MM, or a local date. */
export type FiredWindow = { connection: string; kind: 'sweep' | 'due' | 'retention'; opens: string }

/**
 * Answers whether it is this caller's to fire; a window that is not later than one that has fired never is, as far as `horizon` (written as `opens` is):
 * what fired beyond it was fired by a clock that was wrong, and must not stop the nights until then.
 */
export async function claimWindow(trx: Db, { connection, kind, opens }: FiredWindow, horizon: string): Promise<boolean> {
  const { rows } = await sql`
    insert into schedule_window (connection, kind, opens_at)
    select ${connection}, ${kind}, ${opens}
    where not exists (select from schedule_window w where w.connection = ${connection} and w.kind = ${kind} and w.opens_at >= ${opens} and w.opens_at <= ${horizon})
    on conflict do nothing returning 1`.execute(trx)
  return rows.length === 1
}

/** Forgets those beyond `horizon`; answers whether there were any. */
export async function forgetWindowsAhead(trx: Db, connection: string, horizon: string): Promise<boolean> {
  const { rows } = await sql`delete from schedule_window where connection = ${connection} and opens_at > ${horizon} returning 1`.execute(
    trx,
  )
  return rows.length > 0
}

/** Keeps the last one of each kind. */
export async function forgetWindows(db: Db, days: number): Promise<void> {
  await sql`
    delete from schedule_window w where w.fired_at < clock_timestamp() - ${days} * interval '1 day'
    and exists (select from schedule_window later where later.connection = w.connection and later.kind = w.kind and later.opens_at > w.opens_at)`.execute(
    db,
  )
}

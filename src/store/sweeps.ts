/** When each connection was swept, and with what result. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider

export async function startSweep(db: Db, connection: string, mode: string, at: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into sweep (connection, mode, started_at) values (${connection}, ${mode}, ${at}::timestamptz) returning id`.execute(db)
  return Number(rows[0]!.id)
}

/** `summary`: counts only, as JSON text. */
export async function finishSweep(db: Db, id: number, at: string, summary: string): Promise<void> {
  await sql`update sweep set finished_at = ${at}::timestamptz, summary = ${summary} where id = ${id}`.execute(db)
}

export type LastSweep = { connection: string; startedAt: string; finishedAt: string; summary: string }

/** The last sweep of each connection that came to its end. */
export async function lastSweeps(db: Db): Promise<LastSweep[]> {
  const { rows } = await sql<LastSweep>`
    select distinct on (connection) connection, started_at::text as "startedAt", finished_at::text as "finishedAt", summary
    from sweep where finished_at is not null order by connection, finished_at desc`.execute(db)
  return rows
}

/**
 * One sweep of a connection at a time, over any number of workers. The lock belongs to the session of `db`: it ends with it.
 * Answers whether it was free.
 */
export async function tryLockConnection(db: Db, connection: string): Promise<boolean> {
  const { rows } = await sql<{
    locked: boolean
  }>`select pg_try_advisory_lock(hashtextextended(${`accord-sweep:${connection}`}, 0)) as locked`.execute(db)
  return rows[0]!.locked
}

export async function unlockConnection(db: Db, connection: string): Promise<void> {
  await sql`select pg_advisory_unlock(hashtextextended(${`accord-sweep:${connection}`}, 0))`.execute(db)
}

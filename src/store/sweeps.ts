/** When each connection was swept, and with what result. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { PoolClient } from 'pg'
import type { Database } from './database.ts'

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
 * One sweep of a connection at a time, over any number of workers. Answers how to let go, or null when another worker has it.
 * The lock belongs to a database session of its own, so a worker that dies lets go, too. The embedded database has one process
 * and one session: nobody else can be there.
 */
export async function lockConnection(
  { kind, pool }: Pick<Database, 'kind' | 'pool'>,
  connection: string,
): Promise<(() => Promise<void>) | null> {
  if (kind === 'embedded') return async () => undefined
  const key = `accord-sweep:${connection}`
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as locked', [key])
    if (rows[0]?.locked) return () => letGo(client, key)
  } catch (error) {
    client.release(true)
    throw error
  }
  client.release()
  return null
}

/** Ending the session would let go as well, but some time after this worker has gone on. */
async function letGo(client: PoolClient, key: string): Promise<void> {
  try {
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [key])
  } catch {
    client.release(true) // the session is lost, and the lock with it
    return
  }
  client.release()
}

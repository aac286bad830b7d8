/** When each connection was swept, and with what result. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { Database } from './database.ts'
import { openSession, type OwnSession } from './session.ts'

type Db = QueryExecutorProvider

export async function startSweep(db: Db, connection: string, mode: string, at: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into sweep (connection, mode, started_at) values (${connection}, ${mode}, ${at}::timestamptz) returning id`.execute(db)
  return Number(rows[0]!.id)
}

/** `mode`: what it turned out to be, for a first sweep reads everything unasked. `summary`: counts only, as JSON text. */
export async function finishSweep(db: Db, id: number, at: string, mode: string, summary: string): Promise<void> {
  await sql`update sweep set finished_at = ${at}::timestamptz, mode = ${mode}, summary = ${summary} where id = ${id}`.execute(db)
}

/** Whether a sweep of any connection came to its end on this day (UTC, YYYY-MM-DD). */
export async function hasSweptOn(db: Db, day: string): Promise<boolean> {
  const { rows } = await sql<{ swept: boolean }>`
    select exists (select from sweep where finished_at >= ${day}::timestamp at time zone 'UTC'
      and finished_at < (${day}::timestamp + interval '1 day') at time zone 'UTC') as swept`.execute(db)
  return rows[0]!.swept
}

export type LastSweep = { connection: string; startedAt: string; finishedAt: string; summary: string }

/** The last sweep of each connection that came to its end, but for those that are no longer configured. `until`: one that began later is left out. */
export async function lastSweeps(db: Db, until = 'infinity'): Promise<LastSweep[]> {
  const { rows } = await sql<LastSweep>`
    select distinct on (connection) connection, started_at::text as "startedAt", finished_at::text as "finishedAt", summary
    from sweep where finished_at is not null and started_at <= ${until}::timestamptz
    and not exists (select from source s where s.connection = sweep.connection having bool_and(s.retired)) order by connection, finished_at desc`.execute(
    db,
  )
  return rows
}

/** `lost` aborts when the lock is gone before it was released: from then on another worker may have it. */
export type ConnectionLock = { release: () => Promise<void>; lost: AbortSignal }

/** When the last full pull of each connection that came to its end began; `until` as above. */
export async function lastFullSweeps(db: Db, until: string): Promise<{ connection: string; startedAt: string }[]> {
  const { rows } = await sql<{ connection: string; startedAt: string }>`
    select connection, max(started_at)::text as "startedAt" from sweep
    where finished_at is not null and started_at <= ${until}::timestamptz and summary::jsonb->>'mode' = 'full'
    group by connection`.execute(db)
  return rows
}

/**
 * One sweep of a connection at a time, over any number of workers. Answers null when another worker has it.
 * The lock belongs to a database session of its own, so a worker that dies lets go, too; and one beside the pool, so that as many connections
 * as there are may be held. The embedded database has one process and one session: nobody else can be there.
 */
export async function lockConnection({ kind, pool }: Pick<Database, 'kind' | 'pool'>, connection: string): Promise<ConnectionLock | null> {
  if (kind === 'embedded') return { release: async () => undefined, lost: new AbortController().signal }
  const key = `accord-sweep:${connection}`
  const session = await openSession(pool, `${connection} for this sweep, which is to be started again,`)
  let locked = false
  try {
    const [row] = await session.ask<{ locked: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as locked', [key])
    locked = row?.locked === true
  } finally {
    if (!locked) await session.end()
  }
  return locked ? { release: () => letGo(session, key), lost: session.lost } : null
}

/** Ending the session would let go as well, but some time after this worker has gone on. */
async function letGo({ lost, unlock, end }: OwnSession, key: string): Promise<void> {
  if (lost.aborted) return // and the lock with it
  try {
    await unlock('select pg_advisory_unlock(hashtextextended($1, 0)) as freed', [key])
  } finally {
    await end()
  }
}

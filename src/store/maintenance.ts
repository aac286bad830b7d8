import type { Database } from './database.ts'
import { codeOf } from './pool.ts'
import type { StoreLog } from './pool.ts'

/** Records in one table up to which the embedded database is meant to be used. */
export const embeddedCeiling = 1_000_000

/**
 * To be called after each sweep and each bulk change, outside any transaction.
 * Embedded: VACUUM (ANALYZE) and CHECKPOINT, which nobody else does there, and a warning near the ceiling.
 * Postgres: ANALYZE of our own tables only, because autovacuum may be an hour away and plans on a freshly filled table are up to 40 times slower.
 * The system catalogues would cost ten times as much, and change next to never.
 */
export async function maintain(database: Pick<Database, 'kind' | 'pool'>, log: StoreLog): Promise<void> {
  if (database.kind === 'postgres') {
    const { rows } = await database.pool.query<{ tables: string | null }>(
      `select string_agg(format('%I.%I', schemaname, tablename), ', ') as tables from pg_tables where schemaname = any(current_schemas(false))`,
    )
    if (rows[0]?.tables) await database.pool.query(`analyze ${rows[0].tables}`)
    return
  }
  await database.pool.query('vacuum (analyze)')
  await database.pool.query('checkpoint')
  await warnNearCeiling(database.pool, log)
}

async function warnNearCeiling(pool: Database['pool'], log: StoreLog): Promise<void> {
  const { rows } = await pool.query<{ table: string; records: number }>(`
    select relname as "table", reltuples::bigint as records from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > ${embeddedCeiling * 0.8}
    order by reltuples desc limit 1`)
  const [largest] = rows
  if (largest === undefined) return
  log('embedded database near its ceiling', { ...largest, ceiling: embeddedCeiling, remedy: 'set DATABASE_URL to move to Postgres' })
}

/** Written-ahead log after which a CHECKPOINT is due: bounds both the disk it takes and the time a reopening after a crash takes. */
const checkpointBytes = 64 * 1024 * 1024
const lookEvery = 1_000

/** CHECKPOINT by volume written, for the embedded database, which has no checkpointer. Ends when `signal` aborts. */
export function checkpointByVolume(pool: Database['pool'], log: StoreLog, signal: AbortSignal): void {
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    checkpointWhenDue(pool)
      .catch((error: unknown) => signal.aborted || log('checkpoint failed', { code: codeOf(error) }))
      .finally(() => (busy = false))
  }, lookEvery)
  timer.unref()
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}

async function checkpointWhenDue(pool: Database['pool']): Promise<void> {
  const { rows } = await pool.query<{ written: number }>(
    'select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::bigint as written from pg_control_checkpoint()',
  )
  if ((rows[0]?.written ?? 0) >= checkpointBytes) await pool.query('checkpoint')
}

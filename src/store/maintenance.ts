import type { Database } from './database.ts'
import { codeOf } from './pool.ts'
import type { StoreLog } from './pool.ts'

/** Records in one table up to which the embedded database is meant to be used. */
const embeddedCeiling = 1_000_000

/**
 * To be called after each sweep and each bulk change, outside any transaction.
 * Embedded: VACUUM (ANALYZE) and CHECKPOINT, which nobody else does there, and a warning near the ceiling.
 * Postgres: ANALYZE of our own tables that have changed, because autovacuum may be an hour away and plans on a freshly filled table are up to 40 times slower.
 * Of a table of millions it reads thirty thousand pages: half a second, and more from a disk, that a quiet night need not take.
 */
export async function maintain(database: Pick<Database, 'kind' | 'pool'>, log: StoreLog): Promise<void> {
  if (database.kind === 'postgres') {
    const { rows } = await database.pool.query<{ tables: string | null }>(changedTables)
    if (rows[0]?.tables) await database.pool.query(`analyze ${rows[0].tables}`)
    return
  }
  await database.pool.query('vacuum (analyze)')
  await database.pool.query('checkpoint')
  await warnNearCeiling(database.pool, log)
}

/**
 * Grown, shrunk or written to by a twentieth since they were last looked at; autovacuum sees to the rest. What they weigh is known at once, what was written to
 * them about a second later.
 */
const changedTables = `
  select string_agg(format('%I.%I', n.nspname, c.relname), ', ') as tables
  from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_stat_user_tables s on s.relid = c.oid
  where c.relkind = 'r' and n.nspname = any(current_schemas(false)) and (
    abs(pg_relation_size(c.oid) / current_setting('block_size')::bigint - c.relpages) > c.relpages * 0.05
    or s.n_mod_since_analyze > greatest(c.reltuples, 0) * 0.05)`

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

import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import { SERVER_BOUNDS } from './bounds.ts'
import { openEmbedded } from './embedded.ts'
import { hasDatabase } from './embedded-directory.ts'
import { StoreError } from './error.ts'
import { checkpointByVolume } from './maintenance.ts'
import { isMigrated, migrate, refuseOtherSchema } from './migrate.ts'
import { codeOf, createPool } from './pool.ts'
import type { StoreLog } from './pool.ts'
import { refuseOldServer } from './server-version.ts'
import type { Tables } from './tables.ts'

export type { StoreLog } from './pool.ts'
export type { Tables } from './tables.ts'

export type Database = {
  readonly kind: 'postgres' | 'embedded'
  readonly db: Kysely<Tables>
  readonly pool: pg.Pool
  /** Waits for running queries, then lets go of everything. May be called twice. */
  close(): Promise<void>
}

/** `url`: a Postgres connection string; without one, a database is kept in `dir`. */
export type DatabaseOptions = {
  readonly url?: string | undefined
  readonly dir: string
  readonly log: StoreLog
  readonly poolSize?: number
  /** Who only looks makes nothing: a database that is not there is an error. */
  readonly existing?: boolean
}

/**
 * Opens the database and brings its schema up to date, unless it has to exist already: who only looks changes nothing. Whoever holds the result cannot tell which kind it is, save for speed and
 * two rules that both kinds are held to:
 * - inside a transaction use that transaction only: the embedded database runs one at a time, and what waits for its own
 *   transaction to end is ended after a minute;
 * - the embedded connections share one session, so no named statements, temporary tables (save for a rehearsal), LISTEN, session-level advisory locks or
 *   COPY FROM STDIN. Locks of a transaction (`pg_advisory_xact_lock`) are fine.
 * @throws StoreError `locked`, `unusable`, `unreachable`, `newer`, `older`, `missing`
 */
export async function openDatabase({ url, dir, log, poolSize = 10, existing = false }: DatabaseOptions): Promise<Database> {
  if (existing && url === undefined && !hasDatabase(dir))
    throw new StoreError('missing', `there is no database of Accord in ${dir}; ${NOT_THERE}`)
  const database = url === undefined ? await embedded(dir, log) : postgres(url, poolSize, log)
  try {
    if (url !== undefined) await refuseOldServer(database.db)
    if (existing && !(await isMigrated(database.db)))
      throw new StoreError('missing', `DATABASE_URL names a database without tables of Accord; ${NOT_THERE}`)
    if (existing) await refuseOtherSchema(database.db)
    const applied = existing ? [] : await migrate(database.db)
    log('database opened', { kind: database.kind, promise: promises[database.kind], migrations: applied.join(' ') })
    return database
  } catch (cause) {
    await database.close()
    if (cause instanceof StoreError || !isUnreachable(cause)) throw cause
    throw new StoreError('unreachable', `the database server cannot be reached (${codeOf(cause)}); check DATABASE_URL`, { cause })
  }
}

const NOT_THERE = 'check --data and DATABASE_URL, or run "accord sweep" first'

/** Said at each start, so that nobody learns it from a power cut. */
const promises = {
  embedded: 'survives the death of the process; for power loss, or more than one process, use Postgres',
  postgres: 'as durable as the server is set to be',
} as const

function postgres(url: string, max: number, log: StoreLog): Database {
  const pool = createPool({ connectionString: url, max }, log, SERVER_BOUNDS)
  return assemble('postgres', pool, async () => undefined)
}

async function embedded(dir: string, log: StoreLog): Promise<Database> {
  const { connection, close } = await openEmbedded(dir, log)
  const pool = createPool(connection, log)
  const ending = new AbortController()
  checkpointByVolume(pool, log, ending.signal)
  return assemble('embedded', pool, close, ending)
}

function assemble(kind: Database['kind'], pool: pg.Pool, release: () => Promise<void>, ending = new AbortController()): Database {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  let closed: Promise<void> | undefined
  async function close(): Promise<void> {
    ending.abort()
    try {
      await db.destroy()
      if (!pool.ended) await pool.end()
    } finally {
      await release()
    }
  }
  return { kind, db, pool, close: () => (closed ??= close()) }
}

/** Network errors, and the SQLSTATE classes "connection exception", "invalid authorization" and "cannot connect now". */
function isUnreachable(error: unknown): boolean {
  return /^(E[A-Z]+|08...|28...|57P03|3D000)$/.test(codeOf(error))
}

/** The whole store once more, for a run of which nothing may stay: temporary copies of the tables, seen by one session alone. */
import { Kysely, PostgresDialect, sql } from 'kysely'
import { SERVER_BOUNDS } from './bounds.ts'
import type { Database } from './database.ts'
import { StoreError } from './error.ts'
import { codeOf, createPool, type StoreLog } from './pool.ts'
import type { Tables } from './tables.ts'

export type Rehearsal = { readonly db: Kysely<Tables>; close(): Promise<void> }

/**
 * For every session that the pool opens: tables of the real schema are out of sight, and read-only. A session that is lost takes the copies
 * with it, and the next one finds no table at all rather than the real ones.
 */
const ONLY_COPIES = 'set search_path to pg_temp; set default_transaction_read_only to on'
/** What a sweep only ever adds to: the copy begins empty. */
const BEGIN_EMPTY: ReadonlySet<string> = new Set([
  'ledger_blocks',
  'sweep',
  'inbox',
  'live_read',
  'request_event',
  'request_mention',
  'retention_event',
])

/**
 * Copies all tables but the ledger's blocks: about ten seconds for a million records, and no lock on anything real. The embedded database has one
 * session for everybody: nobody else may use it until `close`.
 * @throws StoreError `unusable` when the role may not create temporary tables.
 */
export async function openRehearsal(database: Pick<Database, 'kind' | 'pool'>, log: StoreLog): Promise<Rehearsal> {
  const [{ schema }] = (await database.pool.query<{ schema: string }>('select current_schema() as schema')).rows as [{ schema: string }]
  // A statement may have to wait for a whole batch of another to end.
  const session = database.kind === 'postgres' ? `${SERVER_BOUNDS}; ${ONLY_COPIES}` : ONLY_COPIES
  const pool = createPool({ ...database.pool.options, max: 1, idleTimeoutMillis: 0, connectionTimeoutMillis: 120_000 }, log, session)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const close = async (): Promise<void> => {
    await db.destroy()
    if (database.kind === 'embedded') await restoreSession(database.pool)
  }
  try {
    await copyTables(db, schema)
    return { db, close }
  } catch (cause) {
    await close()
    if (codeOf(cause) !== '42501') throw cause
    throw new StoreError(
      'unusable',
      'a dry run works on temporary tables, which this role may not create; grant it TEMPORARY on the database',
      { cause },
    )
  }
}

async function copyTables(db: Kysely<Tables>, schema: string): Promise<void> {
  await db.connection().execute(async (session) => {
    await sql`set temp_buffers to '64MB'`.execute(session)
    await sql`begin read write`.execute(session)
    for (const name of await namesOf(session, schema, 'r')) {
      await sql`create temporary table ${sql.id(name)} (like ${sql.id(schema, name)} including all)`.execute(session)
      if (BEGIN_EMPTY.has(name)) continue
      await sql`insert into ${sql.id(name)} overriding system value select * from ${sql.id(schema, name)}`.execute(session)
      await sql`analyze ${sql.id(name)}`.execute(session)
    }
    for (const name of await namesOf(session, schema, 'S')) {
      // Those of identity columns came with their tables.
      await sql`create temporary sequence if not exists ${sql.id(name)}`.execute(session)
      await sql`select setval(${name}::regclass, last_value, is_called) from ${sql.id(schema, name)}`.execute(session)
    }
    await sql`commit`.execute(session)
  })
}

/** Tables (`r`) or sequences (`S`). */
async function namesOf(db: Kysely<Tables>, schema: string, kind: 'r' | 'S'): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = ${schema}::regnamespace and relkind = ${kind} order by 1`.execute(db)
  return rows.map(({ name }) => name)
}

async function restoreSession(pool: Database['pool']): Promise<void> {
  await pool.query('set default_transaction_read_only to off')
  await pool.query('reset search_path')
  await pool.query('discard temporary')
}

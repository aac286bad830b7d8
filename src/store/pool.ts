import pg from 'pg'
import type { CustomTypesConfig, PoolConfig } from 'pg'
import { KEEPALIVE_MS } from './bounds.ts'

/** What the store asks of a logger: an event in the past tense and facts about it, never a stored value. */
export type StoreLog = (event: string, facts?: Readonly<Record<string, string | number | boolean>>) => void

const oid = { int8: 20, date: 1082, int8Array: 1016, textArray: 1009, dateArray: 1182 } as const

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [oid.int8]: parseInt8,
  [oid.int8Array]: (text) => parseTextArray(text).map((item) => (item === null ? null : parseInt8(item))),
  [oid.date]: (text) => text,
  [oid.dateArray]: (text) => parseTextArray(text),
}

/**
 * How values come back: `int8` as number (an error beyond 2^53: cast to text in the statement if it can be larger), `date` as
 * `YYYY-MM-DD` text, because a day has no time zone and a JS Date always has one; `bytea` as Buffer, `timestamptz` as Date.
 */
const columnTypes: CustomTypesConfig = {
  getTypeParser: (id, format) => (format === 'binary' ? undefined : parsers[id]) ?? pg.types.getTypeParser(id, format),
}

/**
 * A pool that outlives its connections: a broken one is logged and dropped, and the next query opens another.
 * `session`: statements with which each connection begins.
 */
export function createPool(config: PoolConfig, log: StoreLog, session = ''): pg.Pool {
  const pool = new pg.Pool({
    application_name: 'accord',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_MS,
    ...config,
    types: columnTypes,
    onConnect: (client) => settle(client, session),
  })
  // Without these two listeners a restart of the server would end the process. The first one hears of every connection, …
  pool.on('connect', (client) => {
    client.on('error', (error) => log('database connection lost', { code: codeOf(error) }))
  })
  // … so that the second, for those that sit idle, has nothing left to say; the next query opens another.
  pool.on('error', () => undefined)
  return pool
}

/** SQLSTATE or errno of a driver error. Messages stay out of the log: Postgres quotes values in them. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'
}

// Casts between timestamptz and date must not depend on where the server stands.
async function settle(client: pg.ClientBase, session: string): Promise<void> {
  await client.query(`set timezone to 'UTC'; set datestyle to 'ISO'; ${session}`)
}

function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('an int8 beyond 2^53 cannot be a number; cast it to text in the statement')
  return value
}

// The published types know the scalar oids only.
const parseTextArray = (pg.types.getTypeParser as (id: number) => (text: string) => (string | null)[])(oid.textArray)

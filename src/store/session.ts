/** A database session of one's own, beside the pool: for locks that hold exactly as long as the session does. */
import pg from 'pg'
import { LOCK_ANSWER_MS, SERVER_BOUNDS } from './bounds.ts'
import { StoreError } from './error.ts'

/** `lost` aborts when the session ended, or stopped answering, before `end`. `ask`: one question at a time, as the driver wants it. */
export type OwnSession = {
  readonly lost: AbortSignal
  ask: <Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<Row[]>
  /** Frees a lock that this session took. @throws StoreError `unreachable` when it had it no longer. */
  unlock: (text: string, values: readonly unknown[]) => Promise<void>
  end: () => Promise<void>
}

/** `what`: completes "the database session that held …". `answerMs`: how long one answer may take. */
export async function openSession(pool: pg.Pool, what: string, answerMs = LOCK_ANSWER_MS): Promise<OwnSession> {
  const client = new pg.Client(pool.options)
  const losing = new AbortController()
  const lose = (): void => losing.abort(new StoreError('unreachable', `the database session that held ${what} is lost`))
  client.on('error', lose)
  client.once('end', lose)
  await client.connect()
  let turn: Promise<unknown> = Promise.resolve()
  const ask: OwnSession['ask'] = async (text, values = []) => {
    const answer = turn.then(() => {
      losing.signal.throwIfAborted()
      return within(client, answerMs, client.query(text, [...values]))
    })
    turn = answer.catch(() => undefined) // whoever asked hears of it
    return (await answer).rows
  }
  const end = async (): Promise<void> => {
    client.off('end', lose)
    if (!losing.signal.aborted) await within(client, answerMs, client.end())
  }
  try {
    await ask(SERVER_BOUNDS)
  } catch (error) {
    await end()
    throw error
  }
  const unlock: OwnSession['unlock'] = async (text, values) => {
    const [row] = await ask<{ freed: boolean }>(text, values)
    if (row?.freed) return
    lose()
    throw losing.signal.reason
  }
  return { lost: losing.signal, ask, unlock, end }
}

/** A connection that swallows questions is broken off: waiting for the kernel to give it up takes a quarter of an hour. */
async function within<T>(client: pg.Client, ms: number, answer: Promise<T>): Promise<T> {
  const timer = setTimeout(() => client.connection.stream.destroy(), ms)
  try {
    return await answer
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Locks of a session mean nothing behind a pooler that gives each transaction another session of the server: they stay with a stranger, for good.
 * @throws StoreError `unusable`
 */
export async function refusePooler(pool: pg.Pool, { ask }: Pick<OwnSession, 'ask'>): Promise<void> {
  const own = async (): Promise<number> => (await ask<{ pid: number }>('select pg_backend_pid() as pid'))[0]!.pid
  const seen = new Set([await own(), await own(), await own()])
  const other = await pool.connect()
  try {
    await other.query('begin')
    const { rows } = await other.query<{ pid: number }>('select pg_backend_pid() as pid')
    // With one session for all, asking again would wait for this transaction.
    const shared = seen.size > 1 || seen.has(rows[0]!.pid)
    if (!shared && seen.has(await own())) return
  } finally {
    await other.query('rollback')
    other.release()
  }
  throw new StoreError(
    'unusable',
    'DATABASE_URL leads to a pooler that gives each transaction another session of the server (PgBouncer in transaction mode, or the like), ' +
      'so that the locks of workers would be lost: give the direct address of the server, or that of a pooler in session mode',
  )
}

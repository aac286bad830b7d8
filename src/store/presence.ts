/** Who is at work on this database: a lock that every process of Accord shares while it runs, and that what changes under everybody's feet wants for itself. */
import type { Database } from './database.ts'
import { StoreError } from './error.ts'
import { openSession, type OwnSession } from './session.ts'

/** Names our lock among the advisory locks of the database. */
const [lockClass, lockId] = [4403, 0]

/** For as long as the session lasts. @throws StoreError `locked` */
export async function notePresence({ ask }: Pick<OwnSession, 'ask'>): Promise<void> {
  const [row] = await ask<{ here: boolean }>('select pg_try_advisory_lock_shared($1, $2) as here', [lockClass, lockId])
  if (row?.here) return
  throw new StoreError('locked', 'a connection is being renamed or forgotten at this moment; start again when that has ended')
}

/**
 * Does what nobody else may be at work beside: others keep in memory what it changes. The embedded database has one process.
 * @throws StoreError `locked` when another process is at work
 */
export async function alone<T>({ kind, pool }: Pick<Database, 'kind' | 'pool'>, work: () => Promise<T>): Promise<T> {
  if (kind === 'embedded') return work()
  const session = await openSession(pool, 'everybody else off')
  try {
    const [row] = await session.ask<{ alone: boolean }>('select pg_try_advisory_lock($1, $2) as alone', [lockClass, lockId])
    if (!row?.alone) {
      const advice = 'stop the service on every host ("accord serve"), let sweeps and requests end, and try again'
      throw new StoreError('locked', `another process of Accord is at work on this database; ${advice}`)
    }
    return await work()
  } finally {
    await session.end()
  }
}

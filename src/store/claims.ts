/**
 * Who is at work on a row: the number of a claim stands beside it, and a claim holds exactly as long as the database session that took it. A worker
 * that is killed lets go at once, one that hangs keeps its rows, and nobody has to guess by the clock.
 */
import { randomInt } from 'node:crypto'
import type pg from 'pg'
import type { Database } from './database.ts'
import { notePresence } from './presence.ts'
import { openSession, refusePooler, type OwnSession } from './session.ts'

/** `lost` aborts when the session ended before the release: from then on others may take the same rows. */
export type Claim = { readonly id: number; readonly lost: AbortSignal; release: () => Promise<void> }
export type Claims = {
  /** Makes sure that claims can be had. @throws StoreError `unusable` where locks of a session mean nothing. */
  ready: () => Promise<void>
  take: () => Promise<Claim>
  /** The numbers of all claims that hold, of every worker. */
  living: () => Promise<readonly number[]>
  close: () => Promise<void>
}

/** Names our locks among the advisory locks of the database. */
const lockClass = 4402

export function openClaims(database: Pick<Database, 'kind' | 'pool'>): Claims {
  return database.kind === 'embedded' ? claimsOfOneProcess() : claimsOfSessions(database.pool)
}

/** One process has the embedded database: what a former one claimed is free. */
function claimsOfOneProcess(): Claims {
  const held = new Set<number>()
  const never = new AbortController().signal
  return {
    ready: async () => undefined,
    take: async () => {
      const id = freshId((one) => held.has(one))
      held.add(id)
      return { id, lost: never, release: async () => void held.delete(id) }
    },
    living: async () => [...held],
    close: async () => held.clear(),
  }
}

function claimsOfSessions(pool: pg.Pool): Claims {
  let opening: Promise<OwnSession> | null = null
  const session = (): Promise<OwnSession> => {
    const open = (opening ??= openSession(pool, 'the claims of this worker, whose work is taken up again,').then(async (one) => {
      one.lost.addEventListener('abort', () => (opening = null), { once: true })
      await refusePooler(pool, one)
        .then(() => notePresence(one))
        .catch(async (error: unknown) => {
          await one.end()
          throw error
        })
      return one
    }))
    open.catch(() => {
      if (opening === open) opening = null
    })
    return open
  }
  return {
    ready: async () => void (await session()),
    async take() {
      const { lost, ask, unlock } = await session()
      const id = freshId(() => false)
      await ask('select pg_advisory_lock($1, $2)', [lockClass, id])
      const release = async (): Promise<void> => {
        if (!lost.aborted) await unlock('select pg_advisory_unlock($1, $2) as freed', [lockClass, id])
      }
      return { id, lost, release }
    },
    async living() {
      const { rows } = await pool.query<{ id: number }>(
        `select objid::bigint as id from pg_locks where locktype = 'advisory' and classid = $1 and granted
         and database = (select oid from pg_database where datname = current_database())`,
        [lockClass],
      )
      return rows.map((row) => Number(row.id))
    },
    async close() {
      const open = await opening?.catch(() => null) // one that never opened has nothing to end
      opening = null
      await open?.end()
    },
  }
}

function freshId(taken: (id: number) => boolean): number {
  for (;;) {
    const id = randomInt(1, 2 ** 31 - 1)
    if (!taken(id)) return id
  }
}

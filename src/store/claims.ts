/**
 * Who is at work on a row: the number of a claim stands beside it, and a claim holds exactly as long as the database session that took it. A worker
 * that is killed lets go at once, one that hangs keeps its rows, and nobody has to guess by the clock.
 */
import { randomInt } from 'node:crypto'
import pg from 'pg'
import type { Database } from './database.ts'
import { StoreError } from './error.ts'

/** `lost` aborts when the session ended before the release: from then on others may take the same rows. */
export type Claim = { readonly id: number; readonly lost: AbortSignal; release: () => Promise<void> }
export type Claims = {
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
    take: async () => {
      const id = freshId((one) => held.has(one))
      held.add(id)
      return { id, lost: never, release: async () => void held.delete(id) }
    },
    living: async () => [...held],
    close: async () => held.clear(),
  }
}

/** `ask`: one question at a time, as the driver wants it. */
type Session = { client: pg.Client; lost: AbortController; ask: (text: string, values: unknown[]) => Promise<unknown> }

function claimsOfSessions(pool: pg.Pool): Claims {
  let opening: Promise<Session> | null = null
  const session = (): Promise<Session> => {
    opening ??= openSession(pool, () => (opening = null)).catch((error: unknown) => {
      opening = null
      throw error
    })
    return opening
  }
  return {
    async take() {
      const { lost, ask } = await session()
      const id = freshId(() => false)
      await ask('select pg_advisory_lock($1, $2)', [lockClass, id])
      const release = async (): Promise<void> => {
        if (!lost.signal.aborted) await ask('select pg_advisory_unlock($1, $2)', [lockClass, id])
      }
      return { id, lost: lost.signal, release }
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
      await open?.client.end()
    },
  }
}

async function openSession(pool: pg.Pool, onEnd: () => void): Promise<Session> {
  const client = new pg.Client(pool.options)
  const lost = new AbortController()
  const end = (): void => {
    onEnd()
    lost.abort(
      new StoreError('unreachable', 'the database session that held the claims of this worker is lost; its work is taken up again'),
    )
  }
  client.on('error', end)
  client.once('end', end)
  await client.connect()
  let turn: Promise<unknown> = Promise.resolve()
  const ask: Session['ask'] = (text, values) => {
    const answer = turn.then(() => client.query(text, values))
    turn = answer.catch(() => undefined) // whoever asked hears of it
    return answer
  }
  return { client, lost, ask }
}

function freshId(taken: (id: number) => boolean): number {
  for (;;) {
    const id = randomInt(1, 2 ** 31 - 1)
    if (!taken(id)) return id
  }
}

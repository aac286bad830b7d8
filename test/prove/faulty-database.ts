/** A database that fails at the n-th commit: right before it, or after it was made and before anybody heard of it. */
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import type { Tables } from '../../src/store/tables.ts'

/** `dies`: nothing more comes through afterwards, as when the process ends there. */
export type CommitFault = { n: number; when: 'before' | 'after'; dies: boolean }
export type FaultyDatabase = { db: Kysely<Tables>; commits: () => number }

/** A transaction's commit, and a change that is one of its own. */
const change = /^\s*(?:update|insert|delete|with)\b/i

/** The same pool, other connections of it; `fault` null only counts. */
export function faultyDatabase(pool: pg.Pool, fault: CommitFault | null): FaultyDatabase {
  let commits = 0
  let dead = false
  const lost = (): Error => Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })
  const wrap = (client: pg.PoolClient): PostgresPoolClient => {
    let inside = false
    let broken = false
    const query = async (text: string, values: readonly unknown[]): Promise<unknown> => {
      if (dead || broken) throw lost()
      const isPoint = text === 'commit' || (!inside && change.test(text))
      if (text.startsWith('begin')) inside = true
      if (text === 'commit' || text === 'rollback') inside = false
      if (!isPoint || ++commits !== fault?.n) return client.query(text, values as unknown[])
      if (fault.when === 'after') await client.query(text, values as unknown[])
      // What the server does when the other end is gone.
      else if (text === 'commit') await client.query('rollback')
      broken = true
      dead = fault.dies
      throw lost()
    }
    const release = async (): Promise<void> => {
      if (inside) await client.query('rollback')
      client.release()
    }
    return { query, release: () => void release() } as unknown as PostgresPoolClient
  }
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect: async () => wrap(await pool.connect()), end: async () => undefined, options: {} } }),
  })
  return { db, commits: () => commits }
}

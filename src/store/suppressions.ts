/** Keyed hashes of addresses and phones that must not be contacted. Art. 21(3): an objection needs no more than that. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider

/** Those of the given 32-byte hashes that are on the list, in hex. */
export async function loadSuppressed(db: Db, hashes: readonly Buffer[]): Promise<ReadonlySet<string>> {
  if (hashes.length === 0) return new Set()
  const { rows } = await sql<{
    hash: string
  }>`select encode(hash, 'hex') as hash from suppression where hash = any(${hashes}::bytea[])`.execute(db)
  return new Set(rows.map((row) => row.hash))
}

export async function anySuppression(db: Db): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`select exists (select 1 from suppression) as any`.execute(db)
  return rows[0]!.any
}

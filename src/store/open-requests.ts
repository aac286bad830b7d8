/** Requests that are not closed, as the records of who asks know them: by the keyed hash of the address or number that was given. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
/** `frozen`: what is asked for would end marketing, and nobody has decided yet. Once it is begun, the suppression list, a no or a restriction stands for it. */
export type Asking = { readonly frozen: boolean }

/** By hash, in hex: of those who asked for something that is still wanted. */
export async function loadAsking(db: Db, hashes: readonly Buffer[]): Promise<ReadonlyMap<string, Asking>> {
  if (hashes.length === 0) return new Map()
  const { rows } = await sql<{ hash: string; frozen: boolean }>`
    select encode(person, 'hex') as hash,
      bool_or(kind in ('erasure', 'objection', 'restriction') and status in ('received', 'identity-check', 'identified')) as frozen
    from request where person = any(${hashes}::bytea[]) and closed_at is null and status not in ('withdrawn', 'refused') group by person`.execute(
    db,
  )
  return new Map(rows.map(({ hash, frozen }) => [hash, { frozen }]))
}

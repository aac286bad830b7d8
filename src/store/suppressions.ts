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

/** Of people who were erased: known again by these hashes, and left alone. One that is on the list already stays as it is. */
export async function suppressForRequests(
  trx: Db,
  people: readonly { request: string; hashes: readonly Buffer[] }[],
  at: string,
): Promise<void> {
  const all = people.flatMap(({ request, hashes }) => hashes.map((hash) => ({ request, hash })))
  if (all.length === 0) return
  await sql`
    insert into suppression (hash, key_id, scope, reason, added_at, request)
    select distinct on (hash) hash, (select key_id from hash_key), 'all_marketing', 'erasure', ${at}::timestamptz, request
    from unnest(${all.map((one) => one.hash)}::bytea[], ${all.map((one) => one.request)}::uuid[]) as h (hash, request)
    on conflict (hash) do update set request = coalesce(suppression.request, excluded.request)`.execute(trx)
}

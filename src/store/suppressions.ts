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

/** `request`: whose erasure put it there; null for an objection. `since`: epoch milliseconds. */
export type Suppressed = { request: string | null; since: number }

/** The same with why they are on it, by hash in hex. */
export async function loadSuppressions(db: Db, hashes: readonly Buffer[]): Promise<ReadonlyMap<string, Suppressed>> {
  if (hashes.length === 0) return new Map()
  const { rows } = await sql<{ hash: string; request: string | null; added_at: Date }>`
    select encode(hash, 'hex') as hash, request, added_at from suppression where hash = any(${hashes}::bytea[])`.execute(db)
  return new Map(rows.map(({ hash, request, added_at }) => [hash, { request, since: added_at.getTime() }]))
}

/**
 * Takes these off the list, where it was one of these requests that had put them there: an objection that somebody made besides stays. Answers how many, and since when
 * they were on it (epoch milliseconds).
 */
export async function liftSuppressions(
  trx: Db,
  requests: readonly string[],
  hashes: readonly Buffer[],
): Promise<{ lifted: number; since: ReadonlySet<number> }> {
  const { rows } = await sql<{ added_at: Date }>`
    delete from suppression where request = any(${requests}::uuid[]) and hash = any(${hashes}::bytea[]) and reason = 'erasure' returning added_at`.execute(
    trx,
  )
  return { lifted: rows.length, since: new Set(rows.map(({ added_at }) => added_at.getTime())) }
}

/**
 * Of people who were erased: known again by these hashes, and left alone. Whoever is on the list already is known by the newest erasure, and since its day: only
 * what they say later is newer than it. A further round of one erasure is none of its own. What they objected to besides stays.
 */
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
    on conflict (hash) do update set request = excluded.request, added_at = excluded.added_at
    where suppression.request is distinct from excluded.request`.execute(trx)
}

/** The same person under another address: on the list for the same reason since the same day, and no case of somebody who came back. Answers how many are new. */
export async function carrySuppressions(trx: Db, from: readonly Buffer[], to: readonly Buffer[]): Promise<number> {
  const { rows } = await sql`
    insert into suppression (hash, key_id, scope, reason, added_at)
    select t.hash, s.key_id, s.scope, s.reason, s.added_at
    from unnest(${to}::bytea[]) as t (hash), lateral (
      select key_id, scope, reason, added_at from suppression where hash = any(${from}::bytea[]) order by added_at limit 1) s
    on conflict (hash) do nothing returning hash`.execute(trx)
  return rows.length
}

/** Keyed hashes of addresses and phones of people whose data may be kept and not used (GDPR art. 18(2)), each by the request that asks for it. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider

/** Those of the given 32-byte hashes that are restricted, in hex. */
export async function loadRestricted(db: Db, hashes: readonly Buffer[]): Promise<ReadonlySet<string>> {
  if (hashes.length === 0) return new Set()
  const { rows } = await sql<{
    hash: string
  }>`select distinct encode(hash, 'hex') as hash from restriction where hash = any(${hashes}::bytea[])`.execute(db)
  return new Set(rows.map((row) => row.hash))
}

export async function restrictForRequest(trx: Db, request: string, hashes: readonly Buffer[], at: string): Promise<void> {
  if (hashes.length === 0) return
  await sql`
    insert into restriction (hash, request, since) select hash, ${request}::uuid, ${at}::timestamptz from unnest(${hashes}::bytea[]) as h (hash)
    on conflict do nothing`.execute(trx)
}

/** What another request of the same person restricts stays restricted. */
export async function liftForRequest(trx: Db, request: string): Promise<void> {
  await sql`delete from restriction where request = ${request}`.execute(trx)
}

/** The same person under another address: each request that restricts them goes on doing so. */
export async function carryRestrictions(trx: Db, from: readonly Buffer[], to: readonly Buffer[]): Promise<void> {
  await sql`
    insert into restriction (hash, request, since)
    select t.hash, r.request, min(r.since) from unnest(${to}::bytea[]) as t (hash), restriction r where r.hash = any(${from}::bytea[])
    group by t.hash, r.request on conflict do nothing`.execute(trx)
}

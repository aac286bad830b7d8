/** Somebody who was erased, and is seen again: the record, and the request that erased them. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
export type Sighting = { id: string; hashes: readonly Buffer[] }

/**
 * Notes records whose address or number belongs to somebody whom a request has erased. The records of that request itself are none: they are seen until they
 * are gone. Answers what is news.
 */
export async function noteReappearances(
  trx: Db,
  source: number,
  seen: readonly Sighting[],
  at: string,
): Promise<{ id: string; request: string }[]> {
  const pairs = seen.flatMap(({ id, hashes }) => hashes.map((hash) => ({ id, hash })))
  if (pairs.length === 0) return []
  const { rows } = await sql<{ id: string; request: string }>`
    insert into reappearance (source, id, request, seen_at)
    select distinct ${source}::smallint, seen.id, s.request, ${at}::timestamptz
    from unnest(${pairs.map(({ id }) => id)}::text[], ${pairs.map(({ hash }) => hash)}::bytea[]) as seen (id, hash)
    join suppression s on s.hash = seen.hash and s.request is not null
    where not exists (
      select from request_record r join source o on o.connection = r.connection and o.object = r.object
      where r.request = s.request and r.id = seen.id and o.id = ${source})
    on conflict do nothing returning id, request`.execute(trx)
  return rows
}

/** By request: how many records of that person were seen since. */
export async function countReappearances(db: Db): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ request: string; n: number }>`select request, count(*)::int as n from reappearance group by request`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.request, row.n]))
}

/** `connection:object:id`, the latest first. */
export async function loadReappearances(db: Db, request: string): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select concat_ws(':', s.connection, s.object, r.id) as key from reappearance r join source s on s.id = r.source
    where r.request = ${request} order by r.seen_at desc, r.id`.execute(db)
  return rows.map((row) => row.key)
}

/** Somebody who was erased, and is seen again: the record, the request that erased them, and the case that it belongs to. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { FreshConsent } from '../core/erasure/comeback.ts'

type Db = QueryExecutorProvider
export type Sighting = { id: string; hashes: readonly Buffer[]; consents: readonly FreshConsent[] }
/** `news`: it was not known, or had been seen to go. Otherwise what it says of consent has changed. `comeback`: its case so far. */
export type Noted = { id: string; request: string; comeback: string | null; news: boolean }

/**
 * Notes records whose address or number belongs to somebody whom a request has erased. The records of that request itself are none while it is at them: they are
 * seen until they are gone. Whoever has withdrawn the request is opted out still, and not to be erased. A file whose time is over is no more, and what it did stands.
 */
export async function noteReappearances(trx: Db, source: number, seen: readonly Sighting[], at: string): Promise<Noted[]> {
  const pairs = seen.flatMap(({ id, hashes, consents }) => hashes.map((hash) => ({ id, hash, consents: JSON.stringify(consents) })))
  if (pairs.length === 0) return []
  const { rows } = await sql<Noted>`
    with noted as (
      insert into reappearance as r (source, id, request, seen_at, consents)
      select distinct on (seen.id, s.request) ${source}::smallint, seen.id, s.request, ${at}::timestamptz, seen.consents
      from unnest(${pairs.map(({ id }) => id)}::text[], ${pairs.map(({ hash }) => hash)}::bytea[], ${pairs.map(({ consents }) => consents)}::text[])
        as seen (id, hash, consents)
      join suppression s on s.hash = seen.hash
      left join request w on w.id = s.request
      where s.request is not null and (w.id is null or w.erasure in ('running', 'settled', 'returned')) and not exists (
        select from request_record q join source o on o.connection = q.connection and o.object = q.object
        where q.request = s.request and q.id = seen.id and o.id = ${source} and q.trace is distinct from 'absent' and q.trace is distinct from 'out-of-reach')
      order by seen.id, s.request
      on conflict (source, id, request) do update set seen_at = excluded.seen_at, consents = excluded.consents
      where r.consents <> excluded.consents or exists (select from comeback c where c.id = r.comeback and c.ended in ('erased', 'gone'))
      returning id, request, comeback)
    select noted.*, (c.id is null or coalesce(c.ended, '') in ('erased', 'gone')) as news from noted left join comeback c on c.id = noted.comeback
    order by noted.id`.execute(trx)
  return rows
}

/** The same record in another case: nobody has looked yet. */
export async function assignReappearances(trx: Db, source: number, ids: readonly string[], { request, comeback }: Case): Promise<void> {
  await sql`
    update reappearance set comeback = ${comeback}, looked = false
    where source = ${source} and request = ${request} and id = any(${ids}::text[])`.execute(trx)
}
type Case = { request: string; comeback: string }

/** Nobody can look at them any more, and none of them is news to anybody. */
export async function forgetReappearances(trx: Db, connection: string): Promise<void> {
  await sql`delete from reappearance r using source s where s.id = r.source and s.connection = ${connection}`.execute(trx)
}

/** Those of the records of which nobody knows yet how they came back. */
export async function unlookedAmong(trx: Db, source: number, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select asked.id from unnest(${ids}::text[]) as asked (id)
    where not exists (select from reappearance r where r.source = ${source} and r.id = asked.id and r.looked)`.execute(trx)
  return new Set(rows.map((row) => row.id))
}

/** `consents`: as of the last reading. */
export type CaseRecord = { source: number; connection: string; object: string; id: string; consents: readonly FreshConsent[] }

export async function loadCaseRecords(db: Db, comeback: string): Promise<CaseRecord[]> {
  const { rows } = await sql<Omit<CaseRecord, 'consents'> & { consents: string }>`
    select r.source, s.connection, s.object, r.id, r.consents from reappearance r join source s on s.id = r.source
    where r.comeback = ${comeback} order by s.connection, s.object, r.id`.execute(db)
  return rows.map((row) => ({ ...row, consents: JSON.parse(row.consents) as readonly FreshConsent[] }))
}

export async function noteLooked(trx: Db, comeback: string): Promise<void> {
  await sql`update reappearance set looked = true where comeback = ${comeback}`.execute(trx)
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

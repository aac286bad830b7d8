/** Records that were read by themselves, outside the pages of a pull, and when. All times are the database's own. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { named } from './arrays.ts'

type Db = QueryExecutorProvider

/** Now, or that many milliseconds ago. */
export async function databaseTime(db: Db, agoMs = 0): Promise<string> {
  const { rows } = await sql<{ now: string }>`select (clock_timestamp() - ${agoMs} * interval '1 millisecond')::text as now`.execute(db)
  return rows[0]!.now
}

/** `at`: when they were asked for. */
export async function saveLiveReads(trx: Db, source: number, ids: readonly string[], at: string): Promise<void> {
  if (ids.length === 0) return
  await sql`
    insert into live_read (source, id, read_at) select ${source}, id, ${at}::timestamptz from unnest(${ids}::text[]) as read (id) order by id
    on conflict (source, id) do update set read_at = greatest(live_read.read_at, excluded.read_at)`.execute(trx)
}

/** Those of the ids that were read since: a page that was fetched meanwhile may be older than what is stored of them. */
export async function readLiveSince(trx: Db, source: number, ids: readonly string[], since: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from live_read join ${named(source, ids)} using (source, id) where read_at >= ${since}::timestamptz`.execute(trx)
  return rows.map((row) => row.id)
}

/** Keeps what a pull under way may still need. */
export async function forgetLiveReads(db: Db, hours: number): Promise<void> {
  await sql`
    delete from live_read l using source s where s.id = l.source and l.read_at < clock_timestamp() - ${hours} * interval '1 hour'
    and (s.full_since is null or l.read_at < s.full_since - interval '1 hour')`.execute(db)
}

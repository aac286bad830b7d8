/** The vendors' daily calls, counted over all workers; and the counts that people and monitors look at. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider

export type SeenDay = { limit: number; remaining: number; agoMs: number }

/**
 * What the vendor says is left of the day. An answer that says more than an earlier one is late, or of a new day: it is believed when it is
 * `newDayMs` younger. Requests under way may be in the vendor's count or not, so they are counted once more.
 */
export async function noteDay(db: Db, connection: string, seen: SeenDay, newDayMs: number): Promise<void> {
  await sql`
    update call_day d set quota = ${seen.limit}::bigint, remaining = ${seen.remaining}::bigint, seen_at = at,
      granted = (select count(*) from call_slot where connection = ${connection} and held and free_at > clock_timestamp())
    from (select clock_timestamp() - ${seen.agoMs}::float8 * interval '1 millisecond' as at) clock
    where d.connection = ${connection} and (d.remaining is null or d.quota is distinct from ${seen.limit}::bigint
      or ${seen.remaining}::bigint <= d.remaining or at >= d.seen_at + ${newDayMs}::float8 * interval '1 millisecond')`.execute(db)
}

/** The vendor said that nothing is left: one request looks again after a while. */
export async function closeDay(db: Db, connection: string, lookAgainMs: number): Promise<void> {
  await sql`update call_day set remaining = 0, seen_at = clock_timestamp(), look_at = clock_timestamp() + ${lookAgainMs}::float8 * interval '1 millisecond'
    where connection = ${connection}`.execute(db)
}

export async function countThrottled(db: Db, connection: string): Promise<void> {
  await sql`insert into call_hour (connection, hour, throttled) values (${connection}, date_trunc('hour', clock_timestamp()), 1)
    on conflict (connection, hour) do update set throttled = call_hour.throttled + 1`.execute(db)
}

/** `calls` and `throttled`: of the last 24 hours, by all workers. `limit` and `remaining`: of the vendor's day, for everybody; null until it was told. */
export type CallUsage = { connection: string; calls: number; throttled: number; limit: number | null; remaining: number | null }

export async function readCallUsage(db: Db): Promise<CallUsage[]> {
  const { rows } = await sql<CallUsage>`
    select d.connection, coalesce(h.calls, 0)::int as calls, coalesce(h.throttled, 0)::int as throttled, d.quota as "limit", d.remaining
    from call_day d left join (select connection, sum(calls) as calls, sum(throttled) as throttled from call_hour
      where hour > clock_timestamp() - interval '24 hours' group by connection) h on h.connection = d.connection
    order by d.connection`.execute(db)
  return rows
}

/** Hours that count no more. */
export async function forgetCallHours(db: Db): Promise<void> {
  await sql`delete from call_hour where hour < clock_timestamp() - interval '48 hours'`.execute(db)
}

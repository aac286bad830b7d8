/** What retention acts are guarded by: when the clock was last believed, how many records show an act of their person, and what somebody has to confirm first. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { ACT, noAct } from './facts.ts'
import { HEAD } from './memory.ts'

type Db = QueryExecutorProvider
/** `at`: epoch milliseconds. */
export type StoredGauge = { connection: string; object: string; at: number; records: number; acted: number }
/** `about`: a connection, an object of one, or '' for the clock. */
export type Stop = { kind: string; about: string; foundAt: string; detail: string }

export async function lastClock(db: Db): Promise<number | null> {
  const { rows } = await sql<{ at: Date }>`select seen_at as at from retention_clock`.execute(db)
  return rows[0]?.at.getTime() ?? null
}

export async function saveClock(db: Db, at: string): Promise<void> {
  await sql`insert into retention_clock (seen_at) values (${at}::timestamptz) on conflict (one) do update set seen_at = excluded.seen_at`.execute(
    db,
  )
}

/** Of a record `r`: an act of the person is known, its memory has a day behind its head (see facts.ts). */
export const hasActed = sql`(length(r.memory) > ${HEAD}::int and substring(r.memory from ${HEAD + 1}::int for ${ACT}::int) < ${noAct}::bytea)`

/** Live records now, of every connection, and those of which an act of the person is known. */
export async function readGauges(db: Db, at: number): Promise<StoredGauge[]> {
  const { rows } = await sql<Omit<StoredGauge, 'at'>>`
    with counted as (
      select source, count(*)::int as records, count(*) filter (where ${hasActed})::int as acted from record r where verdict >= 0 group by 1
    )
    select s.connection, s.object, c.records, c.acted from counted c join source s on s.id = c.source and not s.retired and s.crm <> 'accord' order by 1, 2`.execute(
    db,
  )
  return rows.map((row) => ({ ...row, at }))
}

export async function saveGauges(db: Db, gauges: readonly StoredGauge[]): Promise<void> {
  if (gauges.length === 0) return
  await sql`
    insert into retention_gauge (connection, object, at, records, acted)
    select connection, object, at, records, acted from jsonb_to_recordset(${JSON.stringify(
      gauges.map(({ at, ...rest }) => ({ ...rest, at: new Date(at).toISOString() })),
    )}::jsonb) as g (connection text, object text, at timestamptz, records integer, acted integer)
    on conflict do nothing`.execute(db)
}

/** Those of the time since somebody last confirmed a fall there. */
export async function loadGauges(db: Db, since: string): Promise<StoredGauge[]> {
  const { rows } = await sql<Omit<StoredGauge, 'at'> & { at: Date }>`
    select g.connection, g.object, g.at, g.records, g.acted from retention_gauge g
    where g.at >= ${since}::timestamptz and g.at > coalesce((
      select max(confirmed_at) from retention_stop s where s.about = g.connection || ':' || g.object and s.kind in ('acts-vanished', 'acts-never-seen')), '-infinity')
    order by g.at`.execute(db)
  return rows.map((row) => ({ ...row, at: row.at.getTime() }))
}

export async function forgetGauges(db: Db, before: string): Promise<void> {
  await sql`delete from retention_gauge where at < ${before}::timestamptz`.execute(db)
}

/** When a stop of this kind was last confirmed (epoch milliseconds). */
export async function lastConfirmed(db: Db, kind: string, about: string): Promise<number | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select max(confirmed_at) as at from retention_stop where kind = ${kind} and about = ${about}`.execute(db)
  return rows[0]!.at?.getTime() ?? null
}

/** What stops of this kind that somebody has confirmed were about. */
export async function confirmedPlaces(db: Db, kind: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ about: string }>`
    select distinct about from retention_stop where kind = ${kind} and confirmed_at is not null`.execute(db)
  return new Set(rows.map(({ about }) => about))
}

/** One that stands already stands once. Answers what is news. */
export async function saveStops(db: Db, stops: readonly Stop[]): Promise<Stop[]> {
  const fresh: Stop[] = []
  for (const stop of stops) {
    const { rows } = await sql`
      insert into retention_stop (kind, about, found_at, detail)
      select ${stop.kind}, ${stop.about}, ${stop.foundAt}::timestamptz, ${stop.detail}
      where not exists (select from retention_stop where kind = ${stop.kind} and about = ${stop.about} and confirmed_at is null)
      on conflict do nothing returning 1`.execute(db)
    if (rows.length > 0) fresh.push(stop)
  }
  return fresh
}

export async function openStops(db: Db): Promise<Stop[]> {
  const { rows } = await sql<Omit<Stop, 'foundAt'> & { foundAt: Date }>`
    select kind, about, found_at as "foundAt", detail from retention_stop where confirmed_at is null order by found_at, kind, about`.execute(
    db,
  )
  return rows.map((row) => ({ ...row, foundAt: row.foundAt.toISOString() }))
}

/** These and no other: what came up meanwhile nobody has looked at. */
export async function confirmStops(db: Db, stops: readonly Stop[], by: string, at: string): Promise<void> {
  const column = (of: (stop: Stop) => string): string[] => stops.map(of)
  await sql`
    update retention_stop s set confirmed_by = ${by}, confirmed_at = ${at}::timestamptz
    from unnest(${column((one) => one.kind)}::text[], ${column((one) => one.about)}::text[], ${column((one) => one.foundAt)}::timestamptz[])
      as seen (kind, about, found_at)
    where s.kind = seen.kind and s.about = seen.about and date_trunc('milliseconds', s.found_at) = seen.found_at and s.confirmed_at is null`.execute(
    db,
  )
}

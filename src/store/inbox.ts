/** What the CRMs told us, each event once; and from there to the list of records to be read again. */
import { hash } from 'node:crypto'
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
/** `key`: names the event within its connection, whatever it looks like. `at`: epoch milliseconds by the CRM's clock. No value of any record. */
export type HeardEvent = { key: string; connection: string; object: string; id: string; kind: string; at: number }

/** Answers the connections that have news; an event that is already here is none. */
export async function storeEvents(trx: Db, events: readonly HeardEvent[]): Promise<string[]> {
  if (events.length === 0) return []
  const { rows } = await sql<{ connection: string }>`
    with news as (
      insert into inbox (key, connection, object, id, kind, happened_at)
      select decode(key, 'hex'), connection, object, id, kind, to_timestamp(at / 1000.0)
      from unnest(${events.map(digestOf)}::text[], ${events.map((one) => one.connection)}::text[], ${events.map((one) => one.object)}::text[],
        ${events.map((one) => one.id)}::text[], ${events.map((one) => one.kind)}::text[], ${events.map((one) => one.at)}::bigint[])
        as event (key, connection, object, id, kind, at)
      order by key
      on conflict do nothing returning connection)
    select distinct connection from news`.execute(trx)
  return rows.map((row) => row.connection)
}

function digestOf({ connection, key }: HeardEvent): string {
  return hash('sha256', `${connection}\n${key}`, 'hex').slice(0, 32)
}

/** A record that was just read is read again only after this time: an import or a form sends a dozen events about one contact. */
const QUIET_MS = 2_000
const EVENTS_AT_ONCE = 5_000

/** Call it after `takeTurn`. Answers how many events were taken; those of objects that are never swept have nothing to wake. */
export async function takeEvents(trx: Db, connection: string): Promise<number> {
  const { rows } = await sql<{ events: number }>`
    with open as (select key from inbox where connection = ${connection} and not taken order by heard_at limit ${EVENTS_AT_ONCE} for update skip locked),
    heard as (update inbox i set taken = true from open where i.key = open.key returning i.object, i.id),
    asked as (
      select distinct s.id as source, h.id, l.read_at + ${QUIET_MS} * interval '1 millisecond' as ready_at
      from heard h join source s on s.connection = ${connection} and s.object = h.object
      left join live_read l on l.source = s.id and l.id = h.id and l.read_at > clock_timestamp() - ${QUIET_MS} * interval '1 millisecond'),
    rung as (
      insert into recheck as r (source, id, reason, ready_at) select source, id, 'heard', ready_at from asked order by source, id
      on conflict (source, id) do update set rung = r.rung + 1,
        ready_at = case when r.ready_at is null or excluded.ready_at is null then null else least(r.ready_at, excluded.ready_at) end)
    select count(*)::int as events from open`.execute(trx)
  return rows[0]!.events
}

/** Connections with events to be taken, records to be read again, or patches to be sent: what a doorbell that was lost would have told. */
export async function openWork(db: Db): Promise<{ heard: string[]; patches: string[] }> {
  const { rows } = await sql<{ connection: string; heard: boolean; patches: boolean }>`
    select c.connection,
      exists (select from inbox i where i.connection = c.connection and not i.taken)
        or exists (select from recheck r join source s on s.id = r.source where s.connection = c.connection) as heard,
      exists (select from patch p join source s on s.id = p.source where s.connection = c.connection and p.frozen is null) as patches
    from (select distinct connection from source where not retired) c`.execute(db)
  return {
    heard: rows.filter((row) => row.heard).map((row) => row.connection),
    patches: rows.filter((row) => row.patches).map((row) => row.connection),
  }
}

/** Records of a connection that wait for their time to be read again. */
export async function waitingRechecks(db: Db, sources: readonly number[]): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from recheck where source = any(${sources}::smallint[]) and ready_at > clock_timestamp()`.execute(db)
  return rows[0]!.n
}

/** Duplicates come for three days at most (HubSpot docs: retries); after that the keys have served. */
export async function forgetEvents(db: Db, days: number): Promise<void> {
  await sql`delete from inbox where taken and heard_at < clock_timestamp() - ${days} * interval '1 day'`.execute(db)
}

export async function loadStreamPosition(db: Db, connection: string): Promise<string | null> {
  const { rows } = await sql<{ position: string }>`select position from stream_position where connection = ${connection}`.execute(db)
  return rows[0]?.position ?? null
}

export async function saveStreamPosition(trx: Db, connection: string, position: string | null): Promise<void> {
  if (position === null) await sql`delete from stream_position where connection = ${connection}`.execute(trx)
  else
    await sql`insert into stream_position (connection, position) values (${connection}, ${position})
      on conflict (connection) do update set position = excluded.position`.execute(trx)
}

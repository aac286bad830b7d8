/**
 * A ring of slots per connection and bucket, shared by all workers: one for each request that may fall into the vendor's rolling window. All times
 * are the database's (`clock_timestamp()`); workers only say how long ago something was.
 */
import { sql, type Kysely, type QueryExecutorProvider, type RawBuilder } from 'kysely'
import type { Ask, Taken } from '../core/call-ring.ts'
import { noteDay, type SeenDay } from './call-days.ts'
import type { Tables } from './tables.ts'

type Db = QueryExecutorProvider

/** Which ring. */
export type RingKey = { connection: string; bucket: string }

/** Makes the ring, and the slots that it lacks: free, for nobody has used them. */
export async function ensureRing(db: Db, { connection, bucket }: RingKey, size: number): Promise<void> {
  await sql`
    with made as (insert into call_ring (connection, bucket) values (${connection}, ${bucket}) on conflict do nothing),
    day as (insert into call_day (connection) values (${connection}) on conflict do nothing)
    insert into call_slot (connection, bucket, slot)
    select ${connection}, ${bucket}, slot from generate_series(0, ${size}::int - 1) slot on conflict do nothing`.execute(db)
}

const ms = (value: number): RawBuilder<unknown> => sql`(${value}::float8 * interval '1 millisecond')`

type TakenRow = { leases: [number, number, number][]; retry: number | null; room: number; looks: number | null; made: boolean }

/**
 * Takes up to `count` slots in one statement, and answers how long to wait for each. The rows of the ring and of the day are locked while it runs, so
 * that takers come one after the other; nothing is held between statements. `spent`: the day has no room for any. Null: there is no such ring.
 */
export async function takeSlots(db: Db, { connection, bucket }: RingKey, ask: Ask, lookAgainMs: number): Promise<Taken | null> {
  const { rows } = await sql<TakenRow>`
    with clock as materialized (select clock_timestamp() as now),
    day as materialized (select d.* from call_day d where d.connection = ${connection} for update),
    ring as materialized (select r.* from call_ring r where r.connection = ${connection} and r.bucket = ${bucket} for update),
    left_over as materialized (${leftOver(connection, ask)}),
    room as materialized (
      select case
        when ${ask.day.exempt}::bool then ${ask.count}::int
        when least(own, others) > 0 then least(own, others, ${ask.count}::int)::int
        when own > 0 and looks then 1
        else 0 end as places from left_over),
    due as materialized (
      select s.slot, s.lease, ${startOf(ask)} as at
      from call_slot s, ring r, clock c
      where s.connection = ${connection} and s.bucket = ${bucket} and s.slot < ${ask.size}::int and ${askableAt(ask)} <= c.now
      order by s.free_at, s.slot limit (select places from room) for update of s skip locked),
    planned as materialized (
      select slot, lease, ${spaced(ask, { connection, bucket })} as start_at from due, ring, clock),
    given as (
      update call_slot s set free_at = p.start_at + ${ms(ask.arriveMs + ask.windowMs)}, lease = s.lease + 1, held = true
      from planned p, clock c
      where s.connection = ${connection} and s.bucket = ${bucket} and s.slot = p.slot and p.start_at <= c.now + ${ms(ask.aheadMs)}
      returning s.slot, s.lease, p.start_at),
    noted as (update call_ring r set
        urgent_at = case when ${ask.sweep}::bool then r.urgent_at else clock.now end,
        last_sweep = case when ${ask.sweep}::bool then greatest(r.last_sweep, (select max(start_at) from given)) else r.last_sweep end
      from clock where r.connection = ${connection} and r.bucket = ${bucket}),
    spent as (update call_day d set
        granted = d.granted + (select count(*) from given),
        look_at = case when least(l.own, l.others) > 0 then null when l.looks or d.look_at is null then c.now + ${ms(lookAgainMs)} else d.look_at end
      from left_over l, clock c where d.connection = ${connection}),
    counted as (insert into call_hour (connection, hour, calls)
      select ${connection}, date_trunc('hour', now), n from clock, (select count(*)::int as n from given) g where n > 0
      on conflict (connection, hour) do update set calls = call_hour.calls + excluded.calls)
    select
      coalesce((select json_agg(json_build_array(slot, lease, ${milliseconds(sql`greatest(start_at - now, interval '0')`)}) order by start_at) from given), '[]') as leases,
      least(
        (select ${milliseconds(sql`min(start_at) - now`)} - ${ask.aheadMs}::float8 from planned where slot not in (select slot from given)),
        (select ${milliseconds(sql`min(${askableAt(ask)}) - c.now`)} from call_slot s, ring r
          where s.connection = ${connection} and s.bucket = ${bucket} and s.slot < ${ask.size}::int and ${askableAt(ask)} > c.now)) as retry,
      exists (select from ring) as made,
      (select places from room) as room,
      (select ${milliseconds(sql`coalesce(look_at, now) - now`)} from day) as looks
    from clock c`.execute(db)
  const { leases, retry, room, looks, made } = rows[0]!
  if (!made) return null
  if (room === 0) return { leases: [], retryMs: looks && looks > 0 ? looks : lookAgainMs, spent: true }
  return { leases: leases.map(([slot, lease, waitMs]) => ({ slot, lease, waitMs })), retryMs: retry ?? ask.windowMs, spent: false }
}

/** What our part of the day has left (`own`), and what the vendor has for everybody (`others`); null: without bound. */
function leftOver(connection: string, { day }: Ask): RawBuilder<unknown> {
  const part = sql`d.quota * ${day.share}::float8`
  return sql`
    select d.look_at <= clock.now as looks,
      case when d.quota is null or ${day.share}::float8 >= 1 then 1e9::float8 else floor(${part} * ${day.part}::float8)
        - (select coalesce(sum(h.calls), 0) from call_hour h where h.connection = ${connection} and h.hour > clock.now - interval '24 hours') end as own,
      case when d.remaining is null then 1e9::float8 else d.remaining - d.granted
        - ceil(coalesce(d.quota, 0) * ${day.reserve}::float8 + coalesce(${part}, 0) * (1 - ${day.part}::float8)) end as others
    from clock left join day d on true`
}

/** When it may start. A time that no lease can have set comes from a clock that was set back: it counts as just used. */
function startOf(ask: Ask): RawBuilder<unknown> {
  return sql`greatest(r.paused_until, c.now, least(s.free_at, c.now + ${ms(2 * ask.windowMs + ask.arriveMs)}))`
}

/** When a slot may be asked for, a moment before it is free; by a sweep not while it is reserved for the urgent. Never infinite: before Postgres 17 there is no infinite interval. */
function askableAt(ask: Ask): RawBuilder<unknown> {
  const free = sql`greatest(r.paused_until, least(s.free_at, c.now + ${ms(2 * ask.windowMs + ask.arriveMs)}))`
  if (ask.sweep) {
    const reserved = sql`case when s.slot < ${ask.reserved}::int then r.urgent_at + ${ms(ask.urgentMs)} end`
    return sql`greatest(${free} - ${ms(ask.aheadMs)}, ${reserved})`
  }
  return sql`(${free} + case when s.slot >= ${ask.size - ask.kept}::int then ${ms(ask.idleMs)} else - ${ms(ask.aheadMs)} end)`
}

/** Sweeps one behind the other while more than half of the ring is taken or somebody urgent is about; `at` otherwise. */
function spaced(ask: Ask, { connection, bucket }: RingKey): RawBuilder<unknown> {
  if (!ask.sweep) return sql`at`
  const taken = sql`(select count(*) from call_slot t where t.connection = ${connection} and t.bucket = ${bucket} and t.slot < ${ask.size}::int and t.free_at > now)`
  const urgent = sql`urgent_at > now - ${ms(ask.urgentMs)}`
  const gap = sql`(case when ${urgent} then ${ms(ask.evenMs)} else ${ms(ask.spacingMs)} end)`
  return sql`case when ${urgent} or ${taken} * 2 > ${ask.size}::int
    then greatest(at, greatest(now, last_sweep + ${gap}) + (row_number() over (order by at, slot) - 1) * ${gap})
    else at end`
}

function milliseconds(interval: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(extract(epoch from ${interval}) * 1000)::float8`
}

export type SlotReturn = { slot: number; lease: number; freeInMs: number; used: boolean }

export type Settlement = { returns: readonly SlotReturn[]; day: SeenDay | null; newDayMs: number }

/**
 * Says when leased slots are free, and what the vendor said of its day meanwhile, in one transaction: between the two a request would be neither under way nor
 * counted. A slot whose lease has passed on to somebody else is left alone; one is never free later than its lease said.
 */
export async function settleSlots(db: Kysely<Tables>, key: RingKey, { returns, day, newDayMs }: Settlement): Promise<void> {
  await db.transaction().execute(async (trx) => {
    // First, as who takes slots does.
    await sql`select from call_day where connection = ${key.connection} for update`.execute(trx)
    if (returns.length > 0) await freeSlots(trx, key, returns)
    if (day) await noteDay(trx, key.connection, day, newDayMs)
  })
}

async function freeSlots(db: Db, { connection, bucket }: RingKey, returns: readonly SlotReturn[]): Promise<void> {
  const unused = returns.filter((one) => !one.used).length
  await sql`
    with back as (select * from unnest(${returns.map((one) => one.slot)}::int[], ${returns.map((one) => one.lease)}::int[],
      ${returns.map((one) => one.freeInMs)}::float8[]) as b (slot, lease, free_in))
    update call_slot s set held = false, free_at = least(s.free_at, clock_timestamp() + b.free_in * interval '1 millisecond')
    from back b where s.connection = ${connection} and s.bucket = ${bucket} and s.slot = b.slot and s.lease = b.lease`.execute(db)
  if (unused === 0) return
  await sql`
    with day as (update call_day set granted = granted - ${unused}::int where connection = ${connection})
    update call_hour set calls = calls - ${unused}::int
    where connection = ${connection} and hour = (select max(hour) from call_hour where connection = ${connection})`.execute(db)
}

/**
 * The vendor counted a window in which `remaining` requests are left: what is missing beyond our own was used by others, and that many free
 * slots are marked as taken. Leased slots count as ours, used or not: rather too few are marked than too many.
 */
export async function yieldSlots(
  db: Db,
  { connection, bucket }: RingKey,
  seen: { remaining: number; agoMs: number; size: number; windowMs: number },
): Promise<void> {
  await sql`
    with ours as (select count(*) as n from call_slot where connection = ${connection} and bucket = ${bucket} and slot < ${seen.size}::int
      and (held or free_at > clock_timestamp() - ${ms(seen.agoMs)})),
    soonest as (select slot from call_slot where connection = ${connection} and bucket = ${bucket} and slot < ${seen.size}::int and not held
      order by free_at, slot limit greatest(0, (select ${seen.size}::int - ${seen.remaining}::int - n from ours)) for update skip locked)
    update call_slot s set free_at = greatest(s.free_at, clock_timestamp() + ${ms(seen.windowMs)})
    from soonest f where s.connection = ${connection} and s.bucket = ${bucket} and s.slot = f.slot`.execute(db)
}

/** The vendor said no: nobody starts before the wait is over. */
export async function pauseRing(db: Db, { connection, bucket }: RingKey, waitMs: number): Promise<void> {
  await sql`update call_ring set paused_until = greatest(paused_until, clock_timestamp() + ${ms(waitMs)})
    where connection = ${connection} and bucket = ${bucket}`.execute(db)
}

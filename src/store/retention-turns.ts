/** Which lists are due, who is at work on them, and what else is known of their records. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { claimFree, type Claimed } from './claim-free.ts'
import type { Claiming } from './request-turns.ts'

type Db = QueryExecutorProvider

export async function dueLists(db: Db, now: string, living: readonly number[], limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from retention_list where due_at <= ${now}::timestamptz and (claimed_by is null or claimed_by <> all(${living}::integer[]))
    order by due_at, id limit ${limit}`.execute(db)
  return rows.map((row) => row.id)
}

/** False: it is not due, or somebody else is at work on it. */
export async function claimList(db: Db, id: string, { now, claim, living }: Claiming): Promise<boolean> {
  const take = async (holding: readonly number[]): Promise<Claimed[]> => {
    const { rows } = await sql<Claimed>`
      with next as (
        select id, claimed_by from retention_list
        where id = ${id} and due_at <= ${now}::timestamptz and (claimed_by is null or claimed_by <> all(${holding}::integer[])) for update)
      update retention_list l set claimed_by = ${claim} from next where l.id = next.id returning l.id, next.claimed_by as before`.execute(
      db,
    )
    return rows
  }
  const giveBack = async ([row]: readonly Claimed[]): Promise<void> => {
    await sql`update retention_list set claimed_by = ${row?.before ?? null} where id = ${id} and claimed_by = ${claim}`.execute(db)
  }
  return (await claimFree(living, take, giveBack)).length > 0
}

export async function releaseList(db: Db, id: string, claim: number): Promise<void> {
  await sql`update retention_list set claimed_by = null where id = ${id} and claimed_by = ${claim}`.execute(db)
}

/** `fault`: a kind of failure, never a text of somebody else's; null: nothing is wrong, it is only not yet time. */
export async function postponeList(db: Db, id: string, { dueAt, fault }: { dueAt: string | null; fault: string | null }): Promise<void> {
  await sql`
    update retention_list set due_at = ${dueAt}::timestamptz, fault = ${fault},
      attempts = case when ${fault}::text is null then 0 else least(attempts + 1, 1000) end where id = ${id}`.execute(db)
}

/** One person who is tried again later, and nobody else. `fault`: a kind of failure. */
export async function holdCase(
  db: Db,
  { list, n }: { list: string; n: number },
  { until, fault }: { until: string; fault: string },
): Promise<void> {
  await sql`
    update retention_case set held_until = ${until}::timestamptz, fault = ${fault}, attempts = least(attempts + 1, 1000)
    where list = ${list} and n = ${n}`.execute(db)
}

/** Keys (`connection:object:id`) that are in somebody's hands already: in a list that is approved, or begun and not yet proved. */
export async function recordsUnderWay(db: Db): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ key: string }>`
    select distinct concat_ws(':', r.connection, r.object, r.id) as key
    from retention_record r join retention_case c using (list, n) join retention_list l on l.id = c.list
    where c.status in ('waiting', 'asked', 'begun') and
      ((l.status = 'released' and c.status in ('waiting', 'asked')) or (c.status = 'begun' and c.standing is distinct from 'not-proved'))`.execute(
    db,
  )
  return new Set(rows.map(({ key }) => key))
}

/** Records that stayed without their person: the end (YYYY-MM-DD) for which they did, by key. */
export async function loadAnonymised(db: Db): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ key: string; dueOn: string }>`
    select concat_ws(':', r.connection, r.object, r.id) as key, max(r.due_on)::text as "dueOn"
    from retention_record r join retention_case c using (list, n)
    where r.outcome = 'anonymised' and c.status = 'closed' and c.standing <> 'not-proved' and r.due_on is not null group by 1`.execute(db)
  return new Map(rows.map(({ key, dueOn }) => [key, dueOn]))
}

/** By key and day of the end: until when the last message may be answered (epoch milliseconds). */
export async function loadAsked(db: Db, keys: readonly string[]): Promise<ReadonlyMap<string, { dueOn: string; until: number }>> {
  if (keys.length === 0) return new Map()
  const parts = keys.map((key) => key.split(':'))
  const { rows } = await sql<{ key: string; dueOn: string; until: Date }>`
    select distinct on (connection, object, id) concat_ws(':', connection, object, id) as key, due_on::text as "dueOn", until
    from unnest(${parts.map(([connection]) => connection)}::text[], ${parts.map(([, object]) => object)}::text[], ${parts.map(([, , id]) => id)}::text[])
      as wanted (connection, object, id)
    join retention_asked using (connection, object, id) order by connection, object, id, due_on desc`.execute(db)
  return new Map(rows.map(({ key, dueOn, until }) => [key, { dueOn, until: until.getTime() }]))
}

export type NewAsked = { key: string; dueOn: string; at: string; until: string }

/** Who was asked before for the same end keeps the day of that time. */
export async function saveAsked(trx: Db, asked: readonly NewAsked[]): Promise<void> {
  if (asked.length === 0) return
  await sql`
    insert into retention_asked (connection, object, id, due_on, asked_at, until)
    select split_part(key, ':', 1), split_part(key, ':', 2), split_part(key, ':', 3), due_on, at, until
    from jsonb_to_recordset(${JSON.stringify(asked.map(({ key, dueOn, at, until }) => ({ key, due_on: dueOn, at, until })))}::jsonb)
      as a (key text, due_on date, at timestamptz, until timestamptz)
    on conflict do nothing`.execute(trx)
}

/** Of records that are gone nothing needs to be remembered. */
export async function forgetAsked(trx: Db, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await sql`
    delete from retention_asked a using unnest(${keys}::text[]) as gone (key)
    where a.connection = split_part(key, ':', 1) and a.object = split_part(key, ':', 2) and a.id = split_part(key, ':', 3)`.execute(trx)
}

/** What was stopped is looked at again now. */
export async function wakeLists(db: Db, at: string): Promise<void> {
  await sql`update retention_list set due_at = ${at}::timestamptz where due_at > ${at}::timestamptz and status = 'released'`.execute(db)
}

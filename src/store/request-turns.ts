/** Which requests are due, and who is at work on them. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { Right } from '../core/request/request.ts'
import { claimFree, type Claimed, type Living } from './claim-free.ts'

type Db = QueryExecutorProvider
export type Claiming = { now: string; claim: number; living: Living }

/** Those that are due and in nobody's hands. */
export async function dueRequests(db: Db, now: string, living: readonly number[], limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from request where due_at <= ${now}::timestamptz and (claimed_by is null or claimed_by <> all(${living}::integer[]))
    order by due_at, id limit ${limit}`.execute(db)
  return rows.map((row) => row.id)
}

/** Those that are longest due and in nobody's hands: now in these. Where somebody is deciding at this moment a later look finds it. */
export async function claimDueRequests(db: Db, limit: number, { now, claim, living }: Claiming): Promise<string[]> {
  const take = async (holding: readonly number[]): Promise<Claimed[]> => {
    const { rows } = await sql<Claimed>`
      with next as (
        select id, claimed_by from request where due_at <= ${now}::timestamptz and (claimed_by is null or claimed_by <> all(${holding}::integer[]))
        order by due_at, id limit ${limit} for update skip locked)
      update request r set claimed_by = ${claim} from next where r.id = next.id returning r.id, next.claimed_by as before`.execute(db)
    return rows
  }
  return idsOf(await claimFree(living, take, (rows) => giveBack(db, claim, rows)))
}

/** Of these, the ones that are due and in nobody's hands: now in these. */
export async function claimRequests(db: Db, ids: readonly string[], { now, claim, living }: Claiming): Promise<string[]> {
  const take = async (holding: readonly number[]): Promise<Claimed[]> => {
    const { rows } = await sql<Claimed>`
      with next as (
        select id, claimed_by from request where id = any(${ids}::uuid[]) and due_at <= ${now}::timestamptz
          and (claimed_by is null or claimed_by <> all(${holding}::integer[]))
        order by id for update)
      update request r set claimed_by = ${claim} from next where r.id = next.id returning r.id, next.claimed_by as before`.execute(db)
    return rows
  }
  return idsOf(await claimFree(living, take, (rows) => giveBack(db, claim, rows)))
}

function idsOf(rows: readonly Claimed[]): string[] {
  return rows.map(({ id }) => id)
}

async function giveBack(db: Db, claim: number, rows: readonly Claimed[]): Promise<void> {
  await sql`
    update request r set claimed_by = f.before from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ before }) => before)}::int[]) as f (id, before)
    where r.id = f.id and r.claimed_by = ${claim}`.execute(db)
}

export async function releaseRequests(db: Db, ids: readonly string[], claim: number): Promise<void> {
  await sql`
    update request set claimed_by = null where id in (
      select id from request where id = any(${ids}::uuid[]) and claimed_by = ${claim} order by id for update)`.execute(db)
}

/** How many times in a row it was put off, and the number of its events. */
export async function howOften(db: Db, id: string): Promise<{ attempts: number; version: number }> {
  const { rows } = await sql<{ attempts: number; version: number }>`select attempts, version from request where id = ${id}`.execute(db)
  return rows[0] ?? { attempts: 0, version: 0 }
}

/** `fault`: a kind of failure. `reason`: codes and names, never a text of somebody else's. */
export async function postponeRequest(
  db: Db,
  id: string,
  { dueAt, fault, reason }: { dueAt: string; fault: string; reason: string | null },
): Promise<void> {
  await sql`
    update request set due_at = ${dueAt}::timestamptz, attempts = least(attempts + 1, 1000), fault = ${fault}, fault_reason = ${reason} where id = ${id}`.execute(
    db,
  )
}

/** What was in the way the last time that it was put off; null: nothing is, or it is not known. */
export async function loadFaultReason(db: Db, id: string): Promise<string | null> {
  const { rows } = await sql<{ reason: string | null }>`
    select case when fault is null then null else fault_reason end as reason from request where id = ${id}`.execute(db)
  return rows[0]?.reason ?? null
}

/** Of these, the ones whose person has asked, and was known when they did, for one of those other rights, and still wants it. */
export async function contradictedAmong(db: Db, ids: readonly string[], by: readonly Right[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    select r.id from request r where r.id = any(${ids}::uuid[]) and exists (
      select from request o where o.person = r.person and o.id <> r.id and o.closed_at is null and o.kind = any(${by}::text[])
        and (o.status in ('identified', 'in-progress') or (o.status = 'answered' and o.kind = 'restriction')))`.execute(db)
  return new Set(rows.map((row) => row.id))
}

/** Nothing failed; it is only not yet time. */
export async function waitUntil(trx: Db, id: string, dueAt: string): Promise<void> {
  await sql`update request set due_at = ${dueAt}::timestamptz where id = ${id}`.execute(trx)
}

/** Which requests are due, and who is at work on them. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
/** `living`: numbers of all claims that hold. */
export type Claiming = { now: string; claim: number; living: readonly number[] }

/** Those that are due and in nobody's hands. */
export async function dueRequests(db: Db, now: string, living: readonly number[], limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from request where due_at <= ${now}::timestamptz and (claimed_by is null or claimed_by <> all(${living}::integer[]))
    order by due_at, id limit ${limit}`.execute(db)
  return rows.map((row) => row.id)
}

/** False: it is not due, or somebody else is at work on it. */
export async function claimRequest(db: Db, id: string, { now, claim, living }: Claiming): Promise<boolean> {
  const { rows } = await sql`
    update request set claimed_by = ${claim}
    where id = ${id} and due_at <= ${now}::timestamptz and (claimed_by is null or claimed_by <> all(${living}::integer[])) returning id`.execute(
    db,
  )
  return rows.length > 0
}

export async function releaseRequest(db: Db, id: string, claim: number): Promise<void> {
  await sql`update request set claimed_by = null where id = ${id} and claimed_by = ${claim}`.execute(db)
}

/** `fault`: a kind of failure, never a text of somebody else's. */
export async function postponeRequest(db: Db, id: string, { dueAt, fault }: { dueAt: string; fault: string }): Promise<void> {
  await sql`update request set due_at = ${dueAt}::timestamptz, attempts = least(attempts + 1, 1000), fault = ${fault} where id = ${id}`.execute(
    db,
  )
}

/** What is due at a time that no step of ours can have meant: a clock was ahead when it was dated. Times are ISO 8601. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider

export async function misdatedRequests(db: Db, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from request where due_at > ${after}::timestamptz order by due_at, id limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/** What is only to be tried again is tried again now. Answers how many rows that was. */
export async function bringForward(db: Db, now: string, { tries, notices }: { tries: string; notices: string }): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with mails as (update mail set due_at = ${now}::timestamptz where status = 'waiting' and due_at > ${tries}::timestamptz returning 1),
      told as (update notice set due_at = ${now}::timestamptz where due_at > ${notices}::timestamptz returning 1),
      cases as (update comeback set due_at = ${now}::timestamptz where due_at > ${tries}::timestamptz returning 1),
      persons as (update retention_case set held_until = null where held_until > ${tries}::timestamptz returning 1)
    select ((select count(*) from mails) + (select count(*) from told) + (select count(*) from cases) + (select count(*) from persons))::int as n`.execute(
    db,
  )
  return rows[0]!.n
}

/** Persons of retention lists who are under way. */
export async function misdatedPersons(db: Db, after: string, limit: number): Promise<{ list: string; n: number }[]> {
  const { rows } = await sql<{ list: string; n: number }>`
    select list, n from retention_case where status = 'begun' and due_at > ${after}::timestamptz order by list, n limit ${limit}`.execute(
    db,
  )
  return rows
}

/** Records that look due by our own tables. Never acted upon: they say which records to read again. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { OWN } from '../core/consent/own-connection.ts'
import { unpackLastAct } from './facts.ts'
import { factsOf } from './memory.ts'

type Db = QueryExecutorProvider
/** `acted`: an act of the person was known when it was last read. */
export type DueCandidate = { source: number; connection: string; object: string; id: string; subject: number | null; acted: boolean }
export type DueCount = { connection: string; object: string; rule: string; then: string; records: number }

const columns = sql.raw(`r.source, s.connection, s.object, r.id, r.subject, r.memory`)
type Row = Omit<DueCandidate, 'acted'> & { memory: Buffer }
const candidateOf = ({ memory, ...row }: Row): DueCandidate => ({ ...row, acted: typeof unpackLastAct(factsOf(memory)) === 'number' })

/** Of the body of a verdict (see core/judge/verdict-body.ts): findings stand fifth, as [rule, severity, fields]; retention fourth, as [rule, then, hold]. */
const dueVerdicts = sql.raw(
  `select v.id, v.body from verdict v where exists (
     select from jsonb_array_elements(v.body::jsonb->4) f where f->>0 in ('retention.erase_due', 'retention.anonymise_due'))`,
)

/** Keyset over (source, id): those whose last verdict says so, and those whose day has come since. */
export async function dueCandidates(
  db: Db,
  today: string,
  after: { source: number; id: string } | null,
  limit: number,
): Promise<DueCandidate[]> {
  const behind =
    after === null
      ? sql`true`
      : sql`(r.source, length(r.id)::smallint, r.id) > (${after.source}::smallint, length(${after.id}::text)::smallint, ${after.id}::text)`
  const { rows } = await sql<Row>`
    with due as materialized (${dueVerdicts})
    select ${columns} from record r join source s on s.id = r.source and not s.retired and s.crm <> ${OWN}
    where r.verdict >= 0 and ${behind} and (r.verdict in (select id from due) or r.review_on <= ${today}::date)
    order by r.source, length(r.id)::smallint, r.id limit ${limit}`.execute(db)
  return rows.map(candidateOf)
}

/** How many there are behind that one, by their verdicts alone. */
export async function countDue(db: Db): Promise<DueCount[]> {
  const { rows } = await sql<DueCount>`
    with due as materialized (${dueVerdicts})
    select s.connection, s.object, due.body::jsonb->3->>0 as rule, due.body::jsonb->3->>1 as then, count(*)::int as records
    from record r join due on due.id = r.verdict join source s on s.id = r.source and not s.retired and s.crm <> ${OWN}
    where r.verdict >= 0 group by 1, 2, 3, 4 order by 1, 2, 3, 4`.execute(db)
  return rows
}

/** Every live record of these persons in the CRMs. */
export async function recordsOfSubjects(db: Db, subjects: readonly number[]): Promise<DueCandidate[]> {
  if (subjects.length === 0) return []
  const { rows } = await sql<Row>`
    select ${columns} from record r join source s on s.id = r.source and not s.retired and s.crm <> ${OWN}
    where r.subject = any(${subjects}::int[]) and r.verdict >= 0 order by r.source, length(r.id)::smallint, r.id`.execute(db)
  return rows.map(candidateOf)
}

/** `keys`: `connection:object:id`. Those that our tables have as live records. */
export async function knownRecords(db: Db, keys: readonly string[]): Promise<DueCandidate[]> {
  if (keys.length === 0) return []
  const parts = keys.map((key) => key.split(':'))
  const { rows } = await sql<Row>`
    select ${columns}
    from unnest(${parts.map(([connection]) => connection)}::text[], ${parts.map(([, object]) => object)}::text[], ${parts.map(([, , id]) => id)}::text[])
      as wanted (connection, object, id)
    join source s on s.connection = wanted.connection and s.object = wanted.object and not s.retired
    join record r on r.source = s.id and length(r.id)::smallint = length(wanted.id)::smallint and r.id = wanted.id and r.verdict >= 0`.execute(
    db,
  )
  return rows.map(candidateOf)
}

/** By connection: its live records, and those that retention has begun to destroy since `since`. */
export async function spentSince(db: Db, since: string): Promise<Record<string, { inWindow: number; records: number }>> {
  const { rows } = await sql<{ connection: string; records: number; inWindow: number }>`
    with counted as (select source, count(*)::int as records from record where verdict >= 0 group by 1), live as (
      select s.connection, coalesce(sum(c.records), 0)::int as records from source s left join counted c on c.source = s.id
      where not s.retired and s.crm <> ${OWN} group by 1
    ), spent as (
      select connection, count(*)::int as n from retention_record where begun_at > ${since}::timestamptz group by 1
    )
    select coalesce(live.connection, spent.connection) as connection, coalesce(live.records, 0) as records, coalesce(spent.n, 0) as "inWindow"
    from live full join spent on spent.connection = live.connection`.execute(db)
  return Object.fromEntries(rows.map(({ connection, ...spent }) => [connection, spent]))
}

/** A person by keyed hashes and by keys of records. */
export type Asker = { readonly hashes: readonly Buffer[]; readonly keys: readonly string[] }

/**
 * Which of these persons, by their place in the list, have asked for something that is still open, or that their data be kept, or have a record in such a
 * request.
 */
export async function askingAmong(db: Db, persons: readonly Asker[]): Promise<ReadonlySet<number>> {
  const hashes = persons.flatMap(({ hashes: own }, n) => own.map((hash) => ({ n, hash })))
  const records = persons.flatMap(({ keys }, n) => keys.map((key) => ({ n, parts: key.split(':') })))
  const partOf = (at: number): readonly (string | undefined)[] => records.map(({ parts }) => parts[at])
  const { rows } = await sql<{ n: number }>`
    select n from unnest(${hashes.map(({ n }) => n)}::int[], ${hashes.map(({ hash }) => hash)}::bytea[]) as h (n, hash)
    where exists (select from request where closed_at is null and person = h.hash) or exists (select from restriction r where r.hash = h.hash)
    union
    select n from unnest(${records.map(({ n }) => n)}::int[], ${partOf(0)}::text[], ${partOf(1)}::text[], ${partOf(2)}::text[])
      as wanted (n, connection, object, id)
    join request_record r using (connection, object, id) join request on request.id = r.request and request.closed_at is null`.execute(db)
  return new Set(rows.map(({ n }) => n))
}

/** How many there are behind that one. */
export async function countBehind(db: Db, today: string, after: { source: number; id: string }): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with due as materialized (${dueVerdicts})
    select count(*)::int as n from record r join source s on s.id = r.source and not s.retired and s.crm <> ${OWN}
    where r.verdict >= 0 and (r.verdict in (select id from due) or r.review_on <= ${today}::date)
      and (r.source, length(r.id)::smallint, r.id) > (${after.source}::smallint, length(${after.id}::text)::smallint, ${after.id}::text)`.execute(
    db,
  )
  return rows[0]!.n
}

/** What waits to be written to records that are about to be erased, or is on its way to them. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
export type FencedRecord = { connection: string; object: string; id: string }
/** `claim`: of who sent it; null: somebody is deciding on that row at this moment. */
export type OnItsWay = FencedRecord & { source: number; claim: number | null }

/**
 * Takes back what nobody has sent, so that nobody sends it any more, and answers what is left: each of it was sent, and may arrive at any time. Rows that
 * somebody holds are passed over instead of waited for, so that two who hold several never wait for each other.
 */
export async function fencePatches(db: Db, records: readonly FencedRecord[]): Promise<OnItsWay[]> {
  if (records.length === 0) return []
  const { rows } = await sql<OnItsWay>`
    with asked as (
      select distinct s.id as source, a.connection, a.object, a.id
      from unnest(${records.map((r) => r.connection)}::text[], ${records.map((r) => r.object)}::text[], ${records.map((r) => r.id)}::text[]) as a (connection, object, id)
      join source s on s.connection = a.connection and s.object = a.object),
    mine as (
      select p.source, p.id, p.claimed_by, p.frozen from patch p join asked using (source, id) for update of p skip locked),
    dropped as (
      delete from patch p using mine m where p.source = m.source and p.id = m.id and (m.claimed_by is null or m.frozen is not null))
    select p.source, asked.connection, asked.object, p.id, m.claimed_by as claim from patch p join asked using (source, id) left join mine m on m.source = p.source and m.id = p.id
    where m.id is null or (m.claimed_by is not null and m.frozen is null)`.execute(db)
  return rows
}

/** What a worker had sent that is dead: it has arrived long since, or never will. */
export async function dropSent(db: Db, sent: readonly OnItsWay[]): Promise<void> {
  if (sent.length === 0) return
  await sql`
    delete from patch p using unnest(${sent.map((one) => one.source)}::smallint[], ${sent.map((one) => one.id)}::text[], ${sent.map((one) => one.claim)}::integer[]) as done (source, id, claim)
    where p.source = done.source and p.id = done.id and p.claimed_by = done.claim`.execute(db)
}

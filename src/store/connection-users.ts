/** What is under way and names a connection: until it has ended, the connection keeps its name. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
/** Ids: of requests, of retention lists, and of the requests whose persons were seen again. */
export type ConnectionUsers = { requests: string[]; lists: string[]; comebacks: string[] }

/**
 * A plan names every connection that is looked at, also those in which nothing was found: its JSON is searched for the id as it stands there, alone or before
 * a record. Rather one too many than one too few.
 */
export async function usersOf(db: Db, connection: string): Promise<ConnectionUsers> {
  const named = (text: string) =>
    sql`(strpos(${sql.raw(text)}, ${`"${connection}"`}) > 0 or strpos(${sql.raw(text)}, ${`"${connection}:`}) > 0)`
  const requests = await sql<{ id: string }>`
    select r.id from request r where r.closed_at is null and (
      ${named('r.request_state')} or ${named('r.erasure_state')} or ${named('r.change_state')}
      or exists (select from request_record q where q.request = r.id and q.connection = ${connection})) order by r.received_at, r.id`.execute(
    db,
  )
  const lists = await sql<{ id: string }>`
    select l.id from retention_list l where l.status <> 'ended' and (
      ${named('l.list')} or exists (select from retention_record q where q.list = l.id and q.connection = ${connection})) order by l.made_at, l.id`.execute(
    db,
  )
  const comebacks = await sql<{ id: string }>`
    select distinct c.request as id from comeback c join reappearance r on r.comeback = c.id join source s on s.id = r.source
    where c.closed_at is null and s.connection = ${connection} order by 1`.execute(db)
  const ids = ({ rows }: { rows: { id: string }[] }): string[] => rows.map(({ id }) => id)
  return { requests: ids(requests), lists: ids(lists), comebacks: ids(comebacks) }
}

/** Sources that were written to and not read back since, whoever wrote: the mark outlives the process. All times are the database's own. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider

/** To be called before something is sent, since it may arrive though nobody is left to note it; and once more when it has. */
export async function noteWriting(db: Db, source: number): Promise<void> {
  await sql`update source set written_at = clock_timestamp() where id = ${source}`.execute(db)
}

/** When each of these was last written to, if that was not read back. */
export async function loadUnreadWrites(db: Db, sources: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<{ id: number; at: string }>`
    select id, written_at::text as at from source where id = any(${sources}::smallint[]) and written_at is not null`.execute(db)
  return new Map(rows.map(({ id, at }) => [id, at]))
}

/** What was written until then has been read back. */
export async function settleWrites(db: Db, source: number, until: string): Promise<void> {
  await sql`update source set written_at = null where id = ${source} and written_at <= ${until}::timestamptz`.execute(db)
}

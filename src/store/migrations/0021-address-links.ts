import { sql, type QueryExecutorProvider } from 'kysely'

/** Links to a new address that a correction is about. `address`: its keyed hash, so that a link for one address never confirms another. */
export async function up(db: QueryExecutorProvider): Promise<void> {
  await sql`alter table request_link add column address bytea check (length(address) = 32)`.execute(db)
}

import { sql, type QueryExecutorProvider } from 'kysely'

/** What was in the way of a request the last time, in the words of a connector, which hold codes and names alone. */
export async function up(db: QueryExecutorProvider): Promise<void> {
  await sql`alter table request add column fault_reason text`.execute(db)
}

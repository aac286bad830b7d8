import { sql, type QueryExecutorProvider } from 'kysely'

/** Of each `erased.jsonl`, named by its first line, the last line that this database knows of: an older copy is seen by that, and brought up to date. */
export async function up(db: QueryExecutorProvider): Promise<void> {
  await sql`create table erased_mark (journal uuid primary key, last uuid not null)`.execute(db)
}

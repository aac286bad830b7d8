import { sql, type QueryExecutorProvider } from 'kysely'

/** `frozen`: why the CRM will never take this patch. It stays, so that nobody asks again and everybody can see it. */
export async function up(db: QueryExecutorProvider): Promise<void> {
  await sql`alter table patch drop column attempts`.execute(db)
  await sql`alter table patch add column frozen text`.execute(db)
}

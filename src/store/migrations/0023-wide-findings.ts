import { sql, type QueryExecutorProvider } from 'kysely'

/** A connection's finding names all fields that it is about, by the thousand where nobody tidied up: more than an index may hold. They are few. */
export async function up(db: QueryExecutorProvider): Promise<void> {
  await sql`alter table connection_finding drop constraint connection_finding_pkey`.execute(db)
  await sql`create index connection_finding_source on connection_finding (source)`.execute(db)
}

import { sql, type QueryExecutorProvider } from 'kysely'

/**
 * No index on the day of the next review: once a night the records of a source are looked through, and until then each verdict that changes would
 * cost an entry in every index of the record. Now an update touches none of them. Keys come in ascending order, so their pages may be filled.
 */
const statements = [sql`drop index record_review`, sql`alter index record_key set (fillfactor = 100)`]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

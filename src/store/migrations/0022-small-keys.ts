import { sql, type QueryExecutorProvider } from 'kysely'

/**
 * Digests of verdicts as sixteen bytes without a length, 28 in their index where there were 36; and full pages where keys come in ascending order, as
 * those of `record_key` do, since nobody will ever come in between. What is rewritten is the dictionary of verdicts, a few thousand rows.
 */
const statements = [
  sql`alter table verdict alter column key type uuid using encode(key, 'hex')::uuid`,
  sql`alter index verdict_pkey set (fillfactor = 100)`,
  sql`alter index identifier_record set (fillfactor = 100)`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

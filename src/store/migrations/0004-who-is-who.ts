import { sql, type QueryExecutorProvider } from 'kysely'

/**
 * A tag of the family name beside that of the given name. Who is one person, and what others refused at a mailbox, is worked out anew: every source is
 * read in full once.
 */
const statements = [
  // 15 bits; negative: the first address names the person in full. See records.ts.
  sql`alter table record add column family smallint not null default 0`,
  sql`update source set policy = null, cursor = null, position = null, full_since = null, full_policy = null`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

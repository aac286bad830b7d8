import { sql, type QueryExecutorProvider } from 'kysely'

/**
 * What a source belongs to: the CRM's own number of the account, and whether the configuration still has it. And which key the hashes were made with:
 * under another one nothing would be found again.
 */
const statements = [
  sql`alter table source add column account text`,
  sql`alter table source add column retired boolean not null default false`,
  sql`create table hash_key (
    id smallint primary key check (id = 1),
    key_id text not null
  )`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

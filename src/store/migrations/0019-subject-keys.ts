import { sql, type QueryExecutorProvider } from 'kysely'

/** What a person said stands in the ledger for good, and can be read as long as these two halves are here. */
const statements = [
  // `holder`: keyed hash of the mailbox or number that spoke. `seal`: half of the key of all that it said; its end is the end of reading any of it.
  sql`create table subject_key (
    id integer primary key generated always as identity,
    holder bytea not null unique check (length(holder) = 32),
    seal bytea not null check (length(seal) = 32),
    made_at timestamptz not null
  )`,
  // `seal`: the other half, of this statement alone, so that one can be forgotten before the others. Null: taken down before there were keys.
  // `unheld_since`: first day on which no CRM had a record of whoever said yes.
  sql`alter table consent_proof
    add column unheld_since date,
    add column key integer references subject_key,
    add column seal bytea check (length(seal) = 32),
    add check ((key is null) = (seal is null))`,
  sql`create index consent_proof_key on consent_proof (key) where key is not null`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

import { sql, type QueryExecutorProvider } from 'kysely'

/** Copies of somebody's data (GDPR art. 15, 20): the links that fetch them, and what was decided of texts that may name others. The copies are kept nowhere. */
const statements = [
  // `id`: 16 random bytes, all that the link holds besides its end and a signature. `begun` counts each download that was begun, `fetched` those that ended whole.
  sql`create table copy_link (
    id bytea primary key check (length(id) = 16),
    request uuid not null references request,
    language text not null,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    begun integer not null default 0,
    fetched integer not null default 0
  )`,
  sql`create index copy_link_request on copy_link (request)`,
  // `place`: keyed hash of a place and of the very text there: another text is undecided again.
  sql`create table copy_decision (
    request uuid not null references request,
    place bytea not null check (length(place) = 32),
    decision text not null check (decision in ('release', 'withhold')),
    decided_by text not null,
    at timestamptz not null,
    primary key (request, place)
  )`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

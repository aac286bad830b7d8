import { sql, type QueryExecutorProvider } from 'kysely'

/**
 * What people ask for, and what became of it. No address stays here in clear: who asks and by what they are found is sealed, and goes with its key when the
 * request is closed. Records stand here by reference.
 */
const statements = [
  // `version`: grows with each event, so that two who decide at once cannot both be right. `person`: keyed hash of the address that asked.
  // `due_at`: when there is something to be done without anybody. `claimed_by`: see claims.ts.
  sql`create table request (
    id uuid primary key,
    kind text not null,
    version integer not null,
    status text not null,
    erasure text not null,
    standing text,
    request_state text not null,
    erasure_state text not null,
    person bytea check (length(person) = 32),
    sealed bytea,
    seal bytea,
    received_at timestamptz not null,
    last_day date not null,
    due_at timestamptz,
    claimed_by integer,
    attempts smallint not null default 0,
    fault text,
    closed_at timestamptz,
    check ((sealed is null) = (seal is null)),
    check (closed_at is null or (sealed is null and person is null))
  )`,
  sql`create index request_due on request (due_at) where due_at is not null`,
  sql`create index request_person on request (person) where person is not null`,
  sql`create table request_event (
    request uuid not null references request,
    n integer not null,
    at timestamptz not null,
    stream text not null,
    body text not null,
    primary key (request, n)
  )`,
  // Each record of the plan, as it stands now: the events are the truth, this is what can be asked.
  sql`create table request_record (
    request uuid not null references request,
    connection text not null,
    object text not null,
    id text collate "C" not null,
    action text not null,
    reasons text[] not null,
    outcome text,
    fault text,
    trace text,
    primary key (request, connection, object, id)
  )`,
  sql`create index request_record_ref on request_record (connection, object, id)`,
  // Places of others where the last look found words about the person. Never the words.
  sql`create table request_mention (
    request uuid not null references request,
    connection text not null,
    object text not null,
    id text collate "C" not null,
    field text not null,
    kinds text[] not null,
    certainty text not null,
    remedy text not null,
    seen_at timestamptz not null,
    primary key (request, connection, object, id, field)
  )`,
  sql`alter table suppression add column request uuid`,
  sql`create table reappearance (
    source smallint not null references source,
    id text collate "C" not null,
    request uuid not null,
    seen_at timestamptz not null,
    primary key (source, id, request)
  )`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

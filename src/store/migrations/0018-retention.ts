import { sql, type QueryExecutorProvider } from 'kysely'

/**
 * Retention acts: what was shown, who approved it, and what became of each person in it. References of records only; by what a person is looked for again
 * is sealed while there are looks to come, and goes with its key.
 */
const statements = [
  // `state`: what the events add up to. `list`: what is kept and why, as it was shown. `due_at`: when there is something to be done without anybody.
  sql`create table retention_list (
    id uuid primary key,
    version integer not null,
    status text not null,
    state text not null,
    list text not null,
    made_at timestamptz not null,
    due_at timestamptz,
    claimed_by integer,
    attempts smallint not null default 0,
    fault text
  )`,
  sql`create index retention_list_due on retention_list (due_at) where due_at is not null`,
  sql`create table retention_event (
    list uuid not null references retention_list,
    n integer not null,
    at timestamptz not null,
    person integer,
    body text not null,
    primary key (list, n)
  )`,
  // One person. `erasure`: as in a request, with its own steps and looks.
  sql`create table retention_case (
    list uuid not null references retention_list,
    n integer not null,
    status text not null,
    standing text,
    state text not null,
    entry text not null,
    erasure text not null,
    sealed bytea,
    seal bytea,
    due_at timestamptz,
    primary key (list, n),
    check ((sealed is null) = (seal is null))
  )`,
  sql`create index retention_case_open on retention_case (list, due_at) where due_at is not null`,
  // `begun_at`: from then on it counts as destroyed, for the window of the brake.
  sql`create table retention_record (
    list uuid not null,
    n integer not null,
    connection text not null,
    object text not null,
    id text collate "C" not null,
    rule text,
    due_on date,
    action text not null,
    outcome text,
    trace text,
    begun_at timestamptz,
    primary key (list, n, connection, object, id),
    foreign key (list, n) references retention_case
  )`,
  sql`create index retention_record_ref on retention_record (connection, object, id)`,
  sql`create index retention_record_begun on retention_record (connection, begun_at) where begun_at is not null`,
  // A last message is asked once for each end of a period.
  sql`create table retention_asked (
    connection text not null,
    object text not null,
    id text collate "C" not null,
    due_on date not null,
    asked_at timestamptz not null,
    until timestamptz not null,
    primary key (connection, object, id, due_on)
  )`,
  // The last instant at which the clock was believed.
  sql`create table retention_clock (
    one boolean primary key default true check (one),
    seen_at timestamptz not null
  )`,
  sql`create table retention_gauge (
    connection text not null,
    object text not null,
    at timestamptz not null,
    records integer not null,
    acted integer not null,
    primary key (connection, object, at)
  )`,
  // What makes clock or fields unbelievable. Until somebody confirms it, nothing is destroyed.
  sql`create table retention_stop (
    kind text not null,
    about text not null,
    found_at timestamptz not null,
    detail text not null,
    confirmed_by text,
    confirmed_at timestamptz,
    primary key (kind, about, found_at)
  )`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

import { sql, type QueryExecutorProvider } from 'kysely'

/** What the CRMs tell us between sweeps, who is at work on what, and which windows of the schedule have fired. */
const statements = [
  // Deliveries, once each: `key` is a digest that names the event. No value of any record.
  sql`create table inbox (
    key bytea primary key,
    connection text not null,
    object text not null,
    id text collate "C" not null,
    kind text not null,
    happened_at timestamptz not null,
    heard_at timestamptz not null default clock_timestamp(),
    taken boolean not null default false
  )`,
  sql`create index inbox_open on inbox (connection) where not taken`,
  sql`create index inbox_heard on inbox (heard_at)`,
  // rung: grows with each ring, so that one that comes while the record is being read is not lost. claimed_by: see claims.ts.
  sql`alter table recheck add column rung integer not null default 1`,
  sql`alter table recheck add column claimed_by integer`,
  sql`alter table recheck add column ready_at timestamptz`,
  sql`alter table patch add column claimed_by integer`,
  // When a record was last read by itself: a page that was fetched before must not overwrite what that read showed.
  sql`create table live_read (
    source smallint not null,
    id text collate "C" not null,
    read_at timestamptz not null,
    primary key (source, id)
  )`,
  sql`create table schedule_window (
    connection text not null,
    kind text not null,
    opens_at text not null,
    fired_at timestamptz not null default clock_timestamp(),
    primary key (connection, kind, opens_at)
  )`,
  // Where an event stream goes on after a restart.
  sql`create table stream_position (
    connection text primary key,
    position text not null
  )`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

import { sql, type QueryExecutorProvider } from 'kysely'

/** The CRMs' allowances, shared by all workers. Nothing here is about anybody: connection names, counts and times. */
const statements = [
  sql`create table call_ring (
    connection text not null,
    bucket text not null,
    paused_until timestamptz not null default '-infinity',
    urgent_at timestamptz not null default '-infinity',
    last_sweep timestamptz not null default '-infinity',
    primary key (connection, bucket)
  )`,
  // Room for a new version beside the old one: a slot changes several times a minute, and no index has to know.
  sql`create table call_slot (
    connection text not null,
    bucket text not null,
    slot integer not null,
    free_at timestamptz not null default '-infinity',
    lease integer not null default 0,
    held boolean not null default false,
    primary key (connection, bucket, slot)
  ) with (fillfactor = 40)`,
  sql`create table call_day (
    connection text primary key,
    quota bigint,
    remaining bigint,
    seen_at timestamptz,
    granted integer not null default 0,
    look_at timestamptz
  ) with (fillfactor = 40)`,
  sql`create table call_hour (
    connection text not null,
    hour timestamptz not null,
    calls integer not null default 0,
    throttled integer not null default 0,
    primary key (connection, hour)
  ) with (fillfactor = 40)`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

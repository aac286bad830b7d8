import { sql, type QueryExecutorProvider } from 'kysely'

/** Cases of persons who were erased and are seen again, and what other systems are told. No address in clear: records by reference, the rest sealed. */
const statements = [
  // One open case per person, that is, per request that put them on the suppression list. `due_at`: when the records are to be looked at live.
  sql`create table comeback (
    id uuid primary key,
    request uuid not null,
    again uuid,
    version integer not null,
    state text not null,
    ended text,
    opened_at timestamptz not null,
    due_at timestamptz,
    closed_at timestamptz
  )`,
  sql`create unique index comeback_open on comeback (request) where closed_at is null`,
  sql`create index comeback_due on comeback (due_at) where due_at is not null`,
  // `consents`: those newer than the erasure that the policy would accept, by the last reading. `looked`: somebody knows how it came back.
  sql`alter table reappearance add column comeback uuid, add column consents text not null default '[]', add column looked boolean not null default false`,
  // Art. 19: who else is told. The text holds the address and goes when the recipient has answered, or when nobody tries any more.
  sql`create table notice (
    id uuid primary key,
    request uuid not null,
    right_kind text not null,
    recipient text not null,
    way text not null,
    status text not null,
    attempts smallint not null default 0,
    fault text,
    answered_by text,
    sealed bytea,
    seal bytea,
    created_at timestamptz not null,
    due_at timestamptz,
    ended_at timestamptz,
    unique (request, recipient),
    check ((sealed is null) = (seal is null)),
    check ((status = 'waiting') = (sealed is not null)),
    check ((status = 'waiting') = (due_at is not null))
  )`,
  sql`create index notice_due on notice (due_at) where due_at is not null`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

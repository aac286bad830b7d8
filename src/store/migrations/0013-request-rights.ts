import { sql, type QueryExecutorProvider } from 'kysely'

/** Every right carried out, the DPO told of what happens to requests, and the links by which people show that an address is theirs. */
const statements = [
  // `language`: in which the person is written to; null as the company writes. `change`, `change_state`: how far a right that changes records has come.
  sql`alter table request
    add column language text,
    add column change text not null default 'none',
    add column change_state text not null default '{"status":"none"}'`,
  // One row for each thing that the DPO was told, so that no two workers tell it twice.
  sql`create table request_alert (
    request uuid not null references request,
    kind text not null,
    event text not null,
    at timestamptz not null,
    primary key (request, kind, event)
  )`,
  // `id`: 16 random bytes, all that the link holds besides its end and a signature. `person`: keyed hash of the address that it went to.
  sql`create table request_link (
    id bytea primary key check (length(id) = 16),
    request uuid not null references request,
    person bytea check (length(person) = 32),
    status text not null,
    asked_at timestamptz not null,
    expires_at timestamptz not null,
    settled_at timestamptz
  )`,
  sql`create index request_link_request on request_link (request)`,
  sql`create index request_link_person on request_link (person, asked_at) where person is not null`,
  // Keyed hashes of people whose data may be kept and not used (GDPR art. 18(2)), each by the request that asks for it.
  sql`create table restriction (
    hash bytea not null check (length(hash) = 32),
    request uuid not null references request,
    since timestamptz not null,
    primary key (hash, request)
  )`,
  // `facts`: JSON without personal data. A mail to the DPO holds no address: that stands in the policy.
  sql`alter table mail
    alter column confirmation drop not null,
    alter column language drop not null,
    add column link bytea,
    add column facts text,
    drop constraint mail_check,
    add constraint mail_sealed check (
      (sealed is null) = (seal is null) and (sealed is not null) = (status = 'waiting' and template <> 'alert'))`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

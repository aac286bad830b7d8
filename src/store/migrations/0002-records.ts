import { sql, type QueryExecutorProvider } from 'kysely'

/**
 * What is known of each record, without any personal data: references, keyed hashes, dates, states.
 * Budget: 200 bytes per contact and connection, indexes included, hence dictionaries and no JSON per record.
 */
const statements = [
  sql`create table source (
    id smallint generated always as identity primary key,
    connection text not null,
    crm text not null,
    object text not null,
    policy text,
    cursor text,
    position text,
    full_since timestamptz,
    full_policy text,
    swept_at timestamptz,
    unique (connection, object)
  )`,
  // Verdicts, rules and kinds of facts repeat: each is stored once and named by number.
  sql`create table rule (
    id text primary key,
    kind text not null,
    remedy text not null,
    ref text not null
  )`,
  sql`create table verdict (
    id integer generated always as identity primary key,
    key bytea not null unique,
    body text not null
  )`,
  sql`create table fact_kind (
    id smallint generated always as identity primary key,
    purpose text not null,
    channel text not null,
    event text not null,
    source text not null,
    grade text not null,
    unique (purpose, channel, event, source, grade)
  )`,
  sql`create sequence subject_id`,
  // Eight columns, so that the row header stays at 24 bytes. subject: null as long as nobody else belongs to the same person.
  // mark: digest of the fields and tag of the given name, see records.ts. facts: 8 bytes each, see facts.ts.
  sql`create table record (
    mark bigint not null,
    email uuid,
    review_on date,
    verdict integer references verdict,
    subject integer,
    source smallint not null references source,
    id text collate "C" not null,
    facts bytea
  )`,
  // Length first: the ids of a CRM then sort as its numbers do, so that a page is one range. Two bytes of it keep an entry at 28.
  sql`create unique index record_key on record (source, (length(id)::smallint), id)`,
  // Hash indexes hold four bytes of a value that is random anyway, where a tree holds all sixteen and a third of air.
  sql`create index record_email on record using hash (email) where email is not null`,
  sql`create index record_subject on record (subject) where subject is not null`,
  sql`create index record_review on record (review_on) where review_on is not null`,
  // Further addresses of a record, and the records of other CRMs that it names as the same person.
  sql`create table identifier (
    hash uuid not null,
    source smallint not null references source,
    kind smallint not null,
    id text collate "C" not null
  )`,
  sql`create index identifier_hash on identifier using hash (hash)`,
  sql`create index identifier_record on identifier (source, id)`,
  sql`create table suppression (
    hash bytea primary key,
    key_id text not null,
    scope text not null,
    reason text not null,
    added_at timestamptz not null
  )`,
  // Doorbells: records to be read again, and why.
  sql`create table recheck (
    source smallint not null references source,
    id text collate "C" not null,
    reason text not null,
    primary key (source, id)
  )`,
  sql`create table patch (
    source smallint not null references source,
    id text collate "C" not null,
    fields text not null,
    attempts smallint not null default 0,
    primary key (source, id)
  )`,
  // What is wrong with a connection rather than with one record.
  sql`create table connection_finding (
    source smallint not null references source,
    rule text not null,
    kind text not null,
    severity text not null,
    fields text[] not null,
    remedy text not null,
    ref text not null,
    primary key (source, rule, fields)
  )`,
  sql`create table sweep (
    id bigint generated always as identity primary key,
    connection text not null,
    mode text not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    summary text
  )`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

import { sql, type QueryExecutorProvider } from 'kysely'

/**
 * What is said to Accord itself: who may say it, the proof of it, the answers that were given, and the mails that ask for a confirmation. No address
 * stays here: that of a mail is sealed, and goes with its key when the mail has left.
 */
const statements = [
  sql`create table api_key (
    id text primary key,
    name text not null,
    scopes text[] not null,
    secret_hash bytea not null check (length(secret_hash) = 32),
    created_at timestamptz not null,
    last_used_on date,
    revoked_at timestamptz
  )`,
  // One statement about an address and a number is two rows under one id.
  sql`create table consent_proof (
    id uuid not null,
    source smallint not null,
    record text collate "C" not null,
    event text not null,
    purpose text not null,
    channel text not null,
    said_at timestamptz not null,
    received_at timestamptz not null,
    text_id text,
    text_hash bytea check (length(text_hash) = 32),
    language text,
    form text,
    how text,
    api_key text not null,
    opt_in text not null,
    confirmed_at timestamptz,
    primary key (id, source)
  )`,
  sql`create index consent_proof_record on consent_proof (source, record, received_at)`,
  sql`create table idempotency (
    api_key text not null,
    key bytea not null check (length(key) = 32),
    request bytea not null check (length(request) = 32),
    answer text not null,
    answered_at timestamptz not null,
    primary key (api_key, key)
  )`,
  sql`create index idempotency_answered on idempotency (answered_at)`,
  // A link that was sent and what it confirms. `id`: 16 random bytes, all that the link holds besides its end and a signature.
  sql`create table confirmation (
    id bytea primary key check (length(id) = 16),
    proof uuid not null,
    source smallint not null,
    record text collate "C" not null,
    purpose text not null,
    channel text not null,
    language text not null,
    status text not null,
    asked_at timestamptz not null,
    expires_at timestamptz not null,
    settled_at timestamptz
  )`,
  sql`create index confirmation_record on confirmation (source, record, asked_at)`,
  // `sealed`: the address under `seal`, which is a key only together with one outside the database. Both are gone once the mail has left or was given up.
  sql`create table mail (
    id uuid primary key,
    template text not null,
    confirmation bytea not null,
    language text not null,
    sealed bytea,
    seal bytea,
    status text not null,
    attempts smallint not null default 0,
    due_at timestamptz not null,
    created_at timestamptz not null,
    ended_at timestamptz,
    fault text,
    check ((status = 'waiting') = (sealed is not null) and (sealed is null) = (seal is null))
  )`,
  sql`create index mail_due on mail (due_at) where status = 'waiting'`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

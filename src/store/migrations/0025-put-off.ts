import { sql, type QueryExecutorProvider } from 'kysely'

/** What fails by itself is put off alone: the person of a list, or the case, and nobody else's turn. And what the DPO is told that is about no single request. */
const statements = [
  // `held_until`: nothing of theirs is tried before. `fault`: a kind of failure.
  sql`alter table retention_case
    add column attempts smallint not null default 0,
    add column fault text,
    add column held_until timestamptz`,
  sql`alter table comeback add column attempts smallint not null default 0, add column fault text`,
  // One row for each thing, so that no two workers tell it twice.
  sql`create table alarm (
    kind text not null,
    event text not null,
    at timestamptz not null,
    primary key (kind, event)
  )`,
  // More than a mailbox can take in an hour: told together by one mail.
  sql`alter table request_alert add column waits boolean not null default false`,
  sql`create index request_alert_waits on request_alert (kind) where waits`,
  sql`create index request_alert_at on request_alert (at)`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}

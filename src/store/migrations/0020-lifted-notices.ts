import { sql, type QueryExecutorProvider } from 'kysely'

/** Who was told of a restriction is told of its end as well: by the same request, once each. */
export async function up(db: QueryExecutorProvider): Promise<void> {
  await sql`alter table notice drop constraint notice_request_recipient_key`.execute(db)
  await sql`create unique index notice_once on notice (request, recipient, (right_kind = 'restriction-lifted'))`.execute(db)
}

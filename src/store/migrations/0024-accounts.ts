import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/** An account belongs to the connection, not to each of its objects, and stays noted when the connection is forgotten. */
export async function up(trx: Transaction<Tables>): Promise<void> {
  await sql`
    create table connection_account (
      connection text primary key,
      crm text not null,
      account text not null,
      noted_at timestamptz not null default now(),
      forgotten_at timestamptz
    )`.execute(trx)
  await sql`
    insert into connection_account (connection, crm, account)
    select distinct on (connection) connection, crm, account from source where account is not null order by connection, id`.execute(trx)
  await sql`alter table source drop column account`.execute(trx)
}

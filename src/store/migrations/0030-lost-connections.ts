import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/** Connections whose CRM is gone for good, and who answers for saying so, until they are forgotten. */
export async function up(trx: Transaction<Tables>): Promise<void> {
  await sql`
    create table connection_loss (
      connection text primary key,
      crm text not null,
      account text,
      because text not null,
      declared_by text not null,
      declared_at timestamptz not null
    )`.execute(trx)
}

import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/** Forgetting what was known of a CRM that was declared lost does not take the declaration back: only a user who says that it is there does. */
export async function up(trx: Transaction<Tables>): Promise<void> {
  await sql`alter table connection_loss add column forgotten_at timestamptz`.execute(trx)
}

import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/** What is on its way to a record whose patch was replaced meanwhile. */
export async function up(trx: Transaction<Tables>): Promise<void> {
  await sql`alter table patch add column sent text`.execute(trx)
}

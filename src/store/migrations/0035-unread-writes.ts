import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/** When Accord last wrote to a source, until that was read back. */
export async function up(trx: Transaction<Tables>): Promise<void> {
  await sql`alter table source add column written_at timestamptz`.execute(trx)
}

import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/** Which key signs this ledger, so that another one, or a new one in the place of one that was lost, is noticed. */
export async function up(trx: Transaction<Tables>): Promise<void> {
  await sql`create table ledger_key (id smallint primary key default 1 check (id = 1), key_id text not null)`.execute(trx)
}

import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/** Numbers the turns in which records are stored, so that a process can tell whether another one had a turn since its own. */
export async function up(trx: Transaction<Tables>): Promise<void> {
  await sql`create sequence turn_ticket`.execute(trx)
}

import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/** A digest of the credentials that were last seen to lead to the account, where those can never lead to another. */
export async function up(trx: Transaction<Tables>): Promise<void> {
  await sql`alter table connection_account add column grant_digest text`.execute(trx)
}

import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/**
 * What is asked for every few seconds is what is open, and what has ended stays for years: with three hundred thousand persons of ended lists each look of a
 * monitor read 600 MB. `retention_case_state` is read alone where persons are counted.
 */
const statements = [
  sql`create index request_open on request (received_at, id) where closed_at is null`,
  sql`create index retention_case_state on retention_case (status, standing)`,
  sql`create index retention_case_held on retention_case (held_until) where held_until is not null`,
]

export async function up(trx: Transaction<Tables>): Promise<void> {
  for (const statement of statements) await statement.execute(trx)
}

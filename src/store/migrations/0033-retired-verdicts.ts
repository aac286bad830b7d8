import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/** A verdict without a key is retired: nobody comes to use it any more. `age` is another number whenever some were, for whoever knows keys by heart. */
export async function up(trx: Transaction<Tables>): Promise<void> {
  await sql`alter table verdict alter column key drop not null`.execute(trx)
  await sql`create table verdict_age (id smallint primary key check (id = 1), age bigint not null)`.execute(trx)
  await sql`insert into verdict_age (id, age) values (1, 0)`.execute(trx)
}

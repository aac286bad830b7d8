import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

export async function up(trx: Transaction<Tables>): Promise<void> {
  await sql`
    create table ledger_blocks (
      seq bigint primary key,
      previous bytea not null check (length(previous) = 32),
      at text not null,
      entries integer not null check (entries > 0),
      root bytea not null check (length(root) = 32),
      body text not null,
      hash bytea not null check (length(hash) = 32)
    )`.execute(trx)
  await sql`
    create table ledger_head (
      id smallint primary key check (id = 1),
      ledger_id text not null,
      seq bigint not null,
      hash bytea not null check (length(hash) = 32),
      entries bigint not null
    )`.execute(trx)
  await sql`
    insert into ledger_head (id, ledger_id, seq, hash, entries)
    values (1, gen_random_uuid()::text, 0, decode(repeat('00', 32), 'hex'), 0)`.execute(trx)
}

/**
 * Writes to the embedded database in the directory of its first argument until it is killed. Says `open` on stdout, and appends to
 * the file of its third argument what was acknowledged: a number per committed row, `b` and a number per committed ledger block.
 * A file, because what was written there is the kernel's, and outlives the process; a pipe can be full.
 */
import { openSync, writeSync } from 'node:fs'
import { sql } from 'kysely'
import { openDatabase } from '../../src/store/database.ts'
import { appendBlock } from '../../src/store/ledger.ts'

const [dir = '', from = '1', file = ''] = process.argv.slice(2)
const acks = openSync(file, 'a')
const { db } = await openDatabase({ dir, log: () => undefined })
await sql`create table if not exists proof_rows (id bigint primary key, filler text not null)`.execute(db)
let next = Number(from)
writeSync(1, 'open\n')
await Promise.all([singles(), singles(), batches(), blocks()])

async function singles(): Promise<never> {
  for (;;) {
    const id = next++
    await sql`insert into proof_rows (id, filler) values (${id}, ${'x'.repeat(100)})`.execute(db)
    writeSync(acks, `${id}\n`)
  }
}

async function batches(): Promise<never> {
  for (;;) {
    const ids = Array.from({ length: 50 }, () => next++)
    await sql`insert into proof_rows (id, filler) select id, repeat('y', 500) from unnest(${ids}::bigint[]) as id`.execute(db)
    writeSync(acks, ids.map((id) => `${id}\n`).join(''))
  }
}

async function blocks(): Promise<never> {
  for (;;) {
    const { seq } = await db
      .transaction()
      .execute((trx) => appendBlock(trx, ['{"kind":"proof"}', '{"kind":"proof"}'], '2026-11-20T10:00:00Z'))
    writeSync(acks, `b${seq}\n`)
  }
}

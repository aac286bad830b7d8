import { sql } from 'kysely'
import type { Kysely, Transaction } from 'kysely'
import { genesisHash, nextBlock, sealBatch } from '../core/ledger/ledger.ts'
import type { Batch, Block, Position } from '../core/ledger/ledger.ts'
import { createChainVerifier } from '../core/ledger/verify.ts'
import type { ChainReport, Fault } from '../core/ledger/verify.ts'
import type { Checkpoint, CheckpointKeys } from '../core/ledger/checkpoint.ts'
import type { Tables } from './tables.ts'

export type LedgerHead = Position & { readonly ledger: string; readonly entries: number }

/**
 * Appends one block inside the caller's transaction, so that facts and their record commit together.
 * Call it last: from here to the commit, every other writer of the ledger waits.
 * @param entries lines of JSON as `entryText` makes them, without personal data, at least one; 100 to 2,000 make a good block
 * @param at ISO 8601
 */
export async function appendBlock(trx: Transaction<Tables>, entries: readonly string[], at: string): Promise<Position> {
  return appendSealed(trx, sealBatch(entries, at))
}

/** The same with entries that were sealed while something else was waited for. */
export async function appendSealed(trx: Transaction<Tables>, batch: Batch): Promise<Position> {
  const block = nextBlock(await readHead(trx, 'for update'), batch)
  await sql`
    with block as (
      insert into ledger_blocks (seq, previous, at, entries, root, body, hash)
      values (${block.seq}, ${block.previous}, ${block.at}, ${block.entries}, ${block.root}, ${block.body}, ${block.hash})
    )
    update ledger_head set seq = ${block.seq}, hash = ${block.hash}, entries = entries + ${block.entries} where id = 1`.execute(trx)
  return { seq: block.seq, hash: block.hash }
}

export async function readHead(db: Kysely<Tables>, lock: 'for update' | 'no lock' = 'no lock'): Promise<LedgerHead> {
  const { rows } = await sql<Tables['ledger_head']>`
    select ledger_id, seq, hash, entries from ledger_head where id = 1 ${sql.raw(lock === 'for update' ? lock : '')}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('the ledger has no head row; restore the database from a backup')
  const hash = row.seq === 0 ? genesisHash(row.ledger_id) : row.hash
  return { ledger: row.ledger_id, seq: row.seq, hash, entries: row.entries }
}

/** A block can be a megabyte: few at a time. */
const blocksPerRead = 16

/** Every block from number `from` on, in order, a few in memory at a time. */
export async function* readBlocks(db: Kysely<Tables>, from = 1): AsyncGenerator<Block> {
  for (let next = from; ;) {
    const { rows } = await sql<Block>`
      select seq, previous, at, entries, root, body, hash from ledger_blocks
      where seq >= ${next} order by seq limit ${blocksPerRead}`.execute(db)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < blocksPerRead) return
    next = last.seq + 1
  }
}

/** Blocks in whose entries this text stands; reads them all. */
export async function findBlocks(db: Kysely<Tables>, text: string): Promise<Block[]> {
  const { rows } = await sql<Block>`
    select seq, previous, at, entries, root, body, hash from ledger_blocks where strpos(body, ${text}) > 0 order by seq`.execute(db)
  return rows
}

export type Verification = { readonly checkpoints: readonly Checkpoint[]; readonly keys: CheckpointKeys; readonly from?: Position }
/** `head`: the head row does not name the last block of the chain. */
export type LedgerReport =
  | ChainReport
  | { readonly ok: false; readonly fault: Fault | 'head'; readonly seq: number; readonly goodUpTo: number }

/** Reads and re-hashes every block, and names the first bad one. Blocks appended meanwhile are verified as well. */
export async function verifyLedger(db: Kysely<Tables>, { checkpoints, keys, from }: Verification): Promise<LedgerReport> {
  const before = await readHead(db)
  const verifier = createChainVerifier({ ledger: before.ledger, checkpoints, keys, ...(from && { from }) })
  let atHead = before.seq === (from?.seq ?? 0) ? before.hash : undefined
  for await (const block of readBlocks(db, (from?.seq ?? 0) + 1)) {
    if (!verifier.push(block)) break
    if (block.seq === before.seq) atHead = block.hash
  }
  const report = verifier.end()
  if (!report.ok) return report
  const after = await readHead(db)
  const headHolds = atHead?.equals(before.hash) === true && after.seq >= report.head.seq
  if (headHolds) return report
  return { ok: false, fault: 'head', seq: Math.min(before.seq, report.head.seq) + 1, goodUpTo: report.signedUpTo }
}

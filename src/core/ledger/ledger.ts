/**
 * The ledger: an append-only chain of blocks. A block holds a batch of entries as JSON lines, the Merkle root of those lines,
 * and the hash of the block before. Entries hold no personal data: references, keyed hashes, dates, rule ids.
 */
import { hash } from 'node:crypto'
import { rootOf } from './merkle.ts'

export type BlockHeader = {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number
  /** Hash of block `seq - 1`; for the first one `genesisHash(ledger id)`. */
  readonly previous: Buffer
  /** ISO 8601, as the caller wrote it. */
  readonly at: string
  /** How many, at least 1. */
  readonly entries: number
  /** Merkle root of the entries: commits to each of them, to their number and to their order. */
  readonly root: Buffer
}
export type Block = BlockHeader & {
  /** The entries joined by line breaks: the very text that was hashed. */
  readonly body: string
  readonly hash: Buffer
}

/** Where a chain stands: the last block's number and hash; 0 and `genesisHash` when there is none. */
export type Position = { readonly seq: number; readonly hash: Buffer }

/** The beginning of the chain of one ledger: two ledgers never share a block. */
export function genesisHash(ledgerId: string): Buffer {
  return hash('sha256', frame('accord/ledger/genesis/v1', Buffer.from(ledgerId)), 'buffer')
}

/**
 * SHA-256 over domain, number, previous hash, time, count and root, each behind its length in four bytes. The body is bound
 * through the root, so that a chain of headers alone proves a single entry to somebody who may not see the others.
 */
export function blockHash({ seq, previous, at, entries, root }: BlockHeader): Buffer {
  const numbers = Buffer.alloc(12)
  numbers.writeBigUInt64BE(BigInt(seq), 0)
  numbers.writeUInt32BE(entries, 8)
  const bytes = frame('accord/ledger/block/v1', numbers.subarray(0, 8), previous, Buffer.from(at), numbers.subarray(8), root)
  return hash('sha256', bytes, 'buffer')
}

/** Entries sealed up to their place in the chain: the expensive part of a block, to be done before the head is locked. */
export type Batch = Pick<Block, 'at' | 'entries' | 'root' | 'body'>

/** @throws RangeError when there is no entry, an empty one, or one with a line break in it. */
export function sealBatch(entries: readonly string[], at: string): Batch {
  if (entries.length === 0) throw new RangeError('a block needs an entry')
  for (const entry of entries) {
    if (entry === '' || entry.includes('\n')) throw new RangeError('an entry is one line of JSON')
  }
  return { at, entries: entries.length, root: rootOf(entries), body: entries.join('\n') }
}

export function nextBlock(head: Position, batch: Batch): Block {
  const header = { seq: head.seq + 1, previous: head.hash, at: batch.at, entries: batch.entries, root: batch.root }
  return { ...header, body: batch.body, hash: blockHash(header) }
}

/** The entries of a block, as they were given. */
export function entriesOf(block: Pick<Block, 'body'>): string[] {
  return block.body.split('\n')
}

/** Each part behind its length: no two lists of parts have the same bytes. */
export function frame(domain: string, ...parts: readonly Buffer[]): Buffer {
  const all = [Buffer.from(domain), ...parts]
  return Buffer.concat(all.flatMap((part) => [lengthOf(part), part]))
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return length
}

/** One entry shown to somebody who may not see the others of its block. */
import { blockHash, entriesOf } from './ledger.ts'
import type { Block, BlockHeader } from './ledger.ts'
import { inclusionPath, leafHash, rootFromPath } from './merkle.ts'

export type EntryProof = {
  readonly header: BlockHeader
  /** The entry's text, and its place in the block, from 0. */
  readonly entry: string
  readonly index: number
  readonly path: readonly Buffer[]
}

/** @throws RangeError when the block has no such entry. */
export function proveEntry(block: Block, index: number): EntryProof {
  const { seq, previous, at, entries, root } = block
  const texts = entriesOf(block)
  const path = inclusionPath(texts.map(leafHash), index)
  return { header: { seq, previous, at, entries, root }, entry: texts[index] as string, index, path }
}

/**
 * The hash of the block that holds the entry, or `null` when the proof is wrong. It proves as much as is known of that hash:
 * compare it with a signed checkpoint, or follow the headers up to one.
 */
export function provenBlock({ header, entry, index, path }: EntryProof): Buffer | null {
  const root = rootFromPath(leafHash(entry), index, header.entries, path)
  return root?.equals(header.root) === true ? blockHash(header) : null
}

/** The ledger as a file for strangers: JSON lines, read by `bin/verify-ledger.mjs`, said byte for byte in docs/ledger.md. */
import type { Checkpoint } from './checkpoint.ts'
import type { Block } from './ledger.ts'

/** `publicKey`: PEM. For comparing alone: whoever checks takes the key from elsewhere. */
export type ExportedKey = { readonly id: string; readonly publicKey: string }

/** The first line. `first`: number of the first block in the file. */
export function headerLine(ledger: string, first: number, keys: readonly ExportedKey[]): string {
  return JSON.stringify({ 'accord-ledger': 1, ledger, first, keys })
}

/** After the header and before all blocks, so that a reader needs no memory of what it has read. */
export function checkpointLine({ ledger, size, head, time, key, signature }: Checkpoint): string {
  return JSON.stringify({ checkpoint: { ledger, size, head, time, key, signature } })
}

/** Hashes in lower-case hex; `body` is the very text that was hashed. */
export function blockLine({ seq, previous, at, entries, root, hash, body }: Block): string {
  const hex = { previous: previous.toString('hex'), root: root.toString('hex'), hash: hash.toString('hex') }
  return JSON.stringify({ seq, previous: hex.previous, at, entries, root: hex.root, hash: hex.hash, body })
}

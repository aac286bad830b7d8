/** Re-hashes everything and names the first thing that is wrong. Checks nothing by its links alone: bodies are hashed again. */
import { blockHash, entriesOf, genesisHash } from './ledger.ts'
import type { Block, Position } from './ledger.ts'
import { isGenuine } from './checkpoint.ts'
import type { Checkpoint, CheckpointKeys } from './checkpoint.ts'
import { rootOf } from './merkle.ts'

/**
 * - `gap`: a block is missing · `order`: a block comes twice or too late
 * - `link`: it does not name the hash of the block before, so that one or this one was replaced
 * - `body`: its entries are not those that its root was made of · `hash`: its number, time, count, root or hash was edited
 * - `cut`: the chain ends before a signed checkpoint · `rewritten`: the chain is sound, but not the one that was signed
 * - `checkpoint`: a checkpoint is of another ledger, unreadable, or not signed by a known key
 */
export type Fault = 'gap' | 'order' | 'link' | 'body' | 'hash' | 'cut' | 'rewritten' | 'checkpoint'

/**
 * `seq` is the first bad block, as far as it can be told: after a complete re-hash all that is known is that it lies behind
 * `goodUpTo`, the last block that is proved, and not behind `seq`. `signedUpTo` is the last block that a checkpoint vouches for;
 * what comes after it could be cut off or written anew without a trace, until the next checkpoint.
 */
export type ChainReport =
  | { readonly ok: true; readonly blocks: number; readonly entries: number; readonly head: Position; readonly signedUpTo: number }
  | { readonly ok: false; readonly fault: Fault; readonly seq: number; readonly goodUpTo: number }

export type ChainCheck = {
  readonly ledger: string
  readonly checkpoints: readonly Checkpoint[]
  readonly keys: CheckpointKeys
  /** Where to begin, when all before is proved already; the beginning of the ledger otherwise. */
  readonly from?: Position
}

export type ChainVerifier = {
  /** To be called for each block in order. Answers false once something is wrong: the rest need not be read. */
  push(block: Block): boolean
  end(): ChainReport
}

export function verifyChain(blocks: Iterable<Block>, check: ChainCheck): ChainReport {
  const verifier = createChainVerifier(check)
  for (const block of blocks) if (!verifier.push(block)) break
  return verifier.end()
}

export function createChainVerifier({ ledger, checkpoints, keys, from }: ChainCheck): ChainVerifier {
  let head: Position = from ?? { seq: 0, hash: genesisHash(ledger) }
  const start = head.seq
  const expected = [...checkpoints].filter(({ size }) => size >= start).sort((a, b) => a.size - b.size)
  let entries = 0
  let met = 0
  /** What the head itself named as its previous. */
  let beforeHead: Buffer | undefined
  const forged = checkpoints.find((checkpoint) => checkpoint.ledger !== ledger || !isGenuine(checkpoint, keys))
  let bad: ChainReport | undefined = forged && { ok: false, fault: 'checkpoint', seq: forged.size, goodUpTo: start }

  function fail(fault: Fault, seq: number): false {
    // A sound chain of other blocks is proved only as far as the last checkpoint that it agrees with.
    bad = { ok: false, fault, seq, goodUpTo: fault === 'rewritten' ? (expected[met - 1]?.size ?? start) : seq - 1 }
    return false
  }

  function meetCheckpoints(): boolean {
    for (let next = expected[met]; next !== undefined && next.size === head.seq; next = expected[++met]) {
      if (next.head !== head.hash.toString('hex')) return fail('rewritten', head.seq)
    }
    return true
  }

  /** A broken link accuses two blocks. The later one is innocent when its own hash holds, or when it still names the one before. */
  function headIsImpostor(block: Block): boolean {
    const proved = expected[met - 1]?.size ?? start
    return head.seq > proved && (blockHash(block).equals(block.hash) || beforeHead?.equals(block.previous) === true)
  }

  if (bad === undefined) meetCheckpoints()
  return {
    push(block) {
      if (bad !== undefined) return false
      const fault = faultOf(block, head)
      if (fault === 'link') return fail(fault, headIsImpostor(block) ? head.seq : head.seq + 1)
      if (fault !== null) return fail(fault, fault === 'order' ? block.seq : head.seq + 1)
      beforeHead = block.previous
      head = { seq: block.seq, hash: block.hash }
      entries += block.entries
      return meetCheckpoints()
    },
    end() {
      if (bad === undefined && met < expected.length) fail('cut', head.seq + 1)
      return bad ?? { ok: true, blocks: head.seq - start, entries, head, signedUpTo: expected.at(-1)?.size ?? start }
    },
  }
}

function faultOf(block: Block, head: Position): Fault | null {
  if (block.seq > head.seq + 1) return 'gap'
  if (block.seq <= head.seq) return 'order'
  if (!block.previous.equals(head.hash)) return 'link'
  const texts = entriesOf(block)
  if (texts.length !== block.entries || !rootOf(texts).equals(block.root)) return 'body'
  return blockHash(block).equals(block.hash) ? null : 'hash'
}

/** Merkle tree of RFC 9162 section 2.1 over SHA-256: leaves and inner nodes are hashed under different prefixes. */
import { hash } from 'node:crypto'

/** @param text the entry, hashed as UTF-8 behind 0x00 (which is what U+0000 becomes). */
export function leafHash(text: string): Buffer {
  return hash('sha256', `\0${text}`, 'buffer')
}

/**
 * The root over the leaves of these entries, at least one: what `merkleRoot` gives of their `leafHash`es. Hashes go as binary text, since a Buffer for
 * each costs three times the hash (1.3 µs against 0.3).
 */
export function rootOf(texts: readonly string[]): Buffer {
  let level = texts.map((text) => hash('sha256', `\0${text}`, 'latin1'))
  while (level.length > 1) {
    const above: string[] = []
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i] as string, level[i + 1]]
      if (right !== undefined) {
        scratch.write(left, 1, 'latin1')
        scratch.write(right, 33, 'latin1')
      }
      above.push(right === undefined ? left : hash('sha256', scratch, 'latin1'))
    }
    level = above
  }
  const [root] = level
  if (root === undefined) throw new RangeError('a tree needs a leaf')
  return Buffer.from(root, 'latin1')
}

/** Root over at least one leaf. An odd node at the end of a level moves up unchanged, which is the RFC's tree. */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  let level = leaves
  while (level.length > 1) level = levelAbove(level)
  const [root] = level
  if (root === undefined) throw new RangeError('a tree needs a leaf')
  return root
}

/** The sibling hashes from leaf `index` up to the root: with them, `rootFromPath` gives the root without the other leaves. */
export function inclusionPath(leaves: readonly Buffer[], index: number): Buffer[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) throw new RangeError('no such leaf')
  const path: Buffer[] = []
  let level = leaves
  for (let at = index; level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1]
    if (sibling !== undefined) path.push(sibling)
    level = levelAbove(level)
  }
  return path
}

/** The root that the path claims (RFC 9162 section 2.1.3.2), or `null` when the path does not fit index and size. */
export function rootFromPath(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer | null {
  if (!Number.isInteger(index) || !Number.isInteger(size) || index < 0 || index >= size) return null
  let root = leaf
  let used = 0
  for (let at = index, last = size - 1; last > 0; at >>= 1, last >>= 1) {
    if (at % 2 === 0 && at === last) continue // no sibling on this level
    const sibling = path[used++]
    if (sibling === undefined || sibling.length !== 32) return null
    root = at % 2 === 1 ? nodeHash(sibling, root) : nodeHash(root, sibling)
  }
  return used === path.length ? root : null
}

function levelAbove(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = []
  for (let i = 0; i < level.length; i += 2) {
    const left = level[i] as Buffer
    const right = level[i + 1]
    above.push(right === undefined ? left : nodeHash(left, right))
  }
  return above
}

const scratch = Buffer.alloc(65, 1)

function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(scratch, 1)
  right.copy(scratch, 33)
  return hash('sha256', scratch, 'buffer')
}

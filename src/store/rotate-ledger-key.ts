import { access, appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Kysely, Transaction } from 'kysely'
import { checkpointFile, readCheckpoints, signNew, whileSigning } from './checkpoints.ts'
import { StoreError } from './error.ts'
import { findLedgerKey, ledgerKeyFile, replaceLedgerKey, type LedgerKey } from './keys.ts'
import { syncPath } from './sync-path.ts'
import { appendBlock } from './ledger.ts'
import { noteLedgerKey, notedLedgerKey, replaceNotedKey, retiredKeyFile } from './ledger-key.ts'
import { takeTurn } from './records.ts'
import type { Tables } from './tables.ts'

export type KeyRotation = {
  readonly retired: string
  readonly current: string
  /** With these two, what the retired key signed goes on verifying. Null where the key was lost: whoever kept a copy of its public half has it. */
  readonly publicKey: string | null
  /** Null when it never signed anything. */
  readonly checkpoints: string | null
}

/**
 * A new key for the checkpoints. The old one signs what there is, its public half and its checkpoints are kept under its name, its private half is
 * destroyed, and the new one signs the whole chain anew: no block is without a signature in between. Cut off anywhere, it is simply repeated.
 * Nobody signs meanwhile.
 * @throws StoreError `key` without a key to rotate, `ledger` when the chain does not verify: then nothing is changed
 */
export function rotateLedgerKey(db: Kysely<Tables>, dir: string, time: string): Promise<KeyRotation> {
  return whileSigning(db, async (trx) => {
    const file = ledgerKeyFile(dir)
    const old = await findLedgerKey(dir)
    if (!old) throw new StoreError('key', `there is no ${file}; the first sweep makes one, and "--lost" replaces one that is gone for good`)
    const noted = await notedLedgerKey(trx)
    // Cut off after the new key was in its place: what is left to do is to say so.
    if (noted !== null && noted !== old.keyId && (await isThere(retiredKeyFile(dir, noted)))) return adopt(trx, dir, noted, old, time)
    await noteLedgerKey(trx, old.keyId, file)
    await signNew(trx, { file: checkpointFile(dir), key: old, time })
    const publicKey = retiredKeyFile(dir, old.keyId)
    await writeFile(publicKey, old.publicKey.export({ type: 'spki', format: 'pem' }), { mode: 0o600 })
    await syncPath(publicKey)
    await keepCheckpoints(dir, old.keyId)
    return adopt(trx, dir, old.keyId, await replaceLedgerKey(dir), time)
  })
}

/**
 * A new key in the place of one that is lost. The chain is verified as it stands, without what the lost key vouched for: its checkpoints are kept under its name,
 * and that it was given up stands in the ledger.
 * @throws StoreError `key` while the key is there, `ledger` when the chain does not verify
 */
export function replaceLostKey(db: Kysely<Tables>, dir: string, time: string): Promise<KeyRotation> {
  return whileSigning(db, async (trx) => {
    const lost = (await notedLedgerKey(trx)) ?? (await readCheckpoints(checkpointFile(dir))).at(-1)?.key
    if (lost === undefined) throw new StoreError('key', 'this ledger was never signed: the first sweep makes its key')
    const there = await findLedgerKey(dir)
    if (there?.keyId === lost)
      throw new StoreError('key', `${ledgerKeyFile(dir)} holds the key ${lost}, which signs this ledger: nothing is lost`)
    await keepCheckpoints(dir, lost)
    const key = there ?? (await replaceLedgerKey(dir))
    await takeTurn(trx)
    await appendBlock(trx, [JSON.stringify(['ledger-key', lost, 'lost', key.keyId])], time)
    return adopt(trx, dir, lost, key, time)
  })
}

async function adopt(trx: Transaction<Tables>, dir: string, retired: string, key: LedgerKey, time: string): Promise<KeyRotation> {
  await replaceNotedKey(trx, key.keyId)
  await signNew(trx, { file: checkpointFile(dir), key, time })
  const [publicKey, checkpoints] = [retiredKeyFile(dir, retired), keptCheckpoints(dir, retired)]
  return {
    retired,
    current: key.keyId,
    publicKey: (await isThere(publicKey)) ? publicKey : null,
    checkpoints: (await isThere(checkpoints)) ? checkpoints : null,
  }
}

function keptCheckpoints(dir: string, keyId: string): string {
  return join(dir, `checkpoints-${keyId}.jsonl`)
}

/** Appended, not renamed: an attempt that was cut off may have left some there already. */
async function keepCheckpoints(dir: string, keyId: string): Promise<void> {
  const file = checkpointFile(dir)
  if ((await readCheckpoints(file)).length === 0) return
  const kept = keptCheckpoints(dir, keyId)
  await appendFile(kept, await readFile(file), { mode: 0o600 })
  await syncPath(kept)
  await syncPath(dirname(kept))
  await rm(file)
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

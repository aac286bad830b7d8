import { appendFile, open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { checkpointFile, readCheckpoints, writeCheckpoint } from './checkpoints.ts'
import { StoreError } from './error.ts'
import { findLedgerKey, ledgerKeyFile, loadLedgerKey, type LedgerKey } from './keys.ts'
import type { Tables } from './tables.ts'

export type KeyRotation = {
  readonly retired: string
  readonly current: string
  /** With these two, what the retired key signed goes on verifying. */
  readonly publicKey: string
  /** Null when it never signed anything. */
  readonly checkpoints: string | null
}

/**
 * A new key for the checkpoints. The old one signs what there is, its public half and its checkpoints are kept under its name, its private half is
 * destroyed, and the new one signs the whole chain anew: no block is without a signature in between. Cut off anywhere, it is simply repeated.
 * Nobody may be sweeping meanwhile.
 * @throws StoreError `key` without a key to rotate, `ledger` when the chain does not verify: then nothing is changed
 */
export async function rotateLedgerKey(db: Kysely<Tables>, dir: string, time: string): Promise<KeyRotation> {
  const old = await findLedgerKey(dir)
  if (!old) throw new StoreError('key', `there is no ${ledgerKeyFile(dir)}; the first sweep makes one`)
  await writeCheckpoint(db, { file: checkpointFile(dir), key: old, time })
  const publicKey = join(dir, 'keys', `ledger-${old.keyId}.pub`)
  await writeFile(publicKey, old.publicKey.export({ type: 'spki', format: 'pem' }), { mode: 0o600 })
  const checkpoints = await keepCheckpoints(dir, old)
  await rm(ledgerKeyFile(dir))
  const key = await loadLedgerKey(dir)
  await writeCheckpoint(db, { file: checkpointFile(dir), key, time })
  return { retired: old.keyId, current: key.keyId, publicKey, checkpoints }
}

/** Appended, not renamed: an attempt that was cut off may have left some there already. */
async function keepCheckpoints(dir: string, { keyId }: LedgerKey): Promise<string | null> {
  const file = checkpointFile(dir)
  if ((await readCheckpoints(file)).length === 0) return null
  const kept = join(dir, `checkpoints-${keyId}.jsonl`)
  await appendFile(kept, await readFile(file), { mode: 0o600 })
  const handle = await open(kept, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rm(file)
  return kept
}

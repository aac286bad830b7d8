import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql, type Kysely, type Transaction } from 'kysely'
import { parseCheckpoint, signCheckpoint } from '../core/ledger/checkpoint.ts'
import type { Checkpoint } from '../core/ledger/checkpoint.ts'
import { StoreError } from './error.ts'
import { findLedgerKey, ledgerKeyFile, type LedgerKey } from './keys.ts'
import { noteLedgerKey, openLedgerKey } from './ledger-key.ts'
import { readHead, verifyLedger } from './ledger.ts'
import { codeOf } from './pool.ts'
import type { Tables } from './tables.ts'

export type CheckpointOptions = {
  /** JSON lines, appended to and synced. Outside the database, best on storage that the service cannot rewrite. */
  readonly file: string
  readonly key: LedgerKey
  /** ISO 8601 */
  readonly time: string
}

/**
 * Verifies what was appended since the last checkpoint and signs the head; answers `null` when there is nothing new.
 * To be called after each sweep and each erasure: what no checkpoint covers can be cut off without a trace.
 * Workers of one ledger sign one after the other: two that repair and append to one file at once could lose a line of each other's.
 * @throws StoreError `ledger` when the new part does not verify: a bad chain is never signed.
 */
export function writeCheckpoint(db: Kysely<Tables>, options: CheckpointOptions): Promise<Checkpoint | null> {
  return whileSigning(db, (trx) => signNew(trx, options))
}

/** With the key and the file of the data folder, as they are once it is our turn. */
export function signHead(db: Kysely<Tables>, dir: string, time: string): Promise<Checkpoint | null> {
  return whileSigning(db, async (trx) => signNew(trx, { file: checkpointFile(dir), key: await loadSigningKey(trx, dir), time }))
}

/** While nobody else signs, or changes the key. */
export function whileSigning<T>(db: Kysely<Tables>, work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${SIGNING_LOCK})`.execute(trx)
    return work(trx)
  })
}

/** For what has been done already and cannot wait: the next one that can be signed covers what this one could not, and somebody has to read why. */
export async function signOrSay(
  db: Kysely<Tables>,
  dir: string,
  time: string,
  log: (event: string, facts: Readonly<Record<string, string>>) => void,
): Promise<void> {
  try {
    await signHead(db, dir, time)
  } catch (error) {
    log('ledger.unsigned', { reason: error instanceof StoreError ? error.message : codeOf(error) })
  }
}

/** Any constant that no other program uses on the same database. */
const SIGNING_LOCK = 4_702_111_235

/** In the transaction of `whileSigning`. */
export async function signNew(db: Kysely<Tables>, { file, key, time }: CheckpointOptions): Promise<Checkpoint | null> {
  const last = (await readCheckpoints(file)).at(-1)
  if (last && last.key !== key.keyId) throw new StoreError('key', otherKey(file, last, [key.keyId]))
  await noteLedgerKey(db, key.keyId, file)
  const from = last && { seq: last.size, hash: Buffer.from(last.head, 'hex') }
  const report = await verifyLedger(db, {
    checkpoints: last ? [last] : [],
    keys: new Map([[key.keyId, key.publicKey]]),
    ...(from && { from }),
  })
  if (!report.ok)
    throw new StoreError('ledger', `the ledger does not verify at block ${report.seq} (${report.fault}); no checkpoint was signed`)
  if (report.blocks === 0) return null
  const checkpoint = signCheckpoint((await readHead(db)).ledger, report.head, time, key.privateKey)
  await append(file, `${JSON.stringify(checkpoint)}\n`)
  return checkpoint
}

/**
 * All checkpoints of the file, none when there is no file yet.
 * @throws StoreError `ledger` for a file that cannot be read and for a line that is no checkpoint. Half a line at the end is what a crash leaves, and is passed over.
 */
export async function readCheckpoints(file: string): Promise<Checkpoint[]> {
  const lines = (await readText(file)).split('\n').slice(0, -1)
  return lines.map((line, index) => {
    const checkpoint = parseCheckpoint(line)
    if (checkpoint === null) throw new StoreError('ledger', `line ${index + 1} of ${file} is no checkpoint`)
    return checkpoint
  })
}

/**
 * The key that signs here, made at first use only: where anything was signed already, a new one would make all of it unprovable.
 * @throws StoreError `key` when the key of these checkpoints or of this ledger is lost, or is another one.
 */
export async function loadSigningKey(db: Kysely<Tables>, dir: string): Promise<LedgerKey> {
  const file = checkpointFile(dir)
  const last = (await readCheckpoints(file)).at(-1)
  if (last && (await findLedgerKey(dir)) === null)
    throw new StoreError('key', `${ledgerKeyFile(dir)} is missing, which signed ${file}; ${REPAIR}`)
  return openLedgerKey(db, dir)
}

/** Whose checkpoints these are, when none of the keys at hand signed them: nothing is said of the ledger itself by that. */
export function otherKey(file: string, checkpoint: Checkpoint, known: readonly string[]): string {
  return `${file}: the checkpoint of block ${checkpoint.size} is signed by the key ${checkpoint.key}, not by ${known.join(' or ')}; ${REPAIR}`
}

const REPAIR =
  'put that key back from the backup of keys/; if it is lost for good, "accord ledger rotate-key --lost" keeps the file under its name, as proof up to there, and begins a new one'

export function checkpointFile(dir: string): string {
  return join(dir, 'checkpoints.jsonl')
}

/** Neither of a file that is missing nor of one that is no list of checkpoints. */
export function cannotRead(file: string, code: string): string {
  return `${file} cannot be read (${code})`
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return ''
    if (code === 'unknown') throw error
    const remedy = 'let this user read and write it, or put it back from a copy: until then nothing is signed'
    throw new StoreError('ledger', `${cannotRead(file, code)}; ${remedy}`, { cause: error })
  }
}

async function append(file: string, line: string): Promise<void> {
  const text = await readText(file)
  const handle = await open(file, 'a', 0o600)
  try {
    if (!text.endsWith('\n') && text !== '') await handle.truncate(Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)))
    await handle.write(line)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

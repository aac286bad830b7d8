/** What of the data folder belongs together: keys, checkpoints and, unless a Postgres holds it, the database. */
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { digestTree, MANIFEST, type BackupKind, type Manifest } from './backup-manifest.ts'
import { hasDatabase } from './embedded-directory.ts'
import { StoreError } from './error.ts'
import { syncPath } from './sync-path.ts'
import { takeLock } from './lock.ts'

export type BackupOptions = {
  /** The data folder. */
  readonly dir: string
  /** Made by this; must not be there, or be empty. */
  readonly target: string
  /** `postgres`: the database is dumped with its own tools, and only keys and checkpoints are copied. */
  readonly kind: BackupKind
  /** Whether keys/ goes with it. With the hash key at hand, known addresses can be looked for in the database beside it. */
  readonly keys: boolean
  /** ISO 8601 */
  readonly at: string
}

/**
 * Copies the data folder, and last of all a list of every file with its digest: a backup without that list is none.
 * @throws StoreError `locked` while another process has the embedded database, `missing` where there is nothing to copy, `backup` for a bad target
 */
export async function writeBackup({ dir, target, kind, keys, at }: BackupOptions): Promise<Manifest> {
  const parts = await partsOf(dir, kind, keys)
  if (kind === 'embedded' && !hasDatabase(dir))
    throw new StoreError('missing', `there is no database of Accord in ${dir}; check --data and DATABASE_URL`)
  if (parts.length === 0) throw new StoreError('missing', `there is nothing to back up in ${dir}; check --data`)
  // Whoever holds the lock is alone with the files: they stand still, and what a killed process left of them recovers as it would in place.
  const lock = kind === 'embedded' ? takeLock(join(dir, 'db.lock')) : null
  try {
    await makeTarget(dir, target)
    for (const part of parts) await cp(join(dir, part), join(target, part), { recursive: true, preserveTimestamps: true })
    const manifest: Manifest = { version: 1, kind, keys, at, files: await digestTree(target) }
    await writeFile(join(target, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`, { flag: 'wx', mode: 0o600 })
    await syncTree(target)
    return manifest
  } finally {
    lock?.release()
  }
}

/** Checkpoints first: while a Postgres is dumped after them the ledger may grow, but none of them may speak of a block that the dump lacks. */
async function partsOf(dir: string, kind: BackupKind, keys: boolean): Promise<string[]> {
  const names = existsSync(dir) ? await readdir(dir) : []
  const wanted = ['keys', 'db'].filter((name) => (name === 'keys' ? keys : kind === 'embedded'))
  return [...names.filter((name) => CHECKPOINTS.test(name) || name === JOURNAL), ...wanted.filter((name) => names.includes(name))]
}

/** Of what must not come back: the newest copy of it goes with any older one of the database. */
export const JOURNAL = 'erased.jsonl'

/** Those of the present key, and of each retired one. */
const CHECKPOINTS = /^checkpoints(-[0-9a-f]+)?\.jsonl$/

async function makeTarget(dir: string, target: string): Promise<void> {
  if (`${resolve(target)}${sep}`.startsWith(`${resolve(dir)}${sep}`))
    throw new StoreError('backup', `${target} lies in the data folder itself; choose a folder elsewhere, best on another disk`)
  await mkdir(target, { recursive: true, mode: 0o700 })
  if ((await readdir(target)).length > 0) throw new StoreError('backup', `${target} is not empty; choose a new folder for each backup`)
}

/** A backup that is only in memory is none. */
export async function syncTree(root: string): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) await syncPath(join(entry.parentPath, entry.name))
  await syncPath(root)
  await syncPath(dirname(resolve(root)))
}

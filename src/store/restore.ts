/** Puts a backup into a data folder that has none of it yet. */
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { JOURNAL, syncTree } from './backup.ts'
import { digestFile, digestTree, verifyBackup, type BackupKind, type Manifest } from './backup-manifest.ts'
import { StoreError } from './error.ts'
import { takeLock } from './lock.ts'

export type RestoreOptions = { readonly dir: string; readonly source: string; readonly kind: BackupKind }

/**
 * Nothing is overwritten: what is there already must be the same, byte for byte. The database comes last and by one rename, so that an interrupted
 * restore has restored nothing that runs, and is simply repeated.
 * @throws StoreError `missing`, `backup`, `locked`
 */
export async function restoreBackup({ dir, source, kind }: RestoreOptions): Promise<Manifest> {
  const manifest = await verifyBackup(source)
  if (manifest.kind !== kind) throw new StoreError('backup', otherKind(source, manifest.kind))
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const lock = kind === 'embedded' ? takeLock(join(dir, 'db.lock')) : null
  try {
    await refuseToOverwrite(dir, source, manifest)
    const parts = new Set(Object.keys(manifest.files).map((path) => path.split('/')[0]!))
    parts.delete('db')
    // The one that is there has what the backup's has, and what came after it.
    if (existsSync(join(dir, JOURNAL))) parts.delete(JOURNAL)
    await restoreFiles(dir, source, [...parts])
    if (kind === 'embedded') await restoreDatabase(dir, source)
    await syncTree(dir)
    return manifest
  } finally {
    lock?.release()
  }
}

/** Copied whole under another name first: what stands under its own is all of it, so that a restore that was broken off can be repeated. */
async function restoreFiles(dir: string, source: string, parts: readonly string[]): Promise<void> {
  const draft = join(dir, 'restore.new')
  await rm(draft, { recursive: true, force: true })
  for (const part of parts) await cp(join(source, part), join(draft, part), { recursive: true, preserveTimestamps: true })
  await syncTree(draft)
  for (const path of Object.keys(await digestTree(draft))) {
    if (existsSync(join(dir, path))) continue
    await mkdir(dirname(join(dir, path)), { recursive: true, mode: 0o700 })
    await rename(join(draft, path), join(dir, path))
  }
  await rm(draft, { recursive: true, force: true })
}

async function restoreDatabase(dir: string, source: string): Promise<void> {
  // Of this name the next start removes what an interrupted restore left.
  const draft = join(dir, `db.new-${process.pid}`)
  await rm(draft, { recursive: true, force: true })
  await cp(join(source, 'db'), draft, { recursive: true, preserveTimestamps: true })
  await syncTree(draft)
  await rename(draft, join(dir, 'db'))
}

async function refuseToOverwrite(dir: string, source: string, { kind, files }: Manifest): Promise<void> {
  if (kind === 'embedded' && existsSync(join(dir, 'db')))
    throw new StoreError('backup', `${dir} already holds a database, and a restore overwrites nothing: choose another folder with --data`)
  for (const [path, digest] of Object.entries(files).filter(([name]) => !name.startsWith('db/'))) {
    const there = join(dir, path)
    if (path === JOURNAL && existsSync(there) && (await goesOn(there, join(source, path)))) continue
    if (existsSync(there) && (await digestFile(there)) !== digest)
      throw new StoreError('backup', `${there} is there and is not the one of the backup: nothing was overwritten`)
  }
}

/** Only ever appended to. */
async function goesOn(now: string, before: string): Promise<boolean> {
  return (await readFile(now, 'utf8')).startsWith(await readFile(before, 'utf8'))
}

function otherKind(source: string, kind: BackupKind): string {
  return kind === 'embedded'
    ? `${source} holds an embedded database, and DATABASE_URL names a Postgres: unset it to restore`
    : `${source} was taken beside a Postgres: set DATABASE_URL, and bring the database back with pg_restore`
}

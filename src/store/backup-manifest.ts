/** The list that makes a folder a backup: every file with its digest, and what kind of database it goes with. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { StoreError } from './error.ts'

export type BackupKind = 'embedded' | 'postgres'
export type Manifest = {
  readonly version: 1
  readonly kind: BackupKind
  readonly keys: boolean
  /** ISO 8601 */
  readonly at: string
  /** Path inside the backup → SHA-256 in hex. */
  readonly files: Readonly<Record<string, string>>
}

export const MANIFEST = 'backup.json'

/** Digests of all files under it, the list itself apart. */
export async function digestTree(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)))
  const files: Record<string, string> = {}
  for (const path of paths.filter((one) => one !== MANIFEST).sort()) files[path.split(sep).join('/')] = await digestFile(join(root, path))
  return files
}

/**
 * The list of a backup that is as it was written: nothing missing, nothing changed, nothing added.
 * @throws StoreError `missing`, `backup`
 */
export async function verifyBackup(root: string): Promise<Manifest> {
  const manifest = await readManifest(root)
  const found = await digestTree(root)
  const damaged = [...new Set([...Object.keys(manifest.files), ...Object.keys(found)])].filter(
    (path) => manifest.files[path] !== found[path],
  )
  if (damaged.length > 0)
    throw new StoreError('backup', `${root} is damaged: ${damaged.length} of its files differ from what was written, such as ${damaged[0]}`)
  return manifest
}

async function readManifest(root: string): Promise<Manifest> {
  const file = join(root, MANIFEST)
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StoreError('missing', `${root} holds no ${MANIFEST}: it is no backup, or one that was interrupted`, { cause })
  })
  const manifest = parsed(text)
  if (!isManifest(manifest))
    throw new StoreError('backup', `${file} is not what this release writes; restore with the release that wrote it`)
  return manifest
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // said above: it is not what this release writes
  }
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null || !('version' in value) || !('kind' in value) || !('files' in value)) return false
  const { version, kind, files } = value
  if (version !== 1 || (kind !== 'embedded' && kind !== 'postgres') || typeof files !== 'object' || files === null) return false
  return Object.values(files).every((digest) => typeof digest === 'string')
}

export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** A digest of the judging code. When a release changes it, every record is judged again, even those that nobody has changed. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Digest of all files under src/core, 32 hex digits. Covers more than the judging code, so that no list of files has to be kept. */
export async function judgingCode(folder = fileURLToPath(new URL('./core/', import.meta.url))): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  const digest = createHash('sha256')
  for (const text of await Promise.all(paths.map((path) => readFile(path)))) digest.update(text)
  return digest.digest('hex').slice(0, 32)
}

/** What judges is code as well as policy: a release with another detector or another reading of the law must reach records that nobody has changed. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Digest of all pure code, hex: more of it than judges, but nobody has to remember which part does. */
export async function judgingCode(folder = fileURLToPath(new URL('./core/', import.meta.url))): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  const digest = createHash('sha256')
  for (const text of await Promise.all(paths.map((path) => readFile(path)))) digest.update(text)
  return digest.digest('hex').slice(0, 32)
}

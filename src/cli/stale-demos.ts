/** Folders of demos that were killed: they hold keys and a database of invented people, and nobody comes back for them. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreError } from '../store/error.ts'
import { takeLock } from '../store/lock.ts'

export const DEMO_FOLDER = 'demo-'

/** A demo that has just made its folder has not locked it yet. */
const YOUNG_MS = 60_000

/** Removes those of which no process holds the lock. */
export async function clearStaleDemos(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => /^demo-[A-Za-z0-9]{6}$/.test(name))
  for (const folder of names.map((name) => join(dir, name))) {
    const { mtimeMs } = await stat(folder)
    if (Date.now() - mtimeMs < YOUNG_MS || isHeld(folder)) continue
    await rm(folder, { recursive: true, force: true })
  }
}

function isHeld(folder: string): boolean {
  try {
    takeLock(join(folder, 'db.lock')).release()
    return false
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'locked') return true
    throw error
  }
}

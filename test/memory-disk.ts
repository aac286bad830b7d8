/**
 * A disk in memory for the files of a test run, where the machine has room: each database of a test is a copy of hundreds of files that are gone
 * again seconds later, and costs a sixth there.
 */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const DISK = '/dev/shm'
const NAME = /^accord-run-(\d+)-\w+$/
const NEEDED_BYTES = 4 * 1024 ** 3
const HOUR = 3_600_000

/** Where what outlives a run is kept, such as the binaries of Postgres. */
const LASTING = 'ACCORD_TEST_LASTING'

export function lastingFolder(): string {
  return process.env[LASTING] ?? tmpdir()
}

/** A folder for this run, which becomes the temporary directory of all its processes; its owner removes it. Null: not enough room, or no such disk. */
export function useMemoryDisk(): string | null {
  if (!existsSync(DISK)) return null
  removeLeft()
  const { bavail, bsize } = statfsSync(DISK)
  if (Math.min(bavail * bsize, process.availableMemory()) < NEEDED_BYTES) return null
  return useFolder(DISK)
}

/** The same on whatever disk the temporary files are on now. */
export function ownFolder(): string {
  return useFolder(tmpdir())
}

function useFolder(parent: string): string {
  const folder = mkdtempSync(join(parent, `accord-run-${process.pid}-`))
  // The user that Postgres runs as goes through it.
  chmodSync(folder, 0o711)
  // A run within a run keeps to what the outer one said.
  process.env[LASTING] ??= tmpdir()
  process.env['TMPDIR'] = folder
  return folder
}

/** Memory that a killed run still holds. */
function removeLeft(): void {
  for (const name of readdirSync(DISK)) {
    const pid = NAME.exec(name)?.[1]
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue
    const folder = join(DISK, name)
    const { uid, mtimeMs } = statSync(folder)
    // Another container may share the disk and not the process numbers.
    if (uid === process.getuid?.() && Date.now() - mtimeMs > HOUR) rmSync(folder, { recursive: true, force: true })
  }
}

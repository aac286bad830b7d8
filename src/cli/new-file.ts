import { existsSync } from 'node:fs'
import { link, open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncPath } from '../store/sync-path.ts'
import { UsageError } from './failure.ts'

/**
 * Under another name until it is whole and on the disk: who finds the file finds all of it. Readable by its owner alone; what exists is never written over.
 * @throws UsageError
 */
export async function writeNewFile(file: string, fill: (handle: FileHandle) => Promise<unknown>): Promise<void> {
  if (existsSync(file)) throw taken(file)
  const unfinished = `${file}.${process.pid}.part`
  const handle = await open(unfinished, 'wx', 0o600)
  try {
    try {
      await fill(handle)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await name(unfinished, file)
  } finally {
    await rm(unfinished, { force: true })
  }
  await syncPath(dirname(file))
}

/** A link fails where the name is taken, and a rename does not; not every file system has links. */
async function name(unfinished: string, file: string): Promise<void> {
  await link(unfinished, file).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw taken(file, error)
    if (error.code !== 'EPERM' && error.code !== 'ENOTSUP' && error.code !== 'ENOSYS') throw error
    await rename(unfinished, file)
  })
}

function taken(file: string, cause?: unknown): UsageError {
  return new UsageError(`${file} exists already; choose another name`, cause === undefined ? {} : { cause })
}

/** What is only in memory is lost with the power. */
import { open } from 'node:fs/promises'

/** A file's contents, or of a folder which names it holds: a new file is there for good only when both are on the disk. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

import { statfsSync } from 'node:fs'

/** Bytes: a last page or two may be left that no file of a database fits into. */
const TOO_LITTLE = 64 * 1024

/** Whoever writes to a full disk calls it something else (a failed lock, errno 51 of another system): the file system itself knows. */
export function isDiskFull(dir: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dir)
    return bavail * bsize < TOO_LITTLE
  } catch {
    return false // the folder cannot even be looked at: the error at hand says more
  }
}

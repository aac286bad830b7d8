/** Where the code that this process has compiled is kept for the next one, if anywhere: half of a start is compiling. */
import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'

/** For a thread that is given nothing else of the service's environment: it needs none of its secrets. */
export function compiledAlone(): Record<string, string> {
  const folder = getCompileCacheDir()
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) }
}

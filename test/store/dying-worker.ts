/** The real database thread, which dies by an error the first time that it is connected to in a directory. */
import { existsSync, writeFileSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import '../../src/store/embedded-worker.ts'

const scar = `${(workerData as { dataDir: string }).dataDir}.scar`
if (!existsSync(scar)) {
  writeFileSync(scar, '')
  setTimeout(() => {
    throw new RangeError('memory access out of bounds')
  }, 1_000)
}

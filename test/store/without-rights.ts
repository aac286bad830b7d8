/** A process without rights in a folder: `node without-rights.ts FOLDER`. Loads what it needs as whoever it is, and goes on as nobody if that was root. */
import { join } from 'node:path'
import { describeFailure, exitCodeOf } from '../../src/cli/failure.ts'
import { openDatabase } from '../../src/store/database.ts'
import { takeLock } from '../../src/store/lock.ts'

const folder = process.argv[2]!
const NOBODY = 65_534
if (process.getuid?.() === 0) {
  process.setgroups?.([])
  process.setgid?.(NOBODY)
  process.setuid?.(NOBODY)
}

const said: [number, string][] = []
for (const work of [() => takeLock(join(folder, 'db.lock')), () => openDatabase({ dir: folder, log: () => undefined, existing: true })]) {
  try {
    await work()
  } catch (error) {
    said.push([exitCodeOf(error), describeFailure(error)])
  }
}
process.stdout.write(JSON.stringify(said))

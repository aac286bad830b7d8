/** Tries to take the lock named by its first argument, says what came of it, and holds on until stdin ends. */
import { takeLock } from '../../src/store/lock.ts'

try {
  takeLock(process.argv[2] ?? '')
  process.stdout.write('taken\n')
  process.stdin.resume()
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : 'unknown'}\n`)
  process.exit(0)
}

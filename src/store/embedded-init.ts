/**
 * Makes a new, empty embedded database in the directory named by the first argument, then exits.
 * A process of its own, because the first start leaves 500 MB behind that a service would keep for ever.
 */
import { PGlite } from '@electric-sql/pglite'

const [dataDir] = process.argv.slice(2)
if (dataDir === undefined) throw new Error('usage: embedded-init DIRECTORY')
// The parent holds the other end and the lock: when it dies, this must not go on writing.
process.stdin.on('close', () => process.exit(1)).resume()
const db = await PGlite.create({ dataDir })
await db.exec('checkpoint')
await db.close()
process.exit(0)

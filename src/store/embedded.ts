import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PoolConfig } from 'pg'
import { dataDirectory } from './embedded-directory.ts'
import { superviseWorker } from './embedded-supervisor.ts'
import { StoreError } from './error.ts'
import { takeLock } from './lock.ts'
import type { StoreLog } from './pool.ts'

export type Embedded = { readonly connection: PoolConfig; close(): Promise<void> }

const poolSize = 4
/** Milliseconds that a transaction may sit idle while others wait. */
const patience = 60_000
/** The file name is the one that libpq derives from port 5432, so psql -h <directory> works as well. */
const socketName = '.s.PGSQL.5432'

/**
 * Postgres inside this process (PGlite in a worker thread), stored in `<dir>/db`. It survives the death of the process at any
 * moment, not a power cut: nothing reaches the disk by fsync. One process at a time, enforced by `<dir>/db.lock`.
 * @throws StoreError `locked`, `unusable`
 */
export async function openEmbedded(dir: string, log: StoreLog): Promise<Embedded> {
  if (process.platform === 'win32') {
    throw new StoreError('unusable', 'the embedded database needs unix sockets; set DATABASE_URL to a Postgres')
  }
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const lock = takeLock(join(dir, 'db.lock'))
  const undo: (() => Promise<void> | void)[] = [() => lock.release()]
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const dataDir = await dataDirectory(dir)
    // In the temporary directory, because a unix socket path ends at 107 bytes; mode 0700, because there is no password.
    const socketDir = await mkdtemp(join(tmpdir(), 'accord-'))
    undo.push(() => rm(socketDir, { recursive: true, force: true }))
    const worker = await superviseWorker({ dataDir, socket: join(socketDir, socketName), patience }, log)
    undo.push(() => worker.close())
    return {
      connection: { host: socketDir, port: 5432, user: 'postgres', database: 'postgres', max: poolSize, idleTimeoutMillis: 0 },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

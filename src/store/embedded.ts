import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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
/** A connection costs nothing to keep; a turn may have to wait until somebody's patience has ended. */
const waiting = { idleTimeoutMillis: 0, connectionTimeoutMillis: 2 * patience } as const
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
  const undo = new AsyncDisposableStack()
  undo.defer(() => lock.release())
  try {
    const dataDir = await dataDirectory(dir)
    const socketDir = await makeSocketDirectory(join(dir, 'db.socket'))
    undo.defer(() => rm(socketDir, { recursive: true, force: true }))
    const worker = await superviseWorker({ dataDir, socket: join(socketDir, socketName), patience }, log)
    undo.defer(() => worker.close())
    return {
      connection: { host: socketDir, port: 5432, user: 'postgres', database: 'postgres', max: poolSize, ...waiting },
      close: () => undo.disposeAsync(),
    }
  } catch (error) {
    await undo.disposeAsync()
    throw error
  }
}

/**
 * In the temporary directory, because a unix socket's path ends at 107 bytes; mode 0700, because there is no password.
 * Its path is noted in `note`, so that what a killed process left there is removed by the next one. The caller holds the lock.
 */
async function makeSocketDirectory(note: string): Promise<string> {
  const base = tmpdir().length < 70 ? tmpdir() : '/tmp'
  const prefix = join(base, 'accord-socket-')
  const left = existsSync(note) ? (await readFile(note, 'utf8')).trim() : ''
  if (left.startsWith(prefix) && dirname(left) === base) await rm(left, { recursive: true, force: true })
  const made = await mkdtemp(prefix)
  await writeFile(note, `${made}\n`, { mode: 0o600 })
  return made
}

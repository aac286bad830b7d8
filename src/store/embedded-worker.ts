/**
 * The thread that holds the embedded database: WebAssembly blocks its event loop for up to half a second, and nobody else's.
 * Speaks the Postgres protocol on a unix socket. Messages: in `close`, out `ready`.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { serveSession } from './embedded-server.ts'

export type EmbeddedWorkerData = { readonly dataDir: string; readonly socket: string; readonly patience: number }

const { dataDir, socket, patience } = workerData as EmbeddedWorkerData
const db = await PGlite.create({
  dataDir,
  // No checkpointer runs in one process: these only bound what a CHECKPOINT leaves behind for reuse.
  startParams: [...PGlite.defaultStartParams, '-c', 'max_wal_size=96MB', '-c', 'min_wal_size=32MB'],
})
const server = await serveSession({
  path: socket,
  session: { run: (bytes, answer) => db.execProtocolRawStream(bytes, { onRawData: answer }) },
  patience,
})

parentPort?.on('message', (message) => {
  if (message === 'close') void close()
})
parentPort?.postMessage('ready')

async function close(): Promise<void> {
  await server.close()
  await db.exec('checkpoint')
  await db.close()
  parentPort?.close()
}

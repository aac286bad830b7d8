import { rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { compiledAlone } from '../compiled.ts'
import { sibling } from './embedded-directory.ts'
import type { EmbeddedWorkerData } from './embedded-worker.ts'
import { StoreError } from './error.ts'
import type { StoreLog } from './pool.ts'

const closeWithin = 15_000
/** Between two restarts, doubled each time up to the last value; a worker that ran for longer starts again at the first. */
const patience = { first: 250, last: 30_000 } as const

/**
 * Starts the database thread and starts it again whenever it dies; the pool then simply reconnects.
 * Rejects when the first start fails, because then the data directory itself is the likely cause.
 */
export async function superviseWorker(
  workerData: EmbeddedWorkerData,
  log: StoreLog,
  script = sibling('embedded-worker'),
): Promise<{ close(): Promise<void> }> {
  let closing = false
  let wait: number = patience.first
  let current = await start(workerData, script)
  const restarting = new AbortController()

  async function watch(): Promise<void> {
    while (!closing) {
      const startedAt = performance.now()
      const reason = await current.ended
      if (closing) return
      wait = performance.now() - startedAt > patience.last ? patience.first : Math.min(wait * 2, patience.last)
      log('embedded database stopped', { reason, restartInMs: wait })
      await pause(wait, undefined, { signal: restarting.signal }).catch(() => undefined)
      if (!closing) current = await start(workerData, script).catch((error: unknown) => stillborn(error))
    }
  }

  const watching = watch()
  return {
    async close() {
      closing = true
      restarting.abort()
      await current.close()
      await watching
    },
  }
}

type Running = { readonly ended: Promise<string>; close(): Promise<void> }

function stillborn(error: unknown): Running {
  return { ended: Promise.resolve(error instanceof Error ? error.message : 'failed to start'), close: async () => undefined }
}

async function start(workerData: EmbeddedWorkerData, script: URL): Promise<Running> {
  await rm(workerData.socket, { force: true })
  const worker = new Worker(script, { workerData, env: compiledAlone(), execArgv: [], stdout: true })
  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<string>()
  let reason = 'exit'
  worker.on('message', (message) => {
    if (message === 'ready') ready.resolve()
  })
  worker.on('error', (error: unknown) => {
    reason = error instanceof Error ? error.message : 'unknown'
  })
  worker.on('exit', () => {
    ended.resolve(reason)
    ready.reject(new StoreError('unusable', `the embedded database could not be opened: ${reason}`))
  })
  await ready.promise
  return { ended: ended.promise, close: () => stop(worker, ended.promise) }
}

async function stop(worker: Worker, ended: Promise<string>): Promise<void> {
  const tooLate = setTimeout(() => void worker.terminate(), closeWithin)
  worker.postMessage('close')
  await ended
  clearTimeout(tooLate)
}

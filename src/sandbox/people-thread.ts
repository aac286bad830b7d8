/** A thread that fills a CRM with generated people; the records then change hands as bytes. */
import { Worker } from 'node:worker_threads'
import type { SandboxCrm } from './crm.ts'

export type PeopleOrder = {
  readonly count: number
  readonly seed: number
  /** Epoch milliseconds. */
  readonly now: number
  readonly crm: SandboxCrm['name']
}

export type PeopleThread = {
  /** For `take` of the same CRM in this thread. */
  readonly content: Promise<unknown>
  stop(): Promise<void>
}

/** Rows are made and forgotten by the million: with more room for the young, fewer of them are carried along. */
const YOUNG_MB = 64

export function startPeopleThread(order: PeopleOrder): PeopleThread {
  // `.ts` from source, `.js` when built.
  const script = new URL(import.meta.url.replace('people-thread', 'people-worker'))
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB }
  const worker = new Worker(script, { workerData: order, env: {}, execArgv: [], resourceLimits })
  const content = new Promise<unknown>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread that fills ${order.crm} ended with code ${code}`)))
  })
  // Whoever waits for it may have failed before.
  content.catch(() => undefined)
  return {
    content,
    async stop() {
      await worker.terminate()
    },
  }
}

/**
 * Doorbells: a job says that there is work, and for which connection; what the work is stands in our own tables. A job that is lost is rung again by
 * whoever finds open work, and one that comes twice finds nothing to do.
 */
import { sql, type Kysely, type Transaction } from 'kysely'
import { PgBoss, fromKysely, type JobWithMetadata, type Queue } from 'pg-boss'
import type { Database } from './database.ts'
import { DEAD, retryDeadJobs } from './dead-jobs.ts'
import { codeOf, type StoreLog } from './pool.ts'
import type { Tables } from './tables.ts'

export const queueNames = ['pull-record', 'push', 'sweep', 'due', 'verify', 'notify'] as const
export type QueueName = (typeof queueNames)[number]
/** Never personal data: a connection, the number of a row, a word. */
export type JobFacts = Readonly<Record<string, string | number | boolean>>
/** `key`: of one key, one job waits and one runs; a second that would wait is the same bell. `after`: seconds. */
export type Ring = { queue: QueueName; key: string; facts?: JobFacts; after?: number }
export type RunningJob = { key: string; facts: JobFacts; attempt: number; signal: AbortSignal }
export type Jobs = {
  /** In the transaction that leaves the work. */
  ring: (trx: Transaction<Tables> | Kysely<Tables>, ring: Ring) => Promise<void>
  /** Without a wait, if the queue is worked on in this process. After the commit. */
  nudge: (queue: QueueName) => void
  work: (queue: QueueName, options: { lanes: number }, run: (job: RunningJob) => Promise<void>) => Promise<void>
  /** Is there a job of this key that waits, runs, or is to be tried again? */
  rung: (queue: QueueName, key: string) => Promise<boolean>
  /** Puts jobs that were given up back where they failed; answers how many. */
  retry: (ids: readonly string[]) => Promise<number>
  /** Lets running jobs come to their end, up to that many milliseconds. */
  stop: (graceMs: number) => Promise<void>
}

const HOUR = 3_600

/** Jobs are tried for about three hours, then put aside for people. Finished ones are kept for a day, waiting ones for two weeks. */
const lasting: Omit<Queue, 'name'> = {
  policy: 'stately',
  retryLimit: 16,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: HOUR / 4,
  expireInSeconds: HOUR,
  heartbeatSeconds: 30,
  retentionSeconds: 14 * 24 * HOUR,
  deleteAfterSeconds: 24 * HOUR,
  deadLetter: DEAD,
}
const queues: Readonly<Record<QueueName, Omit<Queue, 'name'>>> = {
  'pull-record': lasting,
  push: lasting,
  sweep: { ...lasting, retryLimit: 5, retryDelay: 60, expireInSeconds: 23 * HOUR },
  due: lasting,
  verify: lasting,
  notify: lasting,
}

/** `worker` false: this process only rings. */
export async function openJobs(
  database: Pick<Database, 'kind' | 'db' | 'pool'>,
  log: StoreLog,
  options: { worker: boolean },
): Promise<Jobs> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.pool.query(text, values as unknown[]) },
    backend: database.kind === 'embedded' ? 'pglite' : 'postgres',
    supervise: options.worker,
    schedule: false,
    monitorIntervalSeconds: 15,
    superviseIntervalSeconds: 15,
  })
  // Without a listener an error would end the process; the next poll finds out whether the database is back.
  boss.on('error', (error) => log('jobs.unreachable', { code: codeOf(error) }))
  await boss.start()
  await boss.createQueue(DEAD, { retentionSeconds: 90 * 24 * HOUR, deleteAfterSeconds: 24 * HOUR })
  for (const name of queueNames) await boss.createQueue(name, queues[name])
  const workers = new Map<QueueName, string>()
  return {
    ring: async (trx, { queue, key, facts = {}, after }) => {
      await boss.send(queue, { ...facts, key }, { db: fromKysely(trx), singletonKey: key, ...(after ? { startAfter: after } : {}) })
    },
    nudge: (queue) => {
      const worker = workers.get(queue)
      if (worker) boss.notifyWorker(worker)
    },
    work: async (queue, { lanes }, run) => {
      const tuning = {
        batchSize: 1,
        pollingIntervalSeconds: 0.5,
        localConcurrency: lanes,
        heartbeatRefreshSeconds: 10,
        includeMetadata: true,
      } as const
      workers.set(
        queue,
        await boss.work<JobFacts & { key: string }, void, typeof tuning>(queue, tuning, async ([job]) => {
          if (job) await runOne(job, run)
        }),
      )
    },
    rung: (queue, key) => isRung(database.db, queue, key),
    retry: (ids) => retryDeadJobs(boss, ids),
    stop: (graceMs) => boss.stop({ graceful: true, timeout: graceMs, close: false }),
  }
}

async function runOne(job: JobWithMetadata<JobFacts & { key: string }>, run: (job: RunningJob) => Promise<void>): Promise<void> {
  const { key, ...facts } = job.data
  try {
    await run({ key, facts, attempt: job.retryCount + 1, signal: job.signal })
  } catch (error) {
    // What is kept of a failure is kept for people to read: its words and no stack, and of a database error the code alone, for it may quote values.
    const code = codeOf(error)
    const words = code === 'unknown' && error instanceof Error ? error.message : `failed with ${code}`
    throw Object.assign(new Error(words), { stack: '' })
  }
}

async function isRung(db: Kysely<Tables>, queue: QueueName, key: string): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select exists (select from pgboss.job where name = ${queue} and singleton_key = ${key} and state < 'completed') as there`.execute(db)
  return rows[0]!.there
}

/**
 * Doorbells: a job says that there is work, and for which connection; what the work is stands in our own tables. A job that is lost is rung again by
 * whoever finds open work, and one that comes twice finds nothing to do.
 */
import { sql, type Kysely, type Transaction } from 'kysely'
import { PgBoss, fromKysely, type JobResult, type JobWithMetadata, type Queue } from 'pg-boss'
import type { Database } from './database.ts'
import { DEAD, retryDeadJobs } from './dead-jobs.ts'
import { codeOf, type StoreLog } from './pool.ts'
import type { Tables } from './tables.ts'

const queueNames = ['pull-record', 'push', 'sweep', 'due', 'verify', 'notify', 'retention'] as const
export type QueueName = (typeof queueNames)[number]
/** Never personal data: a connection, the number of a row, a word. */
export type JobFacts = Readonly<Record<string, string | number | boolean>>
/** `key`: of one key, one job waits; a second that would wait is the same bell. `after`: seconds. */
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
  /** From now on what is cut off has not failed: it is taken up by the next start, or by another worker at once. */
  ending: () => void
  /** Lets running jobs come to their end, up to that many milliseconds. */
  stop: (graceMs: number) => Promise<void>
}

const HOUR = 3_600

/** Jobs are tried for about two hours, then put aside for people. Finished ones are kept for a day, waiting ones for two weeks. */
const ATTEMPTS = 16
const backoffSeconds = (attempt: number): number => Math.min(2 ** attempt, HOUR / 4)

/**
 * `short`: one bell of a key waits. The stricter policies of pg-boss know which keys are at work from a cache that is a minute old, and let bells wait
 * that long. Retries of pg-boss are for workers that died: what fails is rung again by ourselves, later each time, in place of any bell that waits.
 */
const lasting: Omit<Queue, 'name'> = {
  policy: 'short',
  retryLimit: 100,
  retryDelay: 1,
  expireInSeconds: HOUR,
  heartbeatSeconds: 30,
  retentionSeconds: 14 * 24 * HOUR,
  deleteAfterSeconds: 24 * HOUR,
  deadLetter: DEAD,
}
const queues: Readonly<Record<QueueName, Omit<Queue, 'name'>>> = {
  'pull-record': lasting,
  push: lasting,
  sweep: { ...lasting, expireInSeconds: 23 * HOUR },
  due: lasting,
  verify: lasting,
  notify: lasting,
  retention: { ...lasting, expireInSeconds: 23 * HOUR },
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
  boss.on('error', sayNowAndThen(log))
  await start(database, boss)
  const workers = new Map<QueueName, string>()
  let isEnding = false
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
        perJobResults: true,
      } as const
      const deps: Deps = { boss, log, running: new Map(), isEnding: () => isEnding }
      const worker = await boss.work<BellFacts, void, typeof tuning>(queue, tuning, async ([job]) =>
        job ? [await answer(deps, job, run)] : [],
      )
      workers.set(queue, worker)
    },
    rung: (queue, key) => isRung(database.db, queue, key),
    retry: (ids) => retryDeadJobs(database.db, boss, ids),
    ending: () => {
      isEnding = true
    },
    stop: (graceMs) => boss.stop({ graceful: true, timeout: graceMs, close: false }),
  }
}

/** Any constant that no other program uses on the same database. */
const STARTING_LOCK = 4_702_111_236

/** pg-boss makes its tables with statements that fail when two processes meet on a new database. The embedded database has one process. */
async function start({ kind, db }: Pick<Database, 'kind' | 'db'>, boss: PgBoss): Promise<void> {
  const begin = async (): Promise<void> => {
    await boss.start()
    await boss.createQueue(DEAD, { retentionSeconds: 90 * 24 * HOUR, deleteAfterSeconds: 24 * HOUR })
    for (const name of queueNames) await boss.createQueue(name, queues[name])
  }
  const together = (): Promise<void> =>
    db.transaction().execute(async (trx) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(STARTING_LOCK)})`.execute(trx)
      await begin()
    })
  try {
    await (kind === 'embedded' ? begin() : together())
  } catch (error) {
    // Half begun, it would look at its tables for ever.
    await boss.stop({ graceful: false, close: false })
    throw error
  }
}

const SAY_AGAIN_MS = 10_000

/** Every lane of every queue finds out for itself that the database is away, twice a second. */
function sayNowAndThen(log: StoreLog): (error: unknown) => void {
  const said = new Map<string, number>()
  return (error) => {
    const code = codeOf(error)
    const now = performance.now()
    if (now - (said.get(code) ?? -Infinity) < SAY_AGAIN_MS) return
    said.set(code, now)
    log('jobs.unreachable', { code })
  }
}

type BellFacts = JobFacts & { key: string; attempt?: number }
type Run = (job: RunningJob) => Promise<void>

/** `running`: what this process is at, by key and facts. */
type Deps = { boss: PgBoss; log: StoreLog; running: Map<string, { again: boolean }>; isEnding: () => boolean }

/** Two equal bells in one process are one run, once more from the start: two side by side would only wait for each other. */
async function answer({ boss, log, running, isEnding }: Deps, job: JobWithMetadata<BellFacts>, run: Run): Promise<JobResult> {
  const { key, attempt = 1, ...facts } = job.data
  const name = JSON.stringify([key, facts])
  const other = running.get(name)
  if (other) {
    other.again = true
    return { id: job.id, status: 'completed' }
  }
  const own = { again: false }
  running.set(name, own)
  try {
    do {
      own.again = false
      await run({ key, facts, attempt, signal: job.signal })
    } while (own.again)
    return { id: job.id, status: 'completed' }
  } catch (error) {
    const reason = wordsOf(error)
    // Tried again by whoever comes next. pg-boss keeps what is thrown, with all that hangs on it.
    if (isEnding()) throw new Error(reason)
    log('job.failed', { queue: job.name, key, attempt, reason })
    if (attempt >= ATTEMPTS) return { id: job.id, status: 'deadletter', output: { message: reason } }
    await boss.upsert(job.name, { ...facts, key, attempt: attempt + 1 }, { singletonKey: key, startAfter: backoffSeconds(attempt) })
    return { id: job.id, status: 'completed', output: { message: reason } }
  } finally {
    running.delete(name)
  }
}

/**
 * What is kept of a failure is kept for people to read: the words of our own errors, which carry a kind and no value. Any other may quote what it broke on,
 * as the JSON parser and the database do: of those the code, or the name.
 */
function wordsOf(error: unknown): string {
  if (error instanceof Error && 'kind' in error && typeof error.kind === 'string') return error.message
  const code = codeOf(error)
  return `failed with ${code === 'unknown' && error instanceof Error ? error.name : code}`
}

async function isRung(db: Kysely<Tables>, queue: QueueName, key: string): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select exists (select from pgboss.job where name = ${queue} and singleton_key = ${key} and state < 'completed') as there`.execute(db)
  return rows[0]!.there
}

/** Runs the jobs of the queues, one at a time for each connection; live jobs (pull-record, push) of all connections in parallel. */
import type { Jobs, QueueName } from '../../store/jobs.ts'
import { forgetEvents } from '../../store/inbox.ts'
import { forgetLiveReads } from '../../store/live-reads.ts'
import { forgetWindows } from '../../store/windows.ts'
import { followEvents, ringDueRecords, ringOpenWork, sendPatches, type Prepared } from '../sweep/live.ts'
import { tidyMails } from '../notify/notify.ts'
import { regularly } from './regularly.ts'
import type { Shell } from '../shell.ts'

export type WorkerParts = {
  shell: Shell
  jobs: Jobs
  connections: readonly string[]
  /** Null if the connection was never swept: its first sweep reads everything. */
  prepare: (connection: string, signal: AbortSignal) => Promise<Prepared | null>
  sweep: (connection: string, full: boolean, signal: AbortSignal) => Promise<void>
}
export type Worker = { stop: () => Promise<void> }

/** How often open work without a job is looked for: the longest delay after a lost job. */
const LOOK_EVERY_MS = 10_000
const TIDY_EVERY_MS = 3_600_000
/** HubSpot repeats a webhook for a day, or three: the docs of different years differ. */
const KEEP_EVENTS_DAYS = 4
const KEEP_LIVE_READS_HOURS = 24
const KEEP_WINDOWS_DAYS = 400

/** `sweeping` aborts sweeps first, since they resume where they stopped; `working` aborts everything else after the grace period. */
export type WorkerSignals = { sweeping: AbortSignal; working: AbortSignal }

export async function startWorker(parts: WorkerParts, { sweeping, working }: WorkerSignals): Promise<Worker> {
  const { jobs, shell, connections } = parts
  const lanes = Math.max(1, connections.length)
  const work = (
    queue: QueueName,
    width: number,
    run: (connection: string, job: { facts: object; signal: AbortSignal }) => Promise<void>,
  ): Promise<void> =>
    jobs.work(queue, { lanes: width }, async (job) => {
      // The connection has left the configuration since the job was enqueued.
      if (connections.includes(job.key)) await run(job.key, { facts: job.facts, signal: AbortSignal.any([working, job.signal]) })
    })
  await work('pull-record', lanes, (connection, job) => pullRecords(parts, connection, job.signal))
  await work('push', lanes, async (connection, job) => {
    const prepared = await parts.prepare(connection, job.signal)
    if (prepared) await sendPatches(shell, prepared.targets, job.signal)
    jobs.nudge('pull-record')
  })
  await work('due', 1, async (connection, job) => {
    const prepared = await parts.prepare(connection, job.signal)
    if (!prepared) return
    await ringDueRecords(shell, prepared.targets)
    await jobs.ring(shell.db, { queue: 'pull-record', key: connection })
  })
  await work('sweep', 1, (connection, job) =>
    parts.sweep(connection, (job.facts as { full?: boolean }).full === true, AbortSignal.any([sweeping, job.signal])),
  )
  return keepLooking(parts)
}

async function pullRecords({ shell, jobs, prepare }: WorkerParts, connection: string, signal: AbortSignal): Promise<void> {
  const prepared = await prepare(connection, signal)
  if (!prepared) return
  await followEvents(shell, connection, prepared, signal)
  // What that changed was rung for in its own transaction; a bell of this process need not be waited for.
  jobs.nudge('push')
  jobs.nudge('pull-record')
}

function keepLooking({ shell, jobs, connections }: WorkerParts): Worker {
  const look = (): Promise<void> =>
    ringOpenWork(
      shell,
      async (queue, key) => !connections.includes(key) || (await jobs.rung(queue, key)),
      (queue, key) => jobs.ring(shell.db, { queue, key }),
    )
  const tidy = async (): Promise<void> => {
    await forgetEvents(shell.db, KEEP_EVENTS_DAYS)
    await forgetLiveReads(shell.db, KEEP_LIVE_READS_HOURS)
    await forgetWindows(shell.db, KEEP_WINDOWS_DAYS)
    await tidyMails(shell)
  }
  const rhythm = { log: shell.log, event: 'worker.unreachable' }
  const looking = regularly(look, { ...rhythm, everyMs: LOOK_EVERY_MS, atOnce: true })
  const tidying = regularly(tidy, { ...rhythm, everyMs: TIDY_EVERY_MS, atOnce: false })
  return {
    stop: async () => {
      await looking.stop()
      await tidying.stop()
    },
  }
}

/** Carries requests on day and night. The queue is a doorbell; which requests are due stands in their own table. */
import type { Jobs } from '../store/jobs.ts'
import { dueRequests } from '../store/request-turns.ts'
import { advanceRequest } from './request-advance.ts'
import type { EraseDesk } from './erase-desk.ts'

/** A request waits no longer than this for somebody to notice it. */
const LOOK_EVERY_MS = 10_000
const PER_LOOK = 100
/** The CRMs' own limits are shared by all, so that more lanes only wait for each other. */
const LANES = 4

export async function startEraser(desk: EraseDesk, jobs: Jobs, signal: AbortSignal): Promise<{ stop: () => Promise<void> }> {
  const { shell } = desk
  await jobs.work('verify', { lanes: LANES }, async (job) => {
    await advanceRequest(desk, job.key, AbortSignal.any([signal, job.signal]))
  })
  const look = async (): Promise<void> => {
    const due = await dueRequests(shell.db, new Date(shell.now()).toISOString(), await shell.claims.living(), PER_LOOK)
    for (const key of due) if (!(await jobs.rung('verify', key))) await jobs.ring(shell.db, { queue: 'verify', key })
  }
  let running: Promise<void> = Promise.resolve()
  const soon = (): void => {
    running = running
      .then(look)
      .catch((error: unknown) => shell.log('eraser.unreachable', { error: error instanceof Error ? error.name : 'unknown' }))
  }
  soon()
  const timer = setInterval(soon, LOOK_EVERY_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}

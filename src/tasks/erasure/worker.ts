/** Carries requests on day and night. The queue is a doorbell; which requests are due stands in their own table. */
import type { Jobs } from '../../store/jobs.ts'
import { dueRequests } from '../../store/request-turns.ts'
import { advanceDue, TOGETHER } from '../request/advance.ts'
import type { ErasureDeps } from './deps.ts'
import { regularly } from '../worker/regularly.ts'

/** A request waits no longer than this for somebody to notice it. */
const LOOK_EVERY_MS = 10_000
/** Of all workers: while one group is looked for, another is erased. The CRMs' limits are shared by all, so that more would only wait for each other. */
export const LANES = ['1', '2', '3', '4']

export async function startEraser(deps: ErasureDeps, jobs: Jobs, signal: AbortSignal): Promise<{ stop: () => Promise<void> }> {
  const { shell } = deps
  await jobs.work('verify', { lanes: LANES.length }, async (job) => {
    const advanced = await advanceDue(deps, TOGETHER, AbortSignal.any([signal, job.signal]))
    // Others may have waited for this lane.
    if (advanced.size > 0) await jobs.ring(shell.db, { queue: 'verify', key: job.key })
  })
  // Who died between a proof and its signature left the proof unsigned.
  const signed = shell.sign()
  const look = async (): Promise<void> => {
    await signed
    const due = await dueRequests(shell.db, new Date(shell.now()).toISOString(), await shell.claims.living(), TOGETHER * LANES.length)
    const lanes = LANES.slice(0, Math.ceil(due.length / TOGETHER))
    // Also where a job seems to be at work: its worker may be dead, and one bell more finds nothing to do.
    for (const key of lanes) await jobs.ring(shell.db, { queue: 'verify', key })
  }
  return regularly(look, { everyMs: LOOK_EVERY_MS, log: shell.log, event: 'eraser.unreachable', atOnce: true })
}

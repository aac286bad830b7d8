/** Shutdown of the background work of a service, in order, also when the start failed half way. */
import type { Jobs } from './store/jobs.ts'

/**
 * `quiesce` registers what stops first (schedules, listeners, job intake; in reverse order of registration), so that nothing new begins and sweeps pause.
 * `cut` registers what is ended once the grace period is over.
 */
export type Work = {
  sweeping: AbortSignal
  working: AbortSignal
  quiesce: (end: () => Promise<void>) => void
  cut: (end: () => Promise<void>) => void
  stop: () => Promise<void>
}

export function openWork(jobs: Jobs, graceMs: number): Work {
  const [sweeping, working] = [new AbortController(), new AbortController()]
  const [first, last]: (() => Promise<void>)[][] = [[], []]
  const reason = new Error('the service is stopping')
  return {
    sweeping: sweeping.signal,
    working: working.signal,
    quiesce: (end) => void first!.push(end),
    cut: (end) => void last!.push(end),
    stop: once(async () => {
      jobs.ending()
      sweeping.abort(reason)
      for (const end of first!.toReversed()) await end()
      await jobs.stop(graceMs)
      working.abort(reason)
      for (const end of last!) await end()
    }),
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null
  return () => (done ??= work())
}

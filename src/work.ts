/** What works by itself in a service, ended in order however far its start has come. */
import type { Jobs } from './store/jobs.ts'

/**
 * `quiesce` takes what ends first, the last begun before the others: nothing new is begun, and sweeps pause. `cut`: after the time of grace, what still runs ends.
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

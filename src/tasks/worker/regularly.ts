/** Does the same thing every so often, one at a time: what takes longer than the time between two is followed by one more, and not by all that it has missed. */
import type { Log } from '../shell.ts'

/** `event`: the log's word for a failure, which the next time makes good. `atOnce`: the first time is now. */
export type Rhythm = { everyMs: number; log: Log; event: string; atOnce: boolean }
export type Regular = {
  /** Out of turn: now, or as soon as what is under way has ended. */
  soon: () => void
  /** Ends when what is under way has; what would have come after it does not. */
  stop: () => Promise<void>
}

export function regularly(work: () => Promise<unknown>, { everyMs, log, event, atOnce }: Rhythm): Regular {
  let running: Promise<void> | null = null
  let again = false
  let isOver = false
  const run = async (): Promise<void> => {
    do {
      again = false
      try {
        await work()
      } catch (error) {
        log(event, { error: error instanceof Error ? error.name : 'unknown' })
      }
    } while (again && !isOver)
    running = null
  }
  const soon = (): void => {
    if (isOver) return
    if (running === null) running = run()
    else again = true
  }
  const timer = setInterval(soon, everyMs)
  if (atOnce) soon()
  return {
    soon,
    stop: async () => {
      isOver = true
      clearInterval(timer)
      await running
    },
  }
}

/** Every night one sweep. The tick only makes it punctual: what counts is whether a window has passed without a finished sweep. */
import { createTask, type ScheduledTask } from 'node-cron'
import type { Log } from './shell.ts'

export type Schedule = { stop: () => Promise<void> }
export type ScheduleOptions = {
  /** node-cron expression, in `timezone`. */
  expression: string
  timezone: string
  /** Epoch milliseconds of the start of the last finished sweep; null if there was none. */
  lastSweep: () => Promise<number | null>
  sweep: (signal: AbortSignal) => Promise<void>
  now: () => number
  log: Log
}

/** A machine that slept at the tick, or a process that was down, is noticed within this time. */
const CATCH_UP_MS = 5 * 60_000
const DAY_MS = 24 * 3_600_000

export function startSchedule(options: ScheduleOptions): Schedule {
  const ending = new AbortController()
  let running: Promise<void> | null = null
  const run = (reason: string): void => {
    if (running || ending.signal.aborted) return
    options.log('sweep.started', { reason })
    running = options
      .sweep(ending.signal)
      .catch((error: unknown) => options.log('sweep.failed', { error: error instanceof Error ? error.message : 'unknown' }))
      .finally(() => {
        running = null
      })
  }
  const task: ScheduledTask = createTask(options.expression, () => run('schedule'), { timezone: options.timezone })
  void task.start()
  const catchUp = async (): Promise<void> => {
    const last = await options.lastSweep()
    if (last === null || options.now() - last > DAY_MS + CATCH_UP_MS) run(last === null ? 'first' : 'missed')
  }
  const timer = setInterval(
    () => void catchUp().catch((error: unknown) => options.log('schedule.unreadable', { error: String(error) })),
    CATCH_UP_MS,
  )
  void catchUp().catch((error: unknown) => options.log('schedule.unreadable', { error: String(error) }))
  return {
    stop: async () => {
      ending.abort(new Error('the service is stopping'))
      clearInterval(timer)
      await task.destroy()
      await running
    },
  }
}

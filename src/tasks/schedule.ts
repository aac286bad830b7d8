/** Every night one sweep. The tick only makes it punctual: what counts is whether a window has passed without a finished sweep. */
import { createTask, validate, type ScheduledTask } from 'node-cron'
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
const HOUR_MS = 3_600_000
/** Enough to see the longest gap of a schedule that leaves out weekends. */
const RUNS_AHEAD = 10

export function isSchedule(expression: string): boolean {
  return validate(expression)
}

export type Clock = {
  now: number
  /** Start of the last finished sweep, and of the last one that was tried. */
  last: number | null
  tried: number | null
  /** Longest time between two runs of the schedule. */
  gap: number
}

/** Why a sweep should start now, all in epoch milliseconds. One that fails is tried again once an hour: a CRM that refuses us must not be hammered. */
export function whyNow({ now, last, tried, gap }: Clock): 'first' | 'missed' | null {
  if (tried !== null && now - tried < HOUR_MS) return null
  if (last === null) return 'first'
  // An hour more, because a day is that much longer once a year.
  return now - last > gap + HOUR_MS + CATCH_UP_MS ? 'missed' : null
}

export function startSchedule(options: ScheduleOptions): Schedule {
  const ending = new AbortController()
  let running: Promise<void> | null = null
  let tried: number | null = null
  const run = (reason: string): void => {
    if (running || ending.signal.aborted) return
    tried = options.now()
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
    const reason = whyNow({ now: options.now(), last: await options.lastSweep(), tried, gap: longestGap(task) })
    if (reason) run(reason)
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

function longestGap(task: ScheduledTask): number {
  const runs = task.getNextRuns(RUNS_AHEAD).map((run) => run.getTime())
  return Math.max(0, ...runs.slice(1).map((run, index) => run - runs[index]!))
}

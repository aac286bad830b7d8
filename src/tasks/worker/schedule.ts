/** Every night one sweep of each connection, once a week a full one, and every day a look at what falls due. The tick only makes it punctual: what counts is which windows have fired. */
import { createTask, parse, validate } from 'node-cron'
import type { Kysely } from 'kysely'
import { latestWindow, type ScheduleTimes } from '../../core/time/window.ts'
import type { Jobs } from '../../store/jobs.ts'
import { lastFullSweeps, lastSweeps } from '../../store/sweeps.ts'
import type { Tables } from '../../store/tables.ts'
import { forgetPolicies } from '../../store/sources.ts'
import { lastPhoneRefusal } from '../../store/voices.ts'
import { claimWindow, forgetWindowsAhead, type FiredWindow } from '../../store/windows.ts'
import { regularly } from './regularly.ts'
import type { Log } from '../shell.ts'

export type Schedule = { stop: () => Promise<void> }
/** `expression`: node-cron, five fields, in `timezone`. */
export type ScheduledConnection = { name: string; expression: string }
export type ScheduleOptions = {
  db: Kysely<Tables>
  jobs: Jobs
  connections: readonly ScheduledConnection[]
  timezone: string
  /** Epoch milliseconds. */
  now: () => number
  log: Log
}

/** Interval of the look for missed windows, after a sleep of the machine or a restart. */
const LOOK_EVERY_MS = 60_000
/** Privacy deletions and purged rows leave no trace in a delta: only a full pull misses them. Half a day less than a week, so that the same night of the week counts. */
const FULL_EVERY_MS = 6.5 * 24 * 3_600_000
/** Tolerance between the clocks of workers: a window that fired further in the future was fired by a wrong clock. */
const AHEAD_MS = 24 * 3_600_000
/** Shortly after midnight at the controller. */
const DUE = '1 0 * * *'

/** Five fields of cron; of days of the month and days of the week at most one kind, for the two together mean different things to different people. */
export function isSchedule(expression: string): boolean {
  if (expression.trim().split(/\s+/).length !== 5 || !validate(expression)) return false
  const { dayOfMonth, dayOfWeek } = parse(expression)
  const numbers = [...dayOfMonth, ...dayOfWeek].every((one) => typeof one === 'number')
  return numbers && (dayOfMonth.length === 31 || dayOfWeek.length === 7)
}

function timesOf(expression: string): ScheduleTimes {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parse(expression)
  return { minutes: minute, hours: hour, daysOfMonth: dayOfMonth.map(Number), months: month, daysOfWeek: dayOfWeek.map(Number) }
}

/** Fires what is open now and has not fired. Safe to call from any number of workers at any time. */
export async function fireWindows(options: ScheduleOptions): Promise<void> {
  for (const { name, expression } of options.connections) {
    await fireSweep(options, name, expression)
    const due = latestWindow(timesOf(DUE), options.timezone, options.now())
    if (due) await fire(options, { connection: name, kind: 'due', opens: due.key.slice(0, 10) }, {})
  }
}

async function fireSweep(options: ScheduleOptions, connection: string, expression: string): Promise<void> {
  const { db, timezone } = options
  const now = options.now()
  const window = latestWindow(timesOf(expression), timezone, now)
  if (!window) return
  const startOf = (sweeps: readonly { connection: string; startedAt: string }[]): number =>
    Date.parse(sweeps.find((one) => one.connection === connection)?.startedAt ?? '1970-01-01')
  const until = new Date(now + AHEAD_MS).toISOString()
  // Somebody was earlier, by hand.
  if (startOf(await lastSweeps(db, until)) >= window.opensAt) return
  const lastFull = startOf(await lastFullSweeps(db, until))
  // Who refused by telephone number alone is found by reading every number.
  const refused = Date.parse((await lastPhoneRefusal(db)) ?? '1970-01-01')
  const full = now - lastFull > FULL_EVERY_MS || refused > lastFull
  await fire(options, { connection, kind: 'sweep', opens: window.key }, { full })
}

async function fire({ db, jobs, log, timezone, now }: ScheduleOptions, window: FiredWindow, facts: { full?: boolean }): Promise<void> {
  const ahead = Temporal.Instant.fromEpochMilliseconds(now() + AHEAD_MS).toZonedDateTimeISO(timezone)
  const horizon = ahead.toPlainDateTime().toString({ smallestUnit: 'minute' })
  const fired = await db.transaction().execute(async (trx) => {
    if (!(await claimWindow(trx, window, horizon))) return false
    const misjudged = window.kind === 'sweep' && (await forgetWindowsAhead(trx, window.connection, horizon))
    // What fell due by a clock that was wrong was judged for a day that has not come.
    if (misjudged) await forgetPolicies(trx, window.connection)
    await jobs.ring(trx, { queue: window.kind, key: window.connection, facts: misjudged ? { full: true } : facts })
    return true
  })
  if (!fired) return
  log('window.fired', { connection: window.connection, kind: window.kind, opens: window.opens })
  jobs.nudge(window.kind)
}

export function startSchedule(options: ScheduleOptions): Schedule {
  const rhythm = { everyMs: LOOK_EVERY_MS, log: options.log, event: 'schedule.unreadable', atOnce: true }
  const looking = regularly(() => fireWindows(options), rhythm)
  const expressions = [...new Set(options.connections.map((one) => one.expression))]
  const ticks = expressions.map((expression) => createTask(expression, looking.soon, { timezone: options.timezone }))
  for (const tick of ticks) void tick.start()
  return {
    stop: async () => {
      for (const tick of ticks) await tick.destroy()
      await looking.stop()
    },
  }
}

/**
 * The windows of a schedule: times of the wall clock at the controller. One that the clocks skip in spring opens when they have moved on, and one that
 * they show twice in autumn opens once.
 */
export type ScheduleTimes = {
  minutes: readonly number[]
  hours: readonly number[]
  /** 1 to 31. */
  daysOfMonth: readonly number[]
  months: readonly number[]
  /** 0 is Sunday. */
  daysOfWeek: readonly number[]
}
/** `key`: local date and time, YYYY-MM-DDTHH:MM. `opensAt`: epoch milliseconds. */
export type Window = { key: string; opensAt: number }

/** A day that comes once in four years must be found. */
const DAYS_BACK = 4 * 366 + 1

/** The last window that has opened; null if there is none in four years. `now` in epoch milliseconds. */
export function latestWindow(times: ScheduleTimes, timeZone: string, now: number): Window | null {
  let day = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate()
  for (let back = 0; back < DAYS_BACK; back++, day = day.subtract({ days: 1 })) {
    if (!isDayOf(times, day)) continue
    for (const hour of descending(times.hours)) {
      for (const minute of descending(times.minutes)) {
        const wall = day.toPlainDateTime({ hour, minute })
        const opensAt = wall.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds
        if (opensAt <= now) return { key: wall.toString({ smallestUnit: 'minute' }), opensAt }
      }
    }
  }
  return null
}

function isDayOf(times: ScheduleTimes, day: Temporal.PlainDate): boolean {
  return times.months.includes(day.month) && times.daysOfMonth.includes(day.day) && times.daysOfWeek.includes(day.dayOfWeek % 7)
}

function descending(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => b - a)
}

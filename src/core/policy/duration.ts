/** ISO 8601 durations of a policy: `P3Y`, `P1M`, `P30D`, `PT24H`. */
import { addToDay } from '../time/calendar.ts'

/** Calendar part in months and days, clock part in hours; a policy never mixes fractions in. */
export type Duration = { readonly months: number; readonly days: number; readonly hours: number }

const pattern = /^P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,4})H)?)?$/

/** `null` when the text is no duration, or one that a policy cannot mean (over 200 years, minutes, signs). */
export function parseDuration(text: string): Duration | null {
  const match = pattern.exec(text)
  if (match === null) return null
  const [years, months, weeks, days, hours] = match.slice(1).map((part) => Number(part ?? 0))
  const duration = { months: (years ?? 0) * 12 + (months ?? 0), days: (weeks ?? 0) * 7 + (days ?? 0), hours: hours ?? 0 }
  return duration.months > 2400 || duration.days > 73_000 ? null : duration
}

/** First day after the period: act when `today >= addDuration(start, period)`. Hours round up to whole days. */
export function addDuration(epochDay: number, duration: Duration): number {
  return addToDay(epochDay, duration.months, duration.days + Math.ceil(duration.hours / 24))
}

export function subtractDuration(epochDay: number, duration: Duration): number {
  return addToDay(epochDay, -duration.months, -duration.days - Math.ceil(duration.hours / 24))
}

/**
 * Day on which a consent stops being valid. unverified: whether the year of C. conso. R223-1 is a calendar year or 365 days; until the
 * decree has been read again the earlier of the two holds, here for every validity in years.
 */
export function validityEnd(epochDay: number, duration: Duration): number {
  const calendar = addDuration(epochDay, duration)
  const years = Math.floor(duration.months / 12)
  if (years === 0) return calendar
  const counted = addDuration(epochDay + years * 365, { ...duration, months: duration.months - years * 12 })
  return Math.min(calendar, counted)
}

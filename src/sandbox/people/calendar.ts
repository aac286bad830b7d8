/** Dates as day numbers (days since 1970-01-01, UTC) and instants in epoch milliseconds; text only at the row's edge. */

export const DAY_MS = 86_400_000

export type Calendar = {
  readonly now: number
  readonly today: number
  /** The day `years` years before today; negative for after. 29 February clamps to the 28th. */
  yearsAgo(years: number): number
}

export function calendarAt(now: number): Calendar {
  const today = Math.floor(now / DAY_MS)
  const known = new Map<number, number>()
  return {
    now,
    today,
    yearsAgo(years) {
      const found = known.get(years) ?? addYears(today, -years)
      known.set(years, found)
      return found
    },
  }
}

function addYears(day: number, years: number): number {
  const date = new Date(day * DAY_MS)
  const year = date.getUTCFullYear() + years
  const month = date.getUTCMonth()
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(date.getUTCDate(), last)) / DAY_MS
}

/** Of the days around now: rows name the same few thousand again and again, and a text that is kept is hashed once. */
const texts: string[] = []
const TEXTS_KEPT = 40_000

/** `YYYY-MM-DD`. */
export function dateText(day: number): string {
  if (day < 0 || day >= TEXTS_KEPT) return civilDate(day)
  return (texts[day] ??= civilDate(day))
}

function civilDate(day: number): string {
  // Civil-from-days (Howard Hinnant): several times faster than a Date object, and a row holds a dozen dates.
  const z = day + 719468
  const era = Math.floor(z / 146097)
  const doe = z - era * 146097
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const date = doy - Math.floor((153 * mp + 2) / 5) + 1
  const month = mp < 10 ? mp + 3 : mp - 9
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0)
  return `${year}-${two(month)}-${two(date)}`
}

/** HubSpot: `2022-03-17T16:21:26.000Z`. */
export function hubspotInstant(at: number): string {
  return `${dayAndTime(at)}.${milliseconds(at)}Z`
}

/** Salesforce keeps whole seconds: `2022-03-17T16:21:26.000+0000`. */
export function salesforceInstant(at: number): string {
  return `${dayAndTime(at)}.000+0000`
}

function dayAndTime(at: number): string {
  const day = Math.floor(at / DAY_MS)
  const second = Math.floor((at - day * DAY_MS) / 1000)
  return `${dateText(day)}T${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`
}

function milliseconds(at: number): string {
  const rest = ((at % 1000) + 1000) % 1000
  return rest < 100 ? `0${two(rest)}` : String(rest)
}

const TWO = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'))

function two(value: number): string {
  return TWO[value] ?? String(value)
}

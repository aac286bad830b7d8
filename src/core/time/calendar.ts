/** Civil dates as epoch days (1970-01-01 is 0): integer arithmetic, because the judge reads a dozen dates per record. */

export const dayMs = 86_400_000
/** Dates outside are typing errors or a system's "never" (0001-01-01, 4712-12-31). */
export const firstPlausibleDay = dayOf(1900, 1, 1)
export const lastPlausibleDay = dayOf(2200, 12, 31)

/** Proleptic Gregorian; months and days are taken as they are. Algorithm: H. Hinnant, "chrono-compatible low-level date algorithms". */
export function dayOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

export type CivilDate = { readonly year: number; readonly month: number; readonly day: number }

export function civilOf(epochDay: number): CivilDate {
  const z = epochDay + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const mp = Math.floor((5 * dayOfYear + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1 }
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Adds calendar months, then days; a day that the month lacks becomes its last one, as in Temporal's `constrain`. */
export function addToDay(epochDay: number, months: number, days: number): number {
  if (months === 0) return epochDay + days
  const { year, month, day } = civilOf(epochDay)
  const total = year * 12 + (month - 1) + months
  const y = Math.floor(total / 12)
  const m = total - y * 12 + 1
  return dayOf(y, m, Math.min(day, daysInMonth(y, m))) + days
}

/** Who was born on 29 February has their birthday on 1 March where the year has none: nobody is taken for older than they may be. */
export function birthdayOf(birth: number, years: number): number {
  return Math.max(addToDay(birth, years * 12, 0), addToDay(birth - 1, years * 12, 0) + 1)
}

/** Twenty-two years of days, each in its place. */
const isoCache: ({ readonly day: number; readonly iso: string } | null)[] = Array.from({ length: 8_192 }, () => null)

/** YYYY-MM-DD, for years 0 to 9999. */
export function isoOf(epochDay: number): string {
  const place = epochDay & (isoCache.length - 1)
  const known = isoCache[place] ?? null
  if (known !== null && known.day === epochDay) return known.iso
  const { year, month, day } = civilOf(epochDay)
  const iso = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  isoCache[place] = { day: epochDay, iso }
  return iso
}

/** Epoch day of YYYY-MM-DD; throws on anything else, so for text that was checked before. */
export function dayOfIso(iso: string): number {
  const day = readMoment(iso)
  if (day === null || !day.dateOnly) throw new RangeError('expected a date written YYYY-MM-DD')
  return day.ms / dayMs
}

export type Moment = { readonly ms: number; readonly dateOnly: boolean }

/**
 * Reads YYYY-MM-DD, an ISO 8601 datetime (an offset or Z; without one, UTC) or epoch milliseconds of at least eleven digits.
 * `ms` of a date is its midnight UTC. `null`: no date at all, or one that the calendar lacks.
 */
export function readMoment(text: string): Moment | null {
  if (text.length >= 10 && text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45) {
    const year = digits(text, 0, 4)
    const month = digits(text, 5, 7)
    const day = digits(text, 8, 10)
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
    const midnight = dayOf(year, month, day) * dayMs
    if (text.length === 10) return { ms: midnight, dateOnly: true }
    const time = readTime(text)
    return time === null ? null : { ms: midnight + time, dateOnly: false }
  }
  return /^-?\d{11,16}$/.test(text) ? { ms: Number(text), dateOnly: false } : null
}

function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i) - 48
    if (!(c >= 0 && c <= 9)) return -1
    value = value * 10 + c
  }
  return value
}

/** Milliseconds after midnight UTC of the time part, which may leave the day through its offset. */
function readTime(text: string): number | null {
  const plain = readPlainTime(text)
  if (plain >= 0) return plain
  const match = /^[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d\d:?\d\d)?$/.exec(text.slice(10))
  if (match === null) return null
  const hour = Number(match[1])
  const minute = Number(match[2])
  const second = Number(match[3] ?? 0)
  if (hour > 23 || minute > 59 || second > 60) return null
  const milli = match[4] === undefined ? 0 : Math.floor(Number(`0.${match[4]}`) * 1000)
  const zone = match[5]
  const offset = zone === undefined || zone === 'Z' || zone === 'z' ? 0 : offsetMs(zone)
  return ((hour * 60 + minute) * 60 + second) * 1000 + milli - offset
}

/** `T10:00:00Z` and `T10:00:00.000Z`, which is what CRMs send, without a regular expression; -1 for anything else. */
function readPlainTime(text: string): number {
  const length = text.length
  if ((length !== 20 && length !== 24) || text.charCodeAt(length - 1) !== 90 || text.charCodeAt(10) !== 84) return -1
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58 || (length === 24 && text.charCodeAt(19) !== 46)) return -1
  const hour = digits(text, 11, 13)
  const minute = digits(text, 14, 16)
  const second = digits(text, 17, 19)
  const milli = length === 24 ? digits(text, 20, 23) : 0
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 || milli < 0) return -1
  return ((hour * 60 + minute) * 60 + second) * 1000 + milli
}

function offsetMs(zone: string): number {
  const sign = zone.startsWith('-') ? -1 : 1
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000
}

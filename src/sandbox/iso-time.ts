const T = 84
const Z = 90
const COLON = 58
const DOT = 46
const DASH = 45
const ZERO = 48

/**
 * Epoch milliseconds of `YYYY-MM-DDTHH:MM:SS.mmm` in UTC, ended by `Z` or `+0000`, without a regular expression or a Date: a load reads
 * millions of them. Undefined for every other form and for the last days of a month: those take the long way.
 */
export function plainInstant(text: string): number | undefined {
  if (!isPlain(text)) return undefined
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  const hour = two(text, 11)
  const minute = two(text, 14)
  const second = two(text, 17)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 ? 28 : 30) && hour < 24 && minute < 60 && second < 60))
    return undefined
  const time = ((hour * 60 + minute) * 60 + second) * 1000 + digit(text, 20) * 100 + two(text, 21)
  return Number.isNaN(year + time) ? undefined : dayNumber(year, month, day) * 86_400_000 + time
}

function isPlain(text: string): boolean {
  const { length } = text
  if (length === 24 ? text.charCodeAt(23) !== Z : length !== 28 || !text.endsWith('+0000')) return false
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH || text.charCodeAt(10) !== T) return false
  return text.charCodeAt(13) === COLON && text.charCodeAt(16) === COLON && text.charCodeAt(19) === DOT
}

/** NaN where it is no digit. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO
  return value >= 0 && value <= 9 ? value : Number.NaN
}

const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1)

/** Days since 1970-01-01, of the proleptic Gregorian calendar (Howard Hinnant, days_from_civil). */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

import { plainInstant } from '../iso-time.ts'

/** unverified: time stamps drop `.000`, as Java's Instant prints them. */
const TRIM_ZERO_MILLISECONDS = true

const DAY_MS = 86_400_000
const days = new Map<number, string>()

/** `2024-08-15T17:09:13.648Z`; whole seconds carry no fraction. Four are written per contact, so the days are kept as text. */
export function instant(ms: number): string {
  const day = Math.floor(ms / DAY_MS)
  const inDay = ms - day * DAY_MS
  const seconds = Math.floor(inDay / 1000)
  const fraction = inDay % 1000
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  if (fraction === 0 && TRIM_ZERO_MILLISECONDS) return `${dayText(day)}T${time}Z`
  return `${dayText(day)}T${time}.${fraction < 100 ? '0' : ''}${two(fraction)}Z`
}

function dayText(day: number): string {
  let text = days.get(day)
  if (text === undefined) {
    if (days.size > 50_000) days.clear()
    text = new Date(day * DAY_MS).toISOString().slice(0, -14)
    days.set(day, text)
  }
  return text
}

const TWO = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'))

function two(value: number): string {
  return TWO[value] ?? String(value)
}

const DATE = /^\d{4}-\d{2}-\d{2}$/
const DATETIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/
const LAST_MS = 8_640_000_000_000_000

/** Epoch milliseconds of an ISO date, date-time or a number of milliseconds; undefined when it is none of them. */
export function parseInstant(text: string): number | undefined {
  const plain = plainInstant(text)
  if (plain !== undefined) return plain
  if (/^-?\d{1,16}$/.test(text)) {
    const ms = Number(text)
    return Math.abs(ms) <= LAST_MS ? ms : undefined
  }
  if (DATE.test(text)) return calendarDay(text)
  if (!DATETIME.test(text)) return undefined
  const ms = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`)
  return Number.isNaN(ms) ? undefined : ms
}

/** Midnight UTC of a day that exists: `2023-02-30` does not. */
function calendarDay(text: string): number | undefined {
  const ms = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? undefined : ms
}

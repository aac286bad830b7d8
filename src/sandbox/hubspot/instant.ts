/** unverified: time stamps drop `.000`, as Java's Instant prints them. */
const TRIM_ZERO_MILLISECONDS = true

/** `2024-08-15T17:09:13.648Z`; whole seconds carry no fraction. */
export function instant(ms: number): string {
  const text = new Date(ms).toISOString()
  return TRIM_ZERO_MILLISECONDS && ms % 1000 === 0 ? `${text.slice(0, 19)}Z` : text
}

const DATE = /^\d{4}-\d{2}-\d{2}$/
const DATETIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/
const LAST_MS = 8_640_000_000_000_000

/** Epoch milliseconds of an ISO date, date-time or a number of milliseconds; undefined when it is none of them. */
export function parseInstant(text: string): number | undefined {
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

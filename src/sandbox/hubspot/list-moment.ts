import { isObject } from './call.ts'
import { invalidRequest } from './errors.ts'

const MONTHS = 'JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER'.split(' ')
const UNITS = ['years', 'quarters', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'] as const

/** Epoch milliseconds of a time point of a list filter: a date, or now or today with an offset. Throws the 400 that applies. */
export function momentOf(point: unknown, now: number): number {
  if (!isObject(point)) throw invalidRequest('The operation needs a time point')
  try {
    if (point.timeType === 'DATE') return calendarMoment(point)
    if (point.timeType === 'INDEXED') return indexedMoment(point, now)
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error
    throw invalidRequest('The time point is none')
  }
  throw invalidRequest(`The time type ${String(point.timeType).slice(0, 60)} is not supported`)
}

function calendarMoment(point: Record<string, unknown>): number {
  const month = typeof point.month === 'string' ? MONTHS.indexOf(point.month) + 1 : Number(point.month)
  const time = (name: string): number => (point[name] === undefined ? 0 : Number(point[name]))
  const date = Temporal.PlainDateTime.from(
    {
      year: Number(point.year),
      month,
      day: Number(point.day),
      hour: time('hour'),
      minute: time('minute'),
      second: time('second'),
      millisecond: time('millisecond'),
    },
    { overflow: 'reject' },
  )
  return date.toZonedDateTime(zoneOf(point)).epochMilliseconds
}

function indexedMoment(point: Record<string, unknown>, now: number): number {
  const reference = isObject(point.indexReference) ? point.indexReference.referenceType : undefined
  if (reference !== 'NOW' && reference !== 'TODAY') throw invalidRequest(`The reference ${String(reference).slice(0, 60)} is not supported`)
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zoneOf(point))
  const start = reference === 'NOW' ? here : here.startOfDay()
  const offset = isObject(point.offset) ? point.offset : {}
  return UNITS.reduce((moment, unit) => shifted(moment, unit, Number(offset[unit] ?? 0)), start).epochMilliseconds
}

function shifted(moment: Temporal.ZonedDateTime, unit: (typeof UNITS)[number], amount: number): Temporal.ZonedDateTime {
  if (amount === 0) return moment
  return unit === 'quarters' ? moment.add({ months: amount * 3 }) : moment.add({ [unit]: amount })
}

function zoneOf(point: Record<string, unknown>): string {
  return typeof point.zoneId === 'string' ? point.zoneId : 'UTC'
}

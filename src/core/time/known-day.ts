/** The day that a text of a CRM names, as an epoch day at the controller. */
import { dayMs, dayOf, daysInMonth, firstPlausibleDay, lastPlausibleDay, readMoment, type Moment } from './calendar.ts'
import type { LocalDay } from './time-zone.ts'

/** Marker in place of an epoch day. */
export const unknownDay = NaN

/** `unknownDay` for what is no date, or none between 1900 and 2200, and for the zero of computers. */
export function plausibleDay(text: string, localDay: LocalDay): number {
  const moment = readMoment(text)
  return moment === null || isZero(moment.ms) ? unknownDay : possibleDay(moment, localDay)
}

/** 1 January 1970 in UTC, which systems write for no date at all: west of Greenwich it is shown as the day before. */
export function isZero(ms: number): boolean {
  return ms >= -dayMs && ms < dayMs
}

/**
 * A birthday, which may be any day. HubSpot's own `date_of_birth` is a text, which people fill as their country writes days. Where it may mean two of them
 * (`05/06/2012`, `2012`), the later one: nobody is taken for older than they may be, since below an age nobody agrees alone (GDPR art. 8).
 */
export function birthDayOf(text: string, localDay: LocalDay): number {
  const moment = readMoment(text)
  return moment === null ? latestMeant(text) : possibleDay(moment, localDay)
}

function possibleDay(moment: Moment, localDay: LocalDay): number {
  const day = moment.dateOnly ? moment.ms / dayMs : localDay(moment.ms)
  return day >= firstPlausibleDay && day <= lastPlausibleDay ? day : unknownDay
}

function latestMeant(text: string): number {
  const match = /^(?:(\d{1,2})([./-])(\d{1,2})\2)?((?:19|20)\d\d)$/.exec(text)
  if (match === null) return unknownDay
  const year = Number(match[4])
  if (match[1] === undefined) return dayOf(year, 12, 31)
  const [one, other] = [Number(match[1]), Number(match[3])]
  const days = [dayIn(year, one, other), dayIn(year, other, one)].filter((day) => day !== null)
  return days.length === 0 ? unknownDay : Math.max(...days)
}

function dayIn(year: number, month: number, day: number): number | null {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month) ? dayOf(year, month, day) : null
}

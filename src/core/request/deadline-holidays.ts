/** Days on which nothing can fall due: weekends and the public holidays of France (C. trav. L3133-1), computed, never listed by year. */
import { civilOf, dayOf } from '../time/calendar.ts'

/** True on a working day (Regulation 1182/71 art. 2(2): every day but Saturdays, Sundays and public holidays). Takes an epoch day. */
export type WorkingDay = (day: number) => boolean

/**
 * Where the controller acts. Good Friday and 26 December are holidays in Alsace and Moselle (C. trav. L3134-13; Good Friday only in communes with a
 * Protestant church, so nobody gets that calendar unasked). The days on which the overseas territories remember the end of slavery: C. trav. L3422-2.
 */
export type Territory =
  | 'france'
  | 'alsace-moselle'
  | 'guadeloupe'
  | 'guyane'
  | 'martinique'
  | 'mayotte'
  | 'reunion'
  | 'saint-barthelemy'
  | 'saint-martin'
  /** Weekends alone, where we do not know the holidays: the earlier day, never one too late. */
  | 'unknown'

type Civil = readonly [month: number, day: number]
type Own = { readonly fixed: readonly Civil[]; readonly fromEaster: readonly number[] }

const common: Own = {
  fixed: [
    [1, 1],
    [5, 1],
    [5, 8],
    [7, 14],
    [8, 15],
    [11, 1],
    [11, 11],
    [12, 25],
  ],
  // Easter Monday, Ascension, Whit Monday.
  fromEaster: [1, 39, 50],
}
const nothing: Own = { fixed: [], fromEaster: [] }
const abolition = (month: number, day: number): Own => ({ fixed: [[month, day]], fromEaster: [] })
const own: Readonly<Record<Exclude<Territory, 'unknown'>, Own>> = {
  france: nothing,
  'alsace-moselle': { fixed: [[12, 26]], fromEaster: [-2] },
  guadeloupe: abolition(5, 27),
  guyane: abolition(6, 10),
  martinique: abolition(5, 22),
  mayotte: abolition(4, 27),
  reunion: abolition(12, 20),
  'saint-barthelemy': abolition(10, 9),
  'saint-martin': abolition(5, 28),
}

export function workingDaysIn(territory: Territory): WorkingDay {
  const years = new Map<number, ReadonlySet<number>>()
  const holidaysOf = (year: number): ReadonlySet<number> => {
    let days = years.get(year)
    if (days === undefined) years.set(year, (days = new Set(publicHolidays(year, territory))))
    return days
  }
  return (day) => !isWeekend(day) && !holidaysOf(civilOf(day).year).has(day)
}

/** Epoch days, in ascending order. */
export function publicHolidays(year: number, territory: Territory): readonly number[] {
  if (territory === 'unknown') return []
  const easter = easterOf(year)
  const days = [common, own[territory]].flatMap(({ fixed, fromEaster }) => [
    ...fixed.map(([month, day]) => dayOf(year, month, day)),
    ...fromEaster.map((offset) => easter + offset),
  ])
  // Ascension can meet 1 or 8 May (2008): one holiday, not two.
  return [...new Set(days)].sort((a, b) => a - b)
}

/** 1970-01-01 was a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = (((day + 3) % 7) + 7) % 7
  return weekday >= 5
}

/** Easter Sunday in the Gregorian calendar, as an epoch day. Algorithm: J. Meeus, "Astronomical Algorithms", chapter 8. */
export function easterOf(year: number): number {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const g = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  return dayOf(year, Math.floor(n / 31), (n % 31) + 1)
}

/** The day itself if it is a working one, otherwise the next that is (Regulation 1182/71 art. 3(4)). */
export function rolledForward(day: number, isWorking: WorkingDay): number {
  let at = day
  while (!isWorking(at)) at++
  return at
}

export function rolledBack(day: number, isWorking: WorkingDay): number {
  let at = day
  while (!isWorking(at)) at--
  return at
}

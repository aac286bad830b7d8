import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayOfIso, isoOf } from '../../../src/core/time/calendar.ts'
import { deadlineOf, mayExtend, pausedLastDay, remindersOf, standingOn, type Calendar } from '../../../src/core/request/deadline.ts'
import { easterOf, publicHolidays, workingDaysIn, type Territory } from '../../../src/core/request/deadline-holidays.ts'
import { dayStartIn, localDayIn } from '../../../src/core/time/time-zone.ts'

const calendar = (territory: Territory, zone = 'Europe/Paris'): Calendar => ({
  localDay: localDayIn(zone),
  dayStart: dayStartIn(zone),
  isWorking: workingDaysIn(territory),
})
const paris = calendar('france')
const noon = (iso: string): number => (iso.length === 10 ? Date.parse(`${iso}T12:00:00Z`) : Date.parse(iso))
const shown = (receivedAt: string, where = paris): readonly string[] => {
  const { due, lastDay, extendedDue, extendedLastDay } = deadlineOf(noon(receivedAt), where)
  return [due, lastDay, extendedDue, extendedLastDay].map(isoOf)
}

/** Received, due, last day, extended due, extended last day; worked out by hand from the calendar of each year. */
const table: readonly (readonly [received: string, due: string, last: string, extended: string, extendedLast: string, why: string])[] = [
  ['2026-11-21', '2026-12-21', '2026-12-21', '2027-02-21', '2027-02-22', 'an extended end on a Sunday'],
  ['2026-01-31', '2026-02-28', '2026-03-02', '2026-04-30', '2026-04-30', 'January 31, and a Saturday'],
  ['2028-01-31', '2028-02-29', '2028-02-29', '2028-04-30', '2028-05-02', 'leap year, then Sunday and 1 May'],
  ['2026-11-25', '2026-12-25', '2026-12-28', '2027-02-25', '2027-02-25', 'Christmas before a weekend'],
  ['2026-04-01', '2026-05-01', '2026-05-04', '2026-07-01', '2026-07-01', '1 May on a Friday'],
  ['2026-11-30', '2026-12-30', '2026-12-30', '2027-02-28', '2027-03-01', 'November 30 has no twin in February'],
  ['2026-01-31T23:30:00Z', '2026-03-01', '2026-03-02', '2026-05-01', '2026-05-04', 'it is February in Paris'],
  ['2026-01-29', '2026-02-28', '2026-03-02', '2026-04-29', '2026-04-29', 'January 29 of a common year'],
  ['2026-01-30', '2026-02-28', '2026-03-02', '2026-04-30', '2026-04-30', 'January 30 of a common year'],
  ['2028-01-29', '2028-02-29', '2028-02-29', '2028-04-29', '2028-05-02', 'January 29 of a leap year, then a Saturday before 1 May'],
  ['2028-01-30', '2028-02-29', '2028-02-29', '2028-04-30', '2028-05-02', 'January 30 of a leap year'],
  ['2028-02-29', '2028-03-29', '2028-03-29', '2028-05-29', '2028-05-29', 'received on a leap day'],
  ['2027-02-28', '2027-03-28', '2027-03-30', '2027-05-28', '2027-05-28', 'Easter Sunday, then Easter Monday'],
  ['2026-03-31', '2026-04-30', '2026-04-30', '2026-06-30', '2026-06-30', 'March 31'],
  ['2026-05-31', '2026-06-30', '2026-06-30', '2026-08-31', '2026-08-31', 'May 31'],
  ['2026-08-31', '2026-09-30', '2026-09-30', '2026-11-30', '2026-11-30', 'August 31'],
  ['2026-10-31', '2026-11-30', '2026-11-30', '2027-01-31', '2027-02-01', 'October 31'],
  ['2026-12-31', '2027-01-31', '2027-02-01', '2027-03-31', '2027-03-31', 'December 31 into the next year'],
  ['2026-12-01', '2027-01-01', '2027-01-04', '2027-03-01', '2027-03-01', 'New Year on a Friday'],
  ['2026-12-02', '2027-01-02', '2027-01-04', '2027-03-02', '2027-03-02', 'the Saturday after New Year'],
  ['2026-03-06', '2026-04-06', '2026-04-07', '2026-06-06', '2026-06-08', 'Easter Monday 2026'],
  ['2026-03-03', '2026-04-03', '2026-04-03', '2026-06-03', '2026-06-03', 'Good Friday is a working day in France'],
  ['2026-03-04', '2026-04-04', '2026-04-07', '2026-06-04', '2026-06-04', 'Easter Saturday to Tuesday'],
  ['2026-04-14', '2026-05-14', '2026-05-15', '2026-07-14', '2026-07-15', 'Ascension 2026, and 14 July'],
  ['2026-04-25', '2026-05-25', '2026-05-26', '2026-07-25', '2026-07-27', 'Whit Monday 2026'],
  ['2026-04-08', '2026-05-08', '2026-05-11', '2026-07-08', '2026-07-08', '8 May on a Friday'],
  ['2025-04-08', '2025-05-08', '2025-05-09', '2025-07-08', '2025-07-08', '8 May on a Thursday: no bridge'],
  ['2026-06-14', '2026-07-14', '2026-07-15', '2026-09-14', '2026-09-14', 'the national day'],
  ['2026-07-15', '2026-08-15', '2026-08-17', '2026-10-15', '2026-10-15', 'Assumption on a Saturday'],
  ['2027-07-15', '2027-08-15', '2027-08-16', '2027-10-15', '2027-10-15', 'Assumption on a Sunday: no Monday instead'],
  ['2026-10-01', '2026-11-01', '2026-11-02', '2027-01-01', '2027-01-04', 'All Saints on a Sunday'],
  ['2026-10-11', '2026-11-11', '2026-11-12', '2027-01-11', '2027-01-11', 'Armistice on a Wednesday'],
  ['2024-03-29', '2024-04-29', '2024-04-29', '2024-06-29', '2024-07-01', 'received on Good Friday'],
  ['2024-04-09', '2024-05-09', '2024-05-10', '2024-07-09', '2024-07-09', 'Ascension 2024'],
  ['2024-04-20', '2024-05-20', '2024-05-21', '2024-07-20', '2024-07-22', 'Whit Monday 2024'],
  ['2025-03-21', '2025-04-21', '2025-04-22', '2025-06-21', '2025-06-23', 'Easter Monday 2025'],
  ['2023-11-30', '2023-12-30', '2024-01-02', '2024-02-29', '2024-02-29', 'Saturday, Sunday, New Year; then a leap day'],
  ['2020-01-31', '2020-02-29', '2020-03-02', '2020-04-30', '2020-04-30', 'a leap day on a Saturday'],
  ['2100-01-31', '2100-02-28', '2100-03-01', '2100-04-30', '2100-04-30', '2100 is no leap year'],
  [
    '2026-03-28T23:30:00Z',
    '2026-04-29',
    '2026-04-29',
    '2026-06-29',
    '2026-06-29',
    'minutes before the clocks go forward, Paris has the 29th',
  ],
  ['2026-03-29T00:59:59Z', '2026-04-29', '2026-04-29', '2026-06-29', '2026-06-29', 'the second before the clocks go forward'],
  ['2026-03-29T01:00:00Z', '2026-04-29', '2026-04-29', '2026-06-29', '2026-06-29', 'the second at which they do'],
  ['2026-10-24T21:59:59Z', '2026-11-24', '2026-11-24', '2027-01-24', '2027-01-25', 'the last second of 24 October in summer time'],
  ['2026-10-24T22:00:00Z', '2026-11-25', '2026-11-25', '2027-01-25', '2027-01-25', 'midnight before the clocks go back'],
  ['2026-10-25T00:30:00Z', '2026-11-25', '2026-11-25', '2027-01-25', '2027-01-25', 'half past two, the first time'],
  ['2026-10-25T01:30:00Z', '2026-11-25', '2026-11-25', '2027-01-25', '2027-01-25', 'half past two, the second time'],
  ['2026-10-25T22:59:59Z', '2026-11-25', '2026-11-25', '2027-01-25', '2027-01-25', 'the day of 25 hours is one day'],
  ['2026-12-31T23:00:00Z', '2027-02-01', '2027-02-01', '2027-04-01', '2027-04-01', 'New Year in Paris, the old year in London'],
]

describe('the time to answer', () => {
  it.each(table)('a request received %s is due %s, at the latest %s; extended %s, at the latest %s (%s)', (received, ...expected) => {
    expect(shown(received)).toEqual(expected.slice(0, 4))
  })
  it('has at least forty cases in its table', () => {
    expect(table.length).toBeGreaterThanOrEqual(40)
  })
  it('follows the holidays of the territory', () => {
    expect(shown('2026-03-03', calendar('alsace-moselle'))[1]).toBe('2026-04-07')
    expect(shown('2025-11-26', calendar('alsace-moselle'))[1]).toBe('2025-12-29')
    expect(shown('2025-11-26')[1]).toBe('2025-12-26')
    expect(shown('2026-04-22', calendar('martinique', 'America/Martinique'))[1]).toBe('2026-05-26')
    expect(shown('2025-11-20', calendar('reunion', 'Indian/Reunion'))[1]).toBe('2025-12-22')
    expect(shown('2027-11-20', calendar('reunion', 'Indian/Reunion'))[1]).toBe('2027-12-21')
    expect(shown('2026-04-14', calendar('unknown'))[1]).toBe('2026-05-14')
  })
  it('follows the clock of the controller', () => {
    const at = '2026-03-30T20:30:00Z'
    expect(shown(at)[0]).toBe('2026-04-30')
    expect(shown(at, calendar('reunion', 'Indian/Reunion'))[0]).toBe('2026-04-30')
    expect(shown('2026-03-31T20:30:00Z', calendar('reunion', 'Indian/Reunion'))[0]).toBe('2026-05-01')
    expect(shown('2026-04-01T02:30:00Z', calendar('martinique', 'America/Martinique'))[0]).toBe('2026-04-30')
  })
  it('agrees with Temporal on every day, and ends on a working day not earlier than the unrolled one', () => {
    fc.assert(
      fc.property(fc.integer({ min: dayOfIso('2018-05-25'), max: dayOfIso('2099-12-31') }), (day) => {
        const deadline = deadlineOf(paris.dayStart(day) + 3_600_000, paris)
        const date = Temporal.PlainDate.from(isoOf(day))
        expect(deadline.received).toBe(day)
        expect(isoOf(deadline.due)).toBe(date.add({ months: 1 }).toString())
        expect(isoOf(deadline.extendedDue)).toBe(date.add({ months: 3 }).toString())
        for (const [due, last] of [
          [deadline.due, deadline.lastDay],
          [deadline.extendedDue, deadline.extendedLastDay],
        ] as const) {
          expect(paris.isWorking(last)).toBe(true)
          expect(last - due).toBeGreaterThanOrEqual(0)
          expect(last - due).toBeLessThanOrEqual(4)
        }
        expect(deadline.target).toBeLessThanOrEqual(day + 20)
      }),
      { seed: 20261121, numRuns: 3000 },
    )
  })
})

describe('an extension', () => {
  const deadline = deadlineOf(noon('2026-11-25'), paris)
  it('is announced from the day of receipt to the last day of the first month, not after', () => {
    expect(['2026-11-24', '2026-11-25', '2026-12-25', '2026-12-28', '2026-12-29'].map((day) => mayExtend(dayOfIso(day), deadline))).toEqual(
      [false, true, true, true, false],
    )
  })
  it('moves the day from which an answer is late', () => {
    expect(standingOn(dayOfIso('2026-12-28'), deadline, false)).toBe('in-time')
    expect(standingOn(dayOfIso('2026-12-29'), deadline, false)).toBe('late')
    expect(standingOn(dayOfIso('2027-02-25'), deadline, true)).toBe('in-time')
    expect(standingOn(dayOfIso('2027-02-26'), deadline, true)).toBe('late')
  })
  it('is not what a pause is: the days spent waiting for the person are told apart', () => {
    const day = dayOfIso
    const pauses = [
      { from: day('2026-11-27'), to: day('2026-12-07') },
      { from: day('2026-12-10'), to: null },
    ]
    expect(isoOf(pausedLastDay(deadline, false, pauses, day('2026-12-12'), paris.isWorking))).toBe('2027-01-06')
    expect(isoOf(pausedLastDay(deadline, false, [], day('2026-12-12'), paris.isWorking))).toBe('2026-12-28')
  })
})

describe('reminders', () => {
  const of = (received: string, extended: boolean) =>
    remindersOf(deadlineOf(noon(received), paris), extended, paris.isWorking).map(({ day, kind }) => `${isoOf(day)} ${kind}`)
  it('come on working days before the end, and on the last one', () => {
    expect(of('2026-11-21', false)).toEqual([
      '2026-12-11 target',
      '2026-12-14 week-left',
      '2026-12-18 last-chance-to-extend',
      '2026-12-21 last-day',
    ])
    expect(of('2026-11-25', false)).toEqual([
      '2026-12-15 target',
      '2026-12-18 week-left',
      '2026-12-23 last-chance-to-extend',
      '2026-12-28 last-day',
    ])
  })
  it('come again for the extended time', () => {
    expect(of('2026-11-21', true)).toEqual(['2027-02-12 week-left', '2027-02-19 two-days-left', '2027-02-22 last-day'])
  })
})

describe('public holidays', () => {
  it('follow Easter as published', () => {
    const easters = [
      '2018-04-01',
      '2019-04-21',
      '2024-03-31',
      '2025-04-20',
      '2026-04-05',
      '2027-03-28',
      '2028-04-16',
      '2035-03-25',
      '2038-04-25',
    ]
    expect(easters.map((iso) => isoOf(easterOf(Number(iso.slice(0, 4)))))).toEqual(easters)
  })
  it('are the eleven of the code du travail, once each', () => {
    expect(publicHolidays(2026, 'france').map(isoOf)).toEqual([
      '2026-01-01',
      '2026-04-06',
      '2026-05-01',
      '2026-05-08',
      '2026-05-14',
      '2026-05-25',
      '2026-07-14',
      '2026-08-15',
      '2026-11-01',
      '2026-11-11',
      '2026-12-25',
    ])
    expect(publicHolidays(2008, 'france').map(isoOf)).toContain('2008-05-01')
    expect(publicHolidays(2008, 'france')).toHaveLength(10)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addToDay, birthdayOf, dayOfIso, isoOf, readMoment } from '../../../src/core/time/calendar.ts'
import { addDuration, parseDuration, subtractDuration, validityEnd } from '../../../src/core/policy/duration.ts'
import { dayStartIn, localDayIn } from '../../../src/core/time/time-zone.ts'
import { anchorOf } from '../../../src/core/retention/retention.ts'

const seed = 20261121
const someDay = fc.integer({ min: dayOfIso('1900-01-01'), max: dayOfIso('2190-12-31') })
const add = (start: string, period: string): string => isoOf(addDuration(dayOfIso(start), parseDuration(period)!))

describe('days', () => {
  it('count like Temporal', () => {
    fc.assert(
      fc.property(someDay, fc.integer({ min: -600, max: 600 }), fc.integer({ min: -400, max: 400 }), (day, months, days) => {
        const date = Temporal.PlainDate.from(isoOf(day))
        expect(isoOf(addToDay(day, months, days))).toBe(date.add({ months }).add({ days }).toString())
        expect(date.since('1970-01-01').days).toBe(day)
      }),
      { seed, numRuns: 2000 },
    )
  })
  it('fall on the local date of the controller, clock changes included', () => {
    const local = localDayIn('Europe/Paris')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(2099, 0, 1) }), (ms) => {
        const expected = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('Europe/Paris').toPlainDate().toString()
        expect(isoOf(local(ms))).toBe(expected)
      }),
      { seed, numRuns: 2000 },
    )
  })
  it('begin where Temporal says that they begin, in zones that skip midnight too', () => {
    for (const zone of ['Europe/Paris', 'UTC', 'Indian/Reunion', 'America/Sao_Paulo', 'Asia/Beirut', 'America/Havana', 'Africa/Cairo']) {
      const start = dayStartIn(zone)
      const wrong: string[] = []
      for (let day = dayOfIso('1995-01-01'); day < dayOfIso('2035-01-01'); day++) {
        const expected = Temporal.PlainDate.from(isoOf(day)).toZonedDateTime(zone).epochMilliseconds
        if (start(day) !== expected) wrong.push(`${zone} ${isoOf(day)}`)
      }
      expect(wrong).toEqual([])
    }
  })
  it('clamp to the end of the month, as the law counts', () => {
    expect([add('2024-02-29', 'P3Y'), add('2026-01-31', 'P1M'), add('2026-01-31', 'P3M'), add('2028-01-31', 'P1M')]).toEqual([
      '2027-02-28',
      '2026-02-28',
      '2026-04-30',
      '2028-02-29',
    ])
    expect(isoOf(subtractDuration(dayOfIso('2027-02-28'), parseDuration('P60D')!))).toBe('2026-12-30')
  })
  it('of birth come round in every year, on 1 March for who was born on a day that the year lacks', () => {
    const on = (birth: string, years: number): string => isoOf(birthdayOf(dayOfIso(birth), years))
    expect([on('2012-02-29', 15), on('2012-02-29', 16), on('2011-03-01', 17), on('2012-03-01', 15), on('2011-12-31', 15)]).toEqual([
      '2027-03-01',
      '2028-02-29',
      '2028-03-01',
      '2027-03-01',
      '2026-12-31',
    ])
  })
  it('run from the end of the financial or calendar year where the rule says so', () => {
    const end = (start: string, anchor: 'fyEnd' | 'calendarYearEnd', fy: string, period: string): string =>
      isoOf(addDuration(anchorOf(anchor, fy)(dayOfIso(start)), parseDuration(period)!))
    expect(end('2026-03-10', 'fyEnd', '12-31', 'P10Y')).toBe('2036-12-31')
    expect(end('2026-03-10', 'fyEnd', '06-30', 'P10Y')).toBe('2036-06-30')
    expect(end('2026-07-01', 'fyEnd', '06-30', 'P10Y')).toBe('2037-06-30')
    expect(end('2026-03-10', 'calendarYearEnd', '06-30', 'P8Y')).toBe('2034-12-31')
  })
  it('end a phone consent at the earlier of a calendar year and 365 days', () => {
    const end = (start: string): string => isoOf(validityEnd(dayOfIso(start), parseDuration('P1Y')!))
    expect([end('2026-08-11'), end('2027-08-11')]).toEqual(['2027-08-11', '2028-08-10'])
  })
})

describe('reading a date', () => {
  it('reads dates, datetimes with any offset, and epoch milliseconds', () => {
    expect(readMoment('2026-11-21')).toEqual({ ms: Date.UTC(2026, 10, 21), dateOnly: true })
    expect(readMoment('2026-11-21T10:15:30Z')).toEqual({ ms: Date.UTC(2026, 10, 21, 10, 15, 30), dateOnly: false })
    expect(readMoment('2026-11-21T10:15:30.123Z')).toEqual({ ms: Date.UTC(2026, 10, 21, 10, 15, 30, 123), dateOnly: false })
    expect(readMoment('2026-11-21T10:15:30.000+0100')).toEqual({ ms: Date.UTC(2026, 10, 21, 9, 15, 30), dateOnly: false })
    expect(readMoment('2026-11-21T23:30-05:00')).toEqual({ ms: Date.UTC(2026, 10, 22, 4, 30), dateOnly: false })
    expect(readMoment('1763720130123')).toEqual({ ms: 1763720130123, dateOnly: false })
  })
  it('agrees with Date on every instant', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2190-01-01'), noInvalidDate: true }), (date) => {
        expect(readMoment(date.toISOString())?.ms).toBe(date.getTime())
      }),
      { seed },
    )
  })
  it('refuses what is no date', () => {
    for (const text of [
      '2026-02-29',
      '2026-13-01',
      '2026-11-21T25:00:00Z',
      '21/11/2026',
      'hier',
      '2026',
      '',
      '2026-11-21T',
      '2026-11-21T10:15:30X',
    ]) {
      expect(readMoment(text), text).toBeNull()
    }
  })
  it('refuses durations that no policy can mean', () => {
    for (const text of ['', 'P', 'PT', '3Y', 'P3X', 'P-3Y', 'P1.5Y', 'P9999Y', 'PT30M', 'P1YT'])
      expect(parseDuration(text), text).toBeNull()
    expect(parseDuration('P1Y2M3W4DT5H')).toEqual({ months: 14, days: 25, hours: 5 })
  })
})

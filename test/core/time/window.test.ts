import { describe, expect, it } from 'vitest'
import { latestWindow, type ScheduleTimes } from '../../../src/core/time/window.ts'

const everyDay = Array.from({ length: 31 }, (_, day) => day + 1)
const everyMonth = Array.from({ length: 12 }, (_, month) => month + 1)
const everyWeekday = [0, 1, 2, 3, 4, 5, 6]
const at = (hours: readonly number[], minutes: readonly number[] = [0], more: Partial<ScheduleTimes> = {}): ScheduleTimes => ({
  minutes,
  hours,
  daysOfMonth: everyDay,
  months: everyMonth,
  daysOfWeek: everyWeekday,
  ...more,
})
const paris = 'Europe/Paris'
const last = (times: ScheduleTimes, now: string): [string, string] | null => {
  const window = latestWindow(times, paris, Date.parse(now))
  return window && [window.key, new Date(window.opensAt).toISOString()]
}

describe('the last window', () => {
  it('is tonight’s from its minute on, and last night’s until then', () => {
    expect(last(at([3]), '2026-11-22T01:59:59Z')).toEqual(['2026-11-21T03:00', '2026-11-21T02:00:00.000Z'])
    expect(last(at([3]), '2026-11-22T02:00:00Z')).toEqual(['2026-11-22T03:00', '2026-11-22T02:00:00.000Z'])
  })
  it('is one of several a day', () => {
    expect(last(at([3, 15], [0, 30]), '2026-11-22T14:10:00Z')).toEqual(['2026-11-22T15:00', '2026-11-22T14:00:00.000Z'])
    expect(last(at([3, 15], [0, 30]), '2026-11-22T23:00:00Z')).toEqual(['2026-11-22T15:30', '2026-11-22T14:30:00.000Z'])
  })
  it('leaves out the days that the schedule leaves out', () => {
    expect(last(at([3], [0], { daysOfWeek: [1, 2, 3, 4, 5] }), '2026-11-22T12:00:00Z')).toEqual([
      '2026-11-20T03:00',
      '2026-11-20T02:00:00.000Z',
    ])
    expect(last(at([3], [0], { daysOfMonth: [29], months: [2] }), '2026-11-22T12:00:00Z')).toEqual([
      '2024-02-29T03:00',
      '2024-02-29T02:00:00.000Z',
    ])
    expect(last(at([3], [0], { daysOfMonth: [31], months: [2] }), '2026-11-22T12:00:00Z')).toBeNull()
  })
  it('that the clocks skip opens when they have moved on', () => {
    expect(last(at([2], [30]), '2026-03-29T00:59:00Z')).toEqual(['2026-03-28T02:30', '2026-03-28T01:30:00.000Z'])
    expect(last(at([2], [30]), '2026-03-29T01:30:00Z')).toEqual(['2026-03-29T02:30', '2026-03-29T01:30:00.000Z'])
  })
  it('that the clocks show twice opens once', () => {
    const first = ['2026-10-25T02:30', '2026-10-25T00:30:00.000Z']
    expect(last(at([2], [30]), '2026-10-25T00:30:00Z')).toEqual(first)
    expect(last(at([2], [30]), '2026-10-25T01:30:00Z')).toEqual(first)
  })
  it('opens once in each of the nights around both changes, whatever the minute it is looked at', () => {
    for (const start of ['2026-03-26T12:00:00Z', '2026-10-22T12:00:00Z']) {
      const keys = new Set<string>()
      for (let minute = 0; minute < 6 * 24 * 60; minute += 7)
        keys.add(latestWindow(at([2], [30]), paris, Date.parse(start) + minute * 60_000)!.key)
      expect([...keys].map((key) => key.slice(11))).toEqual(Array.from({ length: 7 }, () => '02:30'))
    }
  })
})

import { describe, expect, it } from 'vitest'
import { startSchedule, whyNow } from '../../src/tasks/schedule.ts'

const hour = 3_600_000
const day = 24 * hour
const now = Date.parse('2026-11-21T12:00:00Z')

describe('a sweep outside its hour', () => {
  it('is the first, or follows one that was missed', () => {
    expect(whyNow({ now, last: null, tried: null, gap: day })).toBe('first')
    expect(whyNow({ now, last: now - 25 * hour, tried: null, gap: day })).toBeNull()
    expect(whyNow({ now, last: now - 26 * hour, tried: null, gap: day })).toBe('missed')
    expect(whyNow({ now, last: now - 26 * hour, tried: null, gap: 7 * day })).toBeNull()
  })
  it('is tried once an hour while it fails, not every five minutes', () => {
    for (const last of [null, now - 9 * day]) {
      expect(whyNow({ now, last, tried: now - 5 * 60_000, gap: day })).toBeNull()
      expect(whyNow({ now, last, tried: now - hour, gap: day })).not.toBeNull()
    }
  })
})

describe('a schedule', () => {
  /** Whether a service that starts a so old after its last sweep catches up. */
  const catchesUp = async (expression: string, age: number): Promise<boolean> => {
    const asked = Promise.withResolvers<void>()
    const swept: string[] = []
    const schedule = startSchedule({
      expression,
      timezone: 'Europe/Paris',
      lastSweep: async () => {
        setImmediate(asked.resolve)
        return Date.now() - age
      },
      sweep: async () => void swept.push('swept'),
      now: Date.now,
      log: () => undefined,
    })
    await asked.promise
    await schedule.stop()
    return swept.length > 0
  }
  it('decides itself how old a sweep may be', async () => {
    expect(await catchesUp('0 3 * * *', 27 * hour)).toBe(true)
    expect(await catchesUp('0 3 * * *', 23 * hour)).toBe(false)
    expect(await catchesUp('0 3 * * 1-5', 48 * hour)).toBe(false)
    expect(await catchesUp('0 3 * * 0', 6 * day)).toBe(false)
    expect(await catchesUp('0 3 * * 0', 8 * day)).toBe(true)
  })
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { regularly } from '../../../src/tasks/worker/regularly.ts'

describe('what is done every so often', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is done once at a time: a slow one is followed by one more, and nothing comes after the end', async () => {
    const ends: (() => void)[] = []
    const work = () => new Promise<void>((end) => ends.push(end))
    const regular = regularly(work, { everyMs: 1_000, log: () => undefined, event: 'work.unreachable', atOnce: true })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(ends.length).toBe(1)
    ends[0]!()
    await vi.advanceTimersByTimeAsync(0)
    expect(ends.length).toBe(2)
    regular.soon()
    const stopped = regular.stop()
    ends[1]!()
    await stopped
    await vi.advanceTimersByTimeAsync(60_000)
    expect(ends.length).toBe(2)
  })

  it('is tried again after it failed, which the log knows', async () => {
    const logged: unknown[] = []
    const work = async () => Promise.reject(new TypeError('with a secret'))
    const rhythm = { everyMs: 1_000, log: (...line: unknown[]) => void logged.push(line), event: 'work.unreachable', atOnce: false }
    const regular = regularly(work, rhythm)
    expect(logged).toEqual([])
    await vi.advanceTimersByTimeAsync(2_000)
    await regular.stop()
    expect(logged).toEqual(Array.from({ length: 2 }, () => ['work.unreachable', { error: 'TypeError' }]))
  })
})

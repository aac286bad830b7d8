import { describe, expect, it } from 'vitest'
import { rollingBudget } from '../../src/connectors/budget.ts'
import { fakeTime } from './deps.ts'

const live = () => new AbortController().signal

describe('rolling budget', () => {
  it('lets the whole allowance through at once and then as places age', async () => {
    const time = fakeTime()
    const budget = rollingBudget({ limit: 3, windowMs: 10_000, concurrency: 10 }, time)
    const starts: number[] = []
    for (let i = 0; i < 7; i++)
      await budget.run(async () => {
        starts.push(time.now())
        time.advance(100)
      }, live())
    expect(starts).toEqual([0, 100, 200, 10_100, 10_200, 10_300, 20_200])
  })

  it('never lets more than the allowance into any rolling window of arrivals, whatever the jitter', async () => {
    const time = fakeTime()
    const budget = rollingBudget({ limit: 19, windowMs: 10_000, concurrency: 1 }, time)
    const arrivals: number[] = []
    let seed = 7
    const jitter = () => (seed = (seed * 48_271) % 2_147_483_647) % 400
    for (let i = 0; i < 500; i++)
      await budget.run(async () => {
        time.advance(jitter())
        arrivals.push(time.now())
        time.advance(jitter())
      }, live())
    const crowded = arrivals.filter((arrival, i) => (arrivals[i + 19] ?? Infinity) - arrival < 10_000)
    expect(crowded).toEqual([])
  })

  it('keeps to the number of requests under way', async () => {
    const time = fakeTime()
    const budget = rollingBudget({ limit: 100, windowMs: 1_000, concurrency: 2 }, time)
    let underWay = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 9 }, () =>
        budget.run(async () => {
          most = Math.max(most, ++underWay)
          await new Promise((resolve) => setImmediate(resolve))
          underWay--
        }, live()),
      ),
    )
    expect(most).toBe(2)
  })

  it('makes room for others who use the same allowance', async () => {
    const time = fakeTime()
    const budget = rollingBudget({ limit: 10, windowMs: 10_000, concurrency: 1 }, time)
    const starts: number[] = []
    for (let i = 0; i < 4; i++)
      await budget.run(async () => {
        starts.push(time.now())
        budget.observe({ remaining: i === 0 ? 2 : 9, limit: 10, sentAt: time.now() })
      }, live())
    expect(starts).toEqual([0, 0, 0, 10_000])
  })

  it('takes nobody else for there when places age while an answer is on its way', async () => {
    const time = fakeTime()
    const budget = rollingBudget({ limit: 10, windowMs: 10_000, concurrency: 1 }, time)
    const starts: number[] = []
    for (let i = 0; i < 31; i++)
      await budget.run(async () => {
        starts.push(time.now())
        const sentAt = time.now()
        const counted = starts.filter((start) => sentAt - start < 10_000).length
        time.advance(60)
        budget.observe({ remaining: 10 - counted, limit: 10, sentAt })
      }, live())
    expect(starts.at(-1)).toBe(3 * 10_060)
  })

  it('does not slow down for an allowance that is not counted', async () => {
    const time = fakeTime()
    const budget = rollingBudget({ limit: 1_000, windowMs: 10_000, concurrency: 1 }, time)
    for (let i = 0; i < 500; i++) await budget.run(async () => budget.observe({ remaining: 190, limit: 190, sentAt: time.now() }), live())
    expect(time.slept).toEqual([])
  })

  it('starts nothing during a pause', async () => {
    const time = fakeTime()
    const budget = rollingBudget({ limit: 10, windowMs: 1_000, concurrency: 1 }, time)
    budget.pause(5_000)
    expect(await budget.run(async () => time.now(), live())).toBe(5_000)
  })

  it('forgets a waiter who aborts, and keeps the order of the others', async () => {
    const time = fakeTime()
    const budget = rollingBudget({ limit: 100, windowMs: 1_000, concurrency: 1 }, time)
    const hold = Promise.withResolvers<void>()
    const order: string[] = []
    const abort = new AbortController()
    const first = budget.run(() => hold.promise, live())
    const second = budget.run(async () => void order.push('second'), abort.signal)
    const third = budget.run(async () => void order.push('third'), live())
    const fourth = budget.run(async () => void order.push('fourth'), live())
    abort.abort(new Error('stop'))
    await expect(second).rejects.toBe(abort.signal.reason)
    hold.resolve()
    await Promise.all([first, third, fourth])
    expect(order).toEqual(['third', 'fourth'])
  })
})

import { describe, expect, it } from 'vitest'
import { createBudget, type Budget } from '../../src/connectors/budget.ts'
import type { Permits, Urgency } from '../../src/connectors/connector.ts'
import { fakeTime, memoryPermits } from './deps.ts'

const live = () => new AbortController().signal

type Rolling = Budget & Pick<Permits, 'observe' | 'refused'>
/** For one window in one process, of which all is ours. */
function rollingBudget(options: { limit: number; windowMs: number; concurrency: number }, time: ReturnType<typeof fakeTime>): Rolling {
  const bucket = { name: 'calls', limit: options.limit, windowMs: options.windowMs, share: 1, dailyReserve: 0 }
  const permits = memoryPermits({ ...time, log: () => undefined })(bucket)
  return {
    ...createBudget(permits, options.concurrency, 'live'),
    observe: (seen) => permits.observe(seen),
    refused: (waitMs, what) => permits.refused(waitMs, what),
  }
}

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

  it('sends what comes by the hundred behind what comes one at a time, also when that comes later', async () => {
    const time = fakeTime()
    const budget = rollingBudget({ limit: 100, windowMs: 1_000, concurrency: 1 }, time)
    const sent: string[] = []
    const send = (name: string, bulk: boolean) => budget.run(async () => void sent.push(name), live(), { bulk })
    await Promise.all([
      send('delete 1', true),
      send('delete 2', true),
      send('delete 3', true),
      send('read 1', false),
      send('read 2', false),
    ])
    expect(sent).toEqual(['delete 1', 'read 1', 'read 2', 'delete 2', 'delete 3'])
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
    budget.refused(5_000, 'window')
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

describe('urgency', () => {
  const bucket = { name: 'calls', limit: 10, windowMs: 10_000, share: 1, dailyReserve: 0 }

  it('puts rights before what is live, and that before sweeps', async () => {
    const time = fakeTime()
    const permits = memoryPermits({ ...time, log: () => undefined })({ ...bucket, limit: 1 })
    const order: string[] = []
    const ask = (urgency: Urgency) => createBudget(permits, 1, urgency).run(async () => void order.push(urgency), live())
    await ask('sweep')
    await Promise.all([ask('sweep'), ask('live'), ask('rights'), ask('live')])
    expect(order).toEqual(['sweep', 'rights', 'live', 'live', 'sweep'])
  })

  it('spreads sweeps over the window while there is urgent work, so that a slot for more of it comes soon', async () => {
    const time = fakeTime()
    const permits = memoryPermits({ ...time, log: () => undefined })(bucket)
    const starts: number[] = []
    await createBudget(permits, 1, 'live').run(async () => undefined, live())
    const sweep = createBudget(permits, 1, 'sweep')
    for (let i = 0; i < 30; i++) await sweep.run(async () => void starts.push(time.now()), live())
    const gaps = starts.slice(1).map((start, i) => start - starts[i]!)
    expect([Math.max(...gaps) < 2_500, starts.at(-1)! < 32_000]).toEqual([true, true])
  })

  it('leaves sweeps a tenth of the window, however much is urgent', async () => {
    const time = fakeTime()
    const permits = memoryPermits({ ...time, log: () => undefined })(bucket)
    const done = { rights: 0, sweep: 0 }
    const ask = (urgency: 'rights' | 'sweep') => createBudget(permits, 1, urgency).run(async () => void done[urgency]++, live())
    const urgent = Array.from({ length: 100 }, () => ask('rights'))
    const sweeps = Array.from({ length: 3 }, () => ask('sweep'))
    await Promise.all(sweeps)
    expect(done.rights).toBeLessThan(50)
    await Promise.all(urgent)
  })
})

/** A window of a second, as HubSpot's searches have it, leased from a ring that costs a round trip. */
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { memoryDay } from '../../src/connectors/memory-day.ts'
import { memoryRing } from '../../src/connectors/memory-ring.ts'
import { createPermits } from '../../src/connectors/permits.ts'

/** Time goes on to whoever wakes next, once nobody has anything else to do. */
function virtualTime() {
  let time = 0
  let sleepers: { at: number; wake: () => void }[] = []
  return {
    now: () => time,
    sleep: (ms: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error)
        const sleeper = { at: time + ms, wake: resolve }
        sleepers.push(sleeper)
        signal.addEventListener('abort', () => {
          sleepers = sleepers.filter((one) => one !== sleeper)
          reject(signal.reason as Error)
        })
      }),
    until: async (work: Promise<unknown>): Promise<void> => {
      let done = false
      void work.finally(() => (done = true))
      for (;;) {
        for (let turn = 0; turn < 5; turn++) await setImmediate()
        if (done) return
        const next = sleepers.toSorted((one, other) => one.at - other.at)[0]
        if (next === undefined) throw new Error('nobody wakes up any more')
        sleepers = sleepers.filter((one) => one !== next)
        time = Math.max(time, next.at)
        next.wake()
      }
    },
  }
}

it('is used to the full: its slots are told to be free before the next window begins, not one window later', async () => {
  const { now, sleep, until } = virtualTime()
  const bucket = { name: 'search', limit: 5, windowMs: 1_000, share: 1, dailyReserve: 0 }
  const permits = createPermits(bucket, memoryRing(memoryDay(now), now), { now, sleep, log: () => undefined, remote: true })
  const always = new AbortController().signal
  const seconds: number[] = []
  const one = async (): Promise<void> => {
    const place = await permits.take({ urgency: 'rights', exempt: false }, always)
    seconds.push(Math.floor(now() / 1_000))
    await sleep(30, always)
    place.answered()
  }
  await until(Promise.all(Array.from({ length: 25 }, one)))
  expect(seconds.at(-1)).toBe(4)
  await permits.close()
})

it('tells the ring the least that was left of the day, whichever answer came last: the first and the last calls at once, else within a second', async () => {
  const { now, sleep, until } = virtualTime()
  const bucket = { name: 'calls', limit: 100, windowMs: 10_000, share: 1, dailyReserve: 0 }
  const told: [remaining: number, after: number][] = []
  const ring = memoryRing(memoryDay(now), now)
  let answeredAt = 0
  const listening = {
    ...ring,
    settle: async (...said: Parameters<typeof ring.settle>) => void (said[1] && told.push([said[1].remaining, now() - answeredAt])),
  }
  const permits = createPermits(bucket, listening, { now, sleep, log: () => undefined, remote: true })
  const always = new AbortController().signal
  const hear = async (...remaining: number[]): Promise<void> => {
    const place = await permits.take({ urgency: 'rights', exempt: false }, always)
    await sleep(30, always)
    answeredAt = now()
    for (const left of remaining) permits.observeDay({ limit: 1_000, remaining: left, sentAt: answeredAt })
    place.answered()
    await sleep(60_000, always)
  }
  for (const remaining of [[900], [600, 598, 599], [199], [999]]) await until(hear(...remaining))
  expect(told).toEqual([
    [900, 0],
    [598, 1_000],
    [199, 0],
    [999, 1_000],
  ])
  await permits.close()
})

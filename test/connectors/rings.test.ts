/** The two rings obey the same rules: in memory on a clock of the test's, in Postgres on the server's, with times chosen so that its speed does not matter. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bucket, Urgency } from '../../src/connectors/connector.ts'
import { createBudgets } from '../../src/budgets.ts'
import { memoryDay } from '../../src/connectors/memory-day.ts'
import { memoryRing } from '../../src/connectors/memory-ring.ts'
import { askFor, lookAgainMs, newDayMs, type Ring } from '../../src/connectors/ring.ts'
import { closeDay, readCallUsage } from '../../src/store/call-days.ts'
import type { Database } from '../../src/store/database.ts'
import { ensureRing, pauseRing, settleSlots, takeSlots, yieldSlots } from '../../src/store/slots.ts'
import { openOnPostgres } from '../store/on-postgres.ts'

const HOUR_MS = 3_600_000
/** So long a window that no test outlives it. */
const bucket: Bucket = { name: 'calls', limit: 100, windowMs: HOUR_MS, share: 1, dailyReserve: 0 }

let database: Database
let rings = 0
beforeAll(async () => {
  database = await openOnPostgres()
})
afterAll(() => database.close())

function inMemory(): Ring {
  const now = (): number => 10 * HOUR_MS
  return memoryRing(memoryDay(now), now)
}

async function inPostgres(): Promise<Ring & { connection: string }> {
  const connection = `c${++rings}`
  const key = { connection, bucket: 'calls' }
  await ensureRing(database.db, key, 100)
  return {
    connection,
    take: async (ask) => (await takeSlots(database.db, key, ask, lookAgainMs))!,
    settle: (returns, day) => settleSlots(database.db, key, { returns, day, newDayMs }),
    observe: (report, rule) => yieldSlots(database.db, key, { ...report, ...rule }),
    refused: (waitMs, what) => (what === 'day' ? closeDay(database.db, connection, lookAgainMs) : pauseRing(database.db, key, waitMs)),
  }
}

describe.each([
  ['in memory', async () => inMemory()],
  ['in Postgres', inPostgres],
])('a ring %s', (_, open) => {
  /** How many slots are given of so many, and how many of them at once. */
  const give = async (
    ring: Ring,
    urgency: Urgency,
    count: number,
    of: Bucket = bucket,
    size = 100,
  ): Promise<[given: number, atOnce: number]> => {
    const { leases } = await ring.take(askFor(of, size, urgency, count, false))
    return [leases.length, leases.filter((lease) => lease.waitMs === 0).length]
  }

  it('gives each slot once', async () => {
    const ring = await open()
    const taken = await Promise.all(Array.from({ length: 5 }, () => ring.take(askFor(bucket, 100, 'live', 25, false))))
    const slots = taken.flatMap(({ leases }) => leases.filter((lease) => lease.waitMs === 0).map((lease) => lease.slot))
    expect(new Set(slots).size).toBe(slots.length)
    expect(slots.length).toBeLessThanOrEqual(100)
  })

  it('gives a slot again a window after its request was answered, and one that was not needed at once', async () => {
    const ring = await open()
    const { leases } = await ring.take(askFor({ ...bucket, limit: 2 }, 2, 'live', 2, false))
    const [used, spare] = leases
    await ring.settle(
      [
        { slot: used!.slot, lease: used!.lease, freeInMs: HOUR_MS, used: true },
        { slot: spare!.slot, lease: spare!.lease, freeInMs: 0, used: false },
      ],
      null,
    )
    const again = await ring.take(askFor({ ...bucket, limit: 2 }, 2, 'live', 2, false))
    expect(again.leases.map(({ slot, waitMs }) => [slot, waitMs])).toEqual([[spare!.slot, 0]])
    expect(again.retryMs).toBeGreaterThan(HOUR_MS / 2)
  })

  it('does not believe a holder whose lease has passed on to somebody else', async () => {
    const ring = await open()
    const one = { ...bucket, limit: 1 }
    const first = (await ring.take(askFor(one, 1, 'live', 1, false))).leases[0]!
    await ring.settle([{ ...first, freeInMs: 0, used: false }], null)
    expect(await give(ring, 'live', 1, one, 1)).toEqual([1, 1])
    await ring.settle([{ ...first, freeInMs: 0, used: false }], null)
    expect(await give(ring, 'live', 1, one, 1)).toEqual([0, 0])
  })

  it('has a slot free again soon enough when its holder died: a window after its request can have arrived', async () => {
    const ring = await open()
    const short = { ...bucket, windowMs: 100, limit: 1 }
    const ask = { ...askFor(short, 1, 'rights', 1, false), arriveMs: 0 }
    expect((await ring.take(ask)).leases).toHaveLength(1)
    expect((await ring.take(ask)).leases[0]!.waitMs).toBeLessThanOrEqual(100)
  })

  it('lets rights reach further ahead than what is live, and that further than sweeps', async () => {
    const ring = await open()
    const all = await ring.take(askFor(bucket, 100, 'live', 100, false))
    await ring.settle(
      all.leases.map((lease) => ({ ...lease, freeInMs: HOUR_MS / 2, used: true })),
      null,
    )
    expect(await give(ring, 'sweep', 1)).toEqual([0, 0])
    expect(await give(ring, 'live', 1)).toEqual([0, 0])
    expect(await give(ring, 'rights', 1)).toEqual([1, 0])
  })

  it('says when a sweep may have what is left alone for the urgent', async () => {
    const ring = await open()
    await give(ring, 'rights', 1)
    const ask = { ...askFor(bucket, 100, 'sweep', 100, false), spacingMs: 0, evenMs: 0 }
    const first = await ring.take(ask)
    expect(first.leases).toHaveLength(100 - ask.reserved)
    const { leases, retryMs } = await ring.take(ask)
    expect(leases).toEqual([])
    expect(retryMs).toBeGreaterThan(0)
    expect(retryMs).toBeLessThanOrEqual(ask.urgentMs)
  })

  it('keeps a tenth for sweeps, however much is urgent, and a little for the urgent while they are about', async () => {
    const ring = await open()
    // What nobody has wanted for a while is anybody's; so the last tenth is used once, by a sweep.
    const spread = { ...bucket, limit: 1_000 }
    expect((await ring.take({ ...askFor(spread, 100, 'sweep', 100, false), spacingMs: 0 })).leases).toHaveLength(100)
    const later = await open()
    expect((await give(later, 'rights', 1))[0]).toBe(1)
    const rest = await later.take({ ...askFor(bucket, 100, 'sweep', 100, false), spacingMs: 0, evenMs: 0 })
    expect(rest.leases.map((lease) => lease.slot).filter((slot) => slot < 2)).toEqual([])
  })

  it('spaces sweeps out once half of the slots are taken', async () => {
    const ring = await open()
    await give(ring, 'sweep', 60)
    const ask = { ...askFor(bucket, 100, 'sweep', 3, false), spacingMs: 60_000, aheadMs: HOUR_MS }
    const waits = (await ring.take(ask)).leases.map((lease) => lease.waitMs)
    expect(waits.map((ms) => Math.round(ms / 60_000))).toEqual([1, 2, 3])
  })

  it('marks as taken what others must have used', async () => {
    const ring = await open()
    await give(ring, 'live', 10)
    await ring.observe({ remaining: 30, limit: 100, agoMs: 0 }, { size: 100, windowMs: HOUR_MS })
    expect(await give(ring, 'live', 100)).toEqual([30, 30])
  })

  it('gives nothing to anybody during a pause', async () => {
    const ring = await open()
    await ring.refused(HOUR_MS / 2, 'window')
    const taken = await ring.take(askFor(bucket, 100, 'live', 1, false))
    expect([taken.leases.length, taken.retryMs > HOUR_MS / 10]).toEqual([0, true])
  })

  it('stops at our share of the day, also when others leave theirs', async () => {
    const ring = await open()
    const shared = { ...bucket, share: 0.5 }
    await ring.settle([], { remaining: 100, limit: 100, agoMs: 0 })
    expect((await give(ring, 'sweep', 60, shared))[0]).toBe(49)
    expect((await give(ring, 'live', 60, shared))[0]).toBe(1)
    expect(await ring.take(askFor(shared, 100, 'rights', 1, false))).toMatchObject({ leases: [], spent: true })
    expect((await ring.take(askFor(shared, 100, 'sweep', 1, true))).leases).toHaveLength(1)
  })

  it('leaves the last calls of the day alone, whoever used the others, and counts those under way', async () => {
    const ring = await open()
    const careful = { ...bucket, dailyReserve: 0.1 }
    await ring.settle([], { remaining: 150, limit: 1_000, agoMs: 0 })
    expect((await give(ring, 'live', 30, careful))[0]).toBe(30)
    expect((await give(ring, 'live', 30, careful))[0]).toBe(20)
    const taken = await ring.take(askFor(careful, 100, 'live', 1, false))
    expect(taken).toMatchObject({ leases: [], spent: true })
    expect(Math.round(taken.retryMs / 60_000)).toBe(15)
  })

  it('believes no late answer that more is left, but a later one', async () => {
    const ring = await open()
    await ring.settle([], { remaining: 0, limit: 1_000, agoMs: 20_000 })
    await ring.settle([], { remaining: 500, limit: 1_000, agoMs: 25_000 })
    expect(await ring.take(askFor(bucket, 100, 'live', 1, false))).toMatchObject({ spent: true })
    const next = await open()
    await next.settle([], { remaining: 0, limit: 1_000, agoMs: 60_000 })
    await next.settle([], { remaining: 500, limit: 1_000, agoMs: 0 })
    expect((await give(next, 'live', 1))[0]).toBe(1)
  })

  it('is closed for everybody once the vendor says that the day is used up', async () => {
    const ring = await open()
    await ring.refused(0, 'day')
    expect(await ring.take(askFor(bucket, 100, 'rights', 1, false))).toMatchObject({ leases: [], spent: true })
  })
})

describe('budgets', () => {
  const deps = { now: () => performance.now(), sleep: async () => undefined, log: () => undefined }

  it('share the slots of a connection between processes, and give back what was not used', async () => {
    const [one, other] = [createBudgets(true, deps), createBudgets(true, deps)]
    for (const budgets of [one, other]) budgets.share(database.db)
    const few: Bucket = { ...bucket, limit: 2 }
    const signal = new AbortController().signal
    await one.permitsOf('shared')(few).take({ urgency: 'live', exempt: false }, signal)
    await other.permitsOf('shared')(few).take({ urgency: 'rights', exempt: false }, signal)
    const { rows } = await database.pool.query<{ held: number }>(
      "select count(*) filter (where held)::int as held from call_slot where connection = 'shared'",
    )
    expect(rows).toEqual([{ held: 2 }])
    await Promise.all([one.close(), other.close()])
  })

  it('make a ring anew that went with its connection', async () => {
    const budgets = createBudgets(true, deps)
    budgets.share(database.db)
    const signal = new AbortController().signal
    const take = () =>
      budgets
        .permitsOf('forgotten')({ ...bucket, limit: 2 })
        .take({ urgency: 'live', exempt: false }, signal)
    await take()
    for (const table of ['call_slot', 'call_ring', 'call_day', 'call_hour'])
      await database.pool.query(`delete from ${table} where connection = 'forgotten'`)
    // One of the two slots was taken: with nothing left in the table, whoever asks again would wait for as long as the window.
    await take()
    const { rows } = await database.pool.query("select count(*)::int as slots from call_slot where connection = 'forgotten'")
    expect(rows).toEqual([{ slots: 2 }])
    await budgets.close()
  })

  it('tell what was used of a day, over all workers', async () => {
    const ring = await inPostgres()
    await ring.take(askFor(bucket, 100, 'live', 7, false))
    await ring.settle([], { remaining: 900, limit: 1_000, agoMs: 0 })
    const usage = await readCallUsage(database.db)
    expect(usage.find((one) => one.connection === ring.connection)).toEqual({
      connection: ring.connection,
      calls: 7,
      throttled: 0,
      limit: 1_000,
      remaining: 900,
    })
  })

  it('refuse to let a request through before there is a database', async () => {
    const permits = createBudgets(true, deps).permitsOf('early')(bucket)
    await expect(permits.take({ urgency: 'live', exempt: false }, new AbortController().signal)).rejects.toMatchObject({
      kind: 'unavailable',
    })
  })
})

/** Rate limits of every connection, created once by the composition root: counted in memory with the embedded database, in Postgres for many workers. */
import type { Bucket, Deps, Permits } from './connectors/connector.ts'
import { memoryDay, type MemoryDay } from './connectors/memory-day.ts'
import { memoryRing, mostSlots } from './connectors/memory-ring.ts'
import { createPermits, type ClosablePermits } from './connectors/permits.ts'
import { lookAgainMs, newDayMs, sizeOf, type Ring } from './connectors/ring.ts'
import { closeDay, countThrottled, forgetCallHours, readCallUsage, type CallUsage } from './store/call-days.ts'
import type { Database } from './store/database.ts'
import { StoreError } from './store/error.ts'
import { ensureRing, pauseRing, settleSlots, takeSlots, yieldSlots } from './store/slots.ts'

export type Budgets = {
  /** Supplies the shared database. Connectors are created before it is opened; with `remote`, a request sent earlier throws StoreError. */
  share: (db: Database['db']) => void
  /** `Deps.permits` for every connector of this connection; all urgencies share its buckets. */
  permitsOf: (connection: string) => (bucket: Bucket) => Permits
  /** For monitors: one entry for each connection that asked for anything. */
  usage: () => Promise<CallUsage[]>
  /** Gives back what is leased. Close the connectors first. */
  close: () => Promise<void>
}

/**
 * `remote`: many processes share one Postgres. `now` must not jump: `performance.now` does not.
 */
export function createBudgets(remote: boolean, deps: Pick<Deps, 'now' | 'sleep' | 'log'>): Budgets {
  let shared: Database['db'] | null = null
  const database = (): Database['db'] => {
    if (shared === null) throw new StoreError('unreachable', 'a request was to be sent before the database was opened')
    return shared
  }
  const opened = new Map<string, ClosablePermits>()
  const days = new Map<string, Counted>()
  const dayOf = (connection: string): Counted => {
    const day = days.get(connection) ?? { day: memoryDay(deps.now), throttled: [] }
    days.set(connection, day)
    return day
  }
  const permitsOf = (connection: string) => (bucket: Bucket) => {
    const key = JSON.stringify([connection, bucket])
    const known = opened.get(key)
    if (known) return known
    // A limit above `mostSlots` means "unlimited": count it in memory instead of filling a table with slots.
    const pooled = remote && sizeOf(bucket, bucket.limit) <= mostSlots
    const ring = pooled ? sharedRing(database, connection, bucket) : countedRing(dayOf(connection), deps.now)
    const permits = createPermits(bucket, ring, { ...deps, remote: pooled })
    opened.set(key, permits)
    return permits
  }
  return {
    share: (db) => void (shared = db),
    permitsOf,
    usage: async () => (remote ? readCallUsage(database()) : [...days].map(([connection, day]) => usageOf(connection, day, deps.now()))),
    close: async () => {
      for (const permits of opened.values()) await permits.close()
    },
  }
}

type Counted = { day: MemoryDay; throttled: number[] }

function countedRing(counted: Counted, now: () => number): Ring {
  const ring = memoryRing(counted.day, now)
  return {
    ...ring,
    refused(waitMs, what) {
      counted.throttled.push(now())
      return ring.refused(waitMs, what)
    },
  }
}

const DAY_MS = 86_400_000

function usageOf(connection: string, { day, throttled }: Counted, now: number): CallUsage {
  const recent = throttled.filter((at) => now - at < DAY_MS)
  throttled.splice(0, throttled.length, ...recent)
  const { calls, limit, remaining } = day.state()
  return { connection, calls, throttled: recent.length, limit, remaining }
}

function sharedRing(database: () => Database['db'], connection: string, bucket: Bucket): Ring {
  const key = { connection, bucket: bucket.name }
  let made: Promise<void> | null = null
  const make = async (): Promise<void> => {
    await ensureRing(database(), key, sizeOf(bucket, bucket.limit))
    await forgetCallHours(database())
  }
  return {
    async take(ask) {
      for (;;) {
        const own = (made ??= make())
        await own.catch((error: unknown) => {
          made = null
          throw error
        })
        const taken = await takeSlots(database(), key, ask, lookAgainMs)
        if (taken !== null) return taken
        // `accord connection forget` deletes the ring; create it again and retry.
        if (made === own) made = null
      }
    },
    settle: (returns, day) => settleSlots(database(), key, { returns, day, newDayMs }),
    observe: ({ remaining, agoMs }, { size, windowMs }) => yieldSlots(database(), key, { remaining, agoMs, size, windowMs }),
    async refused(waitMs, what) {
      await countThrottled(database(), connection)
      await (what === 'day' ? closeDay(database(), connection, lookAgainMs) : pauseRing(database(), key, waitMs))
    },
  }
}

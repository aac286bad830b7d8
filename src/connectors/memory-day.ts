/** One process's count of the vendor's daily calls; the same rules as in the shared ring. */
import type { DayRule } from '../core/call-ring.ts'
import { lookAgainMs, newDayMs, type Report } from './ring.ts'

export interface MemoryDay {
  /** How many of `count` requests our part of the day has room for. */
  room(count: number, rule: DayRule): number
  /** How long until one request looks again whether there is room. */
  retryMs(): number
  grant(count: number): void
  /** Requests that were answered, or places that were given back `unused`. */
  settle(count: number, unused: number): void
  observe(report: Report): void
  /** The vendor said that nothing is left. */
  refused(): void
  /** `calls`: ours, in the last 24 hours. */
  state(): { calls: number; limit: number | null; remaining: number | null }
}

const HOUR = 3_600_000

export function memoryDay(now: () => number): MemoryDay {
  const ours = hourlyCount(now)
  let seen: { limit: number; remaining: number; at: number } | null = null
  /** Given since `seen`, or under way then. */
  let granted = 0
  let underWay = 0
  let lookAt: number | null = null

  return {
    room(count, { share, reserve, part }) {
      if (seen === null) return count
      const { limit, remaining } = seen
      const kept = limit * share * (1 - part)
      const own = share < 1 && limit > 0 ? Math.floor(limit * share - kept) - ours.lastDay() : count
      const left = remaining - granted - Math.ceil(limit * reserve + kept)
      const room = Math.max(0, Math.min(count, own, left))
      if (room > 0) {
        lookAt = null
        return room
      }
      const looks = lookAt !== null && now() >= lookAt
      if (looks || lookAt === null) lookAt = now() + lookAgainMs
      return looks && own > 0 ? 1 : 0
    },
    retryMs: () => Math.max(0, (lookAt ?? -Infinity) - now()),
    grant(count) {
      granted += count
      underWay += count
      ours.note(count)
    },
    settle(count, unused) {
      granted -= unused
      underWay -= count + unused
      ours.note(-unused)
    },
    observe({ remaining, limit, agoMs }) {
      const at = now() - agoMs
      if (seen && seen.limit === limit && remaining > seen.remaining && at < seen.at + newDayMs) return
      seen = { limit, remaining, at }
      // The request that was answered is in the count of the vendor; the others under way may be, or not yet.
      granted = Math.max(0, underWay - 1)
    },
    refused() {
      seen = { limit: seen?.limit ?? 0, remaining: 0, at: now() }
      lookAt = now() + lookAgainMs
    },
    state: () => ({ calls: ours.lastDay(), limit: seen?.limit ?? null, remaining: seen?.remaining ?? null }),
  }
}

function hourlyCount(now: () => number) {
  const hours = new Map<number, number>()
  return {
    note(calls: number): void {
      const hour = Math.floor(now() / HOUR)
      hours.set(hour, (hours.get(hour) ?? 0) + calls)
    },
    lastDay(): number {
      const oldest = Math.floor(now() / HOUR) - 24
      for (const hour of hours.keys()) if (hour <= oldest) hours.delete(hour)
      return [...hours.values()].reduce((sum, calls) => sum + calls, 0)
    },
  }
}

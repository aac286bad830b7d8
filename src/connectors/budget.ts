/**
 * A rolling request budget for one bucket of one connection; shared by the connectors.
 *
 * A request occupies its place until one window after it was *answered*. The vendor counts it when it arrives, which is
 * never later, so jitter (a first TLS handshake, say) cannot push two windows together. Limiters that count at the start
 * need a safety margin for that: 2.4 % of the throughput at 10.25 s for a 10 s window, where this costs one round trip. So
 * p-queue gives order and concurrency here, and the window is counted beside it: its own `interval` counts at the start.
 */
import PQueue from 'p-queue'
import type { Deps } from './connector.ts'
import { orAborted } from './http.ts'

export type BudgetOptions = {
  /** Requests per rolling window. */
  limit: number
  windowMs: number
  /** Requests under way at one time. */
  concurrency: number
}
export interface Budget {
  /** Waits for a place, first come first served, and runs the request in it. Rejects with the signal's reason. */
  run<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T>
  /** What the vendor said was left, and of how much, on a request sent at that time: makes room for others who use the same allowance. */
  observe(seen: { remaining: number; limit: number; sentAt: number }): void
  /** Nobody starts before this many milliseconds have passed. */
  pause(ms: number): void
}

/** How long an answer may take and still be compared with what was under way when its request was sent. */
const graceMs = 5_000

export function rollingBudget(options: BudgetOptions, { now, sleep }: Pick<Deps, 'now' | 'sleep'>): Budget {
  let limit = options.limit
  let inFlight = 0
  let notBefore = 0
  /** Who may be under way, and who asks for a place next: first come, first served. */
  const underWay = new PQueue({ concurrency: options.concurrency })
  const inTurn = new PQueue({ concurrency: 1 })
  let freed = Promise.withResolvers<void>()
  const answered: number[] = []

  const place = async (signal: AbortSignal) => {
    for (;;) {
      signal.throwIfAborted()
      const time = now()
      const aged = agedAt(answered, time, options.windowMs)
      const used = inFlight + answered.length - aged
      if (time < notBefore) await sleep(notBefore - time, signal)
      else if (used < limit) return void inFlight++
      else if (aged < answered.length) await sleep(answered[aged]! + options.windowMs - time, signal)
      else await orAborted(freed.promise, signal)
    }
  }

  return {
    run: (request, signal) =>
      underWay.add(
        async () => {
          await inTurn.add(() => place(signal), { signal })
          try {
            return await request()
          } finally {
            inFlight--
            answered.push(now())
            freed.resolve()
            freed = Promise.withResolvers()
          }
        },
        { signal },
      ),
    observe(seen) {
      // The request itself took one: an allowance of which nothing is gone is not counted, so it binds nobody.
      if (seen.remaining >= seen.limit) return
      limit = Math.max(1, Math.min(options.limit, seen.limit))
      const ours = inFlight + answered.filter((at) => seen.sentAt - at < options.windowMs).length
      for (let foreign = seen.limit - seen.remaining - ours; foreign > 0; foreign--) answered.push(now())
    },
    pause(ms) {
      notBefore = Math.max(notBefore, now() + ms)
    },
  }
}

/** How many of `answered` are older than one window at that time; those that no request under way can count any more are forgotten. */
function agedAt(answered: number[], time: number, windowMs: number): number {
  const forgotten = answered.findIndex((at) => time - at < windowMs + graceMs)
  if (forgotten !== 0) answered.splice(0, forgotten < 0 ? answered.length : forgotten)
  const kept = answered.findIndex((at) => time - at < windowMs)
  return kept < 0 ? answered.length : kept
}

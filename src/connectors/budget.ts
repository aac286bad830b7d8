/**
 * How one connector spends an allowance: a few requests at a time, each in a place of a window that is shared with everybody else who works on
 * the connection (permits.ts).
 */
import PQueue from 'p-queue'
import type { Permits, Urgency } from './connector.ts'

export interface Budget {
  /** Waits for a place, first come first served, and runs the request in it. Rejects with the signal's reason. */
  run<T>(request: () => Promise<T>, signal: AbortSignal, how?: Manner): Promise<T>
}
/** `exempt`: whatever is left of the day. `bulk`: behind whatever else this connector wants to send, also what comes later. */
export type Manner = { readonly exempt?: boolean; readonly bulk?: boolean }

/** `concurrency`: requests of this connector under way at one time. */
export function createBudget(permits: Pick<Permits, 'take'>, concurrency: number, urgency: Urgency): Budget {
  const underWay = new PQueue({ concurrency })
  return {
    run: (request, signal, { exempt = false, bulk = false } = {}) =>
      underWay.add(
        async () => {
          const place = await permits.take({ urgency, exempt }, signal)
          try {
            return await request()
          } finally {
            place.answered()
          }
        },
        { signal, priority: bulk ? -1 : 0 },
      ),
  }
}

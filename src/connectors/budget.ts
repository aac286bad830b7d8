/**
 * How one connector spends an allowance: a few requests at a time, each in a place of a window that is shared with everybody else who works on
 * the connection (permits.ts).
 */
import PQueue from 'p-queue'
import type { Permits, Urgency } from './connector.ts'

export interface Budget {
  /** Waits for a place, first come first served, and runs the request in it. `exempt`: whatever is left of the day. Rejects with the signal's reason. */
  run<T>(request: () => Promise<T>, signal: AbortSignal, exempt?: boolean): Promise<T>
}

/** `concurrency`: requests of this connector under way at one time. */
export function createBudget(permits: Pick<Permits, 'take'>, concurrency: number, urgency: Urgency): Budget {
  const underWay = new PQueue({ concurrency })
  return {
    run: (request, signal, exempt = false) =>
      underWay.add(
        async () => {
          const place = await permits.take({ urgency, exempt }, signal)
          try {
            return await request()
          } finally {
            place.answered()
          }
        },
        { signal },
      ),
  }
}

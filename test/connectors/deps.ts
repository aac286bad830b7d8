/** Clocks for connector tests: nothing waits in real time. */
import type { Bucket, Deps, Permits } from '../../src/connectors/connector.ts'
import { memoryDay } from '../../src/connectors/memory-day.ts'
import { memoryRing } from '../../src/connectors/memory-ring.ts'
import { createPermits } from '../../src/connectors/permits.ts'

/** A clock that stands still but for `advance` and `sleep`. */
export function fakeTime(start = 0) {
  let time = start
  const slept: number[] = []
  return {
    slept,
    now: () => time,
    advance: (ms: number) => void (time += ms),
    sleep: async (ms: number, signal: AbortSignal) => {
      signal.throwIfAborted()
      slept.push(ms)
      time += ms
      await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
    },
  }
}

export type TestDeps = Deps & { logs: unknown[]; slept: number[] }
/** A wait takes no time and is noted. The clock is the real one, or stands still at `start` but for the waits. */
export function testDeps(start?: number): TestDeps {
  const time = fakeTime(start)
  const logs: unknown[] = []
  const now = (): number => (start === undefined ? Date.now() : 0) + time.now()
  const log: Deps['log'] = (event, facts) => void logs.push([event, facts])
  return {
    logs,
    slept: time.slept,
    now,
    sleep: time.sleep,
    random: () => 0.5,
    log,
    urgency: 'live',
    permits: memoryPermits({ now, sleep: time.sleep, log }),
  }
}

/** The allowances of one connection in one process. */
export function memoryPermits(deps: Pick<Deps, 'now' | 'sleep' | 'log'>): (bucket: Bucket) => Permits {
  const day = memoryDay(deps.now)
  return (bucket) => createPermits(bucket, memoryRing(day, deps.now), { ...deps, remote: false })
}

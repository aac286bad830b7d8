/** Clocks for connector tests: nothing waits in real time. */
import type { Deps } from '../../src/connectors/connector.ts'

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
  return {
    logs,
    slept: time.slept,
    now: () => (start === undefined ? Date.now() : 0) + time.now(),
    sleep: time.sleep,
    random: () => 0.5,
    log: (event, facts) => void logs.push([event, facts]),
  }
}

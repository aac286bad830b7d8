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
/** The real clock, except that a wait takes no time and is noted. */
export function testDeps(): TestDeps {
  const time = fakeTime()
  const logs: unknown[] = []
  return {
    logs,
    slept: time.slept,
    now: () => Date.now() + time.now(),
    sleep: time.sleep,
    random: () => 0.5,
    log: (event, facts) => void logs.push([event, facts]),
  }
}

import type { SandboxClock } from './crm.ts'

export type MovableClock = SandboxClock & {
  advance(ms: number): void
  /** Throws when the time lies in the past: a clock that goes back would undo history. */
  set(to: number): void
}

/** Real time plus what the control port added. */
export function createClock(): MovableClock {
  let ahead = 0
  let last = 0
  const clock: MovableClock = {
    now() {
      // The machine's own clock may step back; ours may not.
      last = Math.max(last, Date.now() + ahead)
      return last
    },
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw new Error('the clock only goes forward: advanceMs must be 0 or more')
      ahead += ms
    },
    set(to) {
      clock.advance(to - clock.now())
    },
  }
  return clock
}

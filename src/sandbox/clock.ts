import type { SandboxClock } from './crm.ts'

export type MovableClock = SandboxClock & {
  advance(ms: number): void
  /** Throws when the time lies in the past: a clock that goes back would undo history. */
  set(to: number): void
  /** Stands still from now on, or runs again from where it stood. */
  freeze(still: boolean): void
}

/** Real time plus what the control port added. */
export function createClock(): MovableClock {
  let ahead = 0
  let last = 0
  let frozen = false
  const clock: MovableClock = {
    now() {
      // The machine's own clock may step back; ours may not.
      if (!frozen) last = Math.max(last, Date.now() + ahead)
      return last
    },
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw new Error('the clock only goes forward: advanceMs must be 0 or more')
      ahead += ms
      if (frozen) last += ms
    },
    set(to) {
      clock.advance(to - clock.now())
    },
    freeze(still) {
      const now = clock.now()
      if (frozen && !still) ahead = now - Date.now()
      frozen = still
    },
  }
  return clock
}

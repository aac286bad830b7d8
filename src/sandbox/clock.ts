import type { SandboxClock } from './crm.ts'

export type MovableClock = SandboxClock & {
  advance(ms: number): void
  /** Throws when the time lies in the past: a clock that goes back would undo history. */
  set(to: number): void
  /** Stands still from now on, or runs again from where it stood. */
  freeze(still: boolean): void
  /** Forgets whatever still waits for its time. */
  stop(): void
}

/** Real time plus what the control port added. */
export function createClock(): MovableClock {
  let ahead = 0
  let last = 0
  let frozen = false
  const alarm = createAlarm((due) => (due > clock.now() && frozen ? undefined : due - clock.now()))

  const clock: MovableClock = {
    now() {
      // The machine's own clock may step back; ours may not.
      if (!frozen) last = Math.max(last, Date.now() + ahead)
      return last
    },
    at: alarm.at,
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) throw new Error('the clock only goes forward: advanceMs must be 0 or more')
      ahead += ms
      if (frozen) last += ms
      alarm.arm()
    },
    set(to) {
      clock.advance(to - clock.now())
    },
    freeze(still) {
      const now = clock.now()
      if (frozen && !still) ahead = now - Date.now()
      frozen = still
      alarm.arm()
    },
    stop: alarm.stop,
  }
  return clock
}

type Waiting = { due: number; run: () => void }
type Alarm = { at: SandboxClock['at']; arm(): void; stop(): void }

/** The longest that a timer of the runtime can wait. */
const LONGEST_MS = 2_147_483_647

/** One timer for the earliest: moving the clock only has to arm it anew. `left` tells how long until a time; undefined: it never comes. */
function createAlarm(left: (due: number) => number | undefined): Alarm {
  const waiting = new Set<Waiting>()
  let timer: NodeJS.Timeout | undefined

  function arm(): void {
    clearTimeout(timer)
    if (waiting.size === 0) return
    const wait = left(Math.min(...[...waiting].map(({ due }) => due)))
    if (wait === undefined) return
    timer = setTimeout(wake, Math.min(Math.max(0, wait), LONGEST_MS))
    timer.unref()
  }

  function wake(): void {
    const due = [...waiting].filter((one) => (left(one.due) ?? 1) <= 0).sort((a, b) => a.due - b.due)
    for (const one of due) waiting.delete(one)
    try {
      for (const one of due) one.run()
    } finally {
      arm()
    }
  }

  return {
    arm,
    at(due, run) {
      const one = { due, run }
      waiting.add(one)
      arm()
      return () => {
        if (waiting.delete(one)) arm()
      }
    },
    stop() {
      waiting.clear()
      arm()
    },
  }
}

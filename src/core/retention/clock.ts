/** Whether the clock by which records fall due can be believed. A clock that jumps four years would make everything due at once, and nothing of it is true. */

/** `lastSeen`: the latest instant at which our own tables saw this clock; null: never. `ahead`: by how much a CRM's clock is ahead of ours; null: it did not say. */
export type ClockReading = {
  readonly now: number
  readonly lastSeen: number | null
  readonly crms: readonly { readonly connection: string; readonly ahead: number | null }[]
}
export type ClockFault =
  | { readonly kind: 'clock-backward' | 'clock-forward'; readonly connection: null; readonly byMs: number }
  | { readonly kind: 'clock-disagrees'; readonly connection: string; readonly byMs: number }
  | { readonly kind: 'clock-unread'; readonly connection: string; readonly byMs: 0 }

/** A `Date` header counts in whole seconds, an answer takes its time, and clocks that are kept in time differ by less. */
const clockGraceMs = 5 * 60_000
/** A service notes the clock every day. Whoever works by hand once a month stays below it; who was away for longer confirms the date. */
export const longestStepMs = 35 * 86_400_000

export function clockFaults({ now, lastSeen, crms }: ClockReading): readonly ClockFault[] {
  const step = lastSeen === null ? 0 : now - lastSeen
  return [
    ...(step < -clockGraceMs ? [{ kind: 'clock-backward', connection: null, byMs: -step } as const] : []),
    ...(step > longestStepMs ? [{ kind: 'clock-forward', connection: null, byMs: step } as const] : []),
    ...crms.flatMap(({ connection, ahead }): ClockFault[] => {
      if (ahead === null) return [{ kind: 'clock-unread', connection, byMs: 0 }]
      return Math.abs(ahead) > clockGraceMs ? [{ kind: 'clock-disagrees', connection, byMs: Math.abs(ahead) }] : []
    }),
  ]
}

/** What somebody may confirm: that the date is right although much time has passed. A clock that disagrees with a CRM's is to be mended, not confirmed. */
export function isConfirmable({ kind }: ClockFault): boolean {
  return kind === 'clock-backward' || kind === 'clock-forward'
}

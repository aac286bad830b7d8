/** What a person did last, by the CRM's own fields: it restarts the clock of retention. */
import { emptyDay, noteDay, plausibleDay, unknownDay, type Frame } from './frame.ts'
import { filled } from './text.ts'
import type { ActDay, RawFields } from './judge.ts'
import type { LocalDay } from './time-zone.ts'

export type ActOptions = {
  /** CRM fields of each act of the person. */
  readonly acts: Readonly<Record<string, readonly string[]>>
  /** Acts that the policy counts: an open is none. */
  readonly counted: readonly string[]
  readonly readable: ReadonlySet<string>
  readonly today: number
  readonly localDay: LocalDay
}

/**
 * Epoch day of the latest act; `emptyDay` without any, `unknownDay` when a later one might be hidden. Notes in the frame the day on which an act
 * that lies ahead will count.
 */
export function compileActs({ acts, counted, readable, today, localDay }: ActOptions): (fields: RawFields, frame: Frame | null) => number {
  const names = [...new Set(counted.flatMap((act) => acts[act] ?? []))]
  if (!names.every((name) => readable.has(name))) return () => unknownDay
  return (fields, frame) => {
    let latest = emptyDay
    for (let i = 0; i < names.length; i++) {
      const text = filled(fields[names[i] ?? ''])
      if (text === undefined) return unknownDay
      if (text === null) continue
      const day = plausibleDay(text, localDay)
      if (Number.isNaN(day)) return unknownDay
      // An act that lies ahead has not been done. One day of grace for clocks that disagree.
      if (day > today + 1) {
        if (frame !== null) noteDay(frame, day - 1)
      } else if (day > latest) latest = day
    }
    return latest
  }
}

export function actDayOf(day: number): ActDay {
  return Number.isNaN(day) ? 'unknown' : day === emptyDay ? null : day
}

/** The later of two clocks; what cannot be read might be later than anything. */
export function laterAct(a: ActDay, b: ActDay): ActDay {
  if (a === 'unknown' || b === 'unknown') return 'unknown'
  return a === null ? b : b === null || a > b ? a : b
}

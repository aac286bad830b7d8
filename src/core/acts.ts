/** What a person did last, by the CRM's own fields: it restarts the clock of retention. */
import type { StatementSource } from './consent-facts.ts'
import { emptyDay, noteDay, plausibleDay, unknownDay, type Frame } from './frame.ts'
import { filled } from './text.ts'
import type { ActDay, RawFields } from './judge.ts'
import type { LocalDay } from './time-zone.ts'

export type ActOptions = {
  /** CRM fields of each act of the person. */
  readonly acts: Readonly<Record<string, readonly string[]>>
  /** Acts that the policy counts: an open is none. */
  readonly counted: readonly string[]
  /** Consents of the mapping: one that is proved is an act of the person, too. */
  readonly statements: readonly StatementSource[]
  /** Epoch milliseconds after which nothing can have been said yet. */
  readonly latest: number
  readonly readable: ReadonlySet<string>
  readonly today: number
  readonly localDay: LocalDay
}

/**
 * Epoch day of the latest act; `emptyDay` without any, `unknownDay` when a later one might be hidden. Notes in the frame the day on which an act
 * that lies ahead will count.
 */
export function compileActs(options: ActOptions): (fields: RawFields, frame: Frame | null) => number {
  const { acts, counted, readable, today, localDay } = options
  const latestYes = counted.includes(consentGiven) ? compileYes(options) : () => emptyDay
  const names = [...new Set(counted.flatMap((act) => acts[act] ?? []))]
  if (!names.every((name) => readable.has(name))) return () => unknownDay
  return (fields, frame) => {
    let latest = latestYes(fields)
    if (Number.isNaN(latest)) return unknownDay
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

/** The one act that needs no field of its own. */
export const consentGiven = 'consentGiven'

/** Local day of the newest proved yes. A no is an act as well, and yet no wish to be kept for longer. */
function compileYes({ statements, latest, localDay }: ActOptions): (fields: RawFields) => number {
  const positive = statements.filter((source) => source.provable)
  return (fields) => {
    let newest = -Infinity
    for (let i = 0; i < positive.length; i++) {
      const said = positive[i]?.read(fields, latest)
      if (said === undefined || said === 'strange') return unknownDay
      if (said?.event === 'given' && said.grade === 'proved' && said.at !== null && said.at > newest) newest = said.at
    }
    return newest === -Infinity ? emptyDay : localDay(newest)
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

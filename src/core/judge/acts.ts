/** What a person did last, by the CRM's own fields: it restarts the clock of retention. */
import { laterYes, type StatementSource } from '../consent/facts.ts'
import { emptyDay, noteDay, type Frame } from './frame.ts'
import type { ActDay } from './judge.ts'
import { plausibleDay, unknownDay } from '../time/known-day.ts'
import type { ColumnOf, Row } from '../record/row.ts'
import type { LocalDay } from '../time/time-zone.ts'

export type ActOptions = {
  /** CRM fields of each act of the person. */
  readonly acts: Readonly<Record<string, readonly string[]>>
  /** Acts that the policy counts: an open is none. */
  readonly counted: readonly string[]
  readonly readable: ReadonlySet<string>
  readonly columnOf: ColumnOf
  readonly today: number
  readonly localDay: LocalDay
}

/**
 * Epoch day of the latest act; `emptyDay` without any, `unknownDay` when a later one might be hidden. `yes`: the newest proved consent, which is an act
 * of the person, too (see `latestYes`). Notes in the frame that an act lies ahead, and the day on which it will count.
 */
export function compileActs(options: ActOptions): (row: Row, yes: number, frame: Frame | null) => number {
  const { acts, counted, readable, columnOf, today, localDay } = options
  const countsYes = counted.includes(consentGiven)
  const names = [...new Set(counted.flatMap((act) => acts[act] ?? []))]
  if (!names.every((name) => readable.has(name))) return () => unknownDay
  const columns = names.map(columnOf)
  return (row, yes, frame) => {
    let latest = emptyDay
    if (countsYes && frame?.yesAhead === true) frame.actAhead = true
    if (countsYes && yes !== -Infinity) {
      if (Number.isNaN(yes)) return unknownDay
      latest = localDay(yes)
    }
    for (let i = 0; i < columns.length; i++) {
      const text = row[columns[i] ?? -1]
      if (text === undefined) return unknownDay
      if (text === null) continue
      const day = plausibleDay(text, localDay)
      if (Number.isNaN(day)) return unknownDay
      // An act that lies ahead has not been done. One day of grace for clocks that disagree.
      if (day > today + 1) {
        if (frame !== null) {
          noteDay(frame, day - 1)
          frame.actAhead = true
        }
      } else if (day > latest) latest = day
    }
    return latest
  }
}

/** The one act that needs no field of its own. */
export const consentGiven = 'consentGiven'

/** Epoch milliseconds of the newest proved yes of a record, as `OwnStatements` has it. A no is an act as well, and yet no wish to be kept for longer. */
export function compileLatestYes(statements: readonly StatementSource[], latest: number): (row: Row) => number {
  const provable = statements.filter((source) => source.provable)
  return (row) => {
    let newest = -Infinity
    for (let i = 0; i < provable.length; i++) newest = laterYes(newest, provable[i]?.read(row, latest))
    return newest
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

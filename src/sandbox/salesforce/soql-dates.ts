/** Date literals as ranges of time, in UTC (the calling user's time zone here). Salesforce docs: "Date Formats and Date Literals in WHERE". */
import { DAY } from './text.ts'

/** Half-open, epoch milliseconds. */
export type Range = { from: number; to: number }

const midnight = (ms: number): number => Math.floor(ms / DAY) * DAY

/** The range a literal stands for, or undefined where there is no such literal. Fiscal years are calendar years here. */
export function dateRange(name: string, n: number, now: number): Range | undefined {
  const today = midnight(now)
  const tomorrow = today + DAY
  switch (name) {
    case 'TODAY':
      return { from: today, to: tomorrow }
    case 'YESTERDAY':
      return { from: today - DAY, to: today }
    case 'TOMORROW':
      return { from: tomorrow, to: tomorrow + DAY }
    case 'LAST_N_DAYS':
      return { from: today - n * DAY, to: tomorrow }
    case 'NEXT_N_DAYS':
      return { from: tomorrow, to: tomorrow + n * DAY }
    case 'N_DAYS_AGO':
      return { from: today - n * DAY, to: today - n * DAY + DAY }
    case 'LAST_90_DAYS':
      return { from: today - 90 * DAY, to: tomorrow }
    case 'NEXT_90_DAYS':
      return { from: tomorrow, to: tomorrow + 90 * DAY }
    default:
      return unitRange(name.replace('FISCAL_', ''), n, now)
  }
}

type Unit = 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR'

function unitRange(name: string, n: number, now: number): Range | undefined {
  const single = /^(THIS|LAST|NEXT)_(WEEK|MONTH|QUARTER|YEAR)$/.exec(name)
  if (single !== null) {
    const unit = single[2] as Unit
    const at = single[1] === 'THIS' ? 0 : single[1] === 'LAST' ? -1 : 1
    return { from: unitStart(unit, at, now), to: unitStart(unit, at + 1, now) }
  }
  const several = /^(LAST|NEXT)_N_(WEEK|MONTH|QUARTER|YEAR)S$/.exec(name)
  if (several !== null) {
    const unit = several[2] as Unit
    return several[1] === 'LAST'
      ? { from: unitStart(unit, -n, now), to: unitStart(unit, 0, now) }
      : { from: unitStart(unit, 1, now), to: unitStart(unit, n + 1, now) }
  }
  const ago = /^N_(WEEK|MONTH|QUARTER|YEAR)S_AGO$/.exec(name)
  if (ago === null) return undefined
  const unit = ago[1] as Unit
  return { from: unitStart(unit, -n, now), to: unitStart(unit, 1 - n, now) }
}

/** The first moment of the unit that lies `shift` units from the present one; weeks begin on Sunday. */
function unitStart(unit: Unit, shift: number, now: number): number {
  const date = new Date(now)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  switch (unit) {
    case 'WEEK':
      return midnight(now) - date.getUTCDay() * DAY + shift * 7 * DAY
    case 'MONTH':
      return Date.UTC(year, month + shift, 1)
    case 'QUARTER':
      return Date.UTC(year, (Math.floor(month / 3) + shift) * 3, 1)
    case 'YEAR':
      return Date.UTC(year + shift, 0, 1)
  }
}

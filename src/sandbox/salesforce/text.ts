/** Cells as text: days, times and the JSON of REST answers. */
import type { Cell } from './column.ts'
import type { FieldType } from './schema-object.ts'

export const DAY = 86_400_000
const days = new Map<number, string>()
const DAYS_KEPT = 50_000

/** YYYY-MM-DD of an epoch time in UTC. Cached by day: a result page formats the same few thousand days over and over. */
export function dayText(ms: number): string {
  const day = Math.floor(ms / DAY)
  const known = days.get(day)
  if (known !== undefined) return known
  const made = new Date(day * DAY).toISOString().slice(0, 10)
  if (days.size < DAYS_KEPT) days.set(day, made)
  return made
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n))

/** `2022-03-17T16:21:26.000` plus the zone mark: REST says `+0000`, Bulk says `Z`. */
export function timeText(ms: number, zone: '+0000' | 'Z'): string {
  const rest = ms - Math.floor(ms / DAY) * DAY
  const seconds = Math.floor(rest / 1_000)
  const millis = rest - seconds * 1_000
  const clock = `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return `${dayText(ms)}T${clock}.${millis === 0 ? '000' : String(Math.floor(millis)).padStart(3, '0')}${zone}`
}

/** The JSON value of a cell, as an object member would hold it. */
export function jsonValue(type: FieldType, cell: Cell): Cell {
  if (typeof cell !== 'number') return cell
  if (type === 'date') return dayText(cell)
  if (type === 'datetime') return timeText(cell, '+0000')
  return cell
}

/** A number that JSON writes as it stands here (`60.0`): to typed clients whole numbers are another type. */
export const decimal = (text: string): object => (JSON as unknown as { rawJSON(text: string): object }).rawJSON(text)

/** Parsed so that its numbers are written again as they stand there. */
export function parseExactly(text: string): unknown {
  const asWritten = (_: string, value: unknown, { source }: { source: string }): unknown =>
    typeof value === 'number' ? decimal(source) : value
  return JSON.parse(text, asWritten as (key: string, value: unknown) => unknown)
}

const FRACTIONAL = new Set<FieldType>(['double', 'currency', 'percent'])

/** The JSON text of a cell. unverified: that doubles of ten millions and more have no exponent. */
export function jsonText(type: FieldType, cell: Cell): string {
  if (cell === null) return 'null'
  if (typeof cell === 'string') return type === 'complexvalue' ? cell : JSON.stringify(cell)
  if (typeof cell === 'number') {
    if (type === 'date') return `"${dayText(cell)}"`
    if (type === 'datetime') return `"${timeText(cell, '+0000')}"`
    if (Number.isSafeInteger(cell) && FRACTIONAL.has(type)) return `${cell}.0`
  }
  return String(cell)
}

/** From an instant to the local day at the controller, without a Temporal object per record. */
import { dayMs } from './calendar.ts'

/** Epoch day of an instant (epoch milliseconds). */
export type LocalDay = (ms: number) => number

const from = Date.UTC(1970, 0, 1)
const until = Date.UTC(2100, 0, 1)
const compiled = new Map<string, LocalDay>()

/** Reads the zone's rules once. Before 1970 and after 2100 the nearest known offset holds. Throws on an unknown zone. */
export function localDayIn(timeZone: string): LocalDay {
  const known = compiled.get(timeZone)
  if (known !== undefined) return known
  const starts: number[] = []
  const offsets: number[] = []
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone)
  while (at !== null && at.epochMilliseconds < until) {
    starts.push(at.epochMilliseconds)
    offsets.push(at.offsetNanoseconds / 1e6)
    at = at.getTimeZoneTransition('next')
  }
  const localDay: LocalDay = (ms) => Math.floor((ms + (offsets[lastAtOrBefore(starts, ms)] ?? 0)) / dayMs)
  compiled.set(timeZone, localDay)
  return localDay
}

function lastAtOrBefore(starts: readonly number[], ms: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= ms) low = middle
    else high = middle - 1
  }
  return low
}

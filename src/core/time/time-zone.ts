/** Between instants and local days at the controller, without a Temporal object per record. */
import { dayMs, isoOf } from './calendar.ts'

/** Epoch day of an instant (epoch milliseconds). */
export type LocalDay = (ms: number) => number
/** First instant (epoch milliseconds) of an epoch day. */
export type DayStart = (day: number) => number
/** By instant at which it begins to hold, earliest first: milliseconds to add to UTC. */
type Zone = { readonly starts: readonly number[]; readonly offsets: readonly number[] }

const from = Date.UTC(1970, 0, 1)
const until = Date.UTC(2100, 0, 1)
const zones = new Map<string, Zone>()

/** Before 1970 and after 2100 the nearest known offset holds. Throws on an unknown zone. */
export function localDayIn(timeZone: string): LocalDay {
  const zone = zoneOf(timeZone)
  return (ms) => Math.floor((ms + offsetAt(zone, ms)) / dayMs)
}

/** As Temporal's `startOfDay`: where the clocks skip midnight, the day begins when they have moved. Throws on an unknown zone. */
export function dayStartIn(timeZone: string): DayStart {
  const zone = zoneOf(timeZone)
  return (day) => {
    const midnight = day * dayMs
    const before = offsetAt(zone, midnight - dayMs)
    const early = midnight - before
    const after = offsetAt(zone, early)
    if (after === before) return early
    // The offset changes before this instant: later in summer time, the clocks have skipped midnight; otherwise midnight comes with the new one.
    const late = midnight - after
    return offsetAt(zone, late) === after ? late : (zone.starts[lastAtOrBefore(zone.starts, early)] ?? early)
  }
}

/**
 * The local day (YYYY-MM-DD) of an instant in ISO 8601. A day is one already, and so is midnight in UTC: that is how CRMs give a day. What is no instant keeps
 * what stands before its time.
 */
export function localIsoDay(iso: string, timeZone: string): string {
  const ms = /T(?!00:00:00(?:\.0+)?Z$)/.test(iso) ? Date.parse(iso) : Number.NaN
  return Number.isNaN(ms) ? iso.slice(0, 10) : isoOf(localDayIn(timeZone)(ms))
}

/** Reads the zone's rules once. */
function zoneOf(timeZone: string): Zone {
  const known = zones.get(timeZone)
  if (known !== undefined) return known
  const starts: number[] = []
  const offsets: number[] = []
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone)
  while (at !== null && at.epochMilliseconds < until) {
    starts.push(at.epochMilliseconds)
    offsets.push(at.offsetNanoseconds / 1e6)
    at = at.getTimeZoneTransition('next')
  }
  const zone = { starts, offsets }
  zones.set(timeZone, zone)
  return zone
}

function offsetAt({ starts, offsets }: Zone, ms: number): number {
  return offsets[lastAtOrBefore(starts, ms)] ?? 0
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

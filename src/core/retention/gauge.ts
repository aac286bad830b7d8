/**
 * Whether what people did can still be seen. A field that is emptied, or mapped no more, looks as if nobody had done anything for years: everybody would be due.
 * Records of which a field cannot be read are `unknown` and never due; this is about fields that can be read, and have nothing in them any more.
 */

/** On one day: live records of one object, and those of which an act of the person is known. */
export type Gauge = { readonly at: number; readonly records: number; readonly acted: number }
export type GaugeFault = { readonly kind: 'acts-vanished' | 'acts-never-seen'; readonly before: number; readonly now: number }

/** Below it chance says more than the share does. */
const fewestRecords = 20
const fewestOfNone = 50
/** Before, at least this share had acts; a fall to less than half of it is no ordinary change. */
const leastShare = 0.05
const memoryMs = 90 * 86_400_000

/** `mapped`: the connection maps any act at all. `confirmed`: somebody has said that nobody there ever did anything. */
type Place = { readonly mapped: boolean; readonly confirmed: boolean }

/**
 * `earlier`: in any order, those before somebody confirmed a fall left out. Every sweep adds one, so that to have been seen without an act before says nothing.
 * Null: plausible.
 */
export function gaugeFault(now: Gauge, earlier: readonly Gauge[], { mapped, confirmed }: Place): GaugeFault | null {
  const shareOf = ({ records, acted }: Gauge): number => (records === 0 ? 0 : acted / records)
  const known = earlier.filter(({ at, records }) => at < now.at && now.at - at <= memoryMs && records >= fewestRecords)
  const best = Math.max(0, ...known.map(shareOf))
  const share = shareOf(now)
  if (now.records >= fewestRecords && best >= leastShare && share < best / 2) return { kind: 'acts-vanished', before: best, now: share }
  if (mapped && !confirmed && best === 0 && now.records >= fewestOfNone && now.acted === 0)
    return { kind: 'acts-never-seen', before: 0, now: 0 }
  return null
}

/** What the DPO is told about a request, and when. Nothing here names a person: a request is its number, its right and its day. */
import type { ItemState } from '../erasure/erasure.ts'
import { remindersOf, type Calendar, type Reminder } from './deadline.ts'
import { addDuration, type Duration } from '../policy/duration.ts'
import { isImmediate, isOpen, type Case, type Request } from './request.ts'

/** `identified`: the person has shown that the address is theirs. `waiting`: an approval, for two days. `held-up`: by a CRM, for a day. `failed`: by itself, twice in a row. `damaged`: what is stored of it cannot be read. `not-asked`: no mail can be sent to ask who this is. `clocks-differ`: it was taken down by a clock ahead of ours. `reappeared`: after an erasure. `contradicted`: an erasure under way, by what the person asks for now. `held-since`: a record whose erasure was approved, by what has come up since. `hold-over`: a record was kept, and the last reason for it has ended or is to be looked at. `not-told`: no mail could tell the person that a restriction ends. `recipient-failed`: of another system, which could not be told (art. 19). */
export const alertKinds = [
  'received',
  'identified',
  'not-asked',
  'target',
  'week-left',
  'two-days-left',
  'last-chance-to-extend',
  'last-day',
  'late',
  'waiting',
  'not-proved',
  'held-up',
  'failed',
  'damaged',
  'clocks-differ',
  'reappeared',
  'contradicted',
  'held-since',
  'hold-over',
  'not-told',
  'recipient-failed',
] as const
export type AlertKind = (typeof alertKinds)[number]
/** `event`: what it is about, such as a day or a round: the same is told once. */
export type Alert = { readonly kind: AlertKind; readonly event: string }

const WAITING_MS = 2 * 24 * 3_600_000

/** What time alone makes worth telling now. Of reminders that were missed only the last is: the others would be noise. `waitingSince`: of an approval, epoch milliseconds. */
export function alertsDue(request: Request, waitingSince: number | null, now: number, calendar: Calendar): readonly Alert[] {
  if (request.status === 'none' || !isOpen(request.status)) return []
  const reminder = latestReminder(request, calendar.localDay(now), calendar)
  const waits = waitingSince !== null && now - waitingSince >= WAITING_MS
  return [...(reminder === null ? [] : [reminder]), ...(waits ? [{ kind: 'waiting', event: String(waitingSince) } as const] : [])]
}

/**
 * Of a record that was kept as long as anything holds it: on the day on which nothing does any more, and on that on which somebody is to look whether it still does,
 * every year where its end is not known.
 * Not where its CRM is lost: nobody can erase it there.
 * `today`: epoch day.
 */
export function holdAlerts(items: readonly Kept[], today: number): readonly Alert[] {
  const days = items.filter(isKept).flatMap(({ holds }): string[] => {
    const end = endOf(holds)
    if (end <= today) return [`ended ${end}`]
    return holds
      .filter(({ until, review }) => review <= today && (until ?? Infinity) > today)
      .map(({ until, review }) => `review ${until === null ? latestYear(review, today) : review}`)
  })
  return [...new Set(days)].sort().map((event) => ({ kind: 'hold-over', event }))
}

/** Epoch day on which nothing holds any of them any more; Infinity: nobody knows yet; null: none was kept. */
export function keptUntil(items: readonly Kept[]): number | null {
  const kept = items.filter(isKept)
  return kept.length === 0 ? null : Math.max(...kept.map(({ holds }) => endOf(holds)))
}

type Kept = Pick<ItemState, 'action' | 'holds' | 'trace'>

function isKept({ action, holds, trace }: Kept): boolean {
  return action !== 'erase' && holds.length > 0 && trace !== 'absent' && trace !== 'out-of-reach'
}

function endOf(holds: Kept['holds']): number {
  return Math.max(...holds.map(({ until }) => until ?? Infinity))
}

/** An end that nobody knows is asked for once a year. */
function latestYear(review: number, today: number): number {
  let day = review
  for (let next = addDuration(day, year); next <= today; next = addDuration(next, year)) day = next
  return day
}

const year: Duration = { months: 12, days: 0, hours: 0 }

const LAST_DAYS = 7

/** Of one that cannot be read: its last day stands beside it, an extension does not. Days are epoch days. */
export function alertOfDamaged(lastDay: number, today: number): Alert {
  const event = today > lastDay ? 'late' : lastDay - today <= LAST_DAYS ? 'week-left' : 'noticed'
  return { kind: 'damaged', event }
}

function latestReminder(request: Case, today: number, { isWorking }: Calendar): Alert | null {
  const { deadline } = request
  const extended = request.extended !== null
  const lastDay = extended ? deadline.extendedLastDay : deadline.lastDay
  if (today > lastDay) return { kind: 'late', event: String(lastDay) }
  const due = remindersOf(deadline, extended, isWorking).findLast(({ day }) => day <= today)
  return due === undefined || !concerns(due, request) ? null : { kind: due.kind, event: String(due.day) }
}

/** Nothing is extended of what takes effect at once. */
function concerns({ kind }: Reminder, request: Case): boolean {
  return kind !== 'last-chance-to-extend' || !isImmediate(request)
}

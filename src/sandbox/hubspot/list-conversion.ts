import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import { instant } from './instant.ts'
import { momentOf } from './list-moment.ts'
import { rosterOf } from './list-roster.ts'
import type { RecordList } from './list.ts'
import { findList } from './lists.ts'
import { TIME_ZONE } from './portal.ts'
import type { Portal } from './portal.ts'

const UNITS = { DAY: 'days', WEEK: 'weeks', MONTH: 'months' } as const

/** A dynamic list can become a static one, on a day or once nobody has joined it for so long. */
export function scheduleConversion(portal: Portal, call: Call): Answer {
  const list = converted(portal, call)
  if (list.processingType !== 'DYNAMIC') throw invalidRequest('Only lists with processing type DYNAMIC can be converted')
  const requested = jsonBody(call)
  dueAt(portal, list, requested)
  list.conversion = { requested, convertedAt: null }
  return { status: 200, body: wireConversion(list) }
}

export function getConversion(portal: Portal, call: Call): Answer {
  return { status: 200, body: wireConversion(converted(portal, call)) }
}

export function cancelConversion(portal: Portal, call: Call): Answer {
  converted(portal, call).conversion = null
  return { status: 204 }
}

function converted(portal: Portal, call: Call): RecordList {
  const list = findList(portal, call.parts[0]!)
  convertIfDue(portal, list)
  return list
}

/** unverified: 404 for a list that nothing was planned for. */
function wireConversion({ id, conversion }: RecordList): Record<string, unknown> {
  if (conversion === null) throw notFound()
  const { requested, convertedAt } = conversion
  const done = convertedAt === null ? {} : { convertedAt: instant(convertedAt) }
  return { listId: String(id), requestedConversionTime: requested, ...done }
}

/** Its members stay as they are when its time has come and it is next looked at. */
export function convertIfDue(portal: Portal, list: RecordList): void {
  const { conversion } = list
  if (conversion === null || conversion.convertedAt !== null) return
  const due = dueAt(portal, list, conversion.requested)
  if (due > portal.clock.now()) return
  rosterOf(portal, list)
  list.processingType = 'SNAPSHOT'
  list.version++
  conversion.convertedAt = due
  portal.marketing.changes++
}

/** Throws the 400 for a plan that is none. */
function dueAt(portal: Portal, list: RecordList, requested: Record<string, unknown>): number {
  const { conversionType, timeUnit, offset, ...date } = requested
  if (conversionType === 'CONVERSION_DATE') return momentOf({ ...date, timeType: 'DATE', zoneId: TIME_ZONE }, 0)
  const unit = typeof timeUnit === 'string' && Object.hasOwn(UNITS, timeUnit) ? UNITS[timeUnit as keyof typeof UNITS] : undefined
  if (conversionType !== 'INACTIVITY' || unit === undefined || !Number.isInteger(offset) || Number(offset) < 1 || Number(offset) > 1000) {
    throw invalidRequest('A conversion needs a date, or a unit of time and an offset')
  }
  const { joined, byJoin } = rosterOf(portal, list)
  const last = Math.max(list.filtersUpdatedAt, joined.get(byJoin.at(-1) ?? 0) ?? 0)
  return Temporal.Instant.fromEpochMilliseconds(last)
    .toZonedDateTimeISO(TIME_ZONE)
    .add({ [unit]: Number(offset) }).epochMilliseconds
}

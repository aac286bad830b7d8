/** getUpdated and getDeleted. Salesforce docs: REST API, "Get Updated", "Get Deleted". */
import { DAY, timeText } from './text.ts'
import { Fault } from './fault.ts'
import { json } from './call.ts'
import { LIVE } from './table.ts'
import { readersOf } from './grants.ts'
import type { Call, Reply } from './call.ts'
import type { Table } from './table.ts'

const MINUTE = 60_000
const MOST_IDS = 600_000

export function replicationReply(call: Call, table: Table, kind: 'updated' | 'deleted'): Reply {
  if (!table.object.byName.has('isdeleted')) throw new Fault(400, 'INVALID_TYPE_FOR_OPERATION', `${table.object.name} is not replicateable`)
  const now = call.org.clock.now()
  const start = minuteOf(call.query.get('start'), 'start')
  const end = minuteOf(call.query.get('end'), 'end')
  if (end - start < MINUTE) throw invalidDate('startDate before endDate by more than one minute is required')
  if (start > now) throw invalidDate('startDate cannot be in the future')
  if (start < now - (kind === 'deleted' ? 15 : 30) * DAY)
    throw invalidDate(`startDate cannot be more than ${kind === 'deleted' ? 15 : 30} days ago`)
  const latestDateCovered = timeText(Math.min(end, Math.floor(now / MINUTE) * MINUTE), '+0000')
  return kind === 'deleted' ? deleted(call, table, start, end, latestDateCovered) : updated(table, start, end, latestDateCovered)
}

function deleted(call: Call, table: Table, start: number, end: number, latestDateCovered: string): Reply {
  const deletedRecords = [...table.bin]
    .filter(([, { deletedAt }]) => deletedAt >= start && deletedAt < end)
    .map(([row, { deletedAt }]) => ({ deletedDate: timeText(deletedAt, '+0000'), id: table.ids[row] ?? '' }))
  refuseTooMany(deletedRecords.length)
  const earliestDateAvailable = timeText(Math.floor((call.org.clock.now() - 15 * DAY) / MINUTE) * MINUTE, '+0000')
  return json(200, { deletedRecords, earliestDateAvailable, latestDateCovered })
}

function updated(table: Table, start: number, end: number, latestDateCovered: string): Reply {
  const { SystemModstamp } = readersOf(table, ['SystemModstamp'])
  const ids: string[] = []
  table.stages.forEach((stage, row) => {
    const at = SystemModstamp(row)
    if (stage === LIVE && typeof at === 'number' && at >= start && at < end) ids.push(table.ids[row] ?? '')
  })
  refuseTooMany(ids.length)
  return json(200, { ids, latestDateCovered })
}

function refuseTooMany(count: number): void {
  if (count > MOST_IDS) throw new Fault(400, 'EXCEEDED_ID_LIMIT', `Too many ids in the time span: ${count}`)
}

const invalidDate = (message: string): Fault => new Fault(400, 'INVALID_REPLICATION_DATE', message)

/** Seconds are ignored. */
function minuteOf(text: string | null, name: string): number {
  // A `+` that was not escaped arrives as a blank.
  const time = Date.parse(
    (text ?? '')
      .trim()
      .replace(/ (\d\d:?\d\d)$/, '+$1')
      .replace(/([+-]\d\d)(\d\d)$/, '$1:$2'),
  )
  if (Number.isNaN(time)) throw invalidDate(`${name} is no valid date: ${text ?? ''}`)
  return Math.floor(time / MINUTE) * MINUTE
}

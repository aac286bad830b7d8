/** One change event, down to which records to read again. Salesforce docs: "Change Data Capture", "Change Event Header Fields". */
import { z } from 'zod'
import type { CrmEvent } from '../connector.ts'
import { recordId } from './record-id.ts'

const ChangeEvent = z.object({
  payload: z.object({
    ChangeEventHeader: z.object({
      entityName: z.string(),
      recordIds: z.array(z.string()),
      changeType: z.string(),
      transactionKey: z.string(),
      sequenceNumber: z.number(),
      commitTimestamp: z.number(),
    }),
  }),
  event: z.object({ replayId: z.int() }),
})

/** A gap event says the same without the values, which nobody reads here. */
const kinds: Readonly<Record<string, CrmEvent['kind']>> = {
  CREATE: 'created',
  GAP_CREATE: 'created',
  UPDATE: 'changed',
  GAP_UPDATE: 'changed',
  DELETE: 'deleted',
  GAP_DELETE: 'deleted',
  UNDELETE: 'restored',
  GAP_UNDELETE: 'restored',
}

/**
 * Null where records changed and are not named: an overflow (more than 100,000 changes in a transaction), a wildcard such as `003*`, or an event that
 * cannot be read.
 */
export function eventsOf(data: unknown): { replayId: number; events: CrmEvent[] } | null {
  const parsed = ChangeEvent.safeParse(data)
  if (!parsed.success) return null
  const { ChangeEventHeader: header } = parsed.data.payload
  const kind = Object.hasOwn(kinds, header.changeType) ? kinds[header.changeType]! : undefined
  const ids = header.recordIds.map((id) => recordId(id, null))
  if (kind === undefined || ids.length === 0) return null
  const events: CrmEvent[] = []
  for (const id of ids) {
    if (id === null) return null
    const key = `${header.transactionKey}:${header.sequenceNumber}:${id}`
    events.push({ key, kind, ref: { object: header.entityName, id }, at: header.commitTimestamp })
  }
  return { replayId: parsed.data.event.replayId, events }
}

/** `Contact` → `/data/ContactChangeEvent`, `Visit__c` → `/data/Visit__ChangeEvent`. */
export const channelOf = (object: string): string => `/data/${changeEventOf(object)}`
export const changeEventOf = (object: string): string =>
  object.endsWith('__c') ? `${object.slice(0, -1)}ChangeEvent` : `${object}ChangeEvent`

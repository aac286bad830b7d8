/** The events inside a delivery. HubSpot docs: "Webhooks API: payload". They tell which record to read again; no value of theirs is used. */
import { hash } from 'node:crypto'
import { z } from 'zod'
import type { CrmEvent } from '../connector.ts'

/** HubSpot docs: at most so many events a delivery. */
const eventsMost = 100
/** A genuine delivery is an array of objects, some with a list inside. */
const depthMost = 20

type Id = number | string
/** One check instead of a union that is turned into text: an event is parsed in a tenth of the time. */
const Id = z.custom<Id>((value) =>
  typeof value === 'number' ? Number.isSafeInteger(value) && value >= 0 : typeof value === 'string' && /^\d{1,19}$/.test(value),
)
const TypeId = z.string().regex(/^\d{1,9}-\d{1,15}$/)
const Notification = z.object({
  eventId: Id,
  subscriptionId: Id,
  portalId: Id,
  occurredAt: z.int().min(0).max(8.64e15),
  subscriptionType: z.optional(z.string()),
  /** An old spelling of the same. */
  eventType: z.optional(z.string()),
  objectId: z.nullish(Id),
  objectTypeId: z.nullish(TypeId),
  propertyName: z.nullish(z.string()),
  primaryObjectId: z.nullish(Id),
  mergedObjectIds: z.nullish(z.array(Id).max(1_000)),
  newObjectId: z.nullish(Id),
  associationType: z.nullish(z.string()),
  fromObjectId: z.nullish(Id),
  toObjectId: z.nullish(Id),
  fromObjectTypeId: z.nullish(TypeId),
  toObjectTypeId: z.nullish(TypeId),
})
export type Notification = z.output<typeof Notification>

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The events, null for each without the fields of one; or what is wrong with the body as a whole. */
export function readNotifications(body: Uint8Array): readonly (Notification | null)[] | string {
  if (isDeep(body)) return 'the body is nested too deeply'
  let parsed: unknown
  try {
    parsed = JSON.parse(utf8.decode(body))
  } catch {
    // The parser's own words would quote the body.
    return 'the body is not JSON in UTF-8'
  }
  if (!Array.isArray(parsed)) return 'the body is not a list of events'
  if (parsed.length > eventsMost) return `the body holds more than ${eventsMost} events`
  return parsed.map((one) => Notification.safeParse(one).data ?? null)
}

/** Before the parser sees it: brackets that stand open at once, outside texts. */
function isDeep(body: Uint8Array): boolean {
  let open = 0
  let inText = false
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]!
    if (inText) {
      if (byte === 0x5c) at++
      else if (byte === 0x22) inText = false
    } else if (byte === 0x22) inText = true
    else if (byte === 0x5b || byte === 0x7b) {
      if (++open > depthMost) return true
    } else if (byte === 0x5d || byte === 0x7d) open--
  }
  return false
}

const kinds: Readonly<Record<string, CrmEvent['kind']>> = {
  creation: 'created',
  propertyChange: 'changed',
  deletion: 'deleted',
  privacyDeletion: 'erased',
  merge: 'merged',
  restore: 'restored',
  associationChange: 'associated',
}
/** The words that subscription types and associations use for an object, and its type id. */
const objectNames: Readonly<Record<string, string>> = {
  contact: 'contacts',
  '0-1': 'contacts',
  company: 'companies',
  '0-2': 'companies',
  deal: 'deals',
  '0-3': 'deals',
  ticket: 'tickets',
  '0-5': 'tickets',
  product: 'products',
  '0-7': 'products',
  line_item: 'line_items',
  '0-8': 'line_items',
}

/** One event, several when more than one record has to be read again; none for what is not about a record, such as a conversation. */
export function eventsOf(notification: Notification): CrmEvent[] {
  const [word = '', act = ''] = (notification.subscriptionType ?? notification.eventType ?? '').split('.', 2)
  const kind = own(kinds, act)
  if (kind === undefined) return []
  const typeId = notification.objectTypeId ?? ''
  const object = word === 'object' ? (own(objectNames, typeId) ?? (typeId || undefined)) : own(objectNames, word)
  if (kind === 'associated') {
    const [from, to] = endsOf(notification, object)
    return [
      ...eventOf(notification, from, notification.fromObjectId ?? notification.objectId, kind),
      ...eventOf(notification, to, notification.toObjectId, kind),
    ]
  }
  return kind === 'merged' ? mergeOf(notification, object) : eventOf(notification, object, notification.objectId, kind)
}

/** A merge may make a record of its own: then the one that was kept is gone into it as well. */
function mergeOf(notification: Notification, object: string | undefined): CrmEvent[] {
  const { newObjectId, primaryObjectId, mergedObjectIds, objectId } = notification
  const winner = newObjectId ?? primaryObjectId
  if (winner === null || winner === undefined) return eventOf(notification, object, objectId, 'changed')
  const losers = new Set([...(mergedObjectIds ?? []), ...(primaryObjectId ? [primaryObjectId] : [])].map(String))
  losers.delete(String(winner))
  if (losers.size === 0) return eventOf(notification, object, winner, 'changed')
  return [...losers].flatMap((loser) => eventOf(notification, object, loser, 'merged', String(winner)))
}

function eventOf(
  notification: Notification,
  object: string | undefined,
  given: Id | null | undefined,
  kind: CrmEvent['kind'],
  into?: string,
): CrmEvent[] {
  if (object === undefined || given === null || given === undefined) return []
  const id = String(given)
  const event: CrmEvent = { key: keyOf(notification, object, id), kind, ref: { object, id }, at: notification.occurredAt }
  return [into === undefined ? event : { ...event, into: { object, id: into } }]
}

/** `CONTACT_TO_COMPANY`, or the two type ids of generic events. */
function endsOf({ associationType, fromObjectTypeId, toObjectTypeId }: Notification, object: string | undefined): (string | undefined)[] {
  const words = (associationType ?? '').toLowerCase().split('_to_')
  const named = (word: string | undefined, typeId: string | null | undefined) =>
    typeId ? (own(objectNames, typeId) ?? typeId) : own(objectNames, word ?? '')
  return [named(words[0], fromObjectTypeId) ?? object, named(words[1], toObjectTypeId)]
}

/** `eventId` alone is not unique, and every attempt brings another `attemptNumber`. */
function keyOf(notification: Notification, object: string, id: string): string {
  const { portalId, subscriptionId, eventId, objectId, propertyName, occurredAt } = notification
  const parts = [portalId, subscriptionId, eventId, objectId ?? '', propertyName ?? '', occurredAt, object, id]
  return hash('sha256', JSON.stringify(parts.map(String)), 'base64url')
}

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(table, key) ? table[key] : undefined)

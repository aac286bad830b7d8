/** Reading the journal: `/webhooks-journal/journal/{version}/…`. Source: HubSpot API description, "Webhooks journal" (unverified). */
import { isObject, jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, NoRoute, notFound, Refusal } from './errors.ts'
import { instant } from './instant.ts'
import { valueOf } from './journal.ts'
import type { Journal, JournalFile } from './journal.ts'
import { EVENT_NAMES } from './journal-event.ts'
import type { Portal } from './portal.ts'

/** unverified: how long the address of a file is good. */
const FILE_LIFE_MS = 15 * 60_000
const BATCH_MOST = 100

/** Throws what a portal without the journal answers. */
export function journalOf(portal: Portal): Journal {
  if (!portal.journal.on) throw new NoRoute(404)
  return portal.journal
}

/** What the app may see: nothing when it asks for another portal. */
function filesFor(portal: Portal, call: Call): JournalFile[] {
  const files = journalOf(portal).published()
  const wanted = call.query.get('installPortalId')
  return wanted === null || Number(wanted) === portal.id ? files : []
}

export const readEarliest = (portal: Portal, call: Call): Answer => oneFile(portal, call, filesFor(portal, call)[0])
export const readLatest = (portal: Portal, call: Call): Answer => oneFile(portal, call, filesFor(portal, call).at(-1))
export const readNext = (portal: Portal, call: Call): Answer => oneFile(portal, call, after(filesFor(portal, call), call.parts[0])[0])

export const batchEarliest = (portal: Portal, call: Call): Answer =>
  manyFiles(portal, call, filesFor(portal, call).slice(0, count(call.parts[0])))
export const batchLatest = (portal: Portal, call: Call): Answer =>
  manyFiles(portal, call, filesFor(portal, call).slice(-count(call.parts[0])))
export const batchNext = (portal: Portal, call: Call): Answer =>
  manyFiles(portal, call, after(filesFor(portal, call), call.parts[0]).slice(0, count(call.parts[1])))

/** By offsets; those that are not there make a 207. */
export function batchRead(portal: Portal, call: Call): Answer {
  const { inputs } = jsonBody(call)
  if (!Array.isArray(inputs)) throw invalidRequest('inputs must be a list of offsets')
  const files = filesFor(portal, call)
  const found = inputs.map((offset) => files.find((file) => file.offset === offset)).filter((file) => file !== undefined)
  const missing = inputs.filter((offset) => !files.some((file) => file.offset === offset)).map(String)
  const answer = manyFiles(portal, call, found)
  if (missing.length === 0) return answer
  const error = { status: 'error', category: 'OBJECT_NOT_FOUND', message: 'Some offsets were not found', context: { ids: missing } }
  return { status: 207, body: { ...(answer.body as Record<string, unknown>), numErrors: 1, errors: [error] } }
}

function after(files: JournalFile[], offset: string | undefined): JournalFile[] {
  const place = files.findIndex((file) => file.offset === offset)
  if (place < 0) throw notFound()
  return files.slice(place + 1)
}

function count(text: string | undefined): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > BATCH_MOST) throw invalidRequest(`count must be between 1 and ${BATCH_MOST}`)
  return value
}

/** 204: there is nothing yet. */
function oneFile(portal: Portal, call: Call, file: JournalFile | undefined): Answer {
  return file === undefined ? { status: 204 } : { status: 200, body: wireFile(portal, call, file) }
}

function manyFiles(portal: Portal, call: Call, files: readonly JournalFile[]): Answer {
  const at = instant(portal.clock.now())
  return {
    status: 200,
    body: { status: 'COMPLETE', results: files.map((file) => wireFile(portal, call, file)), startedAt: at, completedAt: at },
  }
}

function wireFile(portal: Portal, { origin }: Call, { offset }: JournalFile): Record<string, unknown> {
  const expiresAt = portal.clock.now() + FILE_LIFE_MS
  return { url: `${origin}/webhooks-journal/files/${offset}?expires=${expiresAt}`, expiresAt: instant(expiresAt), currentOffset: offset }
}

/** The file itself, which needs no credentials until its address dies. */
export function readFile(portal: Portal, call: Call): Answer {
  const file = journalOf(portal)
    .published()
    .find(({ offset }) => offset === call.parts[0])
  if (file === undefined || Number(call.query.get('expires') ?? 0) <= portal.clock.now()) {
    throw new Refusal(403, { message: 'Request has expired', category: 'INVALID_AUTHENTICATION' })
  }
  return { status: 200, body: { offset: file.offset, publishedAt: instant(file.publishedAt), journalEvents: file.events } }
}

/** The state of chosen records, written into the journal as events of their own. */
export function takeSnapshots(portal: Portal, call: Call): Answer {
  const journal = journalOf(portal)
  const { snapshotRequests } = jsonBody(call)
  if (!Array.isArray(snapshotRequests)) throw invalidRequest('snapshotRequests must be a list')
  const accepted = snapshotRequests.map((request) => acceptSnapshot(portal, request))
  const responses = accepted.map(({ objectId, objectTypeId, properties }) => {
    const snapshotStatusId = journal.newId()
    journal.snapshots.set(snapshotStatusId, portal.clock.now())
    const values = properties.map((property) => [property, valueOf(portal, objectTypeId, objectId, property) ?? null])
    const about = { portalId: portal.id, occurredAt: instant(portal.clock.now()), action: 'SNAPSHOT', objectTypeId, objectId }
    journal.add({ type: EVENT_NAMES.SNAPSHOT, ...about, propertyChanges: Object.fromEntries(values) })
    return { portalId: portal.id, objectId, objectTypeId, snapshotStatusId }
  })
  return { status: 200, body: { snapshotResponses: responses } }
}

function acceptSnapshot(portal: Portal, request: unknown): { objectId: number; objectTypeId: string; properties: string[] } {
  if (!isObject(request)) throw invalidRequest('a snapshot request must be an object')
  const { portalId, objectId, objectTypeId, properties } = request
  if (Number(portalId) !== portal.id) throw invalidRequest(`The app is not installed in portal ${String(portalId)}`)
  if (typeof objectTypeId !== 'string' || !Number.isInteger(Number(objectId)))
    throw invalidRequest('objectId and objectTypeId are required')
  if (!Array.isArray(properties)) throw invalidRequest('properties must be a list')
  return { objectId: Number(objectId), objectTypeId, properties: properties.map(String) }
}

export function snapshotStatus(portal: Portal, call: Call): Answer {
  const id = call.parts[0]!
  const at = journalOf(portal).snapshots.get(id)
  if (at === undefined) throw notFound()
  return { status: 200, body: { id, status: 'SUCCESS', initiatedAt: at, completedAt: at } }
}

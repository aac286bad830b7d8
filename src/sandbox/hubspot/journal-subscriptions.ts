/** `/webhooks-journal/subscriptions/{version}`. Source: HubSpot API description, "Webhooks journal" (unverified). */
import { jsonBody, nameList } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import { instant } from './instant.ts'
import type { JournalSubscription } from './journal.ts'
import { ACTIONS } from './journal-event.ts'
import { acceptFilter } from './journal-filter.ts'
import { journalOf } from './journal-routes.ts'
import type { Portal } from './portal.ts'
import { APP_ID } from './webhook-app.ts'

/** Creates one, or changes the one of the same type, object type and portal. */
export function upsertSubscription(portal: Portal, call: Call): Answer {
  const journal = journalOf(portal)
  const wanted = acceptSubscription(portal, jsonBody(call))
  const now = portal.clock.now()
  const same = [...journal.subscriptions.values()].find(
    ({ subscriptionType, objectTypeId }) => subscriptionType === wanted.subscriptionType && objectTypeId === wanted.objectTypeId,
  )
  const id = same?.id ?? journal.nextId++
  const subscription = { id, ...wanted, createdAt: same?.createdAt ?? now, updatedAt: now }
  journal.subscriptions.set(id, subscription)
  journal.changed()
  return { status: 200, body: wire(subscription) }
}

export function listJournalSubscriptions(portal: Portal): Answer {
  return { status: 200, body: { results: [...journalOf(portal).subscriptions.values()].map(wire) } }
}

export function getJournalSubscription(portal: Portal, call: Call): Answer {
  return { status: 200, body: wire(find(portal, call.parts[0])) }
}

export function deleteJournalSubscription(portal: Portal, call: Call): Answer {
  const { id } = find(portal, call.parts[0])
  remove(portal, [id])
  return { status: 204 }
}

export function deletePortalSubscriptions(portal: Portal, call: Call): Answer {
  if (Number(call.parts[0]) === portal.id) remove(portal, [...journalOf(portal).subscriptions.keys()])
  return { status: 204 }
}

function remove(portal: Portal, ids: readonly number[]): void {
  const journal = journalOf(portal)
  for (const id of ids) journal.subscriptions.delete(id)
  for (const { id, subscriptionId } of journal.filters.values()) if (ids.includes(subscriptionId)) journal.filters.delete(id)
  journal.changed()
}

export function createFilter(portal: Portal, call: Call): Answer {
  const { filter, subscriptionId } = jsonBody(call)
  const journal = journalOf(portal)
  const subscription = find(portal, String(subscriptionId))
  const made = { id: journal.nextId++, subscriptionId: subscription.id, filter: acceptFilter(filter), createdAt: portal.clock.now() }
  journal.filters.set(made.id, made)
  return { status: 200, body: { filterId: made.id } }
}

export function getFilter(portal: Portal, call: Call): Answer {
  const found = journalOf(portal).filters.get(Number(call.parts[0]))
  if (found === undefined) throw notFound()
  return { status: 200, body: { id: found.id, filter: found.filter, createdAt: found.createdAt } }
}

export function listFilters(portal: Portal, call: Call): Answer {
  const { id: subscription } = find(portal, call.parts[0])
  const found = [...journalOf(portal).filters.values()].filter(({ subscriptionId }) => subscriptionId === subscription)
  return { status: 200, body: found.map(({ id, filter, createdAt }) => ({ id, filter, createdAt })) }
}

export function deleteFilter(portal: Portal, call: Call): Answer {
  if (!journalOf(portal).filters.delete(Number(call.parts[0]))) throw notFound()
  return { status: 204 }
}

function find(portal: Portal, id: string | undefined): JournalSubscription {
  const subscription = journalOf(portal).subscriptions.get(Number(id))
  if (subscription === undefined) throw notFound()
  return subscription
}

function acceptSubscription(portal: Portal, body: Record<string, unknown>): Omit<JournalSubscription, 'id' | 'createdAt' | 'updatedAt'> {
  const { subscriptionType, objectTypeId, portalId, objectIds = [] } = body
  const known = typeof subscriptionType === 'string' && Object.hasOwn(ACTIONS, subscriptionType) ? ACTIONS[subscriptionType]! : undefined
  if (known === undefined) throw invalidRequest(`subscriptionType must be one of ${Object.keys(ACTIONS).join(', ')}`)
  const actions = nameList(body.actions, 'actions')
  const other = actions.find((action) => !known.includes(action))
  if (actions.length === 0 || other !== undefined) throw invalidRequest(`actions of ${String(subscriptionType)} are ${known.join(', ')}`)
  if (Number(portalId) !== portal.id) throw invalidRequest(`The app is not installed in portal ${String(portalId)}`)
  const ofObjects = ['OBJECT', 'ASSOCIATION', 'GDPR_PRIVACY_DELETION'].includes(String(subscriptionType))
  if (ofObjects && typeof objectTypeId !== 'string') throw invalidRequest('objectTypeId is required')
  if (!Array.isArray(objectIds) || objectIds.some((id) => !Number.isInteger(Number(id))))
    throw invalidRequest('objectIds must be a list of ids')
  return {
    subscriptionType: String(subscriptionType),
    actions,
    objectTypeId: typeof objectTypeId === 'string' ? objectTypeId : null,
    portalId: portal.id,
    properties: nameList(body.properties, 'properties'),
    objectIds: objectIds.map(Number),
  }
}

function wire({ createdAt, updatedAt, objectTypeId, ...rest }: JournalSubscription): Record<string, unknown> {
  const typed = objectTypeId === null ? {} : { objectTypeId }
  return { ...rest, ...typed, appId: APP_ID, createdAt: instant(createdAt), updatedAt: instant(updatedAt) }
}

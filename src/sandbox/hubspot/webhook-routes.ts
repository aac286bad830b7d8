/** `/webhooks/v3/{appId}/…` and its date-based twin. Source: HubSpot docs, "Webhooks API". */
import { isObject, jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, noAuthentication, notFound, Refusal } from './errors.ts'
import { instant } from './instant.ts'
import type { Portal } from './portal.ts'
import { DEVELOPER_KEY, SUBSCRIPTIONS_MOST } from './webhook-app.ts'
import type { App, Subscription, Target } from './webhook-app.ts'
import { acceptSubscription, acceptThrottling, acceptUrl } from './webhook-input.ts'

/** unverified: the answer to deleting settings that are not there. */
const DELETED_STATUS = 204

export function getSettings(portal: Portal, call: Call): Answer {
  const { target } = appOf(portal, call)
  if (target === null) throw notFound()
  return { status: 200, body: wireTarget(target) }
}

export function putSettings(portal: Portal, call: Call): Answer {
  const app = appOf(portal, call)
  const { targetUrl, throttling } = jsonBody(call)
  const now = portal.clock.now()
  const url = acceptUrl(targetUrl, portal.webhooks.behaviour.httpsOnly)
  const { most, period } = acceptThrottling(throttling)
  const createdAt = app.target?.createdAt ?? now
  app.target = { url, maxConcurrentRequests: most, period, createdAt, updatedAt: now }
  portal.webhooks.changed()
  return { status: 200, body: wireTarget(app.target) }
}

/** Subscriptions stay and rest until there is a target again. */
export function deleteSettings(portal: Portal, call: Call): Answer {
  appOf(portal, call).target = null
  portal.webhooks.changed()
  return { status: DELETED_STATUS }
}

export function listSubscriptions(portal: Portal, call: Call): Answer {
  return { status: 200, body: { results: [...appOf(portal, call).subscriptions.values()].map(wireSubscription) } }
}

export function createSubscription(portal: Portal, call: Call): Answer {
  const app = appOf(portal, call)
  const body = jsonBody(call)
  const accepted = acceptSubscription(body)
  if (app.subscriptions.size >= SUBSCRIPTIONS_MOST)
    throw invalidRequest(`An app can have at most ${SUBSCRIPTIONS_MOST} webhook subscriptions`)
  const now = portal.clock.now()
  const subscription: Subscription = { id: portal.webhooks.nextSubscription++, ...accepted, createdAt: now, updatedAt: now }
  app.subscriptions.set(subscription.id, subscription)
  portal.webhooks.changed()
  return { status: 201, body: wireSubscription(subscription) }
}

export function getSubscription(portal: Portal, call: Call): Answer {
  return { status: 200, body: wireSubscription(subscriptionOf(appOf(portal, call), call.parts[1])) }
}

export function updateSubscription(portal: Portal, call: Call): Answer {
  const subscription = subscriptionOf(appOf(portal, call), call.parts[1])
  const { active } = jsonBody(call)
  if (active !== undefined && typeof active !== 'boolean') throw invalidRequest('active must be true or false')
  setActive(portal, subscription, active ?? subscription.active)
  return { status: 200, body: wireSubscription(subscription) }
}

export function deleteSubscription(portal: Portal, call: Call): Answer {
  const app = appOf(portal, call)
  app.subscriptions.delete(subscriptionOf(app, call.parts[1]).id)
  portal.webhooks.changed()
  return { status: 204 }
}

/** Ids that are not there make a 207; the others are changed. */
export function updateSubscriptions(portal: Portal, call: Call): Answer {
  const app = appOf(portal, call)
  const { inputs } = jsonBody(call)
  if (!Array.isArray(inputs)) throw invalidRequest('inputs must be an array')
  const startedAt = instant(portal.clock.now())
  for (const input of inputs) {
    if (!isObject(input) || !isId(input.id) || typeof input.active !== 'boolean') throw invalidRequest('every input needs id and active')
  }
  const results: Subscription[] = []
  const missing: string[] = []
  for (const { id, active } of inputs as { id: number | string; active: boolean }[]) {
    const subscription = app.subscriptions.get(Number(id))
    if (subscription === undefined) missing.push(String(id))
    else results.push(setActive(portal, subscription, active))
  }
  const answer = { status: 'COMPLETE', results: results.map(wireSubscription), startedAt, completedAt: instant(portal.clock.now()) }
  if (missing.length === 0) return { status: 200, body: answer }
  const error = { status: 'error', category: 'OBJECT_NOT_FOUND', message: 'Could not find some subscriptions', context: { ids: missing } }
  return { status: 207, body: { ...answer, numErrors: 1, errors: [error] } }
}

function isId(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d{1,15}$/.test(value))
}

function setActive(portal: Portal, subscription: Subscription, active: boolean): Subscription {
  subscription.active = active
  subscription.updatedAt = portal.clock.now()
  portal.webhooks.changed()
  return subscription
}

/** Who holds the developer key may configure the app. Private apps are configured on HubSpot's screens: their token is refused here. */
function appOf(portal: Portal, call: Call): App {
  const key = call.query.get('hapikey')
  if (key === null) throw noAuthentication()
  if (key !== DEVELOPER_KEY) {
    const message = 'The API key provided is invalid. View or manage your API key here: https://app.hubspot.com/l/api-key/'
    throw new Refusal(401, { message, category: 'INVALID_AUTHENTICATION' })
  }
  // unverified: the answer for an app that belongs to somebody else.
  const app = portal.webhooks.apps.get(Number(call.parts[0]))
  if (app === undefined) throw notFound()
  return app
}

function subscriptionOf(app: App, id: string | undefined): Subscription {
  const subscription = app.subscriptions.get(Number(id))
  if (subscription === undefined) throw notFound()
  return subscription
}

function wireTarget({ url, maxConcurrentRequests, period, createdAt, updatedAt }: Target): Record<string, unknown> {
  const throttling = { ...(period === null ? {} : { period }), maxConcurrentRequests }
  return { targetUrl: url, throttling, createdAt: instant(createdAt), ...(updatedAt === null ? {} : { updatedAt: instant(updatedAt) }) }
}

function wireSubscription(subscription: Subscription): Record<string, unknown> {
  const { id, eventType, propertyName, objectTypeId, eventTypeName, active, createdAt, updatedAt } = subscription
  const named = Object.entries({ propertyName, objectTypeId, eventTypeName }).filter(([, value]) => value !== null)
  return {
    id: String(id),
    eventType,
    ...Object.fromEntries(named),
    active,
    createdAt: instant(createdAt),
    ...(updatedAt === null ? {} : { updatedAt: instant(updatedAt) }),
  }
}

/**
 * `/email/public/v1/subscriptions`: choices in their first form, which HubSpot's reference still describes as legacy, and whose timeline
 * connectors in production read (singer-io/tap-hubspot, airbytehq/airbyte). Source: HubSpot docs, "Marketing subscriptions v1".
 */
import { isObject, jsonBody, numberParam } from './call.ts'
import type { Answer, Call } from './call.ts'
import { requireAddress } from './contact.ts'
import { invalidRequest } from './errors.ts'
import type { Portal } from './portal.ts'
import { choose, effective, optOutOfAll, preferenceOf } from './preferences.ts'
import { readGrounds, requireDefinition } from './subscription-input.ts'
import { optOutTimeline } from './subscription-timeline.ts'
import type { Definition, Grounds } from './subscription.ts'

/** As the later versions name whoever wrote through this API. */
const SOURCE = 'Public API'

/** unverified: the members of a definition; the reference shows none. */
export function definitionsV1(portal: Portal): Answer {
  const subscriptionDefinitions = portal.marketing.definitions.map(({ id, name, description, isActive, isInternal }) => ({
    id,
    portalId: portal.id,
    name,
    description,
    active: isActive,
    internal: isInternal,
  }))
  return { status: 200, body: { subscriptionDefinitions } }
}

/** unverified: the members of one choice (`optState`, `updatedAt`). What nobody has chosen is left out, as the reference says. */
export function statusV1(portal: Portal, call: Call): Answer {
  const email = requireAddress(call.parts[0])
  const preference = preferenceOf(portal, email)
  const subscribed = preference.portal === null
  const subscriptionStatuses = [...preference.choices].map(([id, { status, at, grounds }]) => ({
    id,
    updatedAt: at,
    subscribed: status === 'SUBSCRIBED',
    optState: status === 'SUBSCRIBED' ? 'OPT_IN' : 'OPT_OUT',
    ...grounds,
  }))
  const status = subscribed ? 'subscribed' : 'unsubscribed'
  const body = { subscribed, markedAsSpam: false, portalId: portal.id, bounced: false, email, subscriptionStatuses, status }
  return { status: 200, body }
}

type Wish = { definition: Definition; status: 'SUBSCRIBED' | 'UNSUBSCRIBED'; grounds: Grounds }

/** "There is no undo": whoever has left is not subscribed again. unverified: that such a wish is refused, in the words of version 3. */
export function updateV1(portal: Portal, call: Call): Answer {
  const email = requireAddress(call.parts[0])
  const body = jsonBody(call)
  const { subscriptionStatuses = [], unsubscribeFromAll } = body
  if (!Array.isArray(subscriptionStatuses)) throw invalidRequest('subscriptionStatuses must be an array of objects')
  const wishes = subscriptionStatuses.map((wish) => readWish(portal, wish))
  for (const { definition, status } of wishes) {
    if (status === 'SUBSCRIBED' && effective(preferenceOf(portal, email), definition).status === 'UNSUBSCRIBED')
      throw invalidRequest(`Subscription ${definition.id} for ${email} cannot be updated because they have unsubscribed`)
  }
  for (const { definition, status, grounds } of wishes) choose(portal, email, definition, { status, source: SOURCE, grounds })
  if (unsubscribeFromAll === true) optOutOfAll(portal, email, SOURCE)
  return { status: 200, body: { status: 'ok' } }
}

function readWish(portal: Portal, wish: unknown): Wish {
  if (!isObject(wish)) throw invalidRequest('subscriptionStatuses must be an array of objects')
  const definition = requireDefinition(portal, wish.id)
  const subscribed = wish.subscribed ?? (wish.optState === 'OPT_IN' ? true : wish.optState === 'OPT_OUT' ? false : undefined)
  if (typeof subscribed !== 'boolean') throw invalidRequest('subscribed must be true or false')
  const status = subscribed ? 'SUBSCRIBED' : 'UNSUBSCRIBED'
  return { definition, status, grounds: readGrounds(portal, wish, status) }
}

const PAGE = 100
const PAGE_MOST = 1_000

/** unverified: the sizes of a page, and what an offset from elsewhere is told. */
export function timelineV1(portal: Portal, call: Call): Answer {
  const limit = numberParam(call.query, 'limit', PAGE, PAGE_MOST)
  const from = offsetOf(call.query.get('offset'))
  const [start, end] = [moment(call, 'startTimestamp', 0), moment(call, 'endTimestamp', Infinity)]
  const kind = call.query.get('changeType')
  const items = optOutTimeline(portal, start, end)
    .map((item) => ({ ...item, changes: item.changes.filter(({ changeType }) => kind === null || changeType === kind) }))
    .filter(({ changes }) => changes.length > 0)
  const to = from + limit
  const offset = Buffer.from(`t${Math.min(to, items.length)}`).toString('base64url')
  return { status: 200, body: { hasMore: to < items.length, offset, timeline: items.slice(from, to) } }
}

function moment(call: Call, name: string, fallback: number): number {
  const text = call.query.get(name)
  if (text === null || text === '') return fallback
  if (!/^\d{1,15}$/.test(text)) throw invalidRequest(`Invalid value for query parameter ${name}: milliseconds are expected`)
  return Number(text)
}

function offsetOf(text: string | null): number {
  if (text === null || text === '') return 0
  const place = /^t(\d{1,9})$/.exec(Buffer.from(text, 'base64url').toString('latin1'))?.[1]
  if (place === undefined) throw invalidRequest('Invalid value for query parameter offset')
  return Number(place)
}

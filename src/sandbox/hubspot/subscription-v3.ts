import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { requireAddress } from './contact.ts'
import { invalidRequest } from './errors.ts'
import { instant } from './instant.ts'
import type { Portal } from './portal.ts'
import { activeDefinitions, choose, effective, preferenceOf } from './preferences.ts'
import { missingAttributes, readGrounds, requireDefinition } from './subscription-input.ts'
import type { Definition } from './subscription.ts'

/** As the history of a choice names whoever wrote it through this API. */
const SOURCE = 'Public API'

export function listDefinitions(portal: Portal): Answer {
  return { status: 200, body: { subscriptionDefinitions: portal.marketing.definitions.map((known) => wireDefinition(portal, known)) } }
}

export function wireDefinition(portal: Portal, definition: Definition): Record<string, unknown> {
  const { id, businessUnitId, createdAt, updatedAt, ...rest } = definition
  const brand = portal.marketing.settings.brands ? { businessUnitId } : {}
  return { id: String(id), ...rest, ...brand, createdAt: instant(createdAt), updatedAt: instant(updatedAt) }
}

export function emailStatus(portal: Portal, call: Call): Answer {
  const email = requireAddress(call.parts[0])
  const subscriptionStatuses = activeDefinitions(portal).map((definition) => wireStatus(portal, email, definition))
  return { status: 200, body: { recipient: email, subscriptionStatuses } }
}

/** unverified: that somebody who has chosen nothing is NOT_SUBSCRIBED here, which knows two states only. */
function wireStatus(portal: Portal, email: string, definition: Definition): Record<string, unknown> {
  const { status, level, grounds } = effective(preferenceOf(portal, email), definition)
  return {
    id: String(definition.id),
    name: definition.name,
    description: definition.description,
    status: status === 'SUBSCRIBED' ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED',
    sourceOfStatus: level,
    ...(portal.marketing.settings.brands ? { brandId: definition.businessUnitId } : {}),
    preferenceGroupName: definition.purpose,
    ...grounds,
  }
}

/** Joining for whoever has not left: this version never subscribes somebody again. */
export function subscribe(portal: Portal, call: Call): Answer {
  return write(portal, call, 'SUBSCRIBED', false)
}

/** The date-based versions have a call of its own for it. */
export function resubscribe(portal: Portal, call: Call): Answer {
  return write(portal, call, 'SUBSCRIBED', true)
}

export function unsubscribe(portal: Portal, call: Call): Answer {
  return write(portal, call, 'UNSUBSCRIBED', false)
}

function write(portal: Portal, call: Call, wanted: 'SUBSCRIBED' | 'UNSUBSCRIBED', again: boolean): Answer {
  const body = jsonBody(call)
  const missing = ['emailAddress', 'subscriptionId'].filter((name) => body[name] === undefined || body[name] === null)
  if (missing.length > 0) throw missingAttributes('PublicUpdateSubscriptionStatusRequest', missing)
  const email = requireAddress(body.emailAddress)
  const definition = requireDefinition(portal, body.subscriptionId)
  const grounds = readGrounds(portal, body, wanted)
  const { status } = effective(preferenceOf(portal, email), definition)
  // The three texts are those of the live API.
  if (status === wanted)
    throw invalidRequest(
      `${email} is already ${wanted.toLowerCase()} ${wanted === 'SUBSCRIBED' ? 'to' : 'from'} subscription ${definition.id}`,
    )
  if (wanted === 'SUBSCRIBED' && status === 'UNSUBSCRIBED' && !again) {
    throw invalidRequest(`Subscription ${definition.id} for ${email} cannot be updated because they have unsubscribed`)
  }
  choose(portal, email, definition, { status: wanted, source: SOURCE, grounds })
  return { status: 200, body: wireStatus(portal, email, definition) }
}

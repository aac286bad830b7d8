import { createHash } from 'node:crypto'
import { flagParam, jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { parseAddress, requireAddress } from './contact.ts'
import { invalidRequest } from './errors.ts'
import { instant } from './instant.ts'
import type { Portal } from './portal.ts'
import { activeDefinitions, choose, effective, optOutOfAll, preferenceOf } from './preferences.ts'
import {
  brandParam,
  inputsOf,
  missingAttributes,
  objectInputsOf,
  readGrounds,
  readState,
  requireChannel,
  requireDefinition,
} from './subscription-input.ts'
import type { Definition } from './subscription.ts'
import { wireDefinition } from './subscription-v3.ts'

const SOURCE = 'Public API'
/** As the live API names what undoes an opt-out. */
const RESUBSCRIBED = 'Self Service Resubscription'

type Reason = 'NO_STATUS_CHANGE' | 'REQUESTED_CHANGE_OCCURRED' | 'RESUBSCRIBE_OCCURRED' | 'UNSUBSCRIBE_FROM_ALL_OCCURRED'

function complete(portal: Portal, results: unknown[], errors: unknown[] = [], partial = 207): Answer {
  const startedAt = instant(portal.clock.now())
  const body = { status: 'COMPLETE', results, startedAt, completedAt: startedAt }
  if (errors.length === 0) return { status: 200, body }
  return { status: partial, body: { ...body, numErrors: errors.length, errors } }
}

export function definitionsV4(portal: Portal, call: Call): Answer {
  const brand = brandParam(portal, call)
  const translated = flagParam(call.query, 'includeTranslations') ? { subscriptionTranslations: [] } : {}
  const shown = portal.marketing.definitions.filter(({ businessUnitId }) => brand === undefined || businessUnitId === brand)
  return complete(
    portal,
    shown.map((definition) => ({ ...wireDefinition(portal, definition), ...translated })),
  )
}

export function readStatuses(portal: Portal, call: Call): Answer {
  requireChannel(call.query.get('channel'))
  return complete(portal, statusesOf(portal, requireAddress(call.parts[0]), brandParam(portal, call)))
}

function statusesOf(portal: Portal, email: string, brand?: number, reason?: Reason): Record<string, unknown>[] {
  return activeDefinitions(portal, brand).map((definition) => wireStatus(portal, email, definition, reason))
}

function wireStatus(portal: Portal, email: string, definition: Definition, reason?: Reason): Record<string, unknown> {
  const { status, source, at, grounds } = effective(preferenceOf(portal, email), definition)
  return {
    channel: 'EMAIL',
    subscriberIdString: email,
    subscriptionId: definition.id,
    subscriptionName: definition.name,
    status,
    source,
    timestamp: instant(at === 0 ? definition.createdAt : at),
    ...(portal.marketing.settings.brands ? { businessUnitId: definition.businessUnitId } : {}),
    ...grounds,
    ...(reason === undefined ? {} : { setStatusSuccessReason: reason }),
  }
}

/** Any change between the three states, also back to subscribed. */
export function writeStatus(portal: Portal, call: Call): Answer {
  return complete(portal, [accept(portal, requireAddress(call.parts[0]), jsonBody(call))()])
}

/** Checks a change and returns what makes it, so that a batch is refused before any of it happens. */
function accept(portal: Portal, email: string, body: Record<string, unknown>): () => Record<string, unknown> {
  const missing = ['subscriptionId', 'statusState', 'channel'].filter((name) => body[name] === undefined || body[name] === null)
  if (missing.length > 0) throw missingAttributes('PublicStatusRequest', missing)
  requireChannel(body.channel)
  const definition = requireDefinition(portal, body.subscriptionId)
  const status = readState(body.statusState)
  const grounds = readGrounds(portal, body, status)
  return () => {
    const before = effective(preferenceOf(portal, email), definition).status
    if (before === status) return wireStatus(portal, email, definition, 'NO_STATUS_CHANGE')
    const again = before === 'UNSUBSCRIBED' && status === 'SUBSCRIBED'
    choose(portal, email, definition, { status, source: again ? RESUBSCRIBED : SOURCE, grounds })
    return wireStatus(portal, email, definition, again ? 'RESUBSCRIBE_OCCURRED' : 'REQUESTED_CHANGE_OCCURRED')
  }
}

export function readWide(portal: Portal, call: Call): Answer {
  requireChannel(call.query.get('channel'))
  return complete(portal, wideStatuses(portal, requireAddress(call.parts[0]), brandParam(portal, call)))
}

/** Empty for whoever has not opted out of everything. */
function wideStatuses(portal: Portal, email: string, brand?: number): Record<string, unknown>[] {
  const { portal: all, brands } = preferenceOf(portal, email)
  const common = { status: 'UNSUBSCRIBED', channel: 'EMAIL', subscriberIdString: email }
  const wide = all === null ? [] : [{ wideStatusType: 'PORTAL_WIDE', ...common, timestamp: instant(all.at) }]
  const ofBrands = [...brands].filter(([id]) => brand === undefined || id === brand)
  return [
    ...wide,
    ...ofBrands.map(([id, { at }]) => ({ wideStatusType: 'BUSINESS_UNIT_WIDE', ...common, businessUnitId: id, timestamp: instant(at) })),
  ]
}

export function writeWide(portal: Portal, call: Call): Answer {
  requireChannel(call.query.get('channel'))
  return complete(portal, leave(portal, call, requireAddress(call.parts[0])))
}

/** unverified: that opting out a second time is no error. */
function leave(portal: Portal, call: Call, email: string): Record<string, unknown>[] {
  const brand = brandParam(portal, call)
  const changed = optOutOfAll(portal, email, SOURCE, brand === 0 ? undefined : brand)
  if (!flagParam(call.query, 'verbose')) return []
  return statusesOf(portal, email, brand, changed ? 'UNSUBSCRIBE_FROM_ALL_OCCURRED' : 'NO_STATUS_CHANGE')
}

export function batchReadStatuses(portal: Portal, call: Call): Answer {
  const brand = brandParam(portal, call)
  return batchRead(portal, call, (subscriberIdString) => ({
    subscriberIdString,
    statuses: statusesOf(portal, subscriberIdString, brand),
  }))
}

export function batchReadWide(portal: Portal, call: Call): Answer {
  const brand = brandParam(portal, call)
  return batchRead(portal, call, (subscriberIdString) => ({
    subscriberIdString,
    wideStatuses: wideStatuses(portal, subscriberIdString, brand),
  }))
}

/** What is no address is an error of its own. */
function batchRead(portal: Portal, call: Call, read: (email: string) => unknown): Answer {
  requireChannel(call.query.get('channel'))
  const inputs = inputsOf(jsonBody(call))
  const results: unknown[] = []
  const wrong: string[] = []
  for (const input of inputs) {
    const email = parseAddress(input)
    if (email === undefined) wrong.push(String(input).slice(0, 200))
    else results.push(read(email))
  }
  const message = 'Some inputs are not valid email addresses'
  const errors =
    wrong.length === 0 ? [] : [{ status: 'error', category: 'VALIDATION_ERROR', message, context: { subscriberIdString: wrong } }]
  return complete(portal, results, errors, call.dialect === '2026-09' ? 200 : 207)
}

export function batchWriteStatuses(portal: Portal, call: Call): Answer {
  const accepted = objectInputsOf(jsonBody(call)).map((input) => {
    if (input.subscriberIdString === undefined) throw missingAttributes('PublicStatusRequest', ['subscriberIdString'])
    return accept(portal, requireAddress(input.subscriberIdString), input)
  })
  return complete(
    portal,
    accepted.map((change) => change()),
  )
}

export function batchWriteWide(portal: Portal, call: Call): Answer {
  requireChannel(call.query.get('channel'))
  const emails = inputsOf(jsonBody(call)).map(requireAddress)
  const verbose = flagParam(call.query, 'verbose')
  const results = emails.map((subscriberIdString) => {
    const statuses = leave(portal, call, subscriberIdString)
    return verbose ? { subscriberIdString, statuses } : { subscriberIdString }
  })
  return complete(portal, results)
}

/** Addresses of the pages on which a person chooses; they lead nowhere here. */
export function generateLinks(portal: Portal, call: Call): Answer {
  requireChannel(call.query.get('channel'))
  brandParam(portal, call)
  const { subscriberIdString, subscriptionId } = jsonBody(call)
  if (subscriberIdString === undefined || subscriberIdString === null)
    throw missingAttributes('LinkGenerationRequest', ['subscriberIdString'])
  const email = requireAddress(subscriberIdString)
  const definition = subscriptionId === undefined || subscriptionId === null ? undefined : requireDefinition(portal, subscriptionId)
  const token = createHash('sha256').update(`${portal.id}:${email}`).digest('base64url')
  const start = 'https://preferences.sandbox.example/hs/preferences-center/en'
  const single =
    definition === undefined ? {} : { unsubscribeSingleUrl: `${start}/unsubscribe?data=${token}&subscriptionId=${definition.id}` }
  if (email.length > 254) throw invalidRequest('subscriberIdString is too long')
  return {
    status: 200,
    body: {
      subscriberIdString: email,
      managePreferencesUrl: `${start}/page?data=${token}`,
      unsubscribeAllUrl: `${start}/unsubscribe-all?data=${token}`,
      ...single,
    },
  }
}

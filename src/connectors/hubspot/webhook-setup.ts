/**
 * Tells an app of HubSpot's where to deliver, and what. Only apps of a developer account have an API for it; private apps and projects are set up on
 * HubSpot's screens or in the project's files.
 */
import type { WebhookRequest, WebhookStep } from '../connector.ts'
import type { HubspotClient } from './client.ts'
import type { WebhookSettings } from './settings.ts'
import { webhookApi, type Done, type WebhookApi } from './webhook-api.ts'
import { wantedSubscriptions, type WantedSubscription } from './webhook-subscriptions.ts'

/** HubSpot docs: at most so many subscriptions an app. */
const subscriptionsMost = 1_000

export async function provisionWebhooks(
  client: HubspotClient,
  { appId, developerKey }: WebhookSettings,
  request: WebhookRequest,
  signal: AbortSignal,
): Promise<readonly WebhookStep[]> {
  signal.throwIfAborted()
  if (appId === undefined || developerKey === undefined) return byHand(request)
  const api = webhookApi(client, { id: appId, key: developerKey })
  const target = await targetStep(api, request, signal)
  // An app that delivers to somebody else is not ours to subscribe with.
  return target.outcome === 'refused' ? [target] : [target, ...(await subscriptionSteps(api, request, signal))]
}

async function targetStep(api: WebhookApi, { url, dryRun }: WebhookRequest, signal: AbortSignal): Promise<WebhookStep> {
  const name = 'target'
  const present = await api.target(signal)
  if (present === url) return { name, outcome: 'present', message: url }
  if (present !== null) {
    const host = URL.canParse(present) ? new URL(present).host : 'another address'
    const message = `the app delivers to ${host}; an app has one address: delete it in HubSpot if nobody needs it, or use an app of its own`
    return { name, outcome: 'refused', message }
  }
  return dryRun ? { name, outcome: 'to-create', message: url } : outcomeOf(name, url, await api.deliverTo(url, signal))
}

async function subscriptionSteps(api: WebhookApi, { objects, dryRun }: WebhookRequest, signal: AbortSignal): Promise<WebhookStep[]> {
  const present = new Map((await api.subscriptions(signal)).map((one) => [nameOf(one), one]))
  const wanted = wantedSubscriptions(objects)
  const missing = wanted.filter((one) => !present.has(nameOf(one))).length
  if (present.size + missing > subscriptionsMost) {
    const message = `${missing} more would make more than ${subscriptionsMost}; delete some of the app's other subscriptions`
    return [{ name: 'subscriptions', outcome: 'refused', message }]
  }
  const steps: WebhookStep[] = []
  for (const one of wanted) {
    const name = nameOf(one)
    const found = present.get(name)
    if (found?.active) steps.push({ name, outcome: 'present', message: 'active' })
    else if (dryRun)
      steps.push({ name, outcome: 'to-create', message: found ? 'there, but paused: to be activated' : 'to be subscribed to' })
    else if (found) steps.push(outcomeOf(name, 'activated', await api.activate(found.id, signal)))
    else steps.push(outcomeOf(name, 'subscribed', await api.subscribe(one, signal)))
  }
  return steps
}

const nameOf = ({ eventType, objectTypeId, propertyName }: { [K in keyof WantedSubscription]?: string | null | undefined }): string =>
  [eventType, objectTypeId, propertyName].filter(Boolean).join(' ')

function outcomeOf(name: string, message: string, result: Done): WebhookStep {
  return 'done' in result
    ? { name, outcome: 'created', message }
    : { name, outcome: 'refused', message: `HubSpot refuses it (${result.refused})` }
}

function byHand({ url, objects }: WebhookRequest): WebhookStep[] {
  const wanted = wantedSubscriptions(objects)
  const step = (name: string, message: string): WebhookStep => ({ name, outcome: 'by-hand', message })
  const types = [...new Set(wanted.map(({ eventType, objectTypeId }) => nameOf({ eventType, objectTypeId })))]
  const properties = [...new Set(wanted.flatMap(({ propertyName }) => propertyName ?? []))]
  return [
    step('target', `in HubSpot, open the app, then "Webhooks", and enter this target URL: ${url}`),
    step('subscriptions', `there, create and activate subscriptions to ${types.join(', ')}`),
    step('properties', `the property changes to subscribe to: ${properties.join(', ')}`),
    step('secret', 'copy the client secret of the app ("Auth") to where webhooks.secrets of connections.yaml reads it'),
  ]
}

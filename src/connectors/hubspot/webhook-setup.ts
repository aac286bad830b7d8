/**
 * Tells an app of HubSpot's where to deliver, and what. HubSpot docs: "Webhooks API". Only apps of a developer account have this API, under the
 * account's own key; private apps and projects are set up on HubSpot's screens or in the project's files.
 */
import type { WebhookRequest, WebhookStep } from '../connector.ts'
import type { HubspotClient } from './client.ts'
import type { WebhookSettings } from './settings.ts'
import { wantedSubscriptions } from './webhook-subscriptions.ts'

export async function provisionWebhooks(
  client: HubspotClient,
  settings: WebhookSettings,
  request: WebhookRequest,
  signal: AbortSignal,
): Promise<readonly WebhookStep[]> {
  signal.throwIfAborted()
  return byHand(request)
}

function byHand({ url, objects }: WebhookRequest): WebhookStep[] {
  const wanted = wantedSubscriptions(objects)
  const step = (name: string, message: string): WebhookStep => ({ name, outcome: 'by-hand', message })
  const types = [...new Set(wanted.map(({ eventType }) => eventType))]
  const properties = wanted.flatMap(({ propertyName }) => propertyName ?? [])
  return [
    step('target', `open the app in HubSpot, then "Webhooks", and enter this target URL: ${url}`),
    step('subscriptions', `create and activate subscriptions to ${types.join(', ')}`),
    step('properties', `the changes of properties to subscribe to: ${properties.join(', ')}`),
    step('secret', 'copy the client secret of the app ("Auth") into the environment, where webhooks.secrets of connections.yaml reads it'),
  ]
}

/** Has one CRM tell this service of changes. */
import { ConnectorError, type WebhookStep } from '../../connectors/connector.ts'
import { mappedFields } from '../../core/record/mapped-fields.ts'
import type { Linked } from '../sweep/prepare.ts'

export type Subscribed = { connection: string; steps: readonly WebhookStep[]; error?: ConnectorError }

/** `url`: the public address of the connection's route. */
export async function subscribe(linked: Linked, url: string, dryRun: boolean, signal: AbortSignal): Promise<Subscribed> {
  const { name, connector } = linked
  if (connector.webhooks === undefined) {
    const message = 'add "webhooks" to the settings of this connection in connections.yaml, as in the file that ships with Accord'
    return { connection: name, steps: [{ name: 'settings', outcome: 'by-hand', message }] }
  }
  const objects = linked.objects.map((mapping) => ({ object: mapping.object, fields: mappedFields(mapping) }))
  try {
    return { connection: name, steps: await connector.webhooks.provision({ url, objects, dryRun }, signal) }
  } catch (error) {
    if (error instanceof ConnectorError) return { connection: name, steps: [], error }
    throw error
  }
}

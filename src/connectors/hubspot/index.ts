/** HubSpot behind the port. */
import type { Connector, ConnectorDefinition, Deps } from '../connector.ts'
import { accessOf } from './access.ts'
import { batchSize } from './batch-read.ts'
import { check, portalOf } from './check.ts'
import { hubspotClient } from './client.ts'
import { describe } from './describe.ts'
import { erasureOf } from './erasure.ts'
import { get } from './get.ts'
import { provision } from './provision.ts'
import { read } from './read.ts'
import { grantOf, HubspotSettings } from './settings.ts'
import { provisionWebhooks } from './webhook-setup.ts'
import { openDelivery } from './webhooks.ts'
import { write } from './write.ts'

/** HubSpot's clock is read off the Date header, which counts in whole seconds; and one request takes its time. */
const clockGrainMs = 1_200

/** Asked for side by side: what is read again comes in long lists, of which each batch would otherwise wait for the one before. */
const batchesPerGet = 5

export const hubspot: ConnectorDefinition<typeof HubspotSettings> = { crm: 'hubspot', settings: HubspotSettings, connect }

function connect(id: string, settings: HubspotSettings, deps: Deps): Connector {
  const client = hubspotClient(settings, deps)
  const { webhooks } = settings
  return {
    id,
    limits: { patchesPerWrite: batchSize, idsPerGet: batchesPerGet * batchSize, settleMs: settings.indexLagMs + clockGrainMs },
    usage: client.usage,
    clock: client.clock,
    account: (signal) => portalOf(client, signal),
    grant: grantOf(settings),
    check: (needs, signal) => check(client, needs, signal),
    describe: (objects, signal) => describe(client, objects, signal),
    read: (request, signal) => read(client, request, signal),
    get: (request, signal) => get(client, request, signal),
    write: (patches, signal) => write(client, patches, signal),
    provision: (request, signal) => provision(client, request, signal),
    ...(webhooks && {
      webhooks: {
        open: (delivery) => openDelivery({ settings: webhooks, deps }, delivery),
        provision: (request, signal) => provisionWebhooks(client, webhooks, request, signal),
      },
    }),
    erasure: erasureOf(client),
    access: accessOf(client),
    close: async () => client.close(),
  }
}

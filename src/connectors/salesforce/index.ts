/** Salesforce behind the port: Contact, Lead and any other object, through REST, Bulk 2.0 and Tooling. */
import type { Connector, ConnectorDefinition, ObjectSchema } from '../connector.ts'
import { accessOf } from './access.ts'
import { check } from './check.ts'
import { createClient } from './client.ts'
import { accessTo, consentSchemas } from './consent-access.ts'
import { erasureOf } from './erasure.ts'
import { get, IDS_PER_GET } from './get.ts'
import type { Org } from './org.ts'
import { provision } from './provision.ts'
import { read } from './read.ts'
import { recordId } from './record-id.ts'
import { createSchemas, objectSchema } from './schema.ts'
import { Settings } from './settings.ts'
import { listen } from './stream.ts'
import { provisionWebhooks } from './webhook-setup.ts'
import { openMessage } from './webhooks.ts'
import { PATCHES_PER_WRITE, write } from './write.ts'

export const salesforce: ConnectorDefinition<typeof Settings> = {
  crm: 'salesforce',
  settings: Settings,
  connect(id, settings, deps): Connector {
    const client = createClient(settings, deps)
    const schemas = createSchemas(client, deps)
    const { webhooks } = settings
    const org: Org = { settings, deps, client, schemas }
    return {
      id,
      // SOQL shows a write at once. Waiting out a short look-back spares the next delta some rows, a long one is not worth it: 2,000 rows are one call.
      limits: { patchesPerWrite: PATCHES_PER_WRITE, idsPerGet: IDS_PER_GET, settleMs: Math.min(settings.lookbackMs, 5_000) + 1_000 },
      usage: client.usage,
      clock: client.clock,
      account: async (signal) => (await client.access(signal)).organisation,
      check: (needs, signal) => check(org, needs, signal),
      async describe(objects, signal, named = []) {
        schemas.forget()
        return Promise.all(objects.map((object) => describe(org, object, named, signal)))
      },
      read: (request, signal) => read(org, request, signal),
      get: (request, signal) => get(org, request, signal),
      write: (patches, signal) => write(org, patches, signal),
      provision: (request, signal) => provision(org, request, signal),
      canonicalId: (id) => recordId(id, null) ?? id,
      ...(webhooks && {
        webhooks: {
          open: (delivery) => openMessage(webhooks, deps.now(), delivery),
          provision: (request, signal) => provisionWebhooks(org, webhooks, request, signal),
        },
      }),
      ...(webhooks?.stream && { stream: { listen: (request, signal) => listen(org, request, signal) } }),
      erasure: erasureOf(org),
      access: accessOf(org),
      close: async () => client.close(),
    }
  },
}

async function describe(org: Org, object: string, named: readonly string[], signal: AbortSignal): Promise<ObjectSchema> {
  const info = await org.schemas.demand(object, signal)
  const { fields } = objectSchema(info)
  return { object: info.object, fields: [...fields, ...consentSchemas(await accessTo(org, info, named, signal))] }
}

/** What a portal is set up with so that it tells the service of changes: by plain calls of HubSpot's public API. */
import { once } from 'node:events'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const webhookSecret = 'sandbox-secret'
const shipped = fileURLToPath(new URL('../config', import.meta.url))
const PROPERTIES = [
  'consent_newsletter_email',
  'consent_newsletter_email_date',
  'consent_newsletter_email_text',
  'email',
  'hs_email_optout',
]
const RECORD_EVENTS = ['contact.creation', 'contact.deletion', 'contact.privacyDeletion', 'contact.merge', 'contact.restore']

/** What the shipped configuration takes from the environment to believe the sandbox's deliveries. */
export function webhookEnv(publicUrl: string): Record<string, string> {
  return { ACCORD_PUBLIC_URL: publicUrl, HUBSPOT_WEBHOOK_SECRET: webhookSecret, HUBSPOT_PORTAL_ID: '4400001' }
}

/** The shipped configuration, set up for webhooks. */
export async function writeWebhookConfig(dir: string): Promise<void> {
  await cp(shipped, dir, { recursive: true })
  const file = join(dir, 'connections.yaml')
  const yaml = await readFile(file, 'utf8')
  const lag = 'indexLagMs: "${HUBSPOT_INDEX_LAG_MS:-30000}"\n'
  if (!yaml.includes('webhooks:'))
    await writeFile(file, yaml.replace(lag, `${lag}      webhooks: {secrets: [${webhookSecret}], portalId: "4400001"}\n`))
}

export async function subscribe(hubspot: string, target: string): Promise<void> {
  const ask = async (method: string, path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${hubspot}/webhooks/v3/4400101${path}?hapikey=sandbox-developer-key`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  await ask('PUT', '/settings', { targetUrl: target, throttling: { maxConcurrentRequests: 10 } })
  for (const eventType of RECORD_EVENTS) await ask('POST', '/subscriptions', { eventType, active: true })
  for (const propertyName of PROPERTIES)
    await ask('POST', '/subscriptions', { eventType: 'contact.propertyChange', propertyName, active: true })
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

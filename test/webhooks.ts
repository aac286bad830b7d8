/** What a portal is set up with so that it tells the service of changes: by plain calls of HubSpot's public API. */
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

export const webhookSecret = 'sandbox-secret'
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

/**
 * For whoever must know a port before, or between, the processes that listen at it: below those that systems hand out by themselves (RFC 6335; from 32,768 on
 * Linux), so that nobody else gets it while it is free.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

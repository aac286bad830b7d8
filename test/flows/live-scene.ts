/** The service as it runs day and night, beside the two sandbox CRMs that tell it of changes. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { startService, type Role, type Service } from '../../src/service.ts'
import { readSettings } from '../../src/settings.ts'
import { stage, type Scene, type StageOptions } from './scene.ts'
import { shippedConfig } from './world.ts'

export type LiveScene = {
  scene: Scene
  config: string
  /** Where the service listens. */
  url: string
  start: (role?: Role) => Promise<Service>
  /** Until nothing is left to be done. */
  quiet: () => Promise<void>
  close: () => Promise<void>
}

const EVERY_MAPPED = [
  'consent_newsletter_email',
  'consent_newsletter_email_date',
  'consent_newsletter_email_text',
  'email',
  'hs_email_optout',
]

/** Swept once, and subscribed to what the CRMs tell. */
export async function stageLive(options: StageOptions, more: Readonly<Record<string, string>> = {}): Promise<LiveScene> {
  const scene = await stage(options)
  const config = await mkdtemp(join(tmpdir(), 'accord-live-'))
  await cp(shippedConfig, config, { recursive: true })
  const file = join(config, 'connections.yaml')
  const lag = 'indexLagMs: "${HUBSPOT_INDEX_LAG_MS:-30000}"\n'
  const yaml = await readFile(file, 'utf8')
  if (!yaml.includes('webhooks:'))
    await writeFile(file, yaml.replace(lag, `${lag}      webhooks: {secrets: [sandbox-secret], portalId: "4400001"}\n`))
  await scene.sweep()
  await scene.leave()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  await subscribe(scene, url)
  const env = {
    ...scene.env,
    ACCORD_LOG_LEVEL: 'silent',
    ACCORD_PUBLIC_URL: url,
    HUBSPOT_WEBHOOK_SECRET: 'sandbox-secret',
    HUBSPOT_PORTAL_ID: '4400001',
    ...more,
  }
  const services: Service[] = []
  return {
    scene,
    config,
    url,
    start: async (role = 'all') => {
      // One address for what hears; workers need none that anybody knows.
      const settings = readSettings({ ...env, ACCORD_PORT: role === 'worker' ? '0' : String(port) }, { data: scene.dir, config })
      const service = await startService(settings, role)
      services.push(service)
      return service
    },
    quiet: async () => {
      await scene.until(async () => {
        const text = await (await fetch(`${url}/metrics`)).text()
        const waiting = text.matchAll(/^accord_(?:waiting_\w+|lag_seconds|jobs)\{(?!queue="dead")[^}]*\} (\S+)$/gm)
        return [...waiting].every(([, count]) => Number(count) === 0)
      })
    },
    close: async () => {
      for (const service of services.splice(0)) await service.close()
      await scene.close()
      await rm(config, { recursive: true, force: true })
    },
  }
}

async function subscribe({ sandbox }: Scene, url: string): Promise<void> {
  const app = `${sandbox.hubspot}/webhooks/v3/4400101`
  const ask = async (method: string, path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${app}${path}?hapikey=sandbox-developer-key`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  await ask('PUT', '/settings', { targetUrl: `${url}/webhooks/hubspot`, throttling: { maxConcurrentRequests: 10 } })
  for (const eventType of ['contact.creation', 'contact.deletion', 'contact.privacyDeletion', 'contact.merge', 'contact.restore'])
    await ask('POST', '/subscriptions', { eventType, active: true })
  for (const propertyName of EVERY_MAPPED)
    await ask('POST', '/subscriptions', { eventType: 'contact.propertyChange', propertyName, active: true })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** The same forgeries against the service itself, on a database: what it answers, and what stands in its inbox afterwards. */
import { Agent, request } from 'node:http'
import { sql } from 'kysely'
import { startService } from '../../src/service.ts'
import { readSettings } from '../../src/settings.ts'
import { openDatabase } from '../../src/store/database.ts'
import { stage } from '../flows/scene.ts'
import { shippedConfig } from '../flows/world.ts'
import { freshDatabase, startPostgres } from '../postgres.ts'
import { forgeries, genuine, portalId, publicUrl, secrets, type Signed } from './forgery-deliveries.ts'
import { message, notification } from '../connectors/salesforce/outbound-messages.ts'
import { randomFrom, type Random } from './random.ts'

const pathSecrets = ['tU3k-Pq9_z0aBcDeFgHiJkLm', 'an-older-secret-0123456789'] as const
const organizationId = '00D000000000001EAA'
const atOnce = 16

type Sent = { what: string; delivery: Signed; wanted: 'taken' | 'refused' }

export async function forgeOverHttp(options: { seed: number; forged: number; say: (line: string) => void }): Promise<{
  trials: number
  violations: string[]
}> {
  return whileListening(1, ([url], database) => attack(url!, database, options))
}

/** So many processes' worth of service that hear, on one Postgres, and nothing that takes the events away before they are counted. */
export async function whileListening<T>(replicas: number, work: (urls: readonly string[], database: string) => Promise<T>): Promise<T> {
  const postgres = await startPostgres()
  const database = await freshDatabase(postgres.url)
  const scene = await stage({ database, world: {} })
  const services: Awaited<ReturnType<typeof startService>>[] = []
  try {
    await scene.sweep()
    await scene.leave()
    const env = {
      ...scene.env,
      ACCORD_LOG_LEVEL: 'silent',
      ACCORD_PORT: '0',
      ACCORD_PUBLIC_URL: publicUrl,
      HUBSPOT_WEBHOOK_SECRET: secrets[0],
      HUBSPOT_WEBHOOK_SECRET_OLD: secrets[1],
      HUBSPOT_PORTAL_ID: String(portalId),
      SALESFORCE_WEBHOOK_SECRET: pathSecrets[0],
      SALESFORCE_WEBHOOK_SECRET_OLD: pathSecrets[1],
      SALESFORCE_ORGANIZATION_ID: organizationId,
    }
    for (let one = 0; one < replicas; one++)
      services.push(await startService(readSettings(env, { data: scene.dir, config: shippedConfig }), 'web'))
    return await work(
      services.map(({ url }) => url),
      database,
    )
  } finally {
    for (const service of services) await service.close()
    await scene.close()
    await postgres.stop()
  }
}

async function attack(
  url: string,
  database: string,
  { seed, forged, say }: Parameters<typeof forgeOverHttp>[0],
): Promise<{ trials: number; violations: string[] }> {
  const random = randomFrom(seed)
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const violations: string[] = []
  const statuses = new Map<number, number>()
  const send = async ({ what, delivery, wanted }: Sent): Promise<void> => {
    const status = await statusOf(url, agent, delivery)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (wanted === 'taken' ? status !== 200 : status < 400 || status > 499) violations.push(`over HTTP, ${what}: ${status}`)
  }
  try {
    await inParallel(forged, (trial) => send(forgedOne(trial, random)))
    const heard = await inbox(database)
    if (heard !== 0) violations.push(`${heard} forged events stand in the inbox`)
    const good = Math.max(100, forged / 20)
    await inParallel(good, (trial) => send(genuineOne(trial, random)))
    if ((await inbox(database)) === 0) violations.push('no genuine event stands in the inbox')
    say(
      `over HTTP: ${[...statuses]
        .toSorted(([a], [b]) => a - b)
        .map(([status, count]) => `${count} × ${status}`)
        .join(', ')}`,
    )
    return { trials: forged + good, violations }
  } finally {
    agent.destroy()
  }
}

export async function inbox(url: string): Promise<number> {
  const { db, close } = await openDatabase({ url, dir: '', log: () => undefined })
  try {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from inbox`.execute(db)
    return rows[0]!.count
  } finally {
    await close()
  }
}

const onWire = Object.entries(forgeries).filter(([, { wire }]) => wire !== false)

function forgedOne(trial: number, random: Random): Sent {
  if (trial % 20 === 0) return { what: 'an outbound message', delivery: forgedMessage(random), wanted: 'refused' }
  const [what, { make }] = onWire[trial % onWire.length]!
  const delivery = make(genuine(random, Date.now() - 1_000), random)
  // Node writes methods in capitals, so that these two would be the genuine one.
  return {
    what,
    delivery: { ...delivery, method: /^(post)?$/i.test(delivery.method) && delivery.method !== 'POST' ? 'PUT' : delivery.method },
    wanted: 'refused',
  }
}

function genuineOne(trial: number, random: Random): Sent {
  if (trial % 2 === 0) return { what: 'a genuine delivery', delivery: genuine(random, Date.now() - 1_000), wanted: 'taken' }
  const delivery = outbound(`/webhooks/salesforce/${pathSecrets[random(2)]}`, message(notification(random(9_999)), organizationId))
  return { what: 'a genuine outbound message', delivery, wanted: 'taken' }
}

function forgedMessage(random: Random): Signed {
  const body = message(notification(random(9_999)), organizationId)
  const [secret] = pathSecrets
  const wrong = [secret.slice(1), `${secret}x`, secret.toLowerCase(), '', 'undefined', encodeURIComponent(`${secret} `), secrets[0]]
  const at = (end: string) => `/webhooks/salesforce${end}`
  const choices = [
    ...wrong.map((end) => outbound(at(`/${end}`), body)),
    outbound(at(''), body),
    outbound(at(`?secret=${secret}`), body),
    outbound(`/webhooks/hubspot/${secret}`, body),
    outbound(at(`/${secret}`), message(notification(1), '00D000000000002EAA')),
    outbound(at(`/${secret}`), body.replace('?>', '?><!DOCTYPE a [<!ENTITY b "c">]>')),
    outbound(at(`/${secret}`), body.slice(0, random(body.length))),
    { ...outbound(at(`/${secret}`), body), headers: { 'content-type': 'application/json' } },
  ]
  return choices[random(choices.length)]!
}

const outbound = (path: string, body: string): Signed => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
  body: Buffer.from(body),
})

export function statusOf(url: string, agent: Agent, { method, path, headers, body }: Signed): Promise<number> {
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)) as Record<string, string | string[]>
  return new Promise((resolve, reject) => {
    const call = request(url, { agent, method, path, headers: { ...given, 'content-length': String(body.length) } }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
      response.once('error', reject)
    })
    call.once('error', reject)
    call.end(body)
  })
}

export async function inParallel(count: number, work: (trial: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

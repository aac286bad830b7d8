/** kill -9 of the service under a load of deliveries: every event that was acknowledged is in the inbox. And a database that goes away is a 503, soon. */
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from '../../src/store/database.ts'
import { freshDatabase, startOwnPostgres, type OwnPostgres } from '../postgres.ts'
import { startServing } from '../service-process.ts'
import { freePort, webhookEnv } from '../webhooks.ts'
import type { Proof } from './proof.ts'
import { randomFrom } from './random.ts'
import { deliver, startSender } from './sender.ts'

/** Nobody answers there: what the service asks of its CRMs fails, and must not matter. */
const NOWHERE = {
  HUBSPOT_API_URL: 'http://127.0.0.1:9',
  HUBSPOT_TOKEN: 'none',
  SALESFORCE_LOGIN_URL: 'http://127.0.0.1:9',
  SALESFORCE_CLIENT_ID: 'none',
  SALESFORCE_CLIENT_SECRET: 'none',
}
/** The sender is told to come back within this time. */
const SOON_MS = 2_000
/** A service that has started takes its first delivery well within this. */
const FIRST_MS = 10_000

export const webhookKill: Proof = async ({ short, seed, say }) => {
  const random = randomFrom(seed)
  const violations: string[] = []
  const root = await mkdtemp(join(tmpdir(), 'accord-webhook-kill-'))
  const server = await startOwnPostgres()
  try {
    const kills = short ? { postgres: 4, embedded: 1 } : { postgres: 80, embedded: 20 }
    const database = await freshDatabase(server.url)
    violations.push(...(await killUnderLoad(join(root, 'postgres'), database, kills.postgres, random, say)))
    violations.push(...(await killUnderLoad(join(root, 'embedded'), null, kills.embedded, random, say)))
    violations.push(...(await databaseAway(join(root, 'away'), server, await freshDatabase(server.url), say)))
    return { trials: kills.postgres + kills.embedded + 1, violations }
  } finally {
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

async function killUnderLoad(
  dir: string,
  database: string | null,
  kills: number,
  random: (below: number) => number,
  say: (line: string) => void,
): Promise<string[]> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...NOWHERE,
    ...webhookEnv(url),
    ACCORD_DATA: dir,
    ACCORD_PORT: String(port),
    ...(database ? { DATABASE_URL: database } : {}),
  }
  const role = database ? ['--role', 'web'] : []
  // A hundred and twenty-five deliveries of four events each: five hundred events a second.
  const sender = startSender({ url, publicUrl: url, lanes: 16, rate: 125, events: 4, from: 1 })
  let loaded = 0
  for (let kill = 1; kill <= kills; kill++) {
    const service = await startServing(role, env)
    const before = sender.acknowledged.size
    for (const late = performance.now() + FIRST_MS; sender.acknowledged.size === before && performance.now() < late;) await pause(5)
    await pause(random(1_000))
    if (sender.acknowledged.size > before) loaded++
    await service.kill()
  }
  await sender.stop()
  const kind = database ? 'postgres' : 'embedded'
  const kept = await idsInInbox(dir, database)
  const lost = [...sender.acknowledged].filter((id) => !kept.has(id))
  const wrong = [...sender.answers].filter(([status]) => status >= 400 && status < 500)
  say(
    `${kind}: ${loaded} kills of ${kills} under load, ${sender.acknowledged.size} events acknowledged, ${lost.length} missing; answers ${JSON.stringify([...sender.answers])}`,
  )
  return [
    ...(loaded < kills ? [`${kind}: ${kills - loaded} services took nothing`] : []),
    ...lost.map((id) => `${kind}: event ${id} was acknowledged and is not there`),
    ...wrong.map(([status, count]) => `${kind}: ${count} genuine deliveries were answered ${status}`),
  ]
}

async function idsInInbox(dir: string, database: string | null): Promise<Set<number>> {
  const opened = await openDatabase({ url: database ?? undefined, dir, log: () => undefined })
  try {
    const { rows } = await opened.pool.query<{ id: string }>('select id from inbox')
    return new Set(rows.map((row) => Number(row.id)))
  } finally {
    await opened.close()
  }
}

/** While the server is down genuine deliveries are answered 503 within two seconds, and soon after it is back 200, by the same process. */
async function databaseAway(dir: string, server: OwnPostgres, database: string, say: (line: string) => void): Promise<string[]> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { ...NOWHERE, ...webhookEnv(url), ACCORD_DATA: dir, ACCORD_PORT: String(port), DATABASE_URL: database }
  const service = await startServing(['--role', 'web'], env)
  const agent = new Agent({ keepAlive: true })
  let id = 0
  const once = async (): Promise<{ status: number; ms: number }> => {
    const started = performance.now()
    const status = await deliver(agent, url, url, [++id])
    return { status, ms: performance.now() - started }
  }
  try {
    const before = await once()
    await server.halt()
    const during = await Promise.all(Array.from({ length: 20 }, async (_, index) => pause(index * 100).then(once)))
    await server.resume()
    const after = await untilStored(once)
    const slowest = Math.max(...during.map(({ ms }) => ms))
    say(
      `database away: ${during.length} answers, the slowest after ${Math.round(slowest)} ms; stored again after ${after ?? 'no'} attempts`,
    )
    return [
      ...(before.status === 200 ? [] : [`before: ${before.status}`]),
      ...during.filter(({ status }) => status !== 503).map(({ status }) => `database away: answered ${status}`),
      ...(slowest > SOON_MS ? [`database away: an answer took ${Math.round(slowest)} ms`] : []),
      ...(after === null ? ['database back: nothing was stored any more'] : []),
      ...(service.child.exitCode === null ? [] : ['the service ended with its database']),
    ]
  } finally {
    agent.destroy()
    await service.kill()
  }
}

async function untilStored(once: () => Promise<{ status: number }>): Promise<number | null> {
  for (let attempt = 1; attempt <= 100; attempt++) {
    if ((await once()).status === 200) return attempt
    await pause(100)
  }
  return null
}

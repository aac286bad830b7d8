/**
 * All that a Postgres does to its clients, one after the other and under deliveries: no process ends, no acknowledged event is lost, and soon after each trouble
 * everything goes on at the rate from before.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { startSandbox } from '../../src/sandbox/server.ts'
import { openDatabase } from '../../src/store/database.ts'
import { verifyLedger } from '../../src/store/ledger.ts'
import { asAdmin, freshDatabase, startOwnPostgres, type OwnPostgres } from '../postgres.ts'
import { runCommand, startServing, type ServiceProcess } from '../service-process.ts'
import { freePort } from '../webhooks.ts'
import { isDone, prepareStage } from './live-stage.ts'
import type { Proof } from './proof.ts'
import { randomFrom, type Random } from './random.ts'
import { startSender, type Sender } from './sender.ts'

/** Deliveries a second to each replica, of four events. */
const RATE = 30
const GOAL = 0.95
const SOON_MS = 30_000
const PATIENCE_MS = 120_000

export const databaseFaults: Proof = async ({ short, seed, say }) => {
  const root = await mkdtemp(join(tmpdir(), 'accord-faults-'))
  const server = await startOwnPostgres({ durable: false })
  const sandbox = await startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, rateLimit: false, people: 20, seed })
  try {
    const stage = await prepareStage(sandbox, server, root, say)
    const url = await freshDatabase(server.url)
    await runCommand(['provision'], stage.env(url))
    await runCommand(['sweep'], stage.env(url))
    const crew = await startCrew(stage.env(url), [stage.port, await freePort()])
    const trouble: Trouble = { server, url, crew, random: randomFrom(seed), lastsMs: short ? 3_000 : 60_000 }
    const violations: string[] = []
    try {
      violations.push(...(await endureAll(trouble, say)))
      violations.push(...(await lost(trouble, say)))
    } finally {
      violations.push(...(await crew.stop()))
    }
    return { trials: faults.length, violations }
  } finally {
    await sandbox.close()
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

type Trouble = { server: OwnPostgres; url: string; crew: Crew; random: Random; lastsMs: number }
type Fault = { name: string; run: (trouble: Trouble) => Promise<void> }

/** Each lasts about as long as it is told to, and leaves a server that works. */
const faults: readonly Fault[] = [
  {
    name: 'three immediate restarts',
    run: async ({ server, lastsMs }) => {
      for (let restart = 0; restart < 3; restart++) {
        await server.halt('SIGQUIT')
        await pause(lastsMs / 6)
        await server.resume()
        await pause(lastsMs / 6)
      }
    },
  },
  {
    name: 'two connections ended a second',
    run: async (trouble) => {
      for (let ended = 0; ended < trouble.lastsMs / 500; ended++) {
        const pid = await someBackend(trouble)
        if (pid !== null) await asAdmin(trouble.server.url, (admin) => admin.query('select pg_terminate_backend($1)', [pid]))
        await pause(500)
      }
    },
  },
  { name: 'no connection left', run: takeAllConnections },
  {
    name: 'a backend killed, and with it all others',
    run: async (trouble) => {
      for (let crash = 0; crash < 3; crash++) {
        const pid = await someBackend(trouble)
        if (pid !== null) process.kill(pid, 'SIGKILL')
        await pause(trouble.lastsMs / 3)
        await untilAnswering(trouble.server)
      }
    },
  },
  {
    name: 'replicas killed in turn',
    run: async ({ crew, lastsMs, random }) => {
      const kills = Math.max(2, Math.round(lastsMs / 5_000))
      for (let kill = 0; kill < kills; kill++) {
        await pause(random(lastsMs / kills))
        await crew.kill(kill % 2)
      }
    },
  },
]

async function endureAll(trouble: Trouble, say: (line: string) => void): Promise<string[]> {
  const { crew } = trouble
  await pause(1_000)
  const calm = await rateOver(crew.senders, 3_000)
  const violations: string[] = []
  for (const { name, run } of faults) {
    await run(trouble)
    const since = performance.now()
    let rate = 0
    while ((rate = await rateOver(crew.senders, 1_000)) < GOAL * calm && performance.now() - since < SOON_MS);
    const seconds = ((performance.now() - since) / 1_000).toFixed(1)
    say(`${name}: ${Math.round(rate)} of ${Math.round(calm)} deliveries/s within ${seconds} s`)
    if (rate < GOAL * calm) violations.push(`${name}: ${Math.round(rate)} deliveries/s instead of ${Math.round(calm)} after ${seconds} s`)
    violations.push(...crew.ended().map((one) => `${name}: ${one}`))
  }
  return violations
}

/** Acknowledged deliveries a second. */
async function rateOver(senders: readonly Sender[], ms: number): Promise<number> {
  const count = (): number => senders.reduce((sum, { answers }) => sum + (answers.get(200) ?? 0), 0)
  const [before, began] = [count(), performance.now()]
  await pause(ms)
  return ((count() - before) * 1_000) / (performance.now() - began)
}

/** What was acknowledged and is not there; what is there and is never done. */
async function lost({ url, crew }: Trouble, say: (line: string) => void): Promise<string[]> {
  for (const sender of crew.senders) await sender.stop()
  const deadline = performance.now() + PATIENCE_MS
  while (!(await isDone(url, '')) && performance.now() < deadline) await pause(500)
  const violations = (await isDone(url, '')) ? [] : ['the work does not come to its end']
  const { db, pool, close } = await openDatabase({ url, dir: '', log: () => undefined })
  try {
    const { rows } = await pool.query<{ id: string }>('select id from inbox')
    const kept = new Set(rows.map(({ id }) => Number(id)))
    const acknowledged = crew.senders.flatMap((sender) => [...sender.acknowledged])
    const missing = acknowledged.filter((id) => !kept.has(id))
    const answers = crew.senders.flatMap((sender) => [...sender.answers])
    const wrong = answers.filter(([status]) => status >= 400 && status < 500)
    const chain = await verifyLedger(db, { checkpoints: [], keys: new Map() })
    say(`${acknowledged.length} events acknowledged, ${missing.length} missing; answers ${JSON.stringify(answers)}`)
    return [
      ...violations,
      ...(acknowledged.length === 0 ? ['nothing was acknowledged'] : []),
      ...missing.map((id) => `event ${id} was acknowledged and is not there`),
      ...wrong.map(([status, count]) => `${count} genuine deliveries were answered ${status}`),
      ...(chain.ok ? [] : [`the chain breaks at ${chain.seq}`]),
    ]
  } finally {
    await close()
  }
}

type Crew = {
  senders: readonly Sender[]
  /** One of the two that hear: killed -9 and started again. */
  kill: (index: number) => Promise<void>
  /** Processes that ended though nobody ended them. */
  ended: () => string[]
  stop: () => Promise<string[]>
}

/** Two that hear and one that works; each of the two has a sender of its own. */
async function startCrew(env: Readonly<Record<string, string>>, ports: readonly [number, number]): Promise<Crew> {
  const start = (role: string, port: number): Promise<ServiceProcess> =>
    startServing(['--role', role], { ...env, ACCORD_PORT: String(port) })
  const running = await Promise.all([...ports.map((port) => start('web', port)), start('worker', 0)])
  const publicUrl = `http://127.0.0.1:${ports[0]}`
  const senders = ports.map((port, index) =>
    startSender({ url: `http://127.0.0.1:${port}`, publicUrl, lanes: 16, rate: RATE, events: 4, from: 1 + index * 1_000_000 }),
  )
  return {
    senders,
    kill: async (index) => {
      await running[index]!.kill()
      running[index] = await start('web', ports[index]!)
    },
    ended: () =>
      running.flatMap(({ child: { exitCode, signalCode } }, index) =>
        exitCode === null && signalCode === null ? [] : [`process ${index} ended by itself with ${exitCode ?? signalCode}`],
      ),
    stop: async () => {
      await Promise.all(senders.map((sender) => sender.stop()))
      const codes = await Promise.all(running.map((one) => one.stop()))
      return codes.flatMap((code, index) => (code === 0 ? [] : [`process ${index} ended with code ${code} when it was told to stop`]))
    },
  }
}

/** Of the service, any of its connections; null: it has none. */
async function someBackend({ server, random }: Trouble): Promise<number | null> {
  let pid: number | null = null
  await asAdmin(server.url, async (admin) => {
    const { rows } = await admin.query<{ pid: number }>(`select pid from pg_stat_activity where application_name = 'accord' order by pid`)
    pid = rows.length === 0 ? null : rows[random(rows.length)]!.pid
  })
  return pid
}

/** Others take every connection that the server has, and the service loses its own. */
async function takeAllConnections({ server, lastsMs }: Trouble): Promise<void> {
  const taken: pg.Client[] = []
  const take = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: server.url })
    client.on('error', () => undefined) // one that is refused or ended is one fewer
    try {
      await client.connect()
      taken.push(client)
      return true
    } catch {
      await client.end().catch(() => undefined)
      return false
    }
  }
  while (await take());
  const until = performance.now() + lastsMs
  while (performance.now() < until) {
    await taken[0]!.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'accord'`)
    while (await take());
    await pause(100)
  }
  await Promise.all(taken.map((client) => client.end()))
}

/** A server that lost a backend ends all others, and comes back by itself. */
async function untilAnswering({ url }: OwnPostgres): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await asAdmin(url, (admin) => admin.query('select 1'))
      return
    } catch (error) {
      if (attempt === 100) throw error
      await pause(200)
    }
  }
}

/**
 * Several workers on one Postgres while everything breaks: workers killed -9, the database restarted, the CRMs refusing one request in ten. In the end
 * both CRMs hold what one calm worker leaves, nothing was lost, and nothing was done twice.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startSandbox } from '../../src/sandbox/server.ts'
import type { CrmStats } from '../../src/sandbox/stats.ts'
import { openDatabase } from '../../src/store/database.ts'
import { verifyLedger } from '../../src/store/ledger.ts'
import { ledgerEntries, repeatedEntries } from '../flows/stored.ts'
import { writeSeed } from '../flows/world.ts'
import { freshDatabase, startOwnPostgres, type OwnPostgres } from '../postgres.ts'
import { runCommand, startServing } from '../service-process.ts'
import { readWritten, type Written } from './crm-state.ts'
import { startFleet, type Fleet } from './fleet.ts'
import { connectCrms, copyDatabase, prepareStage, untilQuiet, type Stage } from './live-stage.ts'
import { changesOf, twins, type Change } from './people-change.ts'
import type { Proof } from './proof.ts'
import { randomFrom } from './random.ts'
import { measureThroughput } from './throughput.ts'

const WORKERS = 4

/** `sweep` false: the first sweep is done in peace, and only what comes live meets the trouble. `killEveryMs`: at most. `awayMs`: Postgres, the second time. */
type Size = {
  people: number
  refusing: number
  changes: number
  kills: number
  killEveryMs: number
  sweep: boolean
  awayMs: number
  patienceMs: number
}
const SHORT: Size = { people: 60, refusing: 6, changes: 60, kills: 6, killEveryMs: 2_500, sweep: false, awayMs: 2_000, patienceMs: 90_000 }
const FULL: Size = {
  people: 1_500,
  refusing: 60,
  changes: 600,
  kills: 36,
  killEveryMs: 5_000,
  sweep: true,
  awayMs: 60_000,
  patienceMs: 600_000,
}
/** Before these shares of the kills Postgres is stopped for a while. */
const RESTARTS = [
  { share: 1 / 3, long: false },
  { share: 2 / 3, long: true },
]

export const workers: Proof = async ({ short, seed, say }) => {
  const size = short ? SHORT : FULL
  const root = await mkdtemp(join(tmpdir(), 'accord-workers-'))
  await writeSeed(join(root, 'seed'), twins(size.people, size.refusing))
  const server = await startOwnPostgres({ durable: false })
  const sandbox = await startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, rateLimit: false, seedDir: join(root, 'seed') })
  try {
    const stage = await prepareStage(sandbox, server, root, say)
    const changes = changesOf(size.people, size.refusing, size.changes)
    const calmDatabase = await freshDatabase(server.url)
    await runCommand(['provision'], stage.env(calmDatabase))
    await stage.pull('snapshots/provisioned')
    await runCommand(['sweep'], stage.env(calmDatabase))
    await stage.pull('snapshots/swept')
    const beatenDatabase = size.sweep ? await freshDatabase(server.url) : await copyDatabase(server, calmDatabase)
    const spare = short ? null : await copyDatabase(server, calmDatabase)
    const calm = await runCalmly(stage, calmDatabase, changes, size)
    say(`calm: ${calm.now.size} records, ${calm.returned.length} fields went back to what they were`)
    await stage.pull(`restore/${size.sweep ? 'provisioned' : 'swept'}`)
    const violations = await runBeaten(stage, beatenDatabase, changes, { ...size, calm, random: randomFrom(seed) })
    if (spare) await measureThroughput(stage, spare, size.people)
    return { trials: size.changes, violations }
  } finally {
    await sandbox.close()
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

async function runCalmly(stage: Stage, database: string, changes: readonly Change[], { patienceMs }: Size): Promise<Written> {
  await connectCrms(stage)
  const service = await startServing([], stage.env(database))
  try {
    for (const change of changes) await change(stage.crm, stage.pull)
    if (!(await untilQuiet(stage, database, { patienceMs, sweeps: 0 }))) throw new Error('not even one calm worker comes to its end')
    return await readWritten(stage.sandbox, stage.crm)
  } finally {
    await service.stop()
  }
}

type Trouble = Size & { calm: Written; random: (below: number) => number }

async function runBeaten(stage: Stage, database: string, changes: readonly Change[], trouble: Trouble): Promise<string[]> {
  const { pull, say } = stage
  await connectCrms(stage)
  const fleet = await startFleet(stage.env(database), { port: stage.port, workers: WORKERS })
  const violations: string[] = []
  try {
    await refuseSome(stage)
    const changing = makeChanges(stage, changes, (trouble.kills * trouble.killEveryMs) / changes.length)
    changing.catch(() => undefined) // awaited when the trouble is over
    await beat(stage.server, fleet, trouble)
    await changing
    await fleet.complete()
    const answers = await refused(stage)
    await fetch(`${stage.sandbox.control}/faults`, { method: 'DELETE' })
    // What was answered 503 is sent again by both CRMs, the first time after minutes.
    await pull('clock', { advanceMs: 3_600_000 })
    const quiet = await untilQuiet(stage, database, { patienceMs: trouble.patienceMs, sweeps: 2 })
    violations.push(...(quiet ? [] : ['the work does not come to its end']), ...fleet.ended())
    say(`${trouble.kills} workers killed, Postgres restarted ${RESTARTS.length} times; ${answers} requests refused`)
  } finally {
    violations.push(...(await fleet.stop()))
  }
  return [...violations, ...(await compare(stage, database, trouble.calm))]
}

async function makeChanges({ crm, pull }: Stage, changes: readonly Change[], everyMs: number): Promise<void> {
  for (const change of changes) {
    await again(() => change(crm, pull))
    await pause(everyMs)
  }
}

/** Whoever makes the changes meets the same refusals, and tries again. */
async function again(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work()
      return
    } catch (error) {
      if (attempt === 20 || !/^(?:429|502|503|403) /.test((error as Error).message)) throw error
    }
  }
}

/** One request in ten, before anything is done; the words are the vendor's. */
async function refuseSome({ pull }: Stage): Promise<void> {
  const some = { probability: 0.033 }
  await pull('faults', { crm: 'hubspot', kind: 'status', status: 429, retryAfter: 1, ...some })
  await pull('faults', { crm: 'hubspot', kind: 'unavailable', ...some })
  await pull('faults', { crm: 'hubspot', kind: 'html', ...some })
  await pull('faults', { crm: 'salesforce', kind: 'concurrent', ...some })
  await pull('faults', { crm: 'salesforce', kind: 'unavailable', ...some })
  await pull('faults', { crm: 'salesforce', kind: 'html', ...some })
}

/** Of all requests to both CRMs, those that were refused. */
async function refused({ sandbox }: Stage): Promise<string> {
  const { crms } = (await (await fetch(`${sandbox.control}/stats`)).json()) as { crms: Record<string, CrmStats> }
  const counts = Object.values(crms).flatMap(({ routes }) => Object.values(routes).flatMap((each) => Object.entries(each)))
  const sum = (some: typeof counts): number => some.reduce((total, [, count]) => total + count, 0)
  return `${sum(counts.filter(([status]) => REFUSALS.has(Number(status))))} of ${sum(counts)}`
}

const REFUSALS = new Set([403, 429, 502, 503])

async function beat(server: OwnPostgres, fleet: Fleet, { kills, killEveryMs, awayMs, random }: Trouble): Promise<void> {
  const restarts = new Map(RESTARTS.map(({ share, long }) => [Math.round(share * kills), long ? awayMs : 500 + random(1_500)]))
  for (let kill = 0; kill < kills; kill++) {
    await pause(killEveryMs / 2 + random(killEveryMs / 2))
    const restart = restarts.get(kill)
    if (restart !== undefined) {
      await server.halt()
      await pause(restart)
      await server.resume()
    }
    await fleet.kill(random(WORKERS))
  }
}

async function compare(stage: Stage, url: string, calm: Written): Promise<string[]> {
  const beaten = await readWritten(stage.sandbox, stage.crm)
  const refs = [...new Set([...calm.now.keys(), ...beaten.now.keys()])]
  const differing = refs.filter((ref) => calm.now.get(ref) !== beaten.now.get(ref))
  const database = await openDatabase({ url, dir: stage.root, log: () => undefined })
  try {
    const chain = await verifyLedger(database.db, { checkpoints: [], keys: new Map() })
    const repeated = repeatedEntries(await ledgerEntries(database.db))
    stage.say(
      `${refs.length} records compared, ${differing.length} differ; ${repeated.length} decisions twice; chain ${chain.ok ? 'holds' : 'broken'}`,
    )
    return [
      ...differing.map((ref) => `${ref}: calm ${calm.now.get(ref) ?? 'nothing'}, beaten ${beaten.now.get(ref) ?? 'nothing'}`),
      ...beaten.returned.filter((field) => !calm.returned.includes(field)).map((field) => `${field} went back to what it was`),
      ...repeated.map((entry) => `decided twice: ${entry}`),
      ...(chain.ok ? [] : [`the chain breaks at ${chain.seq}`]),
    ]
  } finally {
    await database.close()
  }
}

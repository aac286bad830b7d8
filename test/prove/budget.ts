/** Several workers on one Postgres stay inside the vendor's limits to the full, also when one of them is killed; and who is urgent waits little. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts'
import { freshDatabase, startPostgres } from '../postgres.ts'
import type { Proof } from './proof.ts'

const PER_WINDOW = 190
const WINDOW_MS = 10_000
const LOOK_MS = 500
/** What must be used of what is permitted. */
const GOAL = 0.97
const token = 'pat-eu1-sandbox-0000-0000-000000000001'

type Outcome = { calls: number; throttled: number; waits: number[]; spent: number }
type Traffic = { requests: number; status429: number; maxOrdinaryIn10s: number }

export const budget: Proof = async ({ short, seed, say }) => {
  const server = await startPostgres()
  const violations: string[] = []
  let trials = 0
  const under = async (work: (place: Place) => Promise<number>): Promise<void> => {
    const sandbox = await startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, people: 20, seed, rateLimit: true })
    const place = { sandbox, url: await freshDatabase(server.url), say, violations }
    try {
      trials += await work(place)
    } finally {
      await sandbox.close()
    }
  }
  try {
    await under((place) => window(place, short ? 2 : 5))
    await under((place) => day(place, short ? 150 : 600))
    return { trials, violations }
  } finally {
    await server.stop()
  }
}

type Place = { sandbox: Sandbox; url: string; say: (line: string) => void; violations: string[] }

/** Four sweeps, one of them killed; a worker for a person's rights comes in half-way. */
async function window({ sandbox, url, say, violations }: Place, windows: number): Promise<number> {
  const sweeps = await Promise.all(Array.from({ length: 4 }, () => startWorker(sandbox, url, 'sweep', 0)))
  const urgent = await startWorker(sandbox, url, 'rights', 400)
  const before = await commits(url)
  for (const worker of sweeps) worker.tell('go')
  const began = performance.now()
  await setTimeout((windows * WINDOW_MS) / 3)
  sweeps[0]!.kill()
  await setTimeout((windows * WINDOW_MS) / 6)
  urgent.tell('go')
  await setTimeout(Math.max(0, began + windows * WINDOW_MS - performance.now()))
  const traffic = await trafficOf(sandbox)
  const [rights, ...others] = await Promise.all([urgent, ...sweeps.slice(1)].map((worker) => worker.stop()))
  const permitted = PER_WINDOW * windows
  const used = traffic.requests / permitted
  if (traffic.status429 > 0) violations.push(`${traffic.status429} requests were answered with 429`)
  if (traffic.maxOrdinaryIn10s > PER_WINDOW) violations.push(`${traffic.maxOrdinaryIn10s} requests arrived within ten seconds`)
  if (used < GOAL) violations.push(`${traffic.requests} of ${permitted} permitted requests were used`)
  // It is there for the second half, and sweeps lease their slots a second ahead.
  if (rights!.waits.length < (windows / 2) * 5) violations.push(`the urgent worker came to ${rights!.waits.length} requests only`)
  const mine = sorted(rights!.waits)
  const theirs = sorted(others.flatMap((one) => one.waits))
  if (at(mine, 0.5) > at(theirs, 0.5)) violations.push('what is urgent waited longer than a sweep')
  const statements = ((await commits(url)) - before) / traffic.requests
  say(
    `window: ${traffic.requests} of ${permitted} requests (${percent(used)}), ${traffic.status429} answers of 429, at most ${traffic.maxOrdinaryIn10s} in 10 s, ${statements.toFixed(2)} transactions a request`,
  )
  say(
    `waits: rights p50 ${at(mine, 0.5)} ms, p95 ${at(mine, 0.95)} ms, most ${at(mine, 1)} ms; sweeps p50 ${at(theirs, 0.5)} ms, p95 ${at(theirs, 0.95)} ms`,
  )
  return traffic.requests
}

/** The day's calls run out while four workers want more. */
async function day({ sandbox, url, say, violations }: Place, cap: number): Promise<number> {
  await pull(sandbox, 'hubspot/quota', { daily: cap })
  const workers = await Promise.all(['sweep', 'sweep', 'sweep', 'rights'].map((urgency) => startWorker(sandbox, url, urgency, 0)))
  for (const worker of workers) worker.tell('go')
  let traffic = await trafficOf(sandbox)
  // Between two windows nothing comes for almost as long as one lasts.
  const still = WINDOW_MS / LOOK_MS + 2
  for (let quiet = 0, deadline = performance.now() + (cap / PER_WINDOW + 2.5) * WINDOW_MS; quiet < still && performance.now() < deadline;) {
    await setTimeout(LOOK_MS)
    const now = await trafficOf(sandbox)
    quiet = now.requests === traffic.requests && now.requests > cap / 2 ? quiet + 1 : 0
    traffic = now
  }
  const outcomes = await Promise.all(workers.map((worker) => worker.stop()))
  if (traffic.status429 > 0) violations.push(`${traffic.status429} requests were answered with 429 when the day ran out`)
  if (traffic.requests > cap) violations.push(`${traffic.requests} requests were sent on a day of ${cap}`)
  if (traffic.requests < cap * GOAL) violations.push(`${traffic.requests} of the ${cap} requests of a day were used`)
  if (outcomes.some((one) => one.spent === 0)) violations.push('a worker was not told that the day is used up')
  say(`day: ${traffic.requests} of ${cap} requests, ${traffic.status429} answers of 429`)
  return traffic.requests
}

type Worker = { tell: (word: string) => void; kill: () => void; stop: () => Promise<Outcome> }

async function startWorker(sandbox: Sandbox, url: string, urgency: string, every: number): Promise<Worker> {
  const script = new URL('./budget-worker.ts', import.meta.url).pathname
  const flags = ['--url', url, '--api', sandbox.hubspot, '--token', token, '--urgency', urgency, '--every', String(every)]
  const child: ChildProcess = spawn(process.execPath, [script, ...flags], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  if ((await lines.next()).value !== 'ready') throw new Error('a worker did not start')
  const tell = (word: string): void => void child.stdin!.write(`${word}\n`)
  return {
    tell,
    kill: () => void child.kill('SIGKILL'),
    stop: async () => {
      tell('stop')
      const { value } = await lines.next()
      if (value === undefined) throw new Error('a worker ended without a word')
      return JSON.parse(value) as Outcome
    },
  }
}

async function trafficOf(sandbox: Sandbox): Promise<Traffic> {
  return ((await (await fetch(`${sandbox.control}/stats`)).json()) as { crms: { hubspot: Traffic } }).crms.hubspot
}

async function pull(sandbox: Sandbox, lever: string, body: unknown): Promise<void> {
  const answer = await fetch(`${sandbox.control}/${lever}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`the sandbox refused ${lever}: ${await answer.text()}`)
}

async function commits(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ n: string }>('select xact_commit as n from pg_stat_database where datname = current_database()')
    return Number(rows[0]!.n)
  } finally {
    await client.end()
  }
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)
const at = (values: readonly number[], share: number): number => Math.round(values[Math.ceil(values.length * share) - 1] ?? 0)
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** Acknowledged deliveries a second, stored before they are answered, ÷ plain node that checks and parses and stores nothing; and how long an answer takes. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freshDatabase, startPostgres } from '../test/postgres.ts'
import { runCommand, startServing } from '../test/service-process.ts'
import { freePort, webhookEnv } from '../test/webhooks.ts'
import { median, round, runChild, startSandbox, unthrottled, type BenchContext, type Measure, type SandboxProcess } from './measure.ts'

type Sent = { rate: number; p50: number; p99: number; refused: number }
type Kind = 'postgres' | 'embedded'
type Goals = { ratio: number; idle: number; sweeping: number }

const goals: Readonly<Record<Kind, Goals>> = {
  postgres: { ratio: 0.3, idle: 50, sweeping: 250 },
  embedded: { ratio: 0.12, idle: 150, sweeping: 500 },
}
const LANES = 50
const RATE = 500
let next = 1

export async function webhook({ quick, say }: BenchContext): Promise<Measure[]> {
  const sandbox = await startSandbox(['--people', quick ? '2000' : '60000', '--rate-limit', 'off'])
  const server = await startPostgres()
  const root = await mkdtemp(join(tmpdir(), 'accord-webhook-'))
  try {
    const measures: Measure[] = []
    for (const kind of quick ? (['postgres'] as const) : (['postgres', 'embedded'] as const)) {
      const database = kind === 'postgres' ? { DATABASE_URL: await freshDatabase(server.url) } : {}
      measures.push(...(await measure(kind, sandbox, { ...database, ACCORD_DATA: join(root, kind) }, { quick, say })))
    }
    return measures
  } finally {
    sandbox.stop()
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

async function measure(
  kind: Kind,
  sandbox: SandboxProcess,
  place: Readonly<Record<string, string>>,
  { quick, say }: Pick<BenchContext, 'quick' | 'say'>,
): Promise<Measure[]> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { ...unthrottled(sandbox), ...webhookEnv(url), ...place, ACCORD_PORT: String(port) }
  const seconds = quick ? 3 : 15
  const peer = await startPeer()
  try {
    await runCommand(['provision'], env)
    // The bare rate is that of a service with nothing else to do: its CRMs are not there.
    const service = await startServing([], { ...env, HUBSPOT_API_URL: 'http://127.0.0.1:9', SALESFORCE_LOGIN_URL: 'http://127.0.0.1:9' })
    const pairs: number[] = []
    const rates: Sent[] = []
    const peers: Sent[] = []
    try {
      for (let pair = 0; pair < (quick ? 1 : 3); pair++) {
        peers.push(await send(peer.url, peer.url, 0, seconds))
        rates.push(await send(url, url, 0, seconds))
        pairs.push(rates.at(-1)!.rate / peers.at(-1)!.rate)
        say(`  ${kind}: ${Math.round(rates.at(-1)!.rate)}/s against ${Math.round(peers.at(-1)!.rate)}/s, refused ${rates.at(-1)!.refused}`)
      }
      const idle = await send(url, url, RATE, seconds)
      const sweeping = await whileSweeping(service.stop, env, url, quick)
      return report(kind, { ratio: median(pairs), peers, idle, sweeping }, quick)
    } finally {
      await service.stop()
    }
  } finally {
    peer.stop()
  }
}

/** A service that starts its first sweep at once, and hears meanwhile. */
async function whileSweeping(
  stop: () => Promise<unknown>,
  env: Readonly<Record<string, string>>,
  url: string,
  quick: boolean,
): Promise<Sent> {
  await stop()
  const service = await startServing([], env)
  try {
    await pause(1_000)
    return await send(url, url, RATE, quick ? 3 : 10)
  } finally {
    await service.kill()
  }
}

function send(url: string, publicUrl: string, rate: number, seconds: number): Promise<Sent> {
  const from = next
  next += 10_000_000
  return runChild<Sent>('./child-sender.ts', [url, publicUrl, String(LANES), String(rate), String(seconds), String(from)])
}

function report(kind: Kind, found: { ratio: number; peers: readonly Sent[]; idle: Sent; sweeping: Sent }, quick: boolean): Measure[] {
  const goal = goals[kind]
  const peerRate = Math.round(median(found.peers.map((one) => one.rate)))
  const within = (ms: number, most: number): boolean | null => (quick ? null : ms <= most)
  const refused = found.idle.refused + found.sweeping.refused
  return [
    {
      name: `acknowledged ÷ plain node, ${kind}`,
      value: round(found.ratio),
      unit: 'of the rate',
      goal: `≥ ${goal.ratio}`,
      pass: quick ? null : found.ratio >= goal.ratio,
      note: `peer ${peerRate}/s, ${LANES} senders`,
    },
    {
      name: `p99 at ${RATE}/s, ${kind}`,
      value: round(found.idle.p99, 0),
      unit: 'ms',
      goal: `≤ ${goal.idle}`,
      pass: within(found.idle.p99, goal.idle),
      note: `p50 ${round(found.idle.p50, 1)} ms, ${Math.round(found.idle.rate)}/s`,
    },
    {
      name: `p99 at ${RATE}/s during a full sweep, ${kind}`,
      value: round(found.sweeping.p99, 0),
      unit: 'ms',
      goal: `≤ ${goal.sweeping}`,
      pass: within(found.sweeping.p99, goal.sweeping),
      note: `p50 ${round(found.sweeping.p50, 1)} ms, ${Math.round(found.sweeping.rate)}/s, ${refused} refused`,
    },
  ]
}

async function startPeer(): Promise<{ url: string; stop: () => void }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./child-receiver.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the peer ended with code ${code}`)))
    createInterface({ input: child.stdout }).once('line', (line) => resolve((JSON.parse(line) as { url: string }).url))
  })
  return { url, stop: () => child.kill() }
}

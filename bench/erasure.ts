/**
 * Erasures of people in both CRMs, from the approval to the proof, ledger included. Without any limit: against a durable workflow engine whose four steps do
 * nothing, on the same Postgres. With HubSpot's own limit on: against the nineteen calls a second that it grants, of which each erasure takes one.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { changedConfig, contact, sfRow, shippedConfig, writeSeed } from '../test/flows/world.ts'
import { emptyDatabase, freshDatabase, startPostgres } from '../test/postgres.ts'
import type { Erased } from './child-erasure.ts'
import { median, round, runChild, sandboxEnv, startSandbox, type BenchContext, type Measure, type SandboxProcess } from './measure.ts'

const GRANTED = 19
/** What the first ten seconds may take at once. */
const BURST = 190
/** The fastest of its documented ways here: a pool of twenty connections, kept busy. */
const PEER_CONCURRENCY = 20

type Place = { root: string; server: string; sandbox: SandboxProcess; free: string }
type Run = { first: number; count: number; limitedBy?: string }

export async function erasure({ quick, say }: BenchContext): Promise<Measure[]> {
  const root = await mkdtemp(join(tmpdir(), 'accord-bench-'))
  const server = await startPostgres()
  const size = quick
    ? { pairs: 2, people: 300, workflows: 150, limited: 400 }
    : { pairs: 3, people: 1_100, workflows: 1_000, limited: 2_000 }
  const total = size.pairs * size.people + size.limited
  await writeTwins(join(root, 'seed'), total)
  const sandbox = await startSandbox(['--seed', join(root, 'seed'), '--rate-limit', 'off'])
  try {
    await control(sandbox, 'hubspot/index-lag', { ms: 0 })
    // So many people are not planned in one day of the smallest edition: it is the pace that is measured.
    await control(sandbox, 'salesforce/limits', { daily: 5_000_000, used: 0 })
    // Marketing Hub Enterprise: addresses are opted out in batches.
    await control(sandbox, 'hubspot/grant-scope', { scope: 'communication_preferences.statuses.batch.write' })
    const free = await changedConfig(join(root, 'free'), {
      'connections.yaml': [
        ['      requestsPer10s:', '      searchesPerSecond: 1000000\n      associationsPer10s: 1000000\n      requestsPer10s:'],
        ['      loginUrl:', '      requestsPerSecond: 1000000\n      loginUrl:'],
      ],
    })
    const place: Place = { root, server: server.url, sandbox, free }
    const measures = await unlimited(place, size, say)
    return [...measures, ...(await limited(place, { first: size.pairs * size.people + 1, count: size.limited }, say))]
  } finally {
    sandbox.stop()
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

async function unlimited(
  place: Place,
  { pairs, people, workflows }: { pairs: number; people: number; workflows: number },
  say: (line: string) => void,
): Promise<Measure[]> {
  const ratios: number[] = []
  const notes: string[] = []
  let last: Erased | null = null
  for (let pair = 0; pair < pairs; pair++) {
    last = await erased(place, { first: pair * people + 1, count: people })
    const own = last.proved / last.seconds
    const peer = await runChild<{ rate: number }>('./child-dbos.ts', [
      await emptyDatabase(place.server),
      String(workflows),
      String(PEER_CONCURRENCY),
    ])
    ratios.push(own / peer.rate)
    notes.push(`${Math.round(own)}/${Math.round(peer.rate)}`)
    say(`  ${round(own, 1)} erasures/s, ${round(peer.rate, 1)} workflows/s, load ${round(loadavg()[0]!, 1)}`)
  }
  const ratio = round(median(ratios))
  const name = 'proved erasures ÷ DBOS workflows of four steps'
  const note = `per second ${notes.join(', ')}; load ${round(loadavg()[0]!, 1)}`
  return [{ name, value: ratio, unit: 'ratio', goal: '≥ 1.0', pass: ratio >= 1, note }, ...callsOf(last!)]
}

function callsOf({ calls, people }: Erased): Measure[] {
  return Object.entries(calls).map(([crm, count]) => ({
    name: `calls to ${crm} per erasure`,
    value: round(count / people),
    unit: 'calls',
    goal: 'reported',
    pass: null,
    note: 'from the approval to the first proof',
  }))
}

async function limited(place: Place, { first, count }: { first: number; count: number }, say: (line: string) => void): Promise<Measure[]> {
  const { proved, seconds, settledAt, throttled, searches, calls } = await erased(place, { first, count, limitedBy: shippedConfig })
  // From the first proof that the calls of the first moment did not give for nothing.
  const span = (settledAt.at(-1)! - settledAt[BURST - 1]!) / 1_000
  const rate = (proved - BURST) / span
  say(`  ${proved} proved in ${round(seconds, 1)} s, ${round(rate, 2)}/s; ${calls['hubspot']} calls, ${searches} of them searches`)
  const share = round(rate / GRANTED, 3)
  return [
    {
      name: "erasures under HubSpot's limit ÷ 19/s",
      value: share,
      unit: 'ratio',
      goal: '≥ 0.9',
      pass: share >= 0.9 && proved === count,
      note: `${proved} of ${count} proved in ${round(seconds, 1)} s; ${round((calls['hubspot'] ?? 0) / count)} calls each`,
    },
    { name: "erasures under HubSpot's limit: 429 answers", value: throttled, unit: 'answers', goal: '0', pass: throttled === 0, note: '' },
  ]
}

async function erased({ root, server, sandbox, free }: Place, { first, count, limitedBy }: Run): Promise<Erased> {
  const args = [free, join(root, `data-${first}`), String(first), String(count), sandbox.control, ...(limitedBy ? [limitedBy] : [])]
  const env = { ...sandboxEnv(sandbox), DATABASE_URL: await freshDatabase(server) }
  const result = await runChild<Erased>('./child-erasure.ts', args, env)
  if (result.proved !== result.people) throw new Error(`${result.proved} of ${result.people} erasures were proved`)
  return result
}

async function control(sandbox: SandboxProcess, lever: string, body: unknown): Promise<void> {
  const response = await fetch(`${sandbox.control}/${lever}`, { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${lever}: ${await response.text()}`)
}

async function writeTwins(dir: string, count: number): Promise<void> {
  const people = Array.from({ length: count }, (_, i) => ({ id: i + 1, email: `person${i + 1}@example.fr` }))
  await writeSeed(dir, {
    hubspot: { contacts: people.map(({ id, email }) => contact(id, 'Alba', email)) },
    salesforce: { Contact: people.map(({ id, email }) => sfRow('Contact', id, 'Alba', email)) },
  })
}

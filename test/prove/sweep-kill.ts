/** kill -9 at random moments of a sweep with write-back: resumed, nothing skipped, nothing in the ledger twice, the chain verifies. */
import { spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom } from '../../src/sandbox/random.ts'
import { openDatabase } from '../../src/store/database.ts'
import { readBlocks, verifyLedger } from '../../src/store/ledger.ts'
import { entriesOf } from '../../src/core/ledger/ledger.ts'
import { sandboxEnv } from '../flows/scene.ts'
import { freshDatabase, startPostgres } from '../postgres.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import type { Proof } from './proof.ts'

/** What a sweep leaves behind, without the numbers that depend on the order of work. */
type Outcome = { records: string[]; written: string[]; patches: number; ledger: string[] }

export const sweepKill: Proof = async ({ short, seed, say }) => {
  const size = { people: short ? 60 : 400, kills: short ? 2 : 50, seed }
  const root = await mkdtemp(join(tmpdir(), 'accord-kill-'))
  const server = await startPostgres()
  try {
    // Side by side, each with CRMs of its own.
    const ends = await Promise.all([
      killSweeps({ ...size, dir: join(root, 'embedded'), makeUrl: async () => '' }),
      killSweeps({ ...size, dir: join(root, 'postgres'), makeUrl: () => freshDatabase(server.url) }),
    ])
    const [embedded, postgres] = ends.map((lines, index) => lines.map((line) => `${index === 0 ? 'embedded' : 'postgres'} ${line}`))
    say(`${size.kills} kills each; violations: embedded ${embedded!.length}, postgres ${postgres!.length}`)
    return { trials: 2 * size.kills, violations: [...embedded!, ...postgres!] }
  } finally {
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

/** How late HubSpot's search shows a change, and its contacts an opt-out; Accord is told of both together, and some more. */
const LATE_MS = 200

/** `makeUrl`: of a fresh database; '' for the embedded one. */
type Killing = { people: number; kills: number; seed: number; dir: string; makeUrl: () => Promise<string> }

async function killSweeps({ people, kills, seed, dir: root, makeUrl }: Killing): Promise<string[]> {
  const random = createRandom(seed)
  const sandbox = await startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, people, seed, rateLimit: false, latencyMs: 5 })
  const env = {
    ...sandboxEnv(sandbox),
    HUBSPOT_INDEX_LAG_MS: String(3 * LATE_MS),
    ACCORD_HASH_KEY: Buffer.alloc(32, 7).toString('base64'),
  }
  const control = async (path: string, body: object = {}): Promise<void> => {
    const response = await fetch(`${sandbox.control}/${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  }
  const reset = async (): Promise<void> => {
    await control('reset')
    for (const lag of ['index-lag', 'opt-out-lag']) await control(`hubspot/${lag}`, { ms: LATE_MS })
  }
  const violations: string[] = []
  try {
    const template = join(root, 'template')
    await (await openDatabase({ url: undefined, dir: template, log: () => undefined })).close()
    await runCli(['provision', '--data', template], env, '')
    await control('snapshot')
    const bed = async (name: string): Promise<{ dir: string; url: string }> => {
      const dir = join(root, name)
      await cp(template, dir, { recursive: true })
      return { dir, url: await makeUrl() }
    }
    await reset()
    const calm = await bed('calm')
    const started = performance.now()
    await runCli(['sweep', '--data', calm.dir], env, calm.url)
    const duration = performance.now() - started
    const expected = await inspect(calm, sandbox.hubspot, sandbox.salesforce)
    if (expected.records.length < people || expected.written.length < people) throw new Error('the calm sweep left nothing to compare with')
    for (let kill = 1; kill <= kills; kill++) {
      await reset()
      const beaten = await bed(String(kill))
      await killDuring(['sweep', '--data', beaten.dir], env, beaten.url, random() * duration)
      const code = await runCli(['sweep', '--data', beaten.dir], env, beaten.url)
      if (code !== 0) violations.push(`${kill}: the sweep after the kill ended with code ${code}`)
      else violations.push(...compare(String(kill), expected, await inspect(beaten, sandbox.hubspot, sandbox.salesforce)))
      await rm(beaten.dir, { recursive: true, force: true })
    }
    return violations
  } finally {
    await sandbox.close()
  }
}

const cli = new URL('../../bin/accord.js', import.meta.url).pathname

function start(args: readonly string[], env: Readonly<Record<string, string>>, url: string): ReturnType<typeof spawn> {
  return spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, ...env, DATABASE_URL: url },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
}

async function runCli(args: readonly string[], env: Readonly<Record<string, string>>, url: string): Promise<number | null> {
  const child = start(args, env, url)
  let errors = ''
  child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) process.stderr.write(errors)
  return code
}

/** The whole process group, from outside, as an out-of-memory killer would. */
async function killDuring(args: readonly string[], env: Readonly<Record<string, string>>, url: string, afterMs: number): Promise<void> {
  const child = start(args, env, url)
  const closed = new Promise((resolve) => child.once('close', resolve))
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  try {
    process.kill(-child.pid!, 'SIGKILL')
  } catch {
    // already over: a trial in which the kill came too late
  }
  await closed
}

async function inspect({ dir, url }: { dir: string; url: string }, hubspot: string, salesforce: string): Promise<Outcome> {
  const database = await openDatabase({ url: url || undefined, dir, log: () => undefined })
  try {
    const report = await verifyLedger(database.db, { checkpoints: [], keys: new Map() })
    if (!report.ok) return { records: [], written: [], patches: -1, ledger: [`the chain breaks at ${report.seq}`] }
    const { rows } = await database.pool.query<{ line: string }>(`
      select s.object || '/' || r.id || ' ' || v.key || ' ' || coalesce(r.review_on::text, '-') || ' ' || (r.subject is not null)
        || ' ' || coalesce(r.email::text, '-') as line
      from record r join source s on s.id = r.source left join verdict v on v.id = r.verdict order by 1`)
    const waiting = await database.pool.query<{ n: number }>('select count(*)::int as n from patch where frozen is null')
    const ledger: string[] = []
    for await (const block of readBlocks(database.db)) ledger.push(...entriesOf(block))
    return {
      records: rows.map((row) => row.line),
      written: [...(await hubspotFields(hubspot)), ...(await salesforceFields(salesforce))].sort(),
      patches: waiting.rows[0]!.n,
      ledger,
    }
  } finally {
    await database.close()
  }
}

function compare(trial: string, expected: Outcome, actual: Outcome): string[] {
  const violations: string[] = []
  const skipped = expected.records.filter((line) => !actual.records.includes(line)).length
  if (skipped > 0 || actual.records.length !== expected.records.length)
    violations.push(`${trial}: ${skipped} records differ from an unkilled sweep`)
  const unwritten = expected.written.filter((line, index) => actual.written[index] !== line).length
  if (unwritten > 0) violations.push(`${trial}: ${unwritten} CRM records differ from an unkilled sweep`)
  if (actual.patches !== 0) violations.push(`${trial}: ${actual.patches} patches are still waiting`)
  const twice = repeated(actual.ledger)
  if (twice > 0) violations.push(`${trial}: ${twice} decisions stand in the ledger twice in a row`)
  return violations
}

/** A decision may come back after another one, but never follow itself. */
function repeated(entries: readonly string[]): number {
  const last = new Map<string, string>()
  let count = 0
  for (const entry of entries) {
    const [kind, ref] = JSON.parse(entry) as [string, string]
    if (kind !== 'decision' && kind !== 'verdict') continue
    if (last.get(`${kind} ${ref}`) === entry) count += 1
    last.set(`${kind} ${ref}`, entry)
  }
  return count
}

const HUBSPOT_FIELDS = [
  'accord_status',
  'accord_may_contact',
  'accord_findings',
  'accord_consent_proof',
  'accord_lawful_basis',
  'accord_keep_until',
]
const SALESFORCE_FIELDS = [
  'Accord_Status__c',
  'Accord_May_Contact__c',
  'Accord_Findings__c',
  'Accord_Consent_Proof__c',
  'Accord_Lawful_Basis__c',
  'Accord_Keep_Until__c',
]

async function hubspotFields(url: string): Promise<string[]> {
  const lines: string[] = []
  let after: string | undefined
  do {
    const query = `limit=100&properties=${HUBSPOT_FIELDS.join(',')}${after ? `&after=${after}` : ''}`
    const response = await fetch(`${url}/crm/v3/objects/contacts?${query}`, {
      headers: { authorization: 'Bearer pat-eu1-sandbox-0000-0000-000000000001' },
    })
    const page = (await response.json()) as {
      results: { id: string; properties: Record<string, string | null> }[]
      paging?: { next: { after: string } }
    }
    for (const { id, properties } of page.results) lines.push(`contacts/${id} ${HUBSPOT_FIELDS.map((name) => properties[name]).join(' ')}`)
    after = page.paging?.next.after
  } while (after)
  return lines.filter((line) => !/( null| undefined| ){5}$/.test(line))
}

async function salesforceFields(url: string): Promise<string[]> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
  const token = ((await (await fetch(`${url}/services/oauth2/token`, { method: 'POST', body: form })).json()) as { access_token: string })
    .access_token
  const lines: string[] = []
  for (const object of ['Contact', 'Lead']) {
    const soql = `SELECT Id, ${SALESFORCE_FIELDS.join(', ')} FROM ${object} ORDER BY Id`
    let path: string | undefined = `/services/data/v60.0/query?q=${encodeURIComponent(soql)}`
    while (path) {
      const page = (await (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).json()) as {
        records: Record<string, string | null>[]
        nextRecordsUrl?: string
      }
      for (const record of page.records) lines.push(`${object}/${record['Id']} ${SALESFORCE_FIELDS.map((name) => record[name]).join(' ')}`)
      path = page.nextRecordsUrl
    }
  }
  return lines.filter((line) => !line.includes(' null null null null null'))
}

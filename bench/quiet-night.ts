/** The night after a sweep, when nothing has changed in either CRM: what it asks of them, and what it writes. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freshDatabase, startPostgres } from '../test/postgres.ts'
import { runCommand } from '../test/service-process.ts'
import { round, startSandbox, unthrottled, type BenchContext, type Measure, type SandboxProcess } from './measure.ts'

const CONNECTIONS = ['hubspot', 'salesforce'] as const
const HOURS_23 = 23 * 3_600_000
type Night = { connection: string; mode: string; records: number; apiCalls: number; seconds: number; patches: Record<string, number> }

export async function quietNight({ quick, say }: BenchContext): Promise<Measure[]> {
  const people = quick ? 2_000 : 100_000
  const root = await mkdtemp(join(tmpdir(), 'accord-quiet-'))
  const server = await startPostgres()
  const sandbox = await startSandbox(['--people', String(people), '--rate-limit', 'off'])
  try {
    const env = { ...unthrottled(sandbox), DATABASE_URL: await freshDatabase(server.url), ACCORD_DATA: join(root, 'data') }
    const measures: Measure[] = []
    for (const command of ['provision', 'sweep']) await runCommand([command], env)
    say(`${people} people swept and written`)
    // Long enough for what each CRM shows late, and for Accord's own writes to be behind the next night's beginning.
    await advance(sandbox, HOURS_23)
    const before = await walPosition(env.DATABASE_URL)
    await runCommand(['sweep'], env)
    const wal = (await walPosition(env.DATABASE_URL)) - before
    for (const { connection, mode, records, apiCalls, seconds, patches } of await lastNights(env.DATABASE_URL)) {
      if (mode !== 'delta') throw new Error(`${connection} was read in full`)
      const writes = Object.values(patches).reduce((sum, count) => sum + count, 0)
      const of = `${connection}, a night without changes`
      const note = `${people} people, ${records} records read`
      measures.push(
        { name: `${of}: writes`, value: writes, unit: 'records', goal: '0', pass: writes === 0, note },
        { name: `${of}: API calls`, value: apiCalls, unit: 'calls', goal: 'report', pass: null, note },
        { name: `${of}: time`, value: seconds, unit: 's', goal: 'report', pass: null, note },
      )
    }
    measures.push({ name: 'a night without changes: WAL', value: round(wal / 1_024, 1), unit: 'kB', goal: 'report', pass: null, note: '' })
    return measures
  } finally {
    sandbox.stop()
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

async function advance({ control }: SandboxProcess, ms: number): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${control}/clock`, { method: 'POST', headers, body: JSON.stringify({ advanceMs: ms }) })
  if (!answer.ok) throw new Error(`the sandbox keeps its clock: ${answer.status}`)
}

/** The summaries of the last sweep of each connection. */
async function lastNights(url: string): Promise<Night[]> {
  const rows = await ask<{ summary: string }>(
    url,
    'select distinct on (connection) summary from sweep where finished_at is not null order by connection, finished_at desc',
  )
  if (rows.length !== CONNECTIONS.length) throw new Error(`${rows.length} connections were swept instead of ${CONNECTIONS.length}`)
  return rows.map(({ summary }) => JSON.parse(summary) as Night)
}

async function walPosition(url: string): Promise<number> {
  const [row] = await ask<{ value: string }>(url, `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as value`)
  return Number(row!.value)
}

async function ask<T extends pg.QueryResultRow>(url: string, statement: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<T>(statement)).rows
  } finally {
    await client.end()
  }
}

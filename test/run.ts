/**
 * Leads a test run (vitest's globalSetup): one Postgres, and one embedded database to copy, both with the schema of today. Neither is made before a
 * test asks, so that a file of pure functions waits for nothing.
 */
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../src/store/database.ts'
import { COMPILED } from './compiled.ts'
import { useMemoryDisk } from './memory-disk.ts'
import { asAdmin, MIGRATED, startOwnPostgres, type TestPostgres } from './postgres.ts'
import { SHARED_BY_THE_RUN, type Shared } from './shared.ts'
import { initialised } from './store/databases.ts'

let server: Server
let folder: string
let disk: string | null
let postgres: Promise<TestPostgres> | undefined
let embedded: Promise<string> | undefined

export async function setup(): Promise<void> {
  disk = useMemoryDisk()
  folder = mkdtempSync(join(tmpdir(), 'accord-run-'))
  const answers: Record<Shared, () => Promise<string>> = {
    postgres: async () => (await (postgres ??= startMigratedPostgres())).url,
    embedded: () => (embedded ??= makeMigratedEmbedded()),
  }
  server = createServer((request, response) => {
    const what = request.url!.slice(1) as Shared
    answers[what]().then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : 'unknown failure'),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // Processes of the run compile only what none before them has; workers still write there after the run has ended.
  process.env['NODE_COMPILE_CACHE'] = COMPILED
  process.env[SHARED_BY_THE_RUN] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export async function teardown(): Promise<void> {
  server.close()
  server.closeAllConnections()
  // One that failed to start has told the tests so.
  await postgres?.then(
    ({ stop }) => stop(),
    () => undefined,
  )
  for (const made of [folder, disk]) if (made !== null) rmSync(made, { recursive: true, force: true, maxRetries: 3 })
}

/** Its databases live for seconds, and no test kills the server: who does takes one of their own. */
const FLEETING = { autovacuum: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '256MB' }

async function startMigratedPostgres(): Promise<TestPostgres> {
  const started = await startOwnPostgres({ durable: false, settings: FLEETING })
  await asAdmin(started.url, (client) => client.query(`create database ${MIGRATED}`))
  const url = new URL(started.url)
  url.pathname = `/${MIGRATED}`
  await migrate({ url: url.href, dir: folder })
  return started
}

async function makeMigratedEmbedded(): Promise<string> {
  cpSync(await initialised(), join(folder, 'db'), { recursive: true })
  await migrate({ dir: folder })
  return join(folder, 'db')
}

async function migrate(where: { url?: string; dir: string }): Promise<void> {
  const { close } = await openDatabase({ ...where, log: () => undefined })
  await close()
}

/** kill -9 of the process that holds the embedded database, at random moments, its first start included. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { openDatabase } from '../../src/store/database.ts'
import { verifyLedger } from '../../src/store/ledger.ts'
import type { Proof } from './proof.ts'
import { randomFrom } from './random.ts'

export type KillProof = {
  readonly seed: number
  /** Kills while writing, and kills during the very first start. */
  readonly trials: number
  readonly acknowledged: number
  readonly violations: readonly string[]
}

export const embeddedKill: Proof = async ({ short, seed, say }) => {
  const proof = await proveEmbeddedKill({ ...(short ? { trials: 12, firstStarts: 2 } : { trials: 100, firstStarts: 10 }), seed })
  say(`${proof.acknowledged} acknowledged rows and blocks`)
  return proof
}

/** `firstStarts`: kills during the very first start, each in a new directory; `template`: a data directory to begin the others with. */
export type KillOptions = { readonly trials: number; readonly seed: number; readonly firstStarts?: number; readonly template?: string }

export async function proveEmbeddedKill({ trials, seed, firstStarts = 0, template }: KillOptions): Promise<KillProof> {
  const random = randomFrom(seed)
  const violations: string[] = []
  for (let trial = 1; trial <= firstStarts; trial++) {
    await inDirectory(async (dir) => {
      await killedWriter(dir, 1, { afterStart: random(4_000) })
      await check(dir, [], `first start ${trial}`, violations)
    })
  }
  let acknowledged: string[] = []
  await inDirectory(async (dir) => {
    if (template !== undefined) await cp(template, join(dir, 'db'), { recursive: true })
    for (let trial = 1; trial <= trials; trial++) {
      // Ids go on behind every one that may have been used.
      acknowledged = await killedWriter(dir, trial * 1_000_000, { afterOpen: random(500) })
      await check(dir, acknowledged, `kill ${trial}`, violations)
    }
  })
  return { seed, trials: trials + firstStarts, acknowledged: acknowledged.length, violations }
}

type Moment = { readonly afterStart: number } | { readonly afterOpen: number }

/** All that writers in this directory had acknowledged when this one died. Milliseconds count from its start, or from its `open`. */
async function killedWriter(dir: string, from: number, moment: Moment): Promise<string[]> {
  const script = fileURLToPath(new URL('./embedded-writer.ts', import.meta.url))
  const file = join(dir, 'acks')
  appendFileSync(file, '')
  // A process group of its own: the kill takes a child that initialises as well.
  const writer = spawn(process.execPath, [script, dir, String(from), file], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '' },
  })
  const opened = Promise.withResolvers<void>()
  writer.stdout.once('data', () => opened.resolve())
  const closed = once(writer, 'close').then(() => opened.resolve())
  if ('afterOpen' in moment) await opened.promise
  await pause('afterOpen' in moment ? moment.afterOpen : moment.afterStart)
  const diedByItself = writer.exitCode !== null
  if (writer.pid !== undefined && !diedByItself) process.kill(-writer.pid, 'SIGKILL')
  await closed
  if (diedByItself) throw new Error('the writer died before it was killed; what it printed says why')
  // The last line may be torn; then it was not said.
  return readFileSync(file, 'utf8').split('\n').slice(0, -1)
}

async function check(dir: string, acknowledged: readonly string[], trial: string, violations: string[]): Promise<void> {
  const database = await openDatabase({ dir, log: () => undefined }).catch((error: unknown) => {
    violations.push(`${trial}: cannot be opened: ${error instanceof Error ? error.message : 'unknown'}`)
  })
  if (database === undefined) return
  try {
    if (acknowledged.length > 0) {
      const { rows } = await sql<{ id: number }>`select id from proof_rows`.execute(database.db)
      const { rows: blocks } = await sql<{ seq: number }>`select seq from ledger_blocks`.execute(database.db)
      const present = new Set([...rows.map(({ id }) => String(id)), ...blocks.map(({ seq }) => `b${seq}`)])
      const lost = acknowledged.filter((line) => !present.has(line))
      if (lost.length > 0) violations.push(`${trial}: ${lost.length} acknowledged lost, first ${lost[0]}`)
    }
    const report = await verifyLedger(database.db, { checkpoints: [], keys: new Map() })
    if (!report.ok) violations.push(`${trial}: ledger ${report.fault} at ${report.seq}`)
  } finally {
    await database.close()
  }
}

async function inDirectory(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'accord-kill-'))
  try {
    await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

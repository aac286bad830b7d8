/** kill -9 of the process that holds the embedded database, at random moments, its first start included. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
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
  /** Of the write-ahead log after a kill. */
  readonly longestLogMb: number
  /** Of the processor, of the first opening after a kill. */
  readonly slowestOpenMs: number
  readonly violations: readonly string[]
}

export const embeddedKill: Proof = async ({ short, seed, say }) => {
  const proof = await proveEmbeddedKill({ ...(short ? { trials: 12, firstStarts: 2 } : { trials: 100, firstStarts: 10 }), seed })
  const { longestLogMb, slowestOpenMs } = proof
  say(
    `${proof.acknowledged} acknowledged rows and blocks; write-ahead log up to ${longestLogMb} MB, opened again within ${slowestOpenMs} ms`,
  )
  const refused = await refuseRivals()
  return {
    trials: proof.trials + RIVALS,
    violations: [
      ...proof.violations,
      ...refused,
      ...(longestLogMb > MOST_LOG_MB ? [`the write-ahead log grew to ${longestLogMb} MB`] : []),
      ...(slowestOpenMs > MOST_OPEN_MS ? [`opening it again took ${slowestOpenMs} ms of the processor`] : []),
    ],
  }
}

const MOST_LOG_MB = 256
/** Of the processor: what else the machine does is not its fault. */
const MOST_OPEN_MS = 3_000
const RIVALS = 20

/** Of twenty who ask for the lock at once one has it, and all others name that one. */
async function refuseRivals(): Promise<string[]> {
  const violations: string[] = []
  await inDirectory(async (dir) => {
    const script = fileURLToPath(new URL('../store/lock-rival.ts', import.meta.url))
    const rivals = Array.from({ length: RIVALS }, () =>
      spawn(process.execPath, [script, join(dir, 'db.lock')], { stdio: ['pipe', 'pipe', 'inherit'], env: {} }),
    )
    const answers = await Promise.all(rivals.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()))
    const holders = rivals.filter((_, index) => answers[index] === 'taken')
    if (holders.length !== 1) violations.push(`${holders.length} of ${RIVALS} have the lock at once`)
    const named = answers.filter((answer) => answer.includes(`in use by process ${holders[0]?.pid} on `)).length
    // One that is refused in the moment before the holder has written its name cannot tell it.
    const nameless = answers.filter((answer) => answer.includes('in use by another process')).length
    if (named + nameless !== RIVALS - 1 || named < RIVALS / 2) violations.push(`${named} of ${RIVALS - 1} were told who has the lock`)
    for (const rival of rivals) rival.kill('SIGKILL')
    await Promise.all(rivals.map((rival) => (rival.exitCode === null && rival.signalCode === null ? once(rival, 'close') : null)))
  })
  return violations
}

/** `firstStarts`: kills during the very first start, each in a new directory; `template`: a data directory to begin the others with. */
export type KillOptions = { readonly trials: number; readonly seed: number; readonly firstStarts?: number; readonly template?: string }

export async function proveEmbeddedKill({ trials, seed, firstStarts = 0, template }: KillOptions): Promise<KillProof> {
  const random = randomFrom(seed)
  const violations: string[] = []
  const worst = { longestLogMb: 0, slowestOpenMs: 0 }
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
      await check(dir, acknowledged, `kill ${trial}`, violations, worst)
    }
  })
  return { seed, trials: trials + firstStarts, acknowledged: acknowledged.length, violations, ...worst }
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

async function check(
  dir: string,
  acknowledged: readonly string[],
  trial: string,
  violations: string[],
  worst = { longestLogMb: 0, slowestOpenMs: 0 },
): Promise<void> {
  worst.longestLogMb = Math.max(worst.longestLogMb, megabytesIn(join(dir, 'db', 'pg_wal')))
  const before = process.cpuUsage()
  const database = await openDatabase({ dir, log: () => undefined }).catch((error: unknown) => {
    violations.push(`${trial}: cannot be opened: ${error instanceof Error ? error.message : 'unknown'}`)
  })
  if (database === undefined) return
  const { user, system } = process.cpuUsage(before)
  worst.slowestOpenMs = Math.max(worst.slowestOpenMs, Math.round((user + system) / 1_000))
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

/** A first start that was killed has none. */
function megabytesIn(folder: string): number {
  if (!existsSync(folder)) return 0
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  return Math.round(files.reduce((sum, { name }) => sum + statSync(join(folder, name)).size, 0) / 1024 / 1024)
}

async function inDirectory(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'accord-kill-'))
  try {
    await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

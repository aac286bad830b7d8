/** One run over connections: pull, read again what fell due, write back, read back what was written. */
import type { Connector } from '../../connectors/connector.ts'
import { ConnectorError } from '../../connectors/connector.ts'
import { takeCensus } from '../../store/census.ts'
import { countPatches, loadDue, saveDueRechecks } from '../../store/outbox.ts'
import { takeTurn } from '../../store/records.ts'
import { saveGauges } from '../../store/retention-guard.ts'
import { findSource, loadSource } from '../../store/sources.ts'
import { loadUnreadWrites, settleWrites } from '../../store/unread-writes.ts'
import { allOf } from './all-of.ts'
import type { BatchOutcome } from './batch.ts'
import { openAssessing } from '../judge/assess-thread.ts'
import { beginPull, type Begun, completePull, pull, type PullOptions } from './pull.ts'
import { noPushes, push, type PushCounts } from './push.ts'
import { recheck } from './recheck.ts'
import type { Landscape, Shell, Target } from '../shell.ts'

/** `write` false: stored, but nothing is sent to the CRM. */
export type SweepOptions = { full: boolean; write: boolean; progress: (event: SweepEvent) => void }
/** `settled` is called when all that the sweep writes into the ledger is there: what it begins goes on while the database is tidied up and counted. */
export type SweepHooks = { settled?: () => void } & Pick<PullOptions, 'streams'>
export type SweepEvent = {
  connection: string
  object: string
  step: 'pull' | 'recheck' | 'push' | 'settle'
  done: number
  expected: number | undefined
}
export type ConnectionSummary = {
  connection: string
  mode: 'full' | 'delta'
  records: number
  pages: number
  apiCalls: number
  /** Counts of stored records by status, and of open findings by kind. */
  statuses: Record<string, number>
  findings: Record<string, number>
  patches: PushCounts
  /** Patches that are due but were not sent: a dry run, --no-write, or a failed push. */
  waiting: number
  /** Other connections that have not been read to their end yet: what people refused there was not known when this one was written to. */
  unheard?: readonly string[]
  /** In a dry run: write-back fields that do not exist yet. The run continues as if they had been provisioned. */
  unprovisioned?: number
  seconds: number
  peakRssMiB: number
  error?: { kind: string; message: string }
}

/** Two CRMs that follow each other, mirrored opt-outs and shared mailboxes settle within six rounds. More means that somebody else is writing; the next sweep continues. */
const MAX_ROUNDS = 12

/** `prepare` asks the CRM for its fields: a connection that cannot even do that fails alone. */
export type Connected = { name: string; connector: Connector; prepare: () => Promise<readonly Target[]> }
type Run = Connected & {
  targets: readonly Target[]
  summary: ConnectionSummary
  started: number
  calls: number
}

export async function sweep(
  shell: Shell,
  landscape: Landscape,
  connections: readonly Connected[],
  options: SweepOptions & SweepHooks,
  signal: AbortSignal,
): Promise<ConnectionSummary[]> {
  const runs = connections.map((one) => startRun(shell, one))
  const thread = openAssessing()
  try {
    for (const run of runs) await guard(run, () => pullRun(shell, landscape, run, { ...options, thread }, signal))
    await settle(shell, landscape, runs, { ...options, thread }, signal)
  } finally {
    await thread.close()
  }
  options.settled?.()
  await shell.maintain()
  for (const run of runs) await finishRun(shell, landscape, run)
  return runs.map((run) => run.summary)
}

type Pulling = SweepOptions & Pick<PullOptions, 'thread' | 'streams'>

/** Repeats push and read-back until nothing changes: a write in one CRM may require one in the other. */
async function settle(shell: Shell, landscape: Landscape, runs: readonly Run[], options: Pulling, signal: AbortSignal): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const moved = await allOf(runs.map((run) => guard(run, () => followUp(shell, landscape, run, options, signal))))
    if (moved.some(Boolean)) continue
    const news = await allOf(runs.map((run) => guard(run, () => readBack(shell, landscape, run, options, signal))))
    if (!news.some(Boolean)) return
  }
  // Read back what was written, so that the next delta does not start with all of it.
  await allOf(runs.map((run) => guard(run, () => readBack(shell, landscape, run, options, signal))))
  shell.log('sweep.unsettled', { connections: runs.length })
}

function emptySummary(connection: string): ConnectionSummary {
  return {
    connection,
    mode: 'delta',
    records: 0,
    pages: 0,
    apiCalls: 0,
    statuses: {},
    findings: {},
    patches: noPushes(),
    waiting: 0,
    seconds: 0,
    peakRssMiB: 0,
  }
}

function startRun(shell: Shell, one: Connected): Run {
  const summary = emptySummary(one.name)
  return { ...one, targets: [], summary, started: shell.now(), calls: one.connector.usage.calls }
}

/** One CRM that falls over must not stop the others; what went wrong is in its summary. */
async function guard(run: Run, work: () => Promise<boolean>): Promise<boolean> {
  if (run.summary.error) return false
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    run.summary.error = { kind: error.kind, message: error.message }
    return false
  }
}

async function pullRun(shell: Shell, landscape: Landscape, run: Run, options: Pulling, signal: AbortSignal): Promise<boolean> {
  run.targets = await run.prepare()
  const left = new AbortController()
  const begin = (target: Target | undefined): Promise<Begun> | null => {
    const begun = target ? beginPull(shell, target, options, AbortSignal.any([signal, left.signal])) : null
    begun?.catch(() => undefined) // met when its turn has come
    return begun
  }
  let next = begin(run.targets[0])
  try {
    for (const [index, target] of run.targets.entries()) {
      const begun = next!
      // The CRM prepares the next object while this one is judged and stored.
      next = begin(run.targets[index + 1])
      await pullTarget(shell, landscape, run, { target, begun }, options, signal)
    }
  } finally {
    left.abort()
    await next?.then(({ leave }) => leave()).catch(() => undefined)
  }
  return true
}

async function pullTarget(
  shell: Shell,
  landscape: Landscape,
  run: Run,
  { target, begun }: { target: Target; begun: Promise<Begun> },
  options: Pulling,
  signal: AbortSignal,
): Promise<void> {
  let done = 0
  const onBatch = (outcome: BatchOutcome, expected: number | undefined): void => {
    done += outcome.records
    options.progress({ connection: run.name, object: target.source.object, step: 'pull', done, expected })
  }
  // Known before the first page: a full pull that breaks is none of what changed.
  await begun.then(
    ({ source }) => source.fullSince !== null && (run.summary.mode = 'full'),
    () => undefined,
  )
  const result = await pullOnce(shell, landscape, target, { ...options, onBatch, begun }, signal).catch((error: unknown) => {
    run.summary.records += done
    throw error
  })
  await settleWrites(shell.db, target.source.id, result.since)
  run.summary.records += result.records
  run.summary.pages += result.pages
  if (result.mode === 'full') run.summary.mode = 'full'
  if (target.unprovisioned) run.summary.unprovisioned = (run.summary.unprovisioned ?? 0) + target.unprovisioned
  await ringDue(shell, target)
}

/** As many are put on the list in one turn. */
const DUE_AT_ONCE = 10_000

/** Puts the records of a place that fall due today on the list of those to be read again. */
export async function ringDue(shell: Shell, { source, today }: Pick<Target, 'source' | 'today'>): Promise<void> {
  for (let after: string | null = null; ;) {
    const ids: string[] = await loadDue(shell.db, source.id, today, after, DUE_AT_ONCE)
    if (ids.length === 0) return
    await shell.db.transaction().execute(async (trx) => {
      await takeTurn(trx)
      await saveDueRechecks(trx, source.id, ids)
    })
    if (ids.length < DUE_AT_ONCE) return
    after = ids.at(-1)!
  }
}

/** Falls back to a full pull when the CRM no longer knows the cursor; rethrows every other error. */
async function pullOnce(
  shell: Shell,
  landscape: Landscape,
  target: Target,
  { begun, ...options }: PullOptions & { begun: Promise<Begun> },
  signal: AbortSignal,
): ReturnType<typeof pull> {
  try {
    return await completePull(shell, landscape, target, options, await begun)
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind !== 'bad-cursor') throw error
    shell.log('pull.restarted', { connection: target.source.connection, object: target.source.object })
    return pull(shell, landscape, target, { ...options, full: true }, signal)
  }
}

/** Reads the records of the recheck list and sends the waiting patches. Returns whether there were any. */
async function followUp(shell: Shell, landscape: Landscape, run: Run, options: Pulling, signal: AbortSignal): Promise<boolean> {
  let moved = false
  for (const target of run.targets) {
    const event = { connection: run.name, object: target.source.object, expected: undefined }
    const again = await recheck(shell, landscape, target, { which: 'all', onBatch: () => undefined }, signal)
    if (again > 0) options.progress({ ...event, step: 'recheck', done: again })
    const counts = options.write
      ? await push(shell, target, (now) => options.progress({ ...event, step: 'push', done: sum(now) }), signal)
      : noPushes()
    for (const key of Object.keys(counts) as (keyof PushCounts)[]) run.summary.patches[key] += counts[key]
    moved ||= again > 0 || sum(counts) > 0
  }
  return moved
}

/**
 * Waits until the CRM's own index shows what we wrote, then pulls it: a write is done when it can be read, and the next night
 * starts behind it. What another process wrote is read back, too, if it ended before it could. Answers whether anything was read.
 */
async function readBack(shell: Shell, landscape: Landscape, run: Run, options: Pulling, signal: AbortSignal): Promise<boolean> {
  if (!options.write) return false
  const written = await loadUnreadWrites(
    shell.db,
    run.targets.map(({ source }) => source.id),
  )
  if (written.size === 0) return false
  await shell.sleep(run.connector.limits.settleMs, signal)
  let done = 0
  for (const target of run.targets.filter(({ source }) => written.has(source.id))) {
    const { records } = await pull(shell, landscape, target, { ...options, full: false, onBatch: () => undefined }, signal)
    await settleWrites(shell.db, target.source.id, written.get(target.source.id)!)
    done += records
    options.progress({ connection: run.name, object: target.source.object, step: 'settle', done: records, expected: undefined })
  }
  return done > 0
}

async function finishRun(shell: Shell, landscape: Landscape, run: Run): Promise<void> {
  const { summary } = run
  summary.apiCalls = run.connector.usage.calls - run.calls
  summary.seconds = Math.round((shell.now() - run.started) / 10) / 100
  summary.peakRssMiB = Math.round(process.resourceUsage().maxRSS / 1024)
  const { statuses, findings, held } = await takeCensus(shell.db, run.name)
  Object.assign(summary, { statuses, findings })
  // How many people have a known act: retention stops if the share drops suddenly, since an emptied field makes everybody look inactive.
  const at = shell.now()
  await saveGauges(
    shell.db,
    held.map((one) => ({ ...one, connection: run.name, at })),
  )
  for (const target of run.targets) summary.waiting += await countPatches(shell.db, target.source.id)
  const unheard = summary.patches.written > 0 ? await unheardBeside(shell, landscape, run.name) : []
  if (unheard.length > 0) summary.unheard = unheard
}

async function unheardBeside(shell: Shell, { places }: Landscape, name: string): Promise<readonly string[]> {
  const unheard = new Set<string>()
  for (const { source } of places) {
    if (source.connection === name || unheard.has(source.connection)) continue
    // One that was not swept now may not be stored yet.
    const stored = source.id < 0 ? await findSource(shell.db, source.connection, source.object) : await loadSource(shell.db, source.id)
    if (stored === null || stored.policy === null) unheard.add(source.connection)
  }
  return [...unheard]
}

function sum(counts: PushCounts): number {
  return counts.written + counts.unchanged + counts.conflict + counts.rejected + counts.gone + counts.frozen
}

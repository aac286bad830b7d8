/** What the command line and the service can do with the configured connections: sweep, provision, explain, compare policies. */
import type { Kysely } from 'kysely'
import { ConnectorError } from './connectors/connector.ts'
import { meant } from './core/policy/problem.ts'
import { createDiffCounter, type PolicyDiff } from './core/policy/diff.ts'
import type { Connection, ObjectMapping } from './core/record/mapping.ts'
import type { Recipient } from './core/request/recipients.ts'
import type { Policy } from './core/policy/schema.ts'
import { withStreamingV8 } from './streaming-v8.ts'
import { strike } from './log.ts'
import { SettingsError } from './settings.ts'
import { loadSigningKey, signHead } from './store/checkpoints.ts'
import type { Rehearsal } from './store/rehearsal.ts'
import { thawPatches } from './store/outbox.ts'
import { finishSweep, hasSweptOn, startSweep, type ConnectionLock } from './store/sweeps.ts'
import { forgetPolicies } from './store/sources.ts'
import type { Tables } from './store/tables.ts'
import { settleAccount } from './tasks/connection/accounts.ts'
import { diffPolicy } from './tasks/judge/diff.ts'
import { explain, fieldsBehind, type Explained } from './tasks/judge/explain.ts'
import { findPlaces, prepareTargets, type Linked } from './tasks/sweep/prepare.ts'
import type { Place, Shell, Target } from './tasks/shell.ts'
import { sweep, type ConnectionSummary, type SweepHooks, type SweepOptions } from './tasks/sweep/sweep.ts'
import { forgetUnusedVerdicts } from './tasks/retention/unused-verdicts.ts'
import { createVisit, type Provisioned } from './visit.ts'

/** `keep` false: dry run. All of it happens on copies of the tables, and nothing is sent. */
export type AccordSweepOptions = SweepOptions & { keep: boolean }

/** A policy with the connections (mappings) that go with it: the active pair, or the one to compare with it. */
export type Changed = { policy: Policy; connections: readonly Connection[] }

export type Accord = {
  db: Kysely<Tables>
  names: readonly string[]
  sweep: (options: AccordSweepOptions, signal: AbortSignal) => Promise<ConnectionSummary[]>
  /** Creates the fields that Accord writes, and releases patches that a CRM had refused so that they are sent again. */
  provision: (dryRun: boolean, signal: AbortSignal) => Promise<Provisioned[]>
  explain: (
    connection: string,
    object: string,
    id: string,
    signal: AbortSignal,
  ) => Promise<(Explained & { where: ReturnType<typeof fieldsBehind> }) | null>
  diff: (changed: Changed, signal: AbortSignal) => Promise<({ connection: string } & PolicyDiff)[]>
  close: () => Promise<void>
}

export type AccordParts = {
  shell: Shell
  linked: readonly Linked[]
  policy: Policy
  /** Other systems that were given data of persons. */
  recipients: readonly Recipient[]
  only: string | null
  today: () => string
  dataDir: string
  publicUrl: string | undefined
  /** The same shell on temporary copies of the tables, for dry runs. */
  rehearse: () => Promise<{ shell: Shell; close: Rehearsal['close'] }>
  /** The same shell, with stored facts read under the purpose and channel names of another policy. */
  under: (shell: Shell, changed: Changed) => Promise<Shell>
  close: () => Promise<void>
}

export function createAccord(parts: AccordParts): Accord {
  const chosen = parts.linked.filter((one) => parts.only === null || one.name === parts.only)
  const visit = createVisit({ ...parts, chosen, configured: parts.linked.map((one) => one.name) })
  return {
    db: parts.shell.db,
    names: parts.linked.map((one) => one.name),
    sweep: (options, signal) => (options.keep ? sweepAll(parts, chosen, options, signal) : rehearseSweep(parts, chosen, options, signal)),
    provision: async (dryRun, signal) => {
      const results = await visit.provision(dryRun, signal)
      for (const { connection, error } of results) if (!dryRun && !error) await thawPatches(parts.shell.db, connection)
      return results
    },
    explain: async (connection, object, id, signal) => {
      const linked = chosen.filter((one) => one.name === connection)
      refuseUnknownObject(
        connection,
        linked.flatMap((one) => one.objects.map((mapping) => mapping.object)),
        object,
      )
      const landscape = await findPlaces(parts.shell, parts.linked, false)
      const targets = await prepareAll(parts, linked, landscape.places, parts.policy, signal)
      const target = targets.find((one) => one.source.object === object)
      const mapping = linked.flatMap((one) => one.objects).find((one) => one.object === object)
      const explained = target && mapping ? await explain(parts.shell, landscape, target, id, signal) : null
      return explained && { ...explained, where: fieldsBehind(explained, mapping!) }
    },
    diff: (changed, signal) => diffAll(parts, chosen, changed, signal),
    close: parts.close,
  }
}

async function sweepAll(
  parts: AccordParts,
  chosen: readonly Linked[],
  options: SweepOptions,
  signal: AbortSignal,
): Promise<ConnectionSummary[]> {
  const { shell } = parts
  // Fail before the first API call if the ledger could not be signed at the end.
  await loadSigningKey(shell.db, parts.dataDir)
  const at = (): string => new Date(shell.now()).toISOString()
  const ids = new Map<string, number>()
  for (const { name } of chosen) ids.set(name, await startSweep(shell.db, name, options.full ? 'full' : 'delta', at()))
  let signing: Promise<unknown> = Promise.resolve()
  const settled = (): void => {
    signing = signHead(shell.db, parts.dataDir, at())
    signing.catch(() => undefined) // told at the end, when the summaries are stored
  }
  const finish = async (summaries: readonly ConnectionSummary[]): Promise<void> => {
    const isFirst = !(await hasSweptOn(shell.db, at().slice(0, 10)))
    for (const summary of summaries) {
      if (!summary.error) await finishSweep(shell.db, ids.get(summary.connection)!, at(), summary.mode, JSON.stringify(summary))
    }
    await signing
    // Once a day: it passes over all records.
    if (isFirst) await forgetUnusedVerdicts(shell)
  }
  try {
    return await sweepLocked(parts, shell, chosen, { ...options, keep: true, settled }, signal, finish)
  } finally {
    await Promise.allSettled([signing])
  }
}

/** Dry run: the same sweep on copies of the tables, so that facts read from one CRM count when the other is judged. */
async function rehearseSweep(
  parts: AccordParts,
  chosen: readonly Linked[],
  options: AccordSweepOptions,
  signal: AbortSignal,
): Promise<ConnectionSummary[]> {
  const { shell, close } = await parts.rehearse()
  try {
    // Judge unchanged records too: `--as-of` may ask for another day.
    if (options.full) await forgetPolicies(shell.db)
    return await sweepLocked(parts, shell, chosen, { ...options, write: false }, signal, async () => undefined)
  } finally {
    await close()
  }
}

/** Sweeps while holding the lock of every chosen connection; `finish` runs before the locks are released. */
async function sweepLocked(
  parts: AccordParts,
  shell: Shell,
  chosen: readonly Linked[],
  options: AccordSweepOptions & SweepHooks,
  signal: AbortSignal,
  finish: (summaries: readonly ConnectionSummary[]) => Promise<void>,
): Promise<ConnectionSummary[]> {
  const landscape = await findPlaces(shell, parts.linked, true)
  const locks: ConnectionLock[] = []
  const alone = new AbortController()
  const either = AbortSignal.any([signal, alone.signal])
  const prepare = async (linked: Linked): Promise<Target[]> => {
    const lock = await shell.lockConnection(linked.name)
    if (!lock) throw new ConnectorError('refused', `another process is sweeping ${linked.name}; wait until it has finished`)
    locks.push(lock)
    lock.lost.addEventListener('abort', () => alone.abort(lock.lost.reason), { once: true })
    const configured = parts.linked.map((one) => one.name)
    await settleAccount(shell.db, linked, { configured, note: true }, either)
    const preparation = { policy: parts.policy, today: parts.today(), keep: true, provisioned: !options.keep }
    return prepareTargets(shell, linked, landscape.places, preparation, either)
  }
  try {
    const connected = chosen.map((linked) => ({ name: linked.name, connector: linked.connector, prepare: () => prepare(linked) }))
    return await withStreamingV8(async (streams) => {
      const summaries = (await sweep(shell, landscape, connected, { ...options, streams }, either)).map(struck)
      // It reads all that was written into the ledger once more.
      await finish(summaries)
      return summaries
    })
  } catch (error) {
    // A lost lock aborts everything else, so it is the cause to report.
    throw alone.signal.aborted ? alone.signal.reason : error
  } finally {
    for (const lock of locks) await lock.release()
  }
}

function refuseUnknownObject(connection: string, known: readonly string[], object: string): void {
  if (known.includes(object)) return
  const instead = meant(object, known, `it has ${known.join(', ')}`)
  throw new SettingsError(`connection ${connection} has no object "${object}" in connections.yaml; ${instead}`)
}

function struck(summary: ConnectionSummary): ConnectionSummary {
  return summary.error ? { ...summary, error: { ...summary.error, message: strike(summary.error.message) } } : summary
}

/** Prepares targets read-only: no finding about the connection is stored. */
async function prepareAll(
  parts: AccordParts,
  chosen: readonly Linked[],
  places: readonly Place[],
  policy: Policy,
  signal: AbortSignal,
): Promise<Target[]> {
  const targets: Target[] = []
  for (const linked of chosen)
    targets.push(...(await prepareTargets(parts.shell, linked, places, { policy, today: parts.today(), keep: false }, signal)))
  return targets
}

async function diffAll(
  parts: AccordParts,
  chosen: readonly Linked[],
  changed: Changed,
  signal: AbortSignal,
): Promise<({ connection: string } & PolicyDiff)[]> {
  const { shell, close } = await parts.rehearse()
  try {
    const changedShell = await parts.under(shell, changed)
    // Read every CRM first: a refusal known to one counts when the person is judged in another.
    const options = { full: false, keep: false, write: false, progress: () => undefined }
    const broken = (await sweepLocked(parts, shell, parts.linked, options, signal, async () => undefined)).find((one) => one.error)?.error
    if (broken) throw new ConnectorError('refused', `${broken.kind}: ${broken.message}`)
    const rehearsed = { ...parts, shell }
    const { places, ...rest } = await findPlaces(shell, parts.linked, false)
    const diffs: ({ connection: string } & PolicyDiff)[] = []
    for (const linked of chosen) {
      const now = await prepareAll(rehearsed, [linked], places, parts.policy, signal)
      const then = await prepareAll(rehearsed, [{ ...linked, objects: objectsOf(linked, changed) }], places, changed.policy, signal)
      const counter = createDiffCounter()
      for (const [index, target] of now.entries())
        await diffPolicy({ now: shell, then: changedShell }, { places, ...rest }, { now: target, then: then[index]! }, counter, signal)
      diffs.push({ connection: linked.name, ...counter.report() })
    }
    return diffs
  } finally {
    await close()
  }
}

/** Mappings in the order of the active ones; an object missing from the changed file keeps its active mapping. */
function objectsOf({ name, objects }: Linked, { connections }: Changed): readonly ObjectMapping[] {
  const changed = connections.find((one) => one.id === name)?.objects
  return objects.map((mapping) => changed?.find((one) => one.object === mapping.object) ?? mapping)
}

/** What can be done with the configured CRMs, seen from the command line and the service. */
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { ConnectorError, type CheckReport, type ProvisionStep } from './connectors/connector.ts'
import { mappedFields } from './core/mapped-fields.ts'
import { undeclaredField } from './core/minimisation.ts'
import { wantedProperties, writeBackNames } from './core/write-back.ts'
import type { Policy } from './core/policy-schema.ts'
import { strike } from './log.ts'
import { writeCheckpoint } from './store/checkpoints.ts'
import { loadLedgerKey } from './store/keys.ts'
import { finishSweep, startSweep } from './store/sweeps.ts'
import type { Tables } from './store/tables.ts'
import { diffPolicy, type PolicyDiff } from './tasks/diff.ts'
import { explain, type Explained } from './tasks/explain.ts'
import { prepareTargets, type Linked } from './tasks/prepare.ts'
import type { Shell, Target } from './tasks/shell.ts'
import { sweep, type ConnectionSummary, type SweepOptions } from './tasks/sweep.ts'

type Failure = { kind: string; message: string }
export type Checked = { connection: string; report?: CheckReport; error?: Failure }
export type Provisioned = { connection: string; steps: readonly ProvisionStep[]; error?: Failure }

export type OpenHouse = {
  db: Kysely<Tables>
  names: readonly string[]
  sweep: (options: SweepOptions, signal: AbortSignal) => Promise<ConnectionSummary[]>
  check: (signal: AbortSignal) => Promise<Checked[]>
  provision: (dryRun: boolean, signal: AbortSignal) => Promise<Provisioned[]>
  explain: (connection: string, object: string, id: string, signal: AbortSignal) => Promise<Explained | null>
  diff: (changed: Policy, signal: AbortSignal) => Promise<({ connection: string } & PolicyDiff)[]>
  close: () => Promise<void>
}

export type HouseParts = {
  shell: Shell
  linked: readonly Linked[]
  policy: Policy
  only: string | null
  today: () => string
  dataDir: string
  close: () => Promise<void>
}

export function createHouse(parts: HouseParts): OpenHouse {
  const chosen = parts.linked.filter((one) => parts.only === null || one.name === parts.only)
  return {
    db: parts.shell.db,
    names: parts.linked.map((one) => one.name),
    sweep: (options, signal) => sweepHouse(parts, chosen, options, signal),
    check: (signal) => Promise.all(chosen.map((one) => checkOne(parts, one, signal))),
    provision: async (dryRun, signal) => {
      const results: Provisioned[] = []
      for (const one of chosen) results.push(await provisionOne(parts, one, dryRun, signal))
      return results
    },
    explain: async (connection, object, id, signal) => {
      const house = { targets: await prepareAll(parts, chosen, parts.policy, false, signal) }
      const target = house.targets.find((one) => one.source.connection === connection && one.source.object === object)
      return target ? explain(parts.shell, house, target, id, signal) : null
    },
    diff: (changed, signal) => diffHouse(parts, chosen, changed, signal),
    close: parts.close,
  }
}

async function sweepHouse(
  parts: HouseParts,
  chosen: readonly Linked[],
  options: SweepOptions,
  signal: AbortSignal,
): Promise<ConnectionSummary[]> {
  const { shell } = parts
  const house: { targets: Target[] } = { targets: [] }
  const locks: (() => void)[] = []
  const prepare = async (linked: Linked): Promise<Target[]> => {
    const release = await shell.lockConnection(linked.name)
    if (!release) throw new ConnectorError('refused', `another process is sweeping ${linked.name}; wait until it has finished`)
    locks.push(release)
    const how = { policy: parts.policy, today: parts.today(), named: namedBy(parts), keep: options.keep }
    const targets = await prepareTargets(shell, linked, how, signal)
    house.targets.push(...targets)
    return targets
  }
  const at = (): string => new Date(shell.now()).toISOString()
  const ids = new Map<string, number>()
  try {
    if (options.keep) for (const { name } of chosen) ids.set(name, await startSweep(shell.db, name, options.full ? 'full' : 'delta', at()))
    const connected = chosen.map((linked) => ({ name: linked.name, connector: linked.connector, prepare: () => prepare(linked) }))
    const summaries = await sweep(shell, house, connected, options, signal)
    if (!options.keep) return summaries
    for (const summary of summaries) {
      if (!summary.error) await finishSweep(shell.db, ids.get(summary.connection)!, at(), JSON.stringify(summary))
    }
    await writeCheckpoint(shell.db, { file: checkpointFile(parts.dataDir), key: await loadLedgerKey(parts.dataDir), time: at() })
    return summaries
  } finally {
    for (const release of locks) release()
  }
}

export function checkpointFile(dataDir: string): string {
  return join(dataDir, 'checkpoints.jsonl')
}

/** `crm:object` of every source that some mapping points to as the same person. */
function namedBy(parts: HouseParts): ReadonlySet<string> {
  return new Set(
    parts.linked.flatMap((one) => one.objects.flatMap((mapping) => mapping.crossIds.map(({ crm, object }) => `${crm}:${object}`))),
  )
}

async function prepareAll(
  parts: HouseParts,
  chosen: readonly Linked[],
  policy: Policy,
  keep: boolean,
  signal: AbortSignal,
): Promise<Target[]> {
  const targets: Target[] = []
  for (const linked of chosen)
    targets.push(...(await prepareTargets(parts.shell, linked, { policy, today: parts.today(), named: namedBy(parts), keep }, signal)))
  return targets
}

async function checkOne(parts: HouseParts, linked: Linked, signal: AbortSignal): Promise<Checked> {
  try {
    const needs = linked.objects.map((mapping) => ({
      object: mapping.object,
      read: mappedFields(mapping),
      write: writeBackNames(parts.policy, mapping),
    }))
    return { connection: linked.name, report: await linked.connector.check(needs, signal) }
  } catch (error) {
    return { connection: linked.name, error: failureOf(error) }
  }
}

async function provisionOne(parts: HouseParts, linked: Linked, dryRun: boolean, signal: AbortSignal): Promise<Provisioned> {
  try {
    const steps: ProvisionStep[] = []
    for (const mapping of linked.objects) {
      const request = { group: mapping.writeBack.group, fields: wantedProperties(parts.policy, mapping, [undeclaredField]), dryRun }
      steps.push(...(await linked.connector.provision(request, signal)))
    }
    return { connection: linked.name, steps }
  } catch (error) {
    return { connection: linked.name, steps: [], error: failureOf(error) }
  }
}

async function diffHouse(
  parts: HouseParts,
  chosen: readonly Linked[],
  changed: Policy,
  signal: AbortSignal,
): Promise<({ connection: string } & PolicyDiff)[]> {
  const diffs: ({ connection: string } & PolicyDiff)[] = []
  for (const linked of chosen) {
    const now = await prepareAll(parts, [linked], parts.policy, false, signal)
    const then = await prepareAll(parts, [linked], changed, false, signal)
    const diff = { connection: linked.name, records: 0, changed: 0, rules: [] }
    for (const [index, target] of now.entries()) await diffPolicy(parts.shell, target, then[index]!, diff, signal)
    diffs.push(diff)
  }
  return diffs
}

/** A CRM that refuses is an answer for the user; anything else is a fault of ours and goes up. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof ConnectorError)) throw error
  return { kind: error.kind, message: strike(error.message) }
}

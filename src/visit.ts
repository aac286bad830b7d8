/** Commands that only call the CRMs (check, provision, webhook subscriptions). They store nothing, so they need neither database nor data folder. */
import type { Kysely } from 'kysely'
import { ConnectorError, type CheckReport, type Problem, type ProvisionStep } from './connectors/connector.ts'
import { mappedFields } from './core/record/mapped-fields.ts'
import { undeclaredField } from './core/minimisation/minimisation.ts'
import { mirrorNames } from './core/consent/mirror.ts'
import type { Policy } from './core/policy/schema.ts'
import { strangersAmong, wantedProperties, writeBackNames } from './core/judge/write-back.ts'
import { strike } from './log.ts'
import { SettingsError } from './settings.ts'
import type { Tables } from './store/tables.ts'
import { accountProblem, twinMessage } from './tasks/connection/accounts.ts'
import type { Linked } from './tasks/sweep/prepare.ts'
import { subscribe, type Subscribed } from './tasks/connection/subscribe.ts'

type Failure = { kind: string; message: string }
/** `own`: names of the fields that provisioning creates, as they appear in problems. */
export type Checked = { connection: string; crm: string; own: readonly string[]; report?: CheckReport; error?: Failure }
export type Provisioned = { connection: string; steps: readonly ProvisionStep[]; error?: Failure }

export type Visit = {
  /** `db`: where the known account of each connection is stored, to report a different one; null if there is no database yet. */
  check: (db: Kysely<Tables> | null, signal: AbortSignal) => Promise<Checked[]>
  provision: (dryRun: boolean, signal: AbortSignal) => Promise<Provisioned[]>
  /** Subscribes this service, at its public address, to the change notifications of each CRM. */
  subscribe: (dryRun: boolean, signal: AbortSignal) => Promise<Subscribed[]>
}

/** `configured`: every id of connections.yaml, chosen or not. */
export type VisitParts = { policy: Policy; chosen: readonly Linked[]; configured: readonly string[]; publicUrl: string | undefined }

export function createVisit(parts: VisitParts): Visit {
  const { chosen, publicUrl } = parts
  return {
    check: async (db, signal) => withTwins(await Promise.all(chosen.map((one) => checkOne(parts, one, db, signal)))),
    provision: async (dryRun, signal) => {
      const results: Provisioned[] = []
      for (const one of chosen) results.push(await provisionOne(parts, one, dryRun, signal))
      return results
    },
    subscribe: async (dryRun, signal) => {
      if (publicUrl === undefined)
        throw new SettingsError('set ACCORD_PUBLIC_URL to the https address at which the CRMs reach this service, then try again')
      return Promise.all(chosen.map((one) => subscribe(one, `${publicUrl}/webhooks/${one.name}`, dryRun, signal)))
    },
  }
}

async function checkOne(parts: VisitParts, linked: Linked, db: Kysely<Tables> | null, signal: AbortSignal): Promise<Checked> {
  const all = linked.objects.map((mapping) => ({
    object: mapping.object,
    read: mappedFields(mapping),
    own: writeBackNames(parts.policy, mapping),
    mirrors: mirrorNames(mapping),
  }))
  const own = all.flatMap((one) => one.own.map((field) => `${one.object}.${field}`))
  const needs = all.map(({ object, read, own: written, mirrors }) => ({ object, read, write: [...written, ...mirrors] }))
  const named = { connection: linked.name, crm: linked.crm }
  try {
    const report = await linked.connector.check(needs, signal)
    // A connection whose account could not be read has its own problem already.
    const other = db === null || report.account === '' ? null : await accountProblem(db, linked, parts.configured, signal)
    if (other === null) return { ...named, own, report }
    const problem: Problem = { kind: 'account', name: linked.name, message: other }
    return { ...named, own, report: { ...report, problems: [problem, ...report.problems] } }
  } catch (error) {
    return { ...named, own, error: failureOf(error) }
  }
}

/** Reports two connections that lead to the same account, even before either was swept. */
function withTwins(all: readonly Checked[]): Checked[] {
  return all.map((one) => {
    const { connection, crm, report } = one
    if (report === undefined || report.account === '' || report.problems.some(({ kind }) => kind === 'account')) return one
    const twins = all.filter((other) => other !== one && other.crm === crm && other.report?.account === report.account)
    if (twins.length === 0) return one
    const message = twinMessage(
      { connection, crm, account: report.account },
      twins.map((twin) => twin.connection),
    )
    return { ...one, report: { ...report, problems: [{ kind: 'account', name: connection, message }, ...report.problems] } }
  })
}

async function provisionOne(parts: VisitParts, linked: Linked, dryRun: boolean, signal: AbortSignal): Promise<Provisioned> {
  const steps: ProvisionStep[] = []
  try {
    for (const mapping of linked.objects) {
      const wanted = wantedProperties(parts.policy, mapping, [undeclaredField])
      const [schema] = await linked.connector.describe([mapping.object], signal)
      const strangers = new Set(strangersAmong(wanted, schema?.fields ?? []))
      const fields = wanted.filter(({ name }) => !strangers.has(name))
      for (const name of strangers) steps.push({ what: 'field', object: mapping.object, name, outcome: 'refused', reason: stranger(name) })
      steps.push(...(await linked.connector.provision({ group: mapping.writeBack.group, fields, dryRun }, signal)))
    }
    return { connection: linked.name, steps: toldOnce(steps) }
  } catch (error) {
    // Fields created before the failure exist and are still reported.
    return { connection: linked.name, steps: toldOnce(steps), error: failureOf(error) }
  }
}

/** What objects have in common, such as a permission set, is met with each of them: what became of it the first time is what is told. */
function toldOnce(steps: readonly ProvisionStep[]): ProvisionStep[] {
  const told = new Map<string, ProvisionStep>()
  for (const step of steps) {
    const key = `${step.what} ${step.object}.${step.name}`
    if (!told.has(key)) told.set(key, step)
  }
  return [...told.values()]
}

function stranger(name: string): string {
  return `a field ${name} exists that serves something else: it is left as it is; choose another name under writeBack in connections.yaml, or archive it`
}

/** A ConnectorError becomes part of the answer; any other error is a bug and is rethrown. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof ConnectorError)) throw error
  return { kind: error.kind, message: strike(error.message) }
}

/** Composition root: settings → store → connectors → tasks. Everything is made here once, and stopped in reverse. */
import type { Kysely } from 'kysely'
import { createAccounts, type Accounts } from './accounts.ts'
import { createBudgets, type Budgets } from './budgets.ts'
import { loadConnections, loadPolicy, loadRecipients } from './config/load.ts'
import type { Deps, Urgency } from './connectors/connector.ts'
import type { Connection } from './core/record/mapping.ts'
import { connect, settingsProblems } from './connectors/registry.ts'
import { createAccord, type Changed, type AccordParts, type Accord } from './accord.ts'
import { createLog } from './log.ts'
import { SettingsError, type Settings } from './settings.ts'
import { openShell, sleep } from './shell.ts'
import { openDatabase, type Database, type Tables } from './store/database.ts'
import type { Linked } from './tasks/sweep/prepare.ts'
import type { Replayed } from './tasks/erasure/replay.ts'
import type { Log } from './tasks/shell.ts'
import { createVisit, type Visit } from './visit.ts'

export type { Accord } from './accord.ts'

/** Opens an existing database without any connector, for read-only commands. Creates neither database nor key. @throws StoreError */
export async function openStore(settings: Settings): Promise<{ db: Kysely<Tables>; database: Database; close: () => Promise<void> }> {
  const log = createLog(settings.logLevel)
  const where = { url: settings.databaseUrl, dir: settings.dataDir, existing: true }
  const database = await openDatabase({ ...where, log: (event, facts) => log(event, facts) })
  return { db: database.db, database, close: database.close }
}

/**
 * Everything that was opened, for callers that need more than `Accord`. `parts.close` closes connectors, claims and database. `at` opens the same
 * connections for another urgency (lazily, once each); all urgencies of a connection share its rate limits.
 */
export type Opened = {
  parts: AccordParts
  database: Database
  connections: readonly Connection[]
  log: Log
  at: (urgency: Urgency) => readonly Linked[]
  usage: Budgets['usage']
  accounts: Pick<Accounts, 'refused' | 'look'>
  /** The erasures repeated at start because the database was restored from an older backup; null if it was not. */
  replayed: Replayed | null
}

type OpenOptions = { only?: string; asOf?: string; now?: () => number; sleep?: Deps['sleep'] }

/**
 * `only`: one connection. `asOf`: judge as on that day (YYYY-MM-DD). `now`: another clock than the machine's, in epoch milliseconds.
 * `sleep`: how connectors wait.
 */
export async function openAccord(settings: Settings, options: OpenOptions = {}): Promise<Accord> {
  return createAccord((await openParts(settings, options)).parts)
}

/** Opens the connectors without a database or key, for commands that store nothing. Their API calls count against the limits of this process only. */
export async function openVisit(settings: Settings, options: OpenOptions = {}): Promise<Visit & { close: () => Promise<void> }> {
  const { policy, connections, at, budgets } = connectAll(settings, createLog(settings.logLevel), options, false)
  const chosen = at.open('sweep').filter((one) => options.only === undefined || one.name === options.only)
  const close = async (): Promise<void> => {
    await closeConnectors(at)
    await budgets.close()
  }
  return { ...createVisit({ policy, chosen, configured: connections.map((one) => one.id), publicUrl: settings.publicUrl }), close }
}

export async function openParts(settings: Settings, options: OpenOptions = {}): Promise<Opened> {
  const log = createLog(settings.logLevel)
  const now = options.now ?? Date.now
  const { policy, connections, at, budgets, accounts } = connectAll(settings, log, options, settings.databaseUrl !== undefined)
  // Read before the database is opened, so that a wrong setting fails before the lock is taken.
  const recipients = loadRecipients(settings.configDir, settings.env)
  const linked = at.open('sweep')
  const letGo = async (): Promise<void> => {
    await closeConnectors(at)
    await budgets.close()
  }
  const { shell, rehearse, under, database, replayed, close } = await openShell(settings, log, now, { policy, connections }).catch(
    async (error: unknown) => {
      await letGo()
      throw error
    },
  )
  budgets.share(shell.db)
  accounts.share(shell.db)
  const parts: AccordParts = {
    shell,
    linked,
    policy,
    recipients,
    only: options.only ?? null,
    today: () => options.asOf ?? localDate(now(), policy.organisation.timezone),
    dataDir: settings.dataDir,
    publicUrl: settings.publicUrl,
    rehearse,
    under,
    close: async () => {
      await letGo()
      await close()
    },
  }
  return { parts, database, connections, log, at: at.open, usage: budgets.usage, accounts, replayed }
}

type Opener = { open: (urgency: Urgency) => readonly Linked[]; opened: () => readonly Linked[] }

type Connected = Changed & { at: Opener; budgets: Budgets; accounts: Accounts }

/** `remote`: other processes share the rate limits, so they are counted in Postgres. */
function connectAll(settings: Settings, log: Log, options: OpenOptions, remote: boolean): Connected {
  const policy = loadPolicy(settings.configDir)
  const { connections } = loadConnections(settings.configDir, settings.env, { policy, settings: settingsProblems })
  if (options.only && !connections.some((one) => one.id === options.only)) {
    throw new SettingsError(
      `there is no connection "${options.only}" in connections.yaml; it has ${connections.map((one) => one.id).join(', ')}`,
    )
  }
  const now = options.now ?? Date.now
  const deps = { now, sleep: options.sleep ?? sleep, random: Math.random, log, publicUrl: settings.publicUrl }
  const budgets = createBudgets(remote, { ...deps, now: () => performance.now() })
  const accounts = createAccounts(
    connections.map((one) => one.id),
    log,
  )
  const at = atUrgency((urgency) =>
    connections.map((one) => {
      const connector = connect(one, { ...deps, urgency, permits: budgets.permitsOf(one.id) })
      const { id: name, crm, objects } = one
      return { name, crm, objects, connector: accounts.guard({ name, crm, connector }, urgency) }
    }),
  )
  return { policy, connections, at, budgets, accounts }
}

async function closeConnectors(at: Opener): Promise<void> {
  await Promise.all(at.opened().map((one) => one.connector.close()))
}

/** Opens the connectors of each urgency once, on first use. */
function atUrgency(make: (urgency: Urgency) => readonly Linked[]): Opener {
  const opened = new Map<Urgency, readonly Linked[]>()
  return {
    open(urgency) {
      const linked = opened.get(urgency) ?? make(urgency)
      opened.set(urgency, linked)
      return linked
    },
    opened: () => [...opened.values()].flat(),
  }
}

function localDate(now: number, timezone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone).toPlainDate().toString()
}

/** Composition root: settings → store → connectors → tasks. Everything is made here once, and stopped in reverse. */
import { setTimeout } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import PQueue from 'p-queue'
import { createAccounts, type Accounts } from './accounts.ts'
import { createBudgets, type Budgets } from './budgets.ts'
import { loadConnections, loadPolicy, loadRecipients } from './config/load.ts'
import type { Deps, Urgency } from './connectors/connector.ts'
import type { Connection } from './core/mapping.ts'
import { connect, settingsProblems } from './connectors/registry.ts'
import { describeLost, formerNames, lostNames } from './core/former-names.ts'
import { createHasher } from './core/identity-hash.ts'
import { createHouse, type Changed, type HouseParts, type OpenHouse } from './house.ts'
import { judgingCode } from './judging-code.ts'
import { createLog } from './log.ts'
import { SettingsError, type Settings } from './settings.ts'
import { signOrSay } from './store/checkpoints.ts'
import { openClaims } from './store/claims.ts'
import { openDatabase, type Database, type Tables } from './store/database.ts'
import { emptyDictionary, loadDictionary, storedFactKinds, type Dictionary } from './store/dictionary.ts'
import { StoreError } from './store/error.ts'
import { noteErased } from './store/erased-journal.ts'
import { openHashKey } from './store/hash-key.ts'
import { createConnectionIndex } from './store/sources.ts'
import { maintain } from './store/maintenance.ts'
import { openRehearsal } from './store/rehearsal.ts'
import { lockConnection } from './store/sweeps.ts'
import type { Linked } from './tasks/prepare.ts'
import { replayErased, type Replayed } from './tasks/replay.ts'
import type { Log, Shell } from './tasks/shell.ts'
import { createVisit, type Visit } from './visit.ts'

export type { OpenHouse } from './house.ts'

/** The database alone, for commands that ask no CRM anything: they look, and make nothing. */
export async function openStore(settings: Settings): Promise<{ db: Kysely<Tables>; database: Database; close: () => Promise<void> }> {
  const log = createLog(settings.logLevel)
  const where = { url: settings.databaseUrl, dir: settings.dataDir, existing: true }
  const database = await openDatabase({ ...where, log: (event, facts) => log(event, facts) })
  return { db: database.db, database, close: database.close }
}

/**
 * Everything that was opened, for whoever runs more than one command with it. `close` ends connectors, claims and database. `at`: the same connections
 * for another urgency, which share their allowances; costs nothing until something is asked.
 */
export type Opened = {
  parts: HouseParts
  database: Database
  connections: readonly Connection[]
  log: Log
  at: (urgency: Urgency) => readonly Linked[]
  usage: Budgets['usage']
  accounts: Pick<Accounts, 'refused' | 'look'>
  /** What an older copy of the database was brought up to while it was opened; null: it was none. */
  replayed: Replayed | null
}

type OpenOptions = { only?: string; asOf?: string; now?: () => number; sleep?: Deps['sleep'] }

/**
 * `only`: one connection. `asOf`: judge as on that day (YYYY-MM-DD). `now`: another clock than the machine's, in epoch milliseconds.
 * `sleep`: how connectors wait.
 */
export async function openHouse(settings: Settings, options: OpenOptions = {}): Promise<OpenHouse> {
  return createHouse((await openParts(settings, options)).parts)
}

/** The CRMs alone, for commands that store nothing: neither database nor key is opened or made. Their few calls are counted here only. */
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
  // Read and built before the database is opened: a wrong setting must not cost a lock.
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
  const parts: HouseParts = {
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

/** `remote`: other processes spend from the same allowances. */
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

/** Each urgency is opened once, when it is first asked for. */
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

type OpenShell = {
  shell: Shell
  rehearse: HouseParts['rehearse']
  under: HouseParts['under']
  database: Database
  replayed: Replayed | null
  close: () => Promise<void>
}

async function openShell(settings: Settings, log: Log, now: () => number, present: Changed): Promise<OpenShell> {
  const code = await judgingCode()
  const database = await openDatabase({ url: settings.databaseUrl, dir: settings.dataDir, log: (event, facts) => log(event, facts) })
  const key = await hashKeyOf(settings, database)
  const queue = new PQueue({ concurrency: 1 })
  const claims = openClaims(database)
  const close = async (): Promise<void> => {
    await claims.close()
    await database.close()
  }
  const opened = { close }
  await orClose(opened, claims.ready())
  const shell: Shell = {
    db: database.db,
    dictionary: await orClose(opened, readDictionary(database.db, present)),
    hashKey: key,
    hasher: createHasher(key),
    now,
    sleep,
    log,
    code,
    oneAtATime: (work) => queue.add(work),
    lockConnection: (connection) => lockConnection(database, connection),
    claims,
    // Commands have nobody to wake: a service on the same database finds open work by itself.
    ring: async () => undefined,
    connections: createConnectionIndex(),
    sign: () => signOrSay(database.db, settings.dataDir, new Date(now()).toISOString(), log),
    journal: (trx, acts) => noteErased(trx, settings.dataDir, acts, new Date(now()).toISOString()),
    maintain: () => maintain(database, (event, facts) => log(event, facts)),
  }
  const replayed = await orClose(opened, replayErased(shell, settings.dataDir))
  const rehearse = async (): ReturnType<HouseParts['rehearse']> => {
    const { db, close } = await openRehearsal(database, (event, facts) => log(event, facts))
    return {
      shell: {
        ...shell,
        db,
        dictionary: await readDictionary(db, present),
        sign: async () => undefined,
        journal: async () => undefined,
        maintain: async () => undefined,
      },
      close,
    }
  }
  const under: HouseParts['under'] = async (base, changed) => ({ ...base, dictionary: await readDictionary(base.db, changed) })
  return { shell, rehearse, under, database, replayed, close }
}

/** A wrong key is a wrong setting. */
async function hashKeyOf(settings: Settings, database: Pick<Database, 'db' | 'close'>): Promise<Uint8Array> {
  try {
    return (await orClose(database, openHashKey(database.db, settings.dataDir, settings.hashKey))).key
  } catch (error) {
    throw error instanceof StoreError && error.kind === 'key' ? new SettingsError(error.message, { cause: error }) : error
  }
}

async function orClose<T>(opened: Pick<Database, 'close'>, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** What is remembered, by the names of this policy. A name that it lost would take the refusals with it. */
async function readDictionary(db: Kysely<Tables>, { policy, connections }: Changed): Promise<Dictionary> {
  const mappings = connections.flatMap((one) => one.objects)
  const lost = lostNames(policy, mappings, await storedFactKinds(db))
  if (lost.length > 0) throw new SettingsError(describeLost(lost))
  const dictionary = emptyDictionary(formerNames(policy))
  await loadDictionary(db, dictionary)
  return dictionary
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return setTimeout(ms, undefined, { signal })
}

function localDate(now: number, timezone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone).toPlainDate().toString()
}

/** Opens what tasks work with: database, keys, claims, and the dictionary of stored names and verdicts. */
import { setTimeout } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import PQueue from 'p-queue'
import { describeLost, formerNames, lostNames } from './core/consent/former-names.ts'
import { createHasher } from './core/identity/hash.ts'
import type { Changed, AccordParts } from './accord.ts'
import { judgingCode } from './judging-code.ts'
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
import { replayErased, type Replayed } from './tasks/erasure/replay.ts'
import type { Log, Shell } from './tasks/shell.ts'

type OpenShell = {
  shell: Shell
  rehearse: AccordParts['rehearse']
  under: AccordParts['under']
  database: Database
  replayed: Replayed | null
  close: () => Promise<void>
}

export async function openShell(settings: Settings, log: Log, now: () => number, present: Changed): Promise<OpenShell> {
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
    // A command rings no job queue: a service on the same database finds open work by polling.
    ring: async () => undefined,
    connections: createConnectionIndex(),
    sign: () => signOrSay(database.db, settings.dataDir, new Date(now()).toISOString(), log),
    journal: (trx, acts) => noteErased(trx, settings.dataDir, acts, new Date(now()).toISOString()),
    maintain: () => maintain(database, (event, facts) => log(event, facts)),
  }
  const replayed = await orClose(opened, replayErased(shell, settings.dataDir))
  const rehearse = async (): ReturnType<AccordParts['rehearse']> => {
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
  const under: AccordParts['under'] = async (base, changed) => ({ ...base, dictionary: await readDictionary(base.db, changed) })
  return { shell, rehearse, under, database, replayed, close }
}

/** Reports a wrong hash key as a SettingsError (exit code 2). */
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

/** Loads the dictionary under the names of this policy. @throws SettingsError if stored refusals use a purpose or channel that the policy no longer has. */
async function readDictionary(db: Kysely<Tables>, { policy, connections }: Changed): Promise<Dictionary> {
  const mappings = connections.flatMap((one) => one.objects)
  const lost = lostNames(policy, mappings, await storedFactKinds(db))
  if (lost.length > 0) throw new SettingsError(describeLost(lost))
  const dictionary = emptyDictionary(formerNames(policy))
  await loadDictionary(db, dictionary)
  return dictionary
}

export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return setTimeout(ms, undefined, { signal })
}

/** What every task needs: the database, the clock, the keys. Made once by the composition root. */
import type { Kysely, Transaction } from 'kysely'
import type { Connector } from '../connectors/connector.ts'
import type { Hasher } from '../core/identity/hash.ts'
import type { JudgeOptions } from '../core/judge/create-judge.ts'
import type { Judge } from '../core/judge/judge.ts'
import type { CatalogueField } from '../core/minimisation/minimisation.ts'
import type { Claims } from '../store/claims.ts'
import type { ErasedAct } from '../store/erased-journal.ts'
import type { Tables } from '../store/tables.ts'
import type { Dictionary } from '../store/dictionary.ts'
import type { Source } from '../store/sources.ts'
import type { ConnectionLock } from '../store/sweeps.ts'

export type Log = (event: string, facts?: Readonly<Record<string, string | number | boolean>>) => void

/** Work to announce to the workers. `rechecks`: sources with records to read again; `anywhere`: in sources that are not known; `patches`: the source with patches to send. */
export type Work = { rechecks: ReadonlySet<number>; anywhere: boolean; patches: number | null }

export type Shell = {
  db: Kysely<Tables>
  dictionary: Dictionary
  hashKey: Uint8Array
  hasher: Hasher
  now: () => number
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  log: Log
  /** Digest of the judging code: when it differs from the stored one, every record is judged again. */
  code: string
  /** Batches of this process go one at a time; across processes an advisory lock does the same. */
  oneAtATime: <T>(work: () => Promise<T>) => Promise<T>
  /** One sweep of a connection at a time, over all workers. Answers null when another worker has it. */
  lockConnection: (connection: string) => Promise<ConnectionLock | null>
  /** Who is at work on which rows, over all workers. */
  claims: Claims
  /** Enqueues the jobs for this work, in the transaction that stores it. */
  ring: (trx: Transaction<Tables>, work: Work) => Promise<void>
  /** Connection ids by source id. */
  connections: (trx: Transaction<Tables>) => Promise<ReadonlyMap<number, string>>
  /** Signs the head of the ledger and writes it outside the database, after entries that must not be truncated. A failure is logged; the next signature covers it. */
  sign: () => Promise<void>
  /** Notes erasures in a file outside the database, so that they are repeated after a restore from an older backup. */
  journal: (trx: Transaction<Tables>, acts: readonly ErasedAct[]) => Promise<void>
  /** VACUUM and ANALYZE (see store/maintenance.ts); called after bulk changes. */
  maintain: () => Promise<void>
}

/** One object of one connection. */
export type Place = {
  source: Source
  /** Whether records elsewhere hold the ids of records of this place (cross-ids). */
  named: boolean
}

/** A place with everything that a sweep needs: judge, source and field list. */
export type Target = Place & {
  connector: Connector
  judge: Judge
  /** What `judge` was compiled from, so that the worker thread can compile its own. Absent: records are judged in this thread only. */
  recipe?: JudgeOptions
  /** Digest of policy, mapping and visible fields: when it differs from the source's, every record is judged anew. */
  policy: string
  /** Local date at the controller, YYYY-MM-DD. */
  today: string
  /** Custom fields that are read; one that no record fills is a finding of the connection. */
  custom: readonly CatalogueField[]
  /** How many write-back fields do not exist yet but are treated as if they did (dry run). */
  unprovisioned?: number
}

/** Every configured place, swept now or not, so that a record can be found from `connection:object:id`. */
export type Landscape = {
  places: readonly Place[]
  /** Sources of connections that left the configuration: their refusals still bind, their consents and acts no longer count. */
  retired: ReadonlySet<number>
}

export function refOf(source: Source, id: string): string {
  return `${source.connection}/${source.object}/${id}`
}

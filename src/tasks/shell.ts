/** What every task needs: the database, the clock, the keys. Made once by the composition root. */
import type { Kysely, Transaction } from 'kysely'
import type { Connector } from '../connectors/connector.ts'
import type { Hasher } from '../core/identity-hash.ts'
import type { JudgeOptions } from '../core/create-judge.ts'
import type { Judge } from '../core/judge.ts'
import type { CatalogueField } from '../core/minimisation.ts'
import type { Claims } from '../store/claims.ts'
import type { ErasedAct } from '../store/erased-journal.ts'
import type { Tables } from '../store/tables.ts'
import type { Dictionary } from '../store/dictionary.ts'
import type { Source } from '../store/sources.ts'
import type { ConnectionLock } from '../store/sweeps.ts'

export type Log = (event: string, facts?: Readonly<Record<string, string | number | boolean>>) => void

/** Sources with records to be read again (`anywhere`: it is not known in which), and the one that has patches to be sent. */
export type Work = { rechecks: ReadonlySet<number>; anywhere: boolean; patches: number | null }

export type Shell = {
  db: Kysely<Tables>
  dictionary: Dictionary
  hashKey: Uint8Array
  hasher: Hasher
  now: () => number
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  log: Log
  /** Digest of the code that judges: under another one every record is judged anew. */
  code: string
  /** Batches of this process go one at a time; across processes an advisory lock does the same. */
  oneAtATime: <T>(work: () => Promise<T>) => Promise<T>
  /** One sweep of a connection at a time, over all workers. Answers null when another worker has it. */
  lockConnection: (connection: string) => Promise<ConnectionLock | null>
  /** Who is at work on which rows, over all workers. */
  claims: Claims
  /** Wakes whoever is to go on; part of the transaction that leaves the work. */
  ring: (trx: Transaction<Tables>, work: Work) => Promise<void>
  /** Connections by the number of their sources. */
  connections: (trx: Transaction<Tables>) => Promise<ReadonlyMap<number, string>>
  /** Signs the head of the ledger outside the database; what cannot be signed is logged, and signed with the next. Called after what must not be cut off. */
  sign: () => Promise<void>
  /** Notes outside the database what must not come back with an older copy of it. */
  journal: (trx: Transaction<Tables>, acts: readonly ErasedAct[]) => Promise<void>
  /** Called after bulk changes. */
  maintain: () => Promise<void>
}

/** One object of one connection. */
export type Place = {
  source: Source
  /** Records of other places name records of this one as the same person. */
  named: boolean
}

/** A place that is ready to be swept. */
export type Target = Place & {
  connector: Connector
  judge: Judge
  /** What `judge` was made from, so that a thread can make its own. Absent: it judges here only. */
  recipe?: JudgeOptions
  /** Digest of policy, mapping and visible fields: when it differs from the source's, every record is judged anew. */
  policy: string
  /** Local date at the controller, YYYY-MM-DD. */
  today: string
  /** The company's own fields that are read: what nobody fills is a finding of the connection. */
  custom: readonly CatalogueField[]
  /** How many of the fields that are written are not there yet, and only taken to be. */
  unprovisioned?: number
}

/** Every place of the house, swept now or not, so that a record can be found from `connection:object:id`. */
export type House = {
  places: readonly Place[]
  /** Sources that the configuration no longer has: a no that was said there binds, a yes or an act there does not count. */
  retired: ReadonlySet<number>
}

export function refOf(source: Source, id: string): string {
  return `${source.connection}/${source.object}/${id}`
}

/** What the tasks of an erasure work with, and the person in clear: opened for one step, never kept. */
import { randomBytes } from 'node:crypto'
import type { Corrections } from '../../core/request/corrections.ts'
import type { Calendar } from '../../core/request/deadline.ts'
import type { Person } from '../../core/erasure/select.ts'
import type { Recipient } from '../../core/request/recipients.ts'
import type { Policy } from '../../core/policy/schema.ts'
import type { Fields } from '../../connectors/connector.ts'
import { openSealed, SEAL_BYTES, sealText } from '../../core/ledger/sealed.ts'
import type { StoredRequest, Vault } from '../../store/requests.ts'
import type { Side } from './seek.ts'
import type { Subject } from './step.ts'
import type { Prepared } from '../sweep/live.ts'
import type { Landscape, Shell } from '../shell.ts'
import type { TurnShell } from '../turn.ts'

/**
 * `prepare`: what is judged and written in a connection; null before its first sweep. `landscape`: the configured places, as they stand in this transaction.
 * `sides`: the connections that can erase, opened for the most urgent work. `unable`: those that cannot, to be told in each plan.
 */
export type ErasureDeps = {
  shell: Shell
  sides: readonly Side[]
  crms: ReadonlyMap<string, string>
  unable: readonly string[]
  policy: Policy
  calendar: Calendar
  prepare: (connection: string, signal: AbortSignal) => Promise<Prepared | null>
  landscape: (turn: TurnShell) => Promise<Landscape>
  /** Other systems that are told of what is carried out. */
  recipients: readonly Recipient[]
}

/**
 * `asked`: as the person gave it, in identity form and E.164, with the records that somebody has recognised, by key. `subject`: what their records say
 * besides, since the looks that follow an erasure can ask no record any more. `proved`: a new address that its owner has confirmed.
 */
export type PersonFile = { asked: Asked; subject: Subject; corrections?: Corrections; seen?: Seen; proved?: string }
/** What a user saw before approving a correction, by record and field of the CRM: nothing else is written over. */
export type Seen = Readonly<Record<string, Fields>>
export type Asked = { emails: readonly string[]; phones: readonly string[]; records: readonly string[] }

export function personFrom({ emails, phones, records }: Asked): Person {
  return { emails, formerEmails: [], phones, givenName: '', familyName: '', records }
}

/** Under a fresh key of its own each time: the former one is gone with the row that it is written over. */
export function sealPerson({ hashKey }: Pick<Shell, 'hashKey'>, request: string, person: PersonFile): Vault {
  const seal = randomBytes(SEAL_BYTES)
  return { seal, sealed: sealText(hashKey, { seal, iv: randomBytes(12), about: aboutOf(request) }, JSON.stringify(person)) }
}

/** @throws Error when the request is closed: nobody can look for this person again. */
export function openPerson({ hashKey }: Pick<Shell, 'hashKey'>, { id, vault }: Pick<StoredRequest, 'id' | 'vault'>): PersonFile {
  if (vault === null) throw new Error(`the person of request ${id} is forgotten: it is closed`)
  return JSON.parse(openSealed(hashKey, { seal: vault.seal, about: aboutOf(id) }, vault.sealed)) as PersonFile
}

function aboutOf(request: string): string {
  return `request:${request}`
}

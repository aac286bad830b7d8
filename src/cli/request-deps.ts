/** What the commands about requests share: what they work with, which request is meant, and who acts. */
import type { Kysely } from 'kysely'
import { openParts } from '../main.ts'
import { openErasureDeps } from '../rights.ts'
import { readSettings } from '../settings.ts'
import type { StoredRequest } from '../store/requests.ts'
import { findRequestIds } from '../store/request-lists.ts'
import type { Tables } from '../store/tables.ts'
import type { ErasureDeps } from '../tasks/erasure/deps.ts'
import type { Changed } from '../tasks/request/file.ts'
import { UsageError } from './failure.ts'

export type Flags = { config?: string; data?: string; json?: boolean }

export async function withDeps<T>(flags: Flags, work: (deps: ErasureDeps) => Promise<T>): Promise<T> {
  const opened = await openParts(readSettings(process.env, flags))
  try {
    return await work(openErasureDeps(opened))
  } finally {
    await opened.parts.close()
  }
}

/** The first characters of an id are enough, where only one begins so. */
export async function requestId(db: Kysely<Tables>, typed: string): Promise<string> {
  if (!/^[0-9a-f-]{4,36}$/i.test(typed))
    throw new UsageError('a request is named by its number, or by at least the first four characters of it')
  const [id, other] = await findRequestIds(db, typed.toLowerCase())
  if (id === undefined) throw new UsageError(`there is no request ${typed}; "accord request list" shows all`)
  if (other !== undefined) throw new UsageError(`several requests begin with ${typed}: give more of the number`)
  return id
}

/** A refusal is an answer for the user: the state of the request does not allow it. */
export function accepted(changed: Changed): StoredRequest {
  if (changed.outcome === 'refused') throw new UsageError(changed.message)
  return changed.file
}

export function userOf(user: string): string {
  if (!/^[\w.-]{1,40}$/.test(user))
    throw new UsageError('--user is a short name or number of a user of yours, such as "dpo": never an address')
  return user
}

export function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value)
  if (found === undefined) throw new UsageError(`${option} takes ${known.join(', ')}`)
  return found
}

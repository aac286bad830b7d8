/** The write itself: sObject collections, 200 records a call, each record for itself. */
import type { Fields } from '../connector.ts'
import { type Fault, isPassing, refusal, toFault } from './fault.ts'
import type { Org } from './org.ts'
import { SaveAnswer, shaped, unreadable } from './payloads.ts'
import type { ObjectInfo } from './schema.ts'
import { jsonOf } from './values.ts'

const RECORDS_PER_CALL = 200
/** A converted Lead stays behind as a copy of its Contact, and no field of it can be set any more (Salesforce SOAP API: StatusCode). */
const CONVERTED = 'CANNOT_UPDATE_CONVERTED_LEAD'
const LOCK_TRIES = 4
const LOCK_PAUSE_MS = 500
/** Two calls at a time: records of one account lock each other, so more would only meet locks. */
const PARALLEL = 2

/** `id` is the checked 18-character form. */
export type Prepared = { readonly index: number; readonly id: string; readonly set: Fields }
/** A record to be made. */
export type Drafted = { readonly index: number; readonly set: Fields }
export type Saved = { outcome: 'written' } | { outcome: 'gone' } | { outcome: 'rejected' | 'frozen'; reason: string }

const HEADERS = {
  // An update of ours must neither hand a lead to another owner nor stop at an alert about possible duplicates.
  'sforce-auto-assign': 'FALSE',
  'sforce-duplicate-rule-header': 'allowSave=true',
}

/** By `index`. Records that another transaction holds are tried again, a few times. */
export function patchRecords(
  org: Org,
  info: ObjectInfo,
  due: readonly Prepared[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Saved>> {
  return saveRecords(org, info, due, signal)
}

/** The same for new records. Sent once: when the answer is lost, it throws, and whoever asks again must look first. */
export function createRecords(
  org: Org,
  info: ObjectInfo,
  due: readonly Drafted[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Saved>> {
  return saveRecords(org, info, due, signal)
}

/** All with an id, or none. */
type Savable = Drafted & { readonly id?: string }

async function saveRecords(org: Org, info: ObjectInfo, due: readonly Savable[], signal: AbortSignal): Promise<ReadonlyMap<number, Saved>> {
  const saved = new Map<number, Saved>()
  let open = due
  for (let tries = 1; open.length > 0; tries++) {
    if (tries > 1) await org.deps.sleep(LOCK_PAUSE_MS * 2 ** (tries - 2) * (0.5 + org.deps.random()), signal)
    open = await patchAll(org, info, open, saved, tries < LOCK_TRIES, signal)
  }
  return saved
}

/** Gives back the locked ones, when there is another try. After a failure no further call is begun. */
async function patchAll(
  org: Org,
  info: ObjectInfo,
  due: readonly Savable[],
  saved: Map<number, Saved>,
  mayWait: boolean,
  signal: AbortSignal,
): Promise<Savable[]> {
  const calls = Array.from({ length: Math.ceil(due.length / RECORDS_PER_CALL) }, (_, i) =>
    due.slice(i * RECORDS_PER_CALL, (i + 1) * RECORDS_PER_CALL),
  )
  const locked: Savable[] = []
  for (let next = 0; next < calls.length; next += PARALLEL) {
    const together = calls.slice(next, next + PARALLEL)
    const answers = await Promise.allSettled(together.map((call) => patchCall(org, info, call, signal)))
    for (const [i, answer] of answers.entries()) {
      if (answer.status === 'rejected') throw answer.reason
      for (const [k, item] of together[i]!.entries()) {
        const fault = answer.value[k] ?? null
        if (fault && isPassing(fault) && mayWait) locked.push(item)
        else saved.set(item.index, outcomeOf(fault))
      }
    }
  }
  return locked
}

/** One fault or `null` per record, in order. */
async function patchCall(org: Org, info: ObjectInfo, call: readonly Savable[], signal: AbortSignal): Promise<readonly (Fault | null)[]> {
  const isNew = call[0]?.id === undefined
  const doing = `${isNew ? 'create' : 'update'} ${info.object} records`
  const records = call.map(({ id, set }) => ({
    attributes: { type: info.object },
    ...(id !== undefined && { id }),
    ...Object.fromEntries(Object.entries(set).map(([name, value]) => [name, jsonOf(value, info.fields.get(name)?.type ?? 'string')])),
  }))
  // An update's values are absolute: a second time changes nothing.
  const request = {
    method: isNew ? 'POST' : 'PATCH',
    path: '/composite/sobjects',
    body: { allOrNone: false, records },
    headers: HEADERS,
    doing,
    repeatable: !isNew,
  } as const
  const reply = await org.client.json(request, signal)
  if (!reply.ok) throw refusal(doing, reply.status, reply.faults)
  const answer = shaped(SaveAnswer, reply.body, 'the write')
  if (answer.length !== call.length) throw unreadable('the write', `one result for each of ${call.length} records`)
  return answer.map((result) =>
    result.success ? null : (result.errors?.map(toFault)[0] ?? { code: 'UNKNOWN', fields: [], concurrent: false }),
  )
}

function outcomeOf(fault: Fault | null): Saved {
  if (fault === null) return { outcome: 'written' }
  // Unverified: that a well-formed unknown id is an INVALID_CROSS_REFERENCE_KEY without a field; a wrong lookup value names its field.
  if (fault.code === 'ENTITY_IS_DELETED' || (fault.code === 'INVALID_CROSS_REFERENCE_KEY' && fault.fields.length === 0))
    return { outcome: 'gone' }
  if (fault.code === CONVERTED) return { outcome: 'frozen', reason: fault.code }
  return { outcome: 'rejected', reason: `${fault.code}${fault.fields.length > 0 ? ` (${fault.fields.join(', ')})` : ''}` }
}

/** Delete, empty out of the recycle bin, and look again. */
import type { RecordRef } from '../connector.ts'
import type { EraseResult, Trace } from '../erasure.ts'
import { checkedIds, chunksOf, isDeletedRow, rowsWith } from './erasure-read.ts'
import { together } from '../together.ts'
import { isPassing, refusal, toFault } from './fault.ts'
import type { Org } from './org.ts'
import { SaveAnswer, shaped, unreadable } from './payloads.ts'
import { binResults, emptyRecycleBin } from './soap.ts'

const recordsPerCall = 200
const lockTries = 4
const lockPauseMs = 500
/** Salesforce says so of what is in the bin, of what is out of it, and of what never was (SOAP API: StatusCode). */
const goneCodes = new Set(['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY'])
/** What the user needs for it. A hard delete through Bulk would lead to the same state, and needs a permission of its own. */
const toEmpty = 'needs Modify All Data, or an administrator who empties it'
/** Not in the bin (any more): what lies behind it is only shown until Salesforce's own purge. */
const notInBin = 'INVALID_ID_FIELD'

export type Removed = 'deleted' | 'gone' | { readonly refused: string }

/** By id: deletes, with all that goes along, and empties the bin. Locked rows are tried again. `ids` are checked. */
export async function remove(org: Org, ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Removed>> {
  return ids.length === 0 ? new Map() : removing(org, null, ids, signal)
}

const removing = together(removeAll, (results) => results)

async function removeAll(org: Org, _: null, ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Removed>> {
  const results = new Map<string, Removed>()
  // One object after the other: a call takes few changes between them (REST guide: sObject Collections).
  let open: readonly string[] = ids.toSorted()
  for (let tries = 1; open.length > 0; tries++) {
    if (tries > 1) await org.deps.sleep(lockPauseMs * 2 ** (tries - 2) * (0.5 + org.deps.random()), signal)
    const locked: string[] = []
    for (const chunk of chunksOf(open, recordsPerCall)) {
      for (const [id, outcome] of await deleteSome(org, chunk, signal)) {
        if (typeof outcome === 'object' && outcome.passing && tries < lockTries) locked.push(id)
        else results.set(id, typeof outcome === 'object' ? { refused: outcome.refused } : outcome)
      }
    }
    open = locked
  }
  const inBin = [...results].filter(([, outcome]) => typeof outcome === 'string').map(([id]) => id)
  for (const [id, refused] of await empty(org, inBin, signal))
    if (refused !== null) results.set(id, { refused: `in the recycle bin: ${refused} (${toEmpty})` })
  return results
}

type Deleted = 'deleted' | 'gone' | { refused: string; passing: boolean }

async function deleteSome(org: Org, ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Deleted>> {
  const doing = 'delete records'
  const query = { ids: ids.join(','), allOrNone: 'false' }
  const reply = await org.client.json({ method: 'DELETE', path: '/composite/sobjects', query, doing, repeatable: true }, signal)
  if (!reply.ok) throw refusal(doing, reply.status, reply.faults)
  const answer = shaped(SaveAnswer, reply.body, 'the delete')
  if (answer.length !== ids.length) throw unreadable('the delete', `one result for each of ${ids.length} records`)
  return new Map(
    answer.map(({ success, errors }, i): [string, Deleted] => {
      const id = ids[i] ?? ''
      if (success) return [id, 'deleted']
      const fault = toFault(errors?.[0] ?? {})
      return [id, goneCodes.has(fault.code) ? 'gone' : { refused: fault.code, passing: isPassing(fault) }]
    }),
  )
}

/** By id: `null` when it is out of the bin now, whether it was there or not; else why not. */
async function empty(org: Org, ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string | null>> {
  const outcomes = new Map<string, string | null>()
  for (const chunk of chunksOf(ids, recordsPerCall)) {
    const results = binResults(await org.client.soap(emptyRecycleBin(chunk), signal), chunk.length)
    chunk.forEach((id, i) => {
      const code = 'fault' in results ? results.fault : (results[i] ?? null)
      outcomes.set(id, code === notInBin ? null : code)
    })
  }
  return outcomes
}

const emptying = together(
  (org: Org, _: null, ids: readonly string[], signal) => empty(org, ids, signal),
  (outcomes, ids) => new Map(ids.map((id) => [id, outcomes.get(id) ?? null] as const)),
)

/** Leads first: they only copy. Then people, then the accounts that are people. */
const order = ['Lead', 'Contact', 'Account', 'Individual']
const rank = ({ object }: RecordRef): number => (order.indexOf(object) + order.length + 1) % (order.length + 1)

export async function erase(org: Org, refs: readonly RecordRef[], signal: AbortSignal): Promise<EraseResult[]> {
  const ids = await checkedIds(org, refs, signal)
  const outcomes = new Map<string, Removed>()
  const sorted = refs.map((ref, i) => ({ ref, id: ids[i] ?? '' })).sort((a, b) => rank(a.ref) - rank(b.ref))
  for (const group of Map.groupBy(sorted, ({ ref }) => ref.object).values())
    for (const [id, outcome] of await remove(
      org,
      group.map(({ id: each }) => each),
      signal,
    ))
      outcomes.set(id, outcome)
  return refs.map((ref, i): EraseResult => {
    const outcome = outcomes.get(ids[i] ?? '')
    if (outcome === 'deleted') return { ref, outcome: 'erased' }
    if (outcome === 'gone') return { ref, outcome: 'gone' }
    return { ref, outcome: 'refused', reason: outcome?.refused ?? 'Salesforce gave no result for this record' }
  })
}

/**
 * A deleted row looks the same inside and outside the bin: only trying to empty it tells (help: recycle bin), which is what is wanted anyway. A row that may not
 * be emptied is one that somebody can bring back.
 */
export async function verify(org: Org, refs: readonly RecordRef[], signal: AbortSignal): Promise<{ ref: RecordRef; trace: Trace }[]> {
  const ids = await checkedIds(org, refs, signal)
  const traces = new Map<string, Trace>()
  const binned: string[] = []
  const byObject = Map.groupBy(
    refs.map((ref, i) => ({ ref, id: ids[i] ?? '' })),
    ({ ref }) => ref.object,
  )
  for (const [object, group] of byObject) {
    const values = group.map(({ id }) => id)
    for (const found of await rowsWith(org, object, { fields: [], any: ['Id'], values }, signal)) {
      if (isDeletedRow(found)) binned.push(found.id)
      else traces.set(found.id, 'present')
    }
  }
  for (const [id, refused] of binned.length === 0 ? [] : await emptying(org, null, binned, signal))
    traces.set(id, refused === null ? 'purging' : 'recoverable')
  return refs.map((ref, i) => ({ ref, trace: traces.get(ids[i] ?? '') ?? 'absent' }))
}

/** Privacy deletion by record id, and a second look by every way there is. */
import { ConnectorError, type RecordRef } from '../connector.ts'
import type { EraseResult, Trace } from '../erasure.ts'
import type { HubspotClient } from './client.ts'
import { checkedIds, readBy } from './erasure-read.ts'
import { errorFrom, type Call } from './message.ts'
import { Anything } from './payloads.ts'
import { reasonOf } from './refusal.ts'

/**
 * What lies in the archive, too. Done twice it is gone, which is what was wanted. HubSpot's own copies go within 30 days (knowledge base).
 *
 * An id that was merged away since it was shown leads to a new record, which may hold somebody else's data and was shown to nobody; unverified: whether privacy
 * deletion follows it there. No such id is named to HubSpot: batch reads do not follow merges (HubSpot docs: merge), and `find` leads to the survivor, to be approved.
 */
export async function erase(client: HubspotClient, refs: readonly RecordRef[], signal: AbortSignal): Promise<EraseResult[]> {
  checkedIds(refs)
  const there = await stillThere(client, refs, signal)
  return Promise.all(
    refs.map(async (ref): Promise<EraseResult> => (there.has(keyOf(ref)) ? eraseOne(client, ref, signal) : { ref, outcome: 'gone' })),
  )
}

const keyOf = ({ object, id }: RecordRef): string => `${object} ${id}`

/** One request for a hundred records that are live; one more for those that are not. */
async function stillThere(client: HubspotClient, refs: readonly RecordRef[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const there = new Set<string>()
  for (const [object, group] of Map.groupBy(refs, (ref) => ref.object)) {
    const ids = [...new Set(group.map(({ id }) => id))]
    for (const { id } of await readBy(client, object, ids, [], {}, signal)) there.add(keyOf({ object, id }))
    const others = ids.filter((id) => !there.has(keyOf({ object, id })))
    for (const { id } of await readBy(client, object, others, [], { archived: true }, signal)) there.add(keyOf({ object, id }))
  }
  return there
}

async function eraseOne(client: HubspotClient, ref: RecordRef, signal: AbortSignal): Promise<EraseResult> {
  // Without idProperty the id is a record id: an address here would be blocked for good, whether or not anybody has it.
  const call: Call = { method: 'POST', path: `${client.paths.objects(ref.object)}/gdpr-delete`, body: { objectId: ref.id }, bulk: true }
  const reply = await client.ask(call, Anything, signal)
  if (reply.ok) return { ref, outcome: 'erased' }
  if (reply.refusal.status === 404) return { ref, outcome: 'gone' }
  if (reply.refusal.status === 400 || reply.refusal.status === 403) return { ref, outcome: 'refused', reason: reasonOf(reply.refusal) }
  throw errorFrom(call, reply.refusal)
}

/** Two requests for a hundred records. Ids that a merge has led elsewhere are for `find` to follow. */
export async function verify(
  client: HubspotClient,
  refs: readonly RecordRef[],
  signal: AbortSignal,
): Promise<{ ref: RecordRef; trace: Trace }[]> {
  checkedIds(refs)
  const traces = new Map<string, Trace>()
  for (const [object, group] of Map.groupBy(refs, (ref) => ref.object)) {
    const ids = [...new Set(group.map(({ id }) => id))]
    const seen = await tracesIn(client, object, ids, signal)
    for (const id of ids) traces.set(keyOf({ object, id }), seen.get(id) ?? 'absent')
  }
  return refs.map((ref) => ({ ref, trace: traces.get(keyOf(ref)) ?? 'unread' }))
}

async function tracesIn(
  client: HubspotClient,
  object: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Trace>> {
  try {
    const archived = await readBy(client, object, ids, [], { archived: true }, signal)
    const live = await readBy(client, object, ids, [], {}, signal)
    return new Map<string, Trace>([
      ...archived.map(({ id }): [string, Trace] => [id, 'recoverable']),
      ...live.map(({ id }): [string, Trace] => [id, 'present']),
    ])
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind !== 'scope') throw error
    // Whoever may not look has seen nothing, and that is no proof.
    return new Map(ids.map((id): [string, Trace] => [id, 'unread']))
  }
}

/** What an erasure reads in batches: records by any key, in the archive too, and what hangs on them. */
import { ConnectorError, type Problem, type RecordRef } from '../connector.ts'
import { batchSize } from './batch-read.ts'
import type { HubspotClient } from './client.ts'
import { Associations } from './erasure-payloads.ts'
import type { Call } from './message.ts'
import { BatchAnswer, type CrmObject } from './payloads.ts'

export type Key = { readonly idProperty?: 'email'; readonly archived?: true }

/** Those that exist; several keys may lead to one record. The keys stand in the body, so that no address ever stands in a URL. */
export async function readBy(
  client: HubspotClient,
  object: string,
  keys: readonly string[],
  properties: readonly string[],
  { idProperty, archived }: Key,
  signal: AbortSignal,
): Promise<readonly CrmObject[]> {
  const answers = await Promise.all(
    chunksOf(keys, batchSize).map((chunk) => {
      const body = { inputs: chunk.map((id) => ({ id })), properties, propertiesWithHistory: [], ...(idProperty && { idProperty }) }
      const call: Call = {
        method: 'POST',
        path: `${client.paths.objects(object)}/batch/read`,
        body,
        ...(archived && { query: 'archived=true' }),
      }
      return client.call(call, BatchAnswer, signal)
    }),
  )
  return answers.flatMap(({ results }) => results)
}

export function chunksOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}

/** By id of the record: the ids of all that is associated with it, page after page. */
export async function associatedWith(
  client: HubspotClient,
  from: string,
  to: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>()
  let open: readonly { id: string; after?: string }[] = ids.map((id) => ({ id }))
  while (open.length > 0) {
    const answers = await Promise.all(
      chunksOf(open, batchSize).map((inputs) =>
        client.call({ method: 'POST', path: client.paths.associations(from, to), body: { inputs } }, Associations, signal),
      ),
    )
    const results = answers.flatMap((answer) => answer.results)
    for (const { from: one, to: others } of results) {
      const known = found.get(one.id)
      const more = others.map(({ toObjectId }) => toObjectId)
      if (known === undefined) found.set(one.id, more)
      else known.push(...more)
    }
    open = results.flatMap(({ from: one, paging }) => (paging?.next ? [{ id: one.id, after: paging.next.after }] : []))
  }
  return found
}

/** HubSpot's ids are numbers in text; one that is not is a mistake of ours, and must not reach a call that destroys. */
export function checkedIds(refs: readonly RecordRef[]): void {
  if (refs.every(({ id }) => /^[1-9]\d{0,19}$/.test(id))) return
  throw new ConnectorError('refused', 'one of the ids is no HubSpot id; erasures act on ids that were read from HubSpot')
}

/** Runs it; a missing scope is a gap that is told, anything else is thrown. */
export async function orGap<T>(work: Promise<T>, name: string, gaps: Problem[]): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind !== 'scope') throw error
    gaps.push({ kind: 'scope', name, message: error.message })
    return null
  }
}

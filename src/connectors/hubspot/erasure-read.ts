/** What an erasure reads in batches: records by any key, in the archive too, and what hangs on them. */
import { normaliseEmail } from '../../core/identity/email.ts'
import { ConnectorError, type Problem, type RecordRef } from '../connector.ts'
import { together } from '../together.ts'
import { resultsOf } from './batch-errors.ts'
import { batchSize } from './batch-read.ts'
import type { HubspotClient } from './client.ts'
import { Associations } from './erasure-payloads.ts'
import type { Call } from './message.ts'
import { onwardsIn } from './next-page.ts'
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
  if (keys.length === 0) return []
  const shape = { object, properties, archived: archived ?? false }
  return idProperty === 'email' ? readingByEmail(client, shape, keys, signal) : readingById(client, shape, keys, signal)
}

type Shape = { readonly object: string; readonly properties: readonly string[]; readonly archived: boolean }

const readingById = together(
  async (client: HubspotClient, shape: Shape, ids: readonly string[], signal) =>
    new Map((await readAll(client, shape, ids, undefined, signal)).map((record) => [record.id, record])),
  (records, ids) => [...new Set(ids)].flatMap((id) => records.get(id) ?? []),
)

/** `properties` hold the addresses that a record is known by again. */
const readingByEmail = together(
  async (client: HubspotClient, shape: Shape, emails: readonly string[], signal) =>
    byAddress(await readAll(client, shape, emails, 'email', signal), shape.properties),
  recordsAt,
)

async function readAll(
  client: HubspotClient,
  { object, properties, archived }: Shape,
  keys: readonly string[],
  idProperty: 'email' | undefined,
  signal: AbortSignal,
): Promise<readonly CrmObject[]> {
  const answers = await Promise.all(
    chunksOf(keys, batchSize).map(async (chunk) => {
      const body = { inputs: chunk.map((id) => ({ id })), properties, propertiesWithHistory: [], ...(idProperty && { idProperty }) }
      const call: Call = {
        method: 'POST',
        path: `${client.paths.objects(object)}/batch/read`,
        body,
        ...(archived && { query: 'archived=true' }),
      }
      return resultsOf(call, await client.call(call, BatchAnswer, signal))
    }),
  )
  return answers.flat()
}

/** Addresses in identity form: those in a property, of which some hold several. */
export function addressesIn(value: string): readonly string[] {
  return value.split(';').flatMap((part) => normaliseEmail(part) ?? [])
}

/** Records by each address that one of these properties holds. */
export function byAddress(records: Iterable<CrmObject>, properties: readonly string[]): ReadonlyMap<string, readonly CrmObject[]> {
  const found = new Map<string, CrmObject[]>()
  for (const record of records) {
    const texts = properties.map((name) => record.properties[name] ?? '').filter((text) => text.includes('@'))
    for (const email of new Set(texts.flatMap(addressesIn))) {
      const known = found.get(email)
      if (known === undefined) found.set(email, [record])
      else known.push(record)
    }
  }
  return found
}

export function recordsAt(found: ReadonlyMap<string, readonly CrmObject[]>, emails: readonly string[]): readonly CrmObject[] {
  return [...new Set(emails.flatMap(addressesIn).flatMap((email) => found.get(email) ?? []))]
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
  return ids.length === 0 ? new Map() : associating(client, { from, to }, ids, signal)
}

type Linked = ReadonlyMap<string, readonly string[]>

const associating = together(
  async (client: HubspotClient, { from, to }: { from: string; to: string }, ids: readonly string[], signal): Promise<Linked> => {
    const found = new Map<string, string[]>()
    const onwards = onwardsIn(client.paths.associations(from, to))
    let open: readonly { id: string; after?: string }[] = ids.map((id) => ({ id }))
    while (open.length > 0) {
      const answers = await Promise.all(
        chunksOf(open, batchSize).map(async (inputs) => {
          const call: Call = { method: 'POST', path: client.paths.associations(from, to), body: { inputs }, bucket: 'associations' }
          return resultsOf(call, await client.call(call, Associations, signal))
        }),
      )
      const results = answers.flat()
      for (const { from: one, to: others } of results) {
        const known = found.get(one.id)
        const more = others.map(({ toObjectId }) => toObjectId)
        if (known === undefined) found.set(one.id, more)
        else known.push(...more)
      }
      open = results.flatMap(({ from: one, paging }) => {
        const after = onwards(paging?.next?.after, one.id)
        return after === undefined ? [] : [{ id: one.id, after }]
      })
    }
    return found
  },
  (found, ids): Linked =>
    new Map(
      ids.flatMap((id): [string, readonly string[]][] => {
        const things = found.get(id)
        return things === undefined ? [] : [[id, things]]
      }),
    ),
)

/** HubSpot's ids are numbers in text; one that is not is a mistake of ours, and must not reach a call that destroys. */
export function checkedIds(refs: readonly RecordRef[]): void {
  if (refs.every(({ id }) => /^[1-9]\d{0,19}$/.test(id))) return
  throw new ConnectorError('refused', 'one of the ids is no HubSpot id; erasures act on ids that were read from HubSpot')
}

/** Runs it; a missing scope is a gap that is told, anything else is thrown. `also`: what else is no more than a gap. */
export async function orGap<T>(work: Promise<T>, name: string, gaps: Problem[], also: 'refused' | null = null): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ConnectorError) || (error.kind !== 'scope' && error.kind !== also)) throw error
    gaps.push({ kind: 'scope', name, message: error.message })
    return null
  }
}

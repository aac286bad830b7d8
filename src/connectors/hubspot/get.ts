/** Named records as they are now. */
import { ConnectorError, type CrmRecord, type GetRequest, type Gone } from '../connector.ts'
import { readBatch } from './batch-read.ts'
import type { HubspotClient } from './client.ts'
import { errorFrom, type Call } from './message.ts'
import { CrmObject } from './payloads.ts'
import { propertiesFor, withPreferences } from './preference-read.ts'
import { recordFrom } from './record.ts'

type Found = { records: readonly CrmRecord[]; gone: Gone[] }

export async function get(client: HubspotClient, request: GetRequest, signal: AbortSignal): Promise<Found> {
  const rest = new AbortController()
  try {
    return await getAll(client, request, AbortSignal.any([signal, rest.signal]))
  } finally {
    // Of hundreds that are asked for side by side, nobody waits any more when one has failed.
    rest.abort()
  }
}

async function getAll(client: HubspotClient, { object, ids, fields: wished }: GetRequest, signal: AbortSignal): Promise<Found> {
  const fields = propertiesFor(wished)
  const wanted = [...new Set(ids)]
  const found = await readBatch(client, object, wanted.filter(isRecordId), fields, signal)
  const fates = await Promise.all(
    wanted.filter((id) => !found.has(id)).map(async (id) => ({ id, gone: await fateOf(client, object, id, signal) })),
  )
  // Missing in the batch and there a moment later: it was restored in between.
  const back = fates.flatMap(({ id, gone }) => (gone ? [] : [id]))
  for (const [id, record] of await readBatch(client, object, back, fields, signal)) found.set(id, record)
  if (back.some((id) => !found.has(id))) {
    throw new ConnectorError('unavailable', `HubSpot gives some ${object} one by one and withholds them in a batch; try again`)
  }
  return {
    records: await withPreferences(
      client,
      wished,
      wanted.flatMap((id) => found.get(id) ?? []).map((record) => recordFrom(object, record)),
      signal,
    ),
    gone: fates.flatMap(({ gone }) => gone ?? []),
  }
}

/**
 * What became of a record that a batch read misses; undefined when it is there after all. A single read follows a merge
 * to its survivor, a batch read does not (HubSpot docs: merge).
 */
export async function fateOf(client: HubspotClient, object: string, id: string, signal: AbortSignal): Promise<Gone | undefined> {
  const gone = { ref: { object, id }, at: client.now() }
  if (!isRecordId(id)) return gone
  const call: Call = { method: 'GET', path: `${client.paths.objects(object)}/${id}` }
  const reply = await client.ask(call, CrmObject, signal)
  if (reply.ok) return reply.value.id === id ? undefined : { ...gone, into: { object, id: reply.value.id } }
  if (reply.refusal.status !== 404) throw errorFrom(call, reply.refusal)
  return gone
}

/** HubSpot's ids are numbers in text; anything else names no record. */
const isRecordId = (id: string) => /^[1-9]\d{0,19}$/.test(id)

/** Named records with the names of the properties in the body: no length of a request line to mind. */
import { resultsOf } from './batch-errors.ts'
import type { BatchReadBody } from './bodies.ts'
import type { HubspotClient } from './client.ts'
import type { Call } from './message.ts'
import { BatchAnswer, type CrmObject } from './payloads.ts'

export const batchSize = 100

/** The records that exist, by id; ids that are missing, archived or merged away are simply not in the map. */
export async function readBatch(
  client: HubspotClient,
  object: string,
  ids: readonly string[],
  properties: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, CrmObject>> {
  const chunks = Array.from({ length: Math.ceil(ids.length / batchSize) }, (_, i) => ids.slice(i * batchSize, (i + 1) * batchSize))
  const answers = await Promise.all(
    chunks.map(async (chunk) => {
      const body: BatchReadBody = {
        inputs: chunk.map((id) => ({ id })),
        properties: [...properties],
        propertiesWithHistory: [],
      }
      const call: Call = { method: 'POST', path: `${client.paths.objects(object)}/batch/read`, body }
      return resultsOf(call, await client.call(call, BatchAnswer, signal))
    }),
  )
  return new Map(answers.flat().map((record) => [record.id, record]))
}

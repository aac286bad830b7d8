/** One pull: everything, the rest of a broken pull, or what changed since a finished one. */
import type { Page, ReadRequest } from '../connector.ts'
import type { HubspotClient } from './client.ts'
import { stateFrom } from './cursor.ts'
import { readDelta } from './delta.ts'
import { readFull } from './full.ts'
import { propertiesFor, withPreferences } from './preference-read.ts'

export async function* read(client: HubspotClient, request: ReadRequest, signal: AbortSignal): AsyncGenerator<Page> {
  const { fields } = request
  for await (const page of pagesOf(client, { ...request, fields: propertiesFor(fields) }, signal))
    yield { ...page, records: await withPreferences(client, fields, page.records, signal) }
}

function pagesOf(client: HubspotClient, request: ReadRequest, signal: AbortSignal): AsyncGenerator<Page> {
  if (request.since === undefined) return readFull(client, request, undefined, signal)
  const state = stateFrom(request.since, request.object)
  return state.phase === 'full' ? readFull(client, request, state, signal) : readDelta(client, request, state, signal)
}

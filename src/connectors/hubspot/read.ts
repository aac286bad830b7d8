/** One pull: everything, the rest of a broken pull, or what changed since a finished one. */
import type { Page, ReadRequest } from '../connector.ts'
import type { HubspotClient } from './client.ts'
import { stateFrom } from './cursor.ts'
import { readDelta } from './delta.ts'
import { readFull } from './full.ts'

export async function* read(client: HubspotClient, request: ReadRequest, signal: AbortSignal): AsyncGenerator<Page> {
  if (request.since === undefined) return yield* readFull(client, request, undefined, signal)
  const state = stateFrom(request.since, request.object)
  yield* state.phase === 'full' ? readFull(client, request, state, signal) : readDelta(client, request, state, signal)
}

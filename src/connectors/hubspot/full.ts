/**
 * Everything, by the list endpoint: 100 records a call, by an id cursor that never runs into the window of the search.
 * The closing cursor begins the next delta early enough for the search index, which lags, to have caught up.
 *
 * HubSpot shows no erased (privacy-deleted) record anywhere, so a record that a full pull no longer meets is gone: the
 * caller reconciles.
 */
import type { Page, ReadRequest } from '../connector.ts'
import { ahead } from './ahead.ts'
import { readBatch } from './batch-read.ts'
import { countBefore, freshFrom } from './census.ts'
import type { HubspotClient } from './client.ts'
import { cursorFrom, type FullState } from './cursor.ts'
import { list, listCall, listInBulk, type ListedInBulk } from './list.ts'
import type { Call } from './message.ts'
import { onwardsIn } from './next-page.ts'
import { bookkeeping } from './paths.ts'
import { createPageReader, type PageReader } from './plain-page.ts'
import { mergedInto, recordFrom, recordsFrom } from './record.ts'

/** Requests break between 8,000 and 16,200 characters, by what stands in between. */
const longestRequestLine = 8_000

export async function* readFull(
  client: HubspotClient,
  request: ReadRequest,
  resumed: FullState | undefined,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const { object } = request
  const began = client.now()
  const before = Math.max(0, began - client.settings.indexLagMs)
  const state: FullState = resumed ?? {
    v: 1,
    phase: 'full',
    object,
    began,
    census: { before, count: await countBefore(client, object, before, signal), fresh: [] },
  }
  const onwards = onwardsIn(client.paths.objects(object))
  onwards(state.after)
  const read = createPageReader(request.fields, bookkeeping(object))
  const load = async (at: FullState, either: AbortSignal): ReturnType<typeof loadPage> => {
    const step = await loadPage(client, request, at, read, either)
    onwards(step.next?.after)
    return step
  }
  yield* ahead(state, load, signal)
}

async function loadPage(client: HubspotClient, request: ReadRequest, state: FullState, read: PageReader, signal: AbortSignal) {
  const { object, fields } = request
  const properties = [...fields, ...bookkeeping(object)]
  const { listed, after, missing, sheet } = await listPage(client, object, { properties, after: state.after, read }, signal)
  const census = freshFrom(object, state.census, listed)
  const next: FullState = {
    v: 1,
    phase: 'full',
    object,
    began: state.began,
    ...(after !== undefined && { after }),
    ...(census && { census }),
  }
  const from = state.began - client.settings.indexLagMs
  const closing = { v: 1, phase: 'delta', object, from: Math.max(0, from), ...(census && { census }) } as const
  const merged = listed.flatMap((record) => mergedInto(object, record))
  const page: Page = {
    records: sheet === null ? listed.map((record) => recordFrom(object, record)) : recordsFrom(object, listed, sheet),
    gone: [...merged, ...missing.map((id) => ({ ref: { object, id }, at: client.now() }))],
    cursor: cursorFrom(after === undefined ? closing : next),
    ...(census && { expected: census.count + census.fresh.length }),
  }
  return { page, next: after === undefined ? undefined : next }
}

/** One page; where the property names do not fit into the request line, the ids and then the records by batch. */
async function listPage(
  client: HubspotClient,
  object: string,
  { properties, after, read }: { properties: readonly string[]; after: string | undefined; read: PageReader },
  signal: AbortSignal,
): Promise<ListedInBulk & { missing: readonly string[] }> {
  const whole = listCall(client, object, properties, after)
  if (lengthOf(client, whole) <= longestRequestLine) return { ...(await listInBulk(client, whole, read, signal)), missing: [] }
  const { listed, after: next } = await list(client, listCall(client, object, bookkeeping(object), after), signal)
  const ids = listed.map((record) => record.id)
  const found = await readBatch(client, object, ids, properties, signal)
  const missing = ids.filter((id) => !found.has(id))
  return { listed: ids.flatMap((id) => found.get(id) ?? []), after: next, missing, sheet: null }
}

const lengthOf = (client: HubspotClient, call: Call) => client.settings.apiUrl.length + call.path.length + (call.query?.length ?? 0)

/** One step of a walk through a search by record id: what it finds above the last id seen, ascending, always as the first page of a new query. */
import { ConnectorError } from '../connector.ts'
import type { SearchBody } from './bodies.ts'
import type { HubspotClient } from './client.ts'
import { refuseForeignLink } from './list.ts'
import { placeOf, type Call } from './message.ts'
import { onwardsIn } from './next-page.ts'
import { SearchPage, type CrmObject } from './payloads.ts'

/** HubSpot gives no more (HubSpot docs: search limits). */
export const searchPageSize = 200
/** One query reaches 10,000 results (HubSpot docs: search limits). */
const reachablePages = 50

/** `left`: how many there were from this page on. `last`: where the walk stands now. However few a page holds, only `isMore` tells whether it ends there. */
export type SearchStep = { readonly results: readonly CrmObject[]; readonly left: number; readonly last: string; readonly isMore: boolean }
export type SearchFilter = SearchBody['filterGroups'][number]['filters'][number]

export const behind = (last: string): SearchFilter => ({ propertyName: 'hs_object_id', operator: 'GT', value: last })

/** `body`: every group of its filters ends with `behind(last)`. */
export async function searchBehind(
  client: HubspotClient,
  object: string,
  body: Omit<SearchBody, 'limit' | 'sorts'>,
  last: string,
  signal: AbortSignal,
): Promise<SearchStep> {
  const whole: SearchBody = { ...body, limit: searchPageSize, sorts: ['hs_object_id'] }
  const call: Call = { method: 'POST', path: `${client.paths.objects(object)}/search`, body: whole, bucket: 'search' }
  const { results, paging, total } = await filledPage(client, call, signal)
  const isMore = results.length > 0 && (Boolean(paging?.next) || total > results.length)
  return { results, left: total, last: lastOf(results, last, object), isMore }
}

/** The index is late with removals too: a page of which nothing is left is empty, and those after it are not. */
async function filledPage(client: HubspotClient, call: Call, signal: AbortSignal) {
  const onwards = onwardsIn(call.path)
  let after: string | undefined
  for (let pages = 0; pages < reachablePages; pages++) {
    const body = after === undefined ? call.body : { ...(call.body as SearchBody), after }
    const page = await client.call({ ...call, body }, SearchPage, signal)
    refuseForeignLink(client, call, page.paging)
    if (page.results.length > 0) return page
    after = onwards(page.paging?.next?.after)
    if (after === undefined) return page
  }
  throw new ConnectorError(
    'unavailable',
    `HubSpot's ${placeOf(call)} counts records and shows none on ${reachablePages} pages; try again later`,
  )
}

/** Out of order, the walk could pass records by: better to stop. */
function lastOf(results: readonly CrmObject[], after: string, object: string): string {
  let last = BigInt(after)
  for (const { id } of results) {
    if (BigInt(id) <= last)
      throw new ConnectorError('unexpected-shape', `HubSpot's search of ${object} is not sorted by hs_object_id as asked`)
    last = BigInt(id)
  }
  return String(last)
}

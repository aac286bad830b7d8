/** Salesforce's search, as an erasure asks it: ids of one object. Its index lags behind writes, so that it proves no absence. */
import { refusal } from './fault.ts'
import type { Org } from './org.ts'
import { SearchAnswer, shaped } from './payloads.ts'
import { recordId } from './record-id.ts'
import { name } from './soql.ts'

/** SOSL gives at most this many; of one object without an order or a condition, 250 (SOSL guide: limits on search results). */
const mostHits = 2_000

/** `term`: what stands in the braces, with its reserved characters escaped. `whole`: false where there may be more than anybody can ask for. */
export async function searchIds(
  org: Org,
  object: string,
  { term, scope }: { readonly term: string; readonly scope: 'ALL' | 'PHONE' },
  signal: AbortSignal,
): Promise<{ ids: readonly string[]; whole: boolean }> {
  const doing = 'search'
  const sosl = `FIND {${term}} IN ${scope} FIELDS RETURNING ${name(object)}(Id ORDER BY Id LIMIT ${mostHits}) LIMIT ${mostHits}`
  const reply = await org.client.json({ method: 'GET', path: '/search', query: { q: sosl }, doing }, signal)
  if (!reply.ok) throw refusal(doing, reply.status, reply.faults)
  const { searchRecords } = shaped(SearchAnswer, reply.body, 'a search')
  return { ids: searchRecords.map(({ Id }) => recordId(Id, null) ?? Id), whole: searchRecords.length < mostHits }
}

/**
 * HubSpot tells nobody which records were removed since a date. But creation dates do not change, so the number of records
 * created before a day in the past only falls when one was removed. That number costs one search of one row; only when
 * it is not what it should be is the list of archived records read. Records too fresh for the index to be
 * trusted are known by their ids instead, and looked up.
 *
 * Not seen this way: erasures by privacy deletion (they leave no archived record: the count is off, the log says so and
 * the next full pull settles it), and one removal made up by one restore in the same interval. Webhooks tell both.
 */
import type { Gone, Page } from '../connector.ts'
import { readBatch } from './batch-read.ts'
import type { SearchBody } from './bodies.ts'
import type { HubspotClient } from './client.ts'
import { cursorFrom, type Census, type DeltaState } from './cursor.ts'
import { fateOf } from './get.ts'
import { list, listCall } from './list.ts'
import { onwardsIn } from './next-page.ts'
import { createdProperty } from './paths.ts'
import { SearchPage, type CrmObject } from './payloads.ts'

/** Ids kept in a cursor at most. */
const mostFresh = 200

export async function countBefore(client: HubspotClient, object: string, before: number, signal: AbortSignal): Promise<number> {
  const filter = { propertyName: createdProperty(object), operator: 'LT', value: String(before) } as const
  const body: SearchBody = { filterGroups: [{ filters: [filter] }], properties: [], limit: 1 }
  const call = { method: 'POST', path: `${client.paths.objects(object)}/search`, body, bucket: 'search' } as const
  return (await client.call(call, SearchPage, signal)).total
}

/** When a record was created; one without a date counts as old. */
function createdAt(object: string, record: CrmObject): number {
  const time = Date.parse(record.properties[createdProperty(object)] ?? '')
  return Number.isNaN(time) ? 0 : time
}

/** The census after these records were met; undefined once too many are fresh. */
export function freshFrom(object: string, census: Census | undefined, met: readonly CrmObject[]): Census | undefined {
  if (!census) return undefined
  const fresh = met.filter((record) => createdAt(object, record) >= census.before).map((record) => record.id)
  if (fresh.length === 0) return census
  const all = [...new Set([...census.fresh, ...fresh])]
  return all.length > mostFresh ? undefined : { ...census, fresh: all }
}

/** The state after a page of a delta: what of it is new since the last census, and what is fresh. */
export function tallied(client: HubspotClient, state: DeltaState, found: readonly CrmObject[], last: string): DeltaState {
  const { object, census } = state
  const pull = state.pull!
  const border = borderOf(client, state)
  let joined = pull.joined
  const fresh = new Set(pull.fresh ?? [])
  for (const record of found) {
    const created = createdAt(object, record)
    if (created >= border) fresh.add(record.id)
    else if (census && created >= census.before) joined++
  }
  const met = new Set(found.map((record) => record.id))
  const unmet = census && { census: { ...census, fresh: census.fresh.filter((id) => !met.has(id)) } }
  const named = pull.fresh && fresh.size <= mostFresh ? { fresh: [...fresh] } : {}
  return { ...state, ...unmet, pull: { began: pull.began, last, joined, ...named } }
}

/** Younger records may still be missing from the index. */
function borderOf(client: HubspotClient, { pull, census }: DeltaState): number {
  return Math.max(0, census?.before ?? 0, pull!.began - client.settings.indexLagMs)
}

/** The removals, and the cursor of the next delta. */
export async function* closingPages(
  client: HubspotClient,
  state: DeltaState,
  merged: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const { object, census } = state
  const { began, joined, fresh } = state.pull!
  const border = borderOf(client, state)
  const count = await countBefore(client, object, border, signal)
  const missed = await fatesOf(client, object, census?.fresh ?? [], signal)
  if (!census || count !== census.count + joined) {
    let told = merged.size
    for await (const gone of archivedSince(client, object, census?.before ?? state.from, signal)) {
      const unmerged = gone.filter(({ ref }) => !merged.has(ref.id))
      told += unmerged.length
      if (unmerged.length > 0) yield { records: [], gone: unmerged, cursor: cursorFrom(state) }
    }
    if (census && census.count + joined - count > told)
      client.log('hubspot.removals-untold', { object, records: census.count + joined - count - told })
  }
  // `began` is by HubSpot's clock, and its index is never later than the lag: all that changed before has been met.
  const from = Math.max(0, began - client.settings.indexLagMs)
  const known = fresh ? [...new Set([...fresh, ...missed.present])] : undefined
  const next = { v: 1, phase: 'delta', object, from, ...(known && { census: { before: border, count, fresh: known } }) } as const
  yield { records: [], gone: missed.gone, cursor: cursorFrom(next) }
}

/** Fresh records that this pull did not meet: not indexed yet, or removed, or merged. */
async function fatesOf(
  client: HubspotClient,
  object: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<{ present: string[]; gone: Gone[] }> {
  const found = await readBatch(client, object, ids, [], signal)
  const fates = await Promise.all(ids.map((id) => (found.has(id) ? undefined : fateOf(client, object, id, signal))))
  return { present: ids.filter((_, i) => !fates[i]), gone: fates.flatMap((gone) => gone ?? []) }
}

/** The list of archived records, page by page: HubSpot sorts it by id, so all of it has to be read (90 days' worth). */
async function* archivedSince(client: HubspotClient, object: string, since: number, signal: AbortSignal): AsyncGenerator<Gone[]> {
  const onwards = onwardsIn(client.paths.objects(object))
  let after: string | undefined
  do {
    const { listed, after: next } = await list(client, listCall(client, object, [createdProperty(object)], after, 'true'), signal)
    yield listed.flatMap(({ id, archivedAt }) => {
      const at = Date.parse(archivedAt ?? '')
      // One without a date cannot be told from an old one: told once too often does no harm.
      return at < since ? [] : [{ ref: { object, id }, at: Number.isNaN(at) ? client.now() : at }]
    })
    after = onwards(next)
  } while (after !== undefined)
}

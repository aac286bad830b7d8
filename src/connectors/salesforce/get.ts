/**
 * Named records as they are now. By queryAll and not by the collections resource: it also tells who was deleted when, who was
 * merged into whom, and fields of a parent, in the same request.
 */
import type { CrmRecord, GetRequest, Gone } from '../connector.ts'
import { ConnectorError } from '../connector.ts'
import { withConsents, withIndividualId } from './consent-read.ts'
import { asNewAsFlags, withFlagTime } from './individual.ts'
import type { Org } from './org.ts'
import { unreadable } from './payloads.ts'
import { queryRows } from './query.ts'
import { columnsOf, idOf, isDeleted, toGone, toRecord } from './record.ts'
import { recordId } from './record-id.ts'
import { quote, select } from './soql.ts'

export const IDS_PER_GET = 500
/** A URL with its headers may have 16,384 bytes; an id takes 23 of them, so this leaves room for a long SELECT. */
const IDS_PER_QUERY = 250

export type Found = { records: readonly CrmRecord[]; gone: readonly Gone[] }

export async function get(org: Org, request: GetRequest, signal: AbortSignal): Promise<Found> {
  const { keyPrefix } = await org.schemas.demand(request.object, signal)
  // Keyed by the 18-character form; the answer goes out under the id that was asked for.
  const asked = new Map(request.ids.map((id) => [checked(id, request.object, keyPrefix), id]))
  const ids = [...asked.keys()]
  const chunks = Array.from({ length: Math.ceil(ids.length / IDS_PER_QUERY) }, (_, i) =>
    ids.slice(i * IDS_PER_QUERY, (i + 1) * IDS_PER_QUERY),
  )
  const wide = { ...request, fields: withFlagTime(withIndividualId(request.fields)) }
  const found = await Promise.all(chunks.map((chunk) => getSome(org, wide, chunk, asked, signal)))
  const records = found.flatMap((part) => part.records)
  return { records: await withConsents(org, request, asNewAsFlags(records), signal), gone: found.flatMap((part) => part.gone) }
}

/** An id that cannot be one is our own mistake: to call its record gone would forget a living person. */
function checked(id: string, object: string, keyPrefix: string | null): string {
  const full = recordId(id, keyPrefix)
  if (full !== null) return full
  throw new ConnectorError(
    'refused',
    `one of the ids is no Salesforce id of ${object} (15 or 18 characters, prefix ${keyPrefix ?? 'unknown'}, checksum)`,
  )
}

async function getSome(
  org: Org,
  request: GetRequest,
  ids: readonly string[],
  asked: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Found> {
  const { object, fields } = request
  const answer = await queryRows(
    org,
    {
      object,
      fields,
      resource: 'queryAll',
      soql: (plan) => select({ fields: columnsOf(plan, 'deleted too'), object, where: `Id IN (${ids.map(quote).join(',')})` }),
    },
    signal,
  )
  const rows = new Map(answer.rows.map((row) => [recordId(idOf(row), null) ?? '', row]))
  const missing = ids.filter((id) => !rows.has(id))
  // A wide SELECT makes the server answer in parts: the rest is asked for by name.
  if (!answer.whole && rows.size === 0) throw unreadable(`the query of ${object}`, 'records')
  const rest = answer.whole
    ? { records: [], gone: missing.map((id) => ({ ref: { object, id: asked.get(id) ?? id }, at: answer.at })) }
    : await getSome(org, request, missing, asked, signal)
  const named = (id: string) => ({ object, id: asked.get(id) ?? id })
  const live = [...rows].filter(([, row]) => !isDeleted(answer.plan, row))
  const dead = [...rows].filter(([, row]) => isDeleted(answer.plan, row))
  return {
    records: [...live.map(([id, row]) => ({ ...toRecord(answer.plan, row, answer.at), ref: named(id) })), ...rest.records],
    gone: [...dead.map(([id, row]) => ({ ...toGone(object, row), ref: named(id) })), ...rest.gone],
  }
}

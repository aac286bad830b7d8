/** Records whose person said something else meanwhile, which leaves no trace on them. */
import type { Page, ReadRequest } from '../connector.ts'
import { accessTo } from './consent-access.ts'
import { CONSENT } from './consent-field.ts'
import { type DeltaPosition, toCursor } from './cursor.ts'
import type { Org } from './org.ts'
import { stampOf, toRecord } from './record.ts'
import { recordId } from './record-id.ts'
import { rowsById } from './rows-by-id.ts'
import { instant, quote } from './soql.ts'

const PARTIES_PER_QUERY = 250

/**
 * Rows that changed, those in the recycle bin included, and those whose time has begun or ended. The position stays where it is: read once too often does no
 * harm. What a row that changed hands leaves behind, or one that was deleted for good, is seen by the next full pull.
 * Gives back the newest SystemModstamp among them.
 */
export async function* readByConsent(
  org: Org,
  { object, fields }: ReadRequest,
  from: number,
  position: DeltaPosition,
  signal: AbortSignal,
): AsyncGenerator<Page, number | null> {
  const { info } = await accessTo(org, await org.schemas.demand(object, signal), fields, signal)
  if (info === null) return null
  const [since, now] = [instant(from), instant(org.deps.now())]
  const turned = ['EffectiveFrom', 'EffectiveTo'].map((column) => `(${column} >= ${since} AND ${column} <= ${now})`)
  const where = `SystemModstamp >= ${since} OR ${turned.join(' OR ')}`
  const read = new Set<string>()
  let newest: number | null = null
  for await (const { rows } of rowsById(org, { object: CONSENT, fields: ['PartyId'], resource: 'queryAll', where }, signal)) {
    const parties = new Set(rows.flatMap((row) => recordId(String(row['PartyId']), null) ?? []).filter((id) => !read.has(id)))
    for (const party of parties) read.add(party)
    newest = rows.reduce((max, row) => Math.max(max, stampOf(row)), newest ?? -Infinity)
    const all = [...parties]
    for (let next = 0; next < all.length; next += PARTIES_PER_QUERY) {
      const chunk = `IndividualId IN (${all
        .slice(next, next + PARTIES_PER_QUERY)
        .map(quote)
        .join(',')})`
      for await (const { plan, rows: found, at } of rowsById(org, { object, fields, resource: 'query', where: chunk }, signal))
        yield { records: found.map((row) => toRecord(plan, row, at)), gone: [], cursor: toCursor(object, position) }
    }
  }
  return newest
}

/** The rows of ContactPointTypeConsent of some people, and which of several rows counts. */
import { ConnectorError, type FieldValue } from '../connector.ts'
import { needed, type ConsentAccess, type ReadableConsent } from './consent-access.ts'
import { columnOf, CONSENT, STATUS } from './consent-field.ts'
import type { Org } from './org.ts'
import type { Row } from './payloads.ts'
import { idOf, stampOf } from './record.ts'
import { recordId } from './record-id.ts'
import { rowsById } from './rows-by-id.ts'
import { quote } from './soql.ts'
import { textOf } from './values.ts'

/** Times in epoch milliseconds. `undefined`: hidden. */
export type Consent = {
  readonly id: string
  readonly type: string
  readonly purpose: string | null
  readonly status: string | null
  readonly captured: FieldValue | undefined
  readonly source: FieldValue | undefined
  readonly double: FieldValue | undefined
  readonly from: number | null
  readonly to: number | null
  readonly created: number | null
  readonly stamp: number
}
/** By Individual; who is not in it has said nothing. `at`: the server's clock. */
export type Consents = { readonly of: ReadonlyMap<string, readonly Consent[]>; readonly at: number }

/** A URL with its headers may have 16,384 bytes; an id takes 23 of them. */
const PARTIES_PER_QUERY = 500
const columns = [
  ...Object.values(columnOf),
  'PartyId',
  'ContactPointType',
  'DataUsePurposeId',
  'EffectiveFrom',
  'EffectiveTo',
  'CreatedDate',
]

/** `parties`: 18-character ids of Individuals. */
export async function readConsents(org: Org, { fields }: ConsentAccess, parties: Iterable<string>, signal: AbortSignal): Promise<Consents> {
  const all = [...new Set(parties)]
  const types = [...new Set([...fields.values()].map(({ type }) => quote(type)))].join(',')
  const chunks = Array.from({ length: Math.ceil(all.length / PARTIES_PER_QUERY) }, (_, i) =>
    all.slice(i * PARTIES_PER_QUERY, (i + 1) * PARTIES_PER_QUERY),
  )
  const of = new Map<string, Consent[]>()
  let asOf = -Infinity
  const readChunk = async (chunk: readonly string[]): Promise<void> => {
    const where = `PartyId IN (${chunk.map(quote).join(',')}) AND ContactPointType IN (${types})`
    for await (const { plan, rows, at } of rowsById(org, { object: CONSENT, fields: columns, resource: 'query', where }, signal)) {
      // Hidden since it was described: without it a yes that has ended would look like one that holds.
      if (needed.some((column) => !plan.types.has(column)))
        throw new ConnectorError('unavailable', `the rights on ${CONSENT} changed while it was read; the next pull goes by the new ones`)
      asOf = Math.max(asOf, at)
      for (const row of rows) {
        const party = fullId(row['PartyId'])
        if (party !== null) of.set(party, [...(of.get(party) ?? []), consentOf(row)])
      }
    }
  }
  try {
    await Promise.all(chunks.map(readChunk))
  } catch (error) {
    // Taken away since it was described: the next reading describes again, and goes without.
    if (error instanceof ConnectorError && (error.kind === 'refused' || error.kind === 'scope')) org.schemas.forget()
    throw error
  }
  return { of, at: asOf }
}

function consentOf(row: Row): Consent {
  const text = (column: string, type: string): FieldValue | undefined =>
    row[column] === undefined ? undefined : textOf(row[column], type, `${CONSENT}.${column}`)
  const time = (column: string): number | null => {
    const ms = Date.parse(text(column, 'datetime') ?? '')
    return Number.isNaN(ms) ? null : ms
  }
  return {
    id: idOf(row),
    type: text('ContactPointType', 'picklist') ?? '',
    purpose: fullId(row['DataUsePurposeId']),
    status: text(STATUS, 'picklist') ?? null,
    captured: text(columnOf.at, 'datetime'),
    source: text(columnOf.source, 'string'),
    double: text(columnOf.double, 'datetime'),
    from: time('EffectiveFrom'),
    to: time('EffectiveTo'),
    created: time('CreatedDate'),
    stamp: stampOf(row),
  }
}

const fullId = (value: unknown): string | null => (typeof value === 'string' ? recordId(value, null) : null)

export const isNo = ({ status }: Consent): boolean => status === 'OptOut' || status === 'OptOutPending'
export const isYes = ({ status }: Consent): boolean => status === 'OptIn' || status === 'OptInPending'
const isInEffect = ({ from, to }: Consent, at: number): boolean => (from === null || from <= at) && (to === null || to > at)

export function rowsOf(rows: readonly Consent[], { type, purposes }: Pick<ReadableConsent, 'type' | 'purposes'>): readonly Consent[] {
  return rows.filter(
    (row) => row.type === type && (purposes === null ? row.purpose === null : row.purpose !== null && purposes.has(row.purpose)),
  )
}

/**
 * Of several rows the newest. A no counts from its last change, for whoever flips a status in the form leaves CaptureDate as it is; anything else counts
 * from its CaptureDate; on equal times the no wins. What is not in effect says nothing, save a no: it is honoured at once, and does not end by itself.
 */
export function deciding(rows: readonly Consent[], at: number): Consent | null {
  let best: Consent | null = null
  for (const row of rows) {
    if (!isNo(row) && !isInEffect(row, at)) continue
    const ahead = best === null ? 1 : saidAt(row, at) - saidAt(best, at)
    if (ahead > 0 || (ahead === 0 && isNo(row))) best = row
  }
  return best
}

function saidAt(row: Consent, at: number): number {
  if (isNo(row)) return row.stamp
  const captured = Date.parse(row.captured ?? '')
  // A date that has not come yet is no date.
  return Number.isNaN(captured) || captured > at ? (row.created ?? -Infinity) : captured
}

/** Since then nothing of the row was changed, within the seconds that Salesforce rounds away. */
const UNCHANGED_MS = 2_000

/**
 * CaptureDate, save for a no whose row was changed since it was made: then it may be the date of the yes before it, and a no must not look older than it
 * is. `undefined`: hidden.
 */
export function momentOf(row: Consent): FieldValue | undefined {
  if (!isNo(row) || row.captured === undefined) return row.captured
  return row.created !== null && row.stamp - row.created < UNCHANGED_MS ? row.captured : null
}

/** Fills in the consent fields that were asked for, records by the page. */
import type { CrmRecord, FieldValue } from '../connector.ts'
import { accessTo, type ReadableConsent } from './consent-access.ts'
import { isConsent } from './consent-field.ts'
import { deciding, momentOf, readConsents, rowsOf, type Consent } from './consent-rows.ts'
import type { Org } from './org.ts'
import { recordId } from './record-id.ts'

type Asked = { readonly object: string; readonly fields: readonly string[] }

/** What to ask Salesforce for besides; the fields themselves are of no object that it knows. */
export function withIndividualId(fields: readonly string[]): readonly string[] {
  return fields.some(isConsent) ? [...new Set([...fields, 'IndividualId'])] : fields
}

/**
 * The records themselves, with more in them; what this user may not read stays absent. A record counts as changed when what its person said has changed:
 * a no without a date would otherwise be as old as the record.
 */
export async function withConsents(
  org: Org,
  { object, fields }: Asked,
  records: readonly CrmRecord[],
  signal: AbortSignal,
): Promise<readonly CrmRecord[]> {
  if (records.length === 0 || !fields.some(isConsent)) return records
  const access = await accessTo(org, await org.schemas.demand(object, signal), fields, signal)
  if (access.info === null) return records
  const { of, at } = await readConsents(org, access, records.flatMap(partyOf), signal)
  return records.map((record) => {
    const { ref, version, fields: held } = record
    if (held['IndividualId'] === undefined) return record
    const rows = partyOf(record).flatMap((party) => of.get(party) ?? [])
    const values: Record<string, FieldValue> = { ...held }
    for (const [name, field] of access.fields) {
      const value = valueOf(field, rows, at)
      if (value !== undefined) values[name] = value
    }
    return { ref, version, modifiedAt: rows.reduce((max, { stamp }) => Math.max(max, stamp), record.modifiedAt), fields: values }
  })
}

/** The Individual of a record, or nobody. */
function partyOf({ fields }: CrmRecord): string[] {
  const id = fields['IndividualId'] ? recordId(fields['IndividualId'], null) : null
  return id === null ? [] : [id]
}

function valueOf(field: ReadableConsent, all: readonly Consent[], at: number): FieldValue | undefined {
  const row = deciding(rowsOf(all, field), at)
  if (row === null) return null
  switch (field.part) {
    case 'status':
      return row.status
    case 'at':
      return momentOf(row)
    case 'source':
      return row.source
    case 'double':
      return row.double
    default:
      return field.part satisfies never
  }
}

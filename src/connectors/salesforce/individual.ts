/**
 * The flags of a person's Individual as fields of the Contact or Lead that points to it: `Individual.HasOptedOutSolicit`. They are read with the record,
 * in the same query. A record without an Individual says nothing by them.
 *
 * A change of an Individual does not touch the record's SystemModstamp: a delta that reads such fields asks one more question for it.
 */
import type { CrmRecord, FieldSchema } from '../connector.ts'
import type { ObjectInfo } from './schema.ts'

export const INDIVIDUAL = 'Individual'
const prefix = `${INDIVIDUAL}.`
const optOuts = ['HasOptedOutGeoTracking', 'HasOptedOutProcessing', 'HasOptedOutProfiling', 'HasOptedOutSolicit', 'HasOptedOutTracking']
/** Requests of the person and permissions of the company: read, and left to people. */
const readOnly = ['CanStorePiiElsewhere', 'SendIndividualData', 'ShouldForget']

/** When the flags were last changed. */
const CHANGED = `${INDIVIDUAL}.SystemModstamp`

export const isOfIndividual = (path: string): boolean => path.startsWith(prefix)
export const flagOf = (path: string): string => path.slice(prefix.length)
export const isOptOut = (path: string): boolean => isOfIndividual(path) && optOuts.includes(flagOf(path))

/** With the time of the flags, where any is asked for. */
export function withFlagTime(fields: readonly string[]): readonly string[] {
  return fields.some(isOfIndividual) ? [...new Set([...fields, CHANGED])] : fields
}

/** A record counts as changed when its Individual was: a no without a date would otherwise be as old as the record. */
export function asNewAsFlags(records: readonly CrmRecord[]): readonly CrmRecord[] {
  if (records[0]?.fields[CHANGED] === undefined) return records
  return records.map((record) => {
    const { ref, version, fields } = record
    const at = Date.parse(fields[CHANGED] ?? '')
    return at > record.modifiedAt ? { ref, version, modifiedAt: at, fields } : record
  })
}

/** Where Data Protection and Privacy is on and the lookup is shown (Salesforce object reference: Individual). Nothing more is asked for it. */
export function individualFields(info: Pick<ObjectInfo, 'fields'>): FieldSchema[] {
  if (info.fields.get('IndividualId')?.relationshipName !== INDIVIDUAL) return []
  return [...optOuts, ...readOnly].map((flag) => ({
    name: prefix + flag,
    label: `Individual: ${flag}`,
    type: 'boolean',
    writable: optOuts.includes(flag),
    custom: false,
    needs: 'IndividualId',
  }))
}

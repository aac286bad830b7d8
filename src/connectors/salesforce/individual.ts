/**
 * The flags of a person's Individual as fields of the Contact or Lead that points to it: `Individual.HasOptedOutSolicit`. They are read with the record,
 * in the same query. A record without an Individual says nothing by them.
 *
 * A change of an Individual does not touch the record's SystemModstamp: a delta that reads such fields asks one more question for it.
 */
import type { FieldSchema } from '../connector.ts'
import type { ObjectInfo } from './schema.ts'

export const INDIVIDUAL = 'Individual'
const prefix = `${INDIVIDUAL}.`
const optOuts = ['HasOptedOutGeoTracking', 'HasOptedOutProcessing', 'HasOptedOutProfiling', 'HasOptedOutSolicit', 'HasOptedOutTracking']
/** Requests of the person and permissions of the company: read, and left to people. */
const readOnly = ['CanStorePiiElsewhere', 'SendIndividualData', 'ShouldForget']

export const isOfIndividual = (path: string): boolean => path.startsWith(prefix)
export const flagOf = (path: string): string => path.slice(prefix.length)
export const isOptOut = (path: string): boolean => isOfIndividual(path) && optOuts.includes(flagOf(path))

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

/**
 * The flags of a person's Individual as fields of the Contact or Lead that points to it: `Individual.HasOptedOutSolicit`. They are read with the record,
 * in the same query. A record without an Individual says nothing by them.
 *
 * A change of an Individual does not touch the record's SystemModstamp: a delta that reads such flags asks one more question for it.
 */
import type { CrmRecord, FieldSchema, FieldType } from '../connector.ts'
import type { ObjectInfo } from './schema.ts'

export const INDIVIDUAL = 'Individual'
const prefix = `${INDIVIDUAL}.`
const optOuts = ['HasOptedOutGeoTracking', 'HasOptedOutProcessing', 'HasOptedOutProfiling', 'HasOptedOutSolicit', 'HasOptedOutTracking']
/** Requests of the person and permissions of the company: read, and left to people. */
const readOnly = ['CanStorePiiElsewhere', 'SendIndividualData', 'ShouldForget']
/**
 * What Salesforce offers to note of a person (object reference: Individual), and a marketing team has no business to know. `IsHomeOwner` is left out: a box
 * that nobody ticked says false of everybody.
 */
const offered: readonly (readonly [name: string, type: FieldType])[] = [
  ['ChildrenCount', 'number'],
  ['ConsumerCreditScore', 'number'],
  ['ConsumerCreditScoreProviderName', 'text'],
  ['ConvictionsCount', 'number'],
  ['MilitaryService', 'enum'],
]

/** When the flags were last changed. */
const CHANGED = `${INDIVIDUAL}.SystemModstamp`

export const isOfIndividual = (path: string): boolean => path.startsWith(prefix)
export const flagOf = (path: string): string => path.slice(prefix.length)
/** What the person said: a change of it has to be found at once. */
export const isFlag = (path: string): boolean => isOfIndividual(path) && [...optOuts, ...readOnly].includes(flagOf(path))
export const isOptOut = (path: string): boolean => isOfIndividual(path) && optOuts.includes(flagOf(path))

/** With the time of the flags, where any is asked for. */
export function withFlagTime(fields: readonly string[]): readonly string[] {
  return fields.some(isFlag) ? [...new Set([...fields, CHANGED])] : fields
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
  const fieldOf = (name: string, type: FieldType, writable: boolean): FieldSchema => ({
    name: prefix + name,
    label: `Individual: ${name}`,
    type,
    writable,
    custom: false,
    needs: 'IndividualId',
  })
  return [
    ...[...optOuts, ...readOnly].map((flag) => fieldOf(flag, 'boolean', optOuts.includes(flag))),
    ...offered.map(([name, type]) => fieldOf(name, type, true)),
  ]
}

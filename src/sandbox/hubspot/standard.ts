import type { ObjectKind } from './object-kind.ts'
import { objectTables } from './object-tables.ts'
import { defineProperty, option } from './property.ts'
import type { Property } from './property.ts'
import { LANGUAGES, STANDARD_OPTIONS } from './standard-options.ts'
import { STANDARD_TABLE } from './standard-table.ts'

export const LIFECYCLE_STAGES = [
  'subscriber',
  'lead',
  'marketingqualifiedlead',
  'salesqualifiedlead',
  'opportunity',
  'customer',
  'evangelist',
  'other',
] as const

/** Enumerations whose options live outside the definition: owners, teams, ids of other records. */
const EXTERNAL = new Set(['hubspot_owner_id', 'hubspot_team_id', 'hs_object_source_label', 'hs_all_owner_ids', 'hs_all_team_ids'])

/** unverified: names of the Salesforce integration's properties, known from public repositories only. */
const SALESFORCE_INTEGRATION: readonly (readonly [string, string])[] = [
  ['salesforceaccountid', 'string'],
  ['salesforcecontactid', 'string'],
  ['salesforceleadid', 'string'],
  ['salesforcecampaignids', 'string'],
  ['salesforceownerid', 'string'],
  ['salesforceopportunitystage', 'string'],
  ['salesforcedeleted', 'bool'],
  ['salesforcelastsynctime', 'datetime'],
]

/** Every property a portal defines by itself for an object type, in the order of its tables. */
export function standardProperties(kind: ObjectKind, now: number): Property[] {
  if (kind.name === 'contacts') return [...readTable(STANDARD_TABLE, contactOptions(), now), ...integrationProperties(now)]
  const { tables, options } = objectTables(kind)
  return tables.flatMap((text) => readTable(text, readOptions(options), now))
}

function readTable(text: string, options: ReadonlyMap<string, string[]>, now: number): Property[] {
  const properties: Property[] = []
  for (const line of text
    .trim()
    .replaceAll('\n  ', ' ')
    .split('\n')
    .filter((line) => line !== '')) {
    const [signature, names] = line.split(': ') as [string, string]
    const [groupName, type, fieldType, flags] = signature.split(' ') as [string, string, string, string]
    for (const name of names.split(' ').flatMap(expandStages)) {
      const spec = { name, type, fieldType, groupName: groupName === '-' ? '' : groupName, hubspotDefined: true, readOnlyDefinition: true }
      const values = options.get(name) ?? (type === 'bool' ? ['true', 'false'] : [])
      properties.push(
        defineProperty(
          {
            ...spec,
            calculated: flags.includes('c'),
            readOnlyValue: flags.includes('r'),
            hidden: flags.includes('h'),
            formField: flags.includes('f'),
            options: values.map((value, index) => option(value, index)),
            externalOptions: EXTERNAL.has(name),
          },
          now,
        ),
      )
    }
  }
  return properties
}

function integrationProperties(now: number): Property[] {
  return SALESFORCE_INTEGRATION.map(([name, type]) =>
    defineProperty(
      {
        name,
        type,
        fieldType: type === 'bool' ? 'booleancheckbox' : type === 'datetime' ? 'date' : 'text',
        groupName: 'contactinformation',
        hubspotDefined: true,
        readOnlyDefinition: true,
        readOnlyValue: true,
        options: type === 'bool' ? [option('true', 0), option('false', 1)] : [],
      },
      now,
    ),
  )
}

function expandStages(name: string): string[] {
  return name.includes('*') ? LIFECYCLE_STAGES.map((stage) => name.replace('*', stage)) : [name]
}

/** `names: value|value`, one line a set of values. */
function readOptions(text: string): Map<string, string[]> {
  const options = new Map<string, string[]>()
  for (const line of text.trim().split('\n')) {
    const colon = line.indexOf(': ')
    if (colon < 0) continue
    for (const name of line.slice(0, colon).split(' ')) options.set(name, line.slice(colon + 2).split('|'))
  }
  return options
}

function contactOptions(): Map<string, string[]> {
  const options = readOptions(STANDARD_OPTIONS)
  options.set('hs_language', LANGUAGES.split(' '))
  options.set(
    'hs_timezone',
    Intl.supportedValuesOf('timeZone').map((zone) => zone.toLowerCase().replaceAll('/', '_slash_')),
  )
  return options
}

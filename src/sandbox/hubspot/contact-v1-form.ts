/** A contact as version 1 writes it. Source: HubSpot docs, "Contacts v1"; since April 2026 without list memberships (HubSpot changelog). */
import type { Call } from './call.ts'
import { listParam } from './call.ts'
import { historyOf } from './history.ts'
import type { ObjectTable } from './table.ts'

/** What a page shows of a contact unless asked for more. */
const SHOWN = ['firstname', 'lastname', 'company', 'lastmodifieddate']

/** `property` names what is wanted, `propertyMode=value_only` leaves the versions out. */
export type Wanted = { names: readonly string[]; versions: boolean }

export function wantedBy(table: ObjectTable, call: Call, kind: 'profile' | 'page'): Wanted {
  const asked = listParam(call.query, 'property')
  const mode = call.query.get('propertyMode') ?? (kind === 'profile' ? 'value_and_history' : 'value_only')
  const others = kind === 'profile' ? table.properties.list.map(({ name }) => name) : SHOWN
  return { names: asked.length > 0 ? asked : others, versions: mode === 'value_and_history' }
}

type Told = { value: string; timestamp: string; sourceType: string; sourceId?: string }

export function contactV1(table: ObjectTable, call: Call, row: number, wanted: Wanted): Record<string, unknown> {
  const { columns } = table.store
  const vid = columns.id[row]!
  const properties: Record<string, unknown> = {}
  for (const [name, told] of Object.entries(historyOf(table, call.token, row, wanted.names)) as [string, Told[]][]) {
    const value = told[0]?.value
    if (value === undefined || value === '') continue
    const isTime = ['date', 'datetime'].includes(table.properties.find(name)?.type ?? '')
    const versions = told.map((version) => versionV1(version, isTime))
    properties[name] = { value: valueV1(value, isTime), ...(wanted.versions ? { versions } : {}) }
  }
  return {
    addedAt: columns.created[row]!,
    vid,
    'canonical-vid': vid,
    'merged-vids': [],
    'portal-id': table.portal.id,
    'is-contact': true,
    properties,
    'form-submissions': [],
    'list-memberships': [],
    'identity-profiles': [identities(table, row, vid)],
    'merge-audits': [],
  }
}

/** Times are milliseconds here. */
function valueV1(value: string, isTime: boolean): string {
  const ms = isTime ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? value : String(ms)
}

function versionV1({ value, timestamp, sourceType, sourceId }: Told, isTime: boolean): Record<string, unknown> {
  return {
    value: valueV1(value, isTime),
    'source-type': sourceType,
    'source-id': sourceId ?? null,
    'source-label': null,
    timestamp: Date.parse(timestamp),
    selected: false,
  }
}

function identities(table: ObjectTable, row: number, vid: number): Record<string, unknown> {
  const at = table.store.columns.created[row]!
  const text = (name: string): string => table.store.value(row, table.properties.indexOf(name)) ?? ''
  const additional = text('hs_additional_emails').split(';')
  const told = [text('email'), ...additional].filter((value) => value !== '')
  return {
    vid,
    'saved-at-timestamp': at,
    'deleted-changed-timestamp': 0,
    identities: told.map((value, place) => ({ type: 'EMAIL', value, timestamp: at, ...(place === 0 ? { 'is-primary': true } : {}) })),
  }
}

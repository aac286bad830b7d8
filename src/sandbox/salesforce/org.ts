/** One org: its schema, its rows, its grants, its clock. Everything the endpoints share. */
import { makeId } from './ids.ts'
import { activity } from './schema-activity.ts'
import { consent } from './schema-consent.ts'
import { history } from './schema-history.ts'
import { people } from './schema-people.ts'
import { sales } from './schema-sales.ts'
import { setup, tooling } from './schema-setup.ts'
import { parseObjects } from './parse-object.ts'
import { createTable, LIVE, lookupRows } from './table.ts'
import { createChanges } from './changes.ts'
import { createSwitches } from './switches.ts'
import type { Changes } from './changes.ts'
import type { SandboxClock } from '../crm.ts'
import type { Feature, Field, SObject } from './schema-object.ts'
import type { Switches } from './switches.ts'
import type { Table } from './table.ts'

export type Access = { read: boolean; edit: boolean }
export type Org = {
  readonly clock: SandboxClock
  /** Whether the daily allowance is enforced. */
  rateLimit: boolean
  /** By lower-case name. Tooling objects live apart: SOQL outside /tooling does not know them. */
  readonly tables: Map<string, Table>
  readonly tooling: Map<string, Table>
  /** Tables of features that are off, by lower-case name. */
  readonly shelf: Map<string, Table>
  readonly switches: Switches
  readonly orgId: string
  readonly userId: string
  readonly profileId: string
  readonly permissionSetId: string
  /** Next number per key prefix. */
  readonly sequence: Map<string, number>
  /** Field-level security taken away by the lever, by `object.field` in lower case. */
  readonly hidden: Map<string, 'read' | 'edit'>
  /** Grants on custom fields, from FieldPermissions of assigned permission sets, by `object.field` in lower case. */
  readonly grants: Map<string, Access>
  /** Ids (15 or 18) that answer UNABLE_TO_LOCK_ROW, with the number of times left. */
  readonly locked: Map<string, number>
  /** Whether the calling user holds "Bulk API Hard Delete"; off by default, for administrators too. */
  hardDelete: boolean
  readonly changes: Changes
  /** When the recycle bin was last looked through. */
  sweptAt: number
  /** Of the call being served. */
  apiBase: string
  /** Sforce-Duplicate-Rule-Header: allowSave=true */
  allowsDuplicates: boolean
}

export const USERNAME = 'integration@sandbox.example'
/** Seeds in which two orgs differ. */
const ORGS = 1_000_000

/** Orgs of different seeds have different ids: two at once are two orgs. */
export function createOrg(clock: SandboxClock, rateLimit: boolean, seed: number): Org {
  const tables = new Map<string, Table>()
  for (const part of [people, consent, activity, sales, history, setup]) addTables(tables, part)
  const own = new Map<string, Table>()
  addTables(own, tooling)
  const org: Org = {
    clock,
    rateLimit,
    tables,
    tooling: own,
    shelf: new Map(),
    switches: createSwitches(),
    orgId: makeId('00D', Math.abs(Math.trunc(seed)) % ORGS),
    userId: makeId('005', 1),
    profileId: makeId('00e', 1),
    permissionSetId: makeId('0PS', 2),
    sequence: new Map(),
    hidden: new Map(),
    grants: new Map(),
    locked: new Map(),
    hardDelete: false,
    changes: createChanges(),
    sweptAt: 0,
    apiBase: '/services/data/v60.0',
    allowsDuplicates: false,
  }
  shelve(org)
  return org
}

function addTables(tables: Map<string, Table>, text: string): void {
  for (const object of parseObjects(text)) tables.set(object.name.toLowerCase(), createTable(object, tables))
}

const CUSTOM_OBJECT = `
X__c a00 cudn +bin +audit +viewed
string80 ncu: Name
reference cud: OwnerId>Group,User:Owner
`

/** A custom object with a name, an owner and the system fields; its other fields come as custom fields do. */
export function defineObject(org: Org, name: string): Table {
  const [object] = parseObjects(CUSTOM_OBJECT)
  if (object === undefined) throw new Error('no custom object')
  const number = [...org.tables.values()].filter(({ object: { keyPrefix } }) => keyPrefix.startsWith('a')).length
  const label = name.replace(/__c$/i, '').replaceAll('_', ' ')
  const named = { ...object, name, keyPrefix: `a${String(number).padStart(2, '0')}`, label, labelPlural: `${label}s` }
  const nameField = named.byName.get('name')
  if (nameField !== undefined) nameField.nameField = true
  const table = createTable(named, org.tables)
  org.tables.set(name.toLowerCase(), table)
  return table
}

/** Puts away the tables of features that are off and brings back those of features that are on. */
export function shelve(org: Org): void {
  for (const [from, to, wanted] of [
    [org.tables, org.shelf, false],
    [org.shelf, org.tables, true],
  ] as const) {
    for (const [name, table] of from) {
      const { feature } = table.object
      if (feature === null || org.switches.features.has(feature) !== wanted) continue
      from.delete(name)
      to.set(name, table)
    }
  }
}

/** Record types exist on an object from its first one on; the other features are switches of the org. */
function hasFeature(org: Org, feature: Feature, object: SObject): boolean {
  if (feature !== 'recordTypes') return org.switches.features.has(feature)
  const types = org.tables.get('recordtype')
  const field = types?.object.byName.get('sobjecttype')
  return types !== undefined && field !== undefined && lookupRows(types, field, object.name).some((row) => types.stages[row] === LIVE)
}

const NOTHING: Access = { read: false, edit: false }

/** A free id: seeds may have taken some. */
export function nextIdOf(org: Org, { object, rows }: Table): string {
  let id = nextId(org, object.keyPrefix)
  while (rows.has(id)) id = nextId(org, object.keyPrefix)
  return id
}

export function nextId(org: Org, prefix: string): string {
  const number = (org.sequence.get(prefix) ?? 100) + 1
  org.sequence.set(prefix, number)
  return makeId(prefix, number)
}

/**
 * What field-level security lets the calling user do with a field. The profile grants all standard fields save those a lever hides;
 * permission sets grant the rest: custom fields, and hidden ones again.
 */
export function accessOf(org: Org, object: SObject, field: Field): Access {
  if (field.feature !== null && !hasFeature(org, field.feature, object)) return NOTHING
  const key = `${object.name}.${field.name}`.toLowerCase()
  const taken = org.hidden.get(key)
  // A custom field of a person account is the Contact's.
  const isShown = field.custom && field.source !== null
  const granted = org.grants.get(isShown ? `contact.${field.source?.paths[0] ?? ''}`.toLowerCase() : key) ?? NOTHING
  if (field.custom) return { read: granted.read && taken !== 'read', edit: granted.edit && taken === undefined }
  return { read: granted.read || taken !== 'read', edit: granted.edit || taken === undefined }
}

export function visibleField(org: Org, object: SObject, name: string): Field | undefined {
  const field = object.byName.get(name.toLowerCase())
  return field !== undefined && accessOf(org, object, field).read ? field : undefined
}

export const visibleFields = (org: Org, object: SObject): Field[] => object.fields.filter((field) => accessOf(org, object, field).read)

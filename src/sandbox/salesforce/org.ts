/** One org: its schema, its rows, its grants, its clock. Everything the endpoints share. */
import { makeId } from './ids.ts'
import { userTable, organizationTable, permissionTables, toolingTables } from './objects-setup.ts'
import { contactTable, individualTable } from './objects-people.ts'
import { leadTable, accountTable } from './objects-sales.ts'
import { parseObjects } from './parse-object.ts'
import { createTable } from './table.ts'
import { createChanges } from './changes.ts'
import type { Changes } from './changes.ts'
import type { SandboxClock } from '../crm.ts'
import type { Field, SObject } from './parse-object.ts'
import type { Table } from './table.ts'

export type Access = { read: boolean; edit: boolean }
export type Org = {
  readonly clock: SandboxClock
  /** Whether the daily allowance is enforced. */
  rateLimit: boolean
  /** By lower-case name. Tooling objects live apart: SOQL outside /tooling does not know them. */
  readonly tables: Map<string, Table>
  readonly tooling: Map<string, Table>
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
}

export const USERNAME = 'integration@sandbox.example'
const ORG_ID = '00D440000000001EAA'

export function createOrg(clock: SandboxClock, rateLimit: boolean): Org {
  const standard = [contactTable, individualTable, leadTable, accountTable, userTable, organizationTable, permissionTables]
  return {
    clock,
    rateLimit,
    tables: new Map(standard.flatMap(parseObjects).map((object) => [object.name.toLowerCase(), createTable(object)])),
    tooling: new Map(parseObjects(toolingTables).map((object) => [object.name.toLowerCase(), createTable(object)])),
    orgId: ORG_ID,
    userId: makeId('005', 1),
    profileId: makeId('00e', 1),
    permissionSetId: makeId('0PS', 2),
    sequence: new Map(),
    hidden: new Map(),
    grants: new Map(),
    locked: new Map(),
    hardDelete: false,
    changes: createChanges(),
  }
}

export function nextId(org: Org, prefix: string): string {
  const number = (org.sequence.get(prefix) ?? 100) + 1
  org.sequence.set(prefix, number)
  return makeId(prefix, number)
}

/** What field-level security lets the calling user do with a field. Custom fields need a grant, as in an org whose profile grants none. */
export function accessOf(org: Org, object: SObject, field: Field): Access {
  const key = `${object.name}.${field.name}`.toLowerCase()
  const taken = org.hidden.get(key)
  const granted = field.custom ? (org.grants.get(key) ?? { read: false, edit: false }) : { read: true, edit: true }
  return { read: granted.read && taken !== 'read', edit: granted.edit && taken === undefined }
}

export function visibleField(org: Org, object: SObject, name: string): Field | undefined {
  const field = object.byName.get(name.toLowerCase())
  return field !== undefined && accessOf(org, object, field).read ? field : undefined
}

export const visibleFields = (org: Org, object: SObject): Field[] => object.fields.filter((field) => accessOf(org, object, field).read)

/** Custom fields: added to an object, granted to a permission set. */
import { insertRow, LIVE } from './table.ts'
import { nextId } from './org.ts'
import { readersOf, refreshGrants, tableOf } from './grants.ts'
import { stamp } from './dml.ts'
import type { Field } from './parse-object.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

/** Adds the field and its Tooling row; invisible until granted. Returns the id (00N…). */
export function addCustomField(org: Org, table: Table, field: Field, description: string | null): string {
  table.object.fields.push(field)
  table.object.byName.set(field.name.toLowerCase(), field)
  const tooling = org.tooling.get('customfield')
  if (tooling === undefined) throw new Error('no Tooling object CustomField')
  const id = nextId(org, '00N')
  const now = stamp(org)
  insertRow(tooling, id, [
    ['DeveloperName', field.name.replace(/__c$/i, '')],
    ['TableEnumOrId', table.object.name],
    ['EntityDefinitionId', table.object.name],
    ['FullName', `${table.object.name}.${field.name}`],
    ['InlineHelpText', field.help],
    ['Description', description],
    ['Length', field.length === 0 ? null : field.length],
    ['CreatedDate', now],
    ['LastModifiedDate', now],
    ['SystemModstamp', now],
  ])
  return id
}

/** A FieldPermissions row of the integration user's permission set. */
export function grantField(org: Org, table: Table, field: Field): void {
  const permissions = tableOf(org, 'FieldPermissions')
  const name = `${table.object.name}.${field.name}`
  const { Field: named, ParentId } = readersOf(permissions, ['Field', 'ParentId'])
  if (permissions.stages.some((stage, row) => stage === LIVE && named(row) === name && ParentId(row) === org.permissionSetId)) return
  insertRow(permissions, nextId(org, permissions.object.keyPrefix), [
    ['ParentId', org.permissionSetId],
    ['SobjectType', table.object.name],
    ['Field', name],
    ['PermissionsRead', true],
    ['PermissionsEdit', true],
    ['SystemModstamp', stamp(org)],
  ])
  refreshGrants(org)
}

/** Custom fields: added to an object, changed, dropped; granted to a permission set. */
import { DELETED, insertRow, LIVE, setStage, writeRow } from './table.ts'
import { nextId } from './org.ts'
import { readersOf, refreshGrants, tableOf } from './grants.ts'
import { stamp } from './stamp.ts'
import { addField, personField } from './schema-object.ts'
import type { Cell } from './column.ts'
import type { Field } from './schema-object.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

type Metadata = Readonly<Record<string, unknown>>

/** Adds the field and its Tooling row; nobody sees it until it is granted. Returns the id (00N…). */
export function addCustomField(org: Org, table: Table, field: Field, metadata: Metadata): string {
  const tooling = org.tooling.get('customfield')
  if (tooling === undefined) throw new Error('no Tooling object CustomField')
  // What an earlier field of that name held is not this field's.
  table.columns.delete(field.name)
  addField(table.object, field)
  if (table.object.name === 'Contact') addField(tableOf(org, 'Account').object, personField(field))
  if (metadata.trackHistory === true) org.switches.tracked.add(`${table.object.name}.${field.name}`.toLowerCase())
  const id = nextId(org, tooling.object.keyPrefix)
  insertRow(tooling, id, [
    ['DeveloperName', field.name.replace(/__c$/i, '')],
    ['TableEnumOrId', table.object.name],
    ['EntityDefinitionId', table.object.name],
    ['FullName', `${table.object.name}.${field.name}`],
    ['CreatedDate', stamp(org)],
    ...describing(org, field, metadata),
  ])
  return id
}

function describing(org: Org, field: Field, metadata: Metadata): [string, Cell][] {
  return [
    ['Metadata', JSON.stringify(metadata)],
    ['InlineHelpText', field.help],
    ['Description', typeof metadata.description === 'string' ? metadata.description : null],
    ['Length', field.length === 0 ? null : field.length],
    ['LastModifiedDate', stamp(org)],
    ['SystemModstamp', stamp(org)],
  ]
}

/** Labels, lengths and picklist values change in place; the field keeps its data. */
export function changeCustomField(
  org: Org,
  tooling: Table,
  row: number,
  table: Table,
  field: Field,
  next: Field,
  metadata: Metadata,
): void {
  Object.assign(field, next)
  const shown = shownOnAccount(org, table, field)
  if (shown !== undefined) Object.assign(shown, personField(field))
  writeRow(tooling, row, describing(org, field, metadata))
}

export function dropCustomField(org: Org, tooling: Table, row: number, table: Table, field: Field): void {
  setStage(tooling, row, DELETED, null)
  const shown = shownOnAccount(org, table, field)
  if (shown !== undefined) removeField(tableOf(org, 'Account'), shown)
  removeField(table, field)
  const permissions = tableOf(org, 'FieldPermissions')
  const { Field: named } = readersOf(permissions, ['Field'])
  const full = `${table.object.name}.${field.name}`.toLowerCase()
  permissions.stages.forEach((stage, at) => {
    if (stage === LIVE && String(named(at)).toLowerCase() === full) setStage(permissions, at, DELETED, null)
  })
  refreshGrants(org)
}

function removeField({ object }: Table, field: Field): void {
  object.fields.splice(object.fields.indexOf(field), 1)
  object.byName.delete(field.name.toLowerCase())
}

/** The field of person accounts that shows a Contact's custom field. */
const shownOnAccount = (org: Org, { object }: Table, field: Field): Field | undefined =>
  object.name === 'Contact' ? tableOf(org, 'Account').object.byName.get(personField(field).name.toLowerCase()) : undefined

/** A FieldPermissions row of the integration user's permission set; the caller refreshes the grants. */
export function grantField(org: Org, table: Table, field: Field): void {
  const permissions = tableOf(org, 'FieldPermissions')
  insertRow(permissions, nextId(org, permissions.object.keyPrefix), [
    ['ParentId', org.permissionSetId],
    ['SobjectType', table.object.name],
    ['Field', `${table.object.name}.${field.name}`],
    ['PermissionsRead', true],
    ['PermissionsEdit', true],
    ['SystemModstamp', stamp(org)],
  ])
}

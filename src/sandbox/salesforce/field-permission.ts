/** Rules of FieldPermissions rows. Salesforce docs: Object Reference, FieldPermissions. */
import { LIVE } from './table.ts'
import { readersOf, tableOf } from './grants.ts'
import { recordError } from './fault.ts'
import type { Cell } from './column.ts'
import type { Org } from './org.ts'
import type { RecordError } from './fault.ts'

export function fieldPermissionError(org: Org, cells: ReadonlyMap<string, Cell>): RecordError | undefined {
  const objectName = String(cells.get('SobjectType') ?? '')
  const fieldName = String(cells.get('Field') ?? '')
  const object = org.tables.get(objectName.toLowerCase())?.object
  if (object === undefined) {
    return recordError(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      `Sobject Type Name: bad value for restricted picklist field: ${objectName}`,
      ['SobjectType'],
    )
  }
  const [prefix = '', name = ''] = fieldName.split('.')
  const field = object.byName.get(name.toLowerCase())
  // unverified: required fields take no field permission.
  if (prefix.toLowerCase() !== object.name.toLowerCase() || field === undefined || (!field.nillable && field.type !== 'boolean')) {
    return recordError('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', `Field Name: bad value for restricted picklist field: ${fieldName}`, [
      'Field',
    ])
  }
  if (cells.get('PermissionsEdit') === true && cells.get('PermissionsRead') !== true) {
    return recordError('FIELD_INTEGRITY_EXCEPTION', 'You cannot grant edit without read', ['PermissionsEdit'])
  }
  return isDuplicate(org, cells, fieldName)
    ? recordError('DUPLICATE_VALUE', 'duplicate value found: <unknown> duplicates value on record with id: <unknown>')
    : undefined
}

function isDuplicate(org: Org, cells: ReadonlyMap<string, Cell>, fieldName: string): boolean {
  const table = tableOf(org, 'FieldPermissions')
  const { ParentId, Field } = readersOf(table, ['ParentId', 'Field'])
  return table.stages.some(
    (stage, row) =>
      stage === LIVE && ParentId(row) === cells.get('ParentId') && String(Field(row)).toLowerCase() === fieldName.toLowerCase(),
  )
}

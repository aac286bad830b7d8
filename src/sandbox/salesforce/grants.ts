/** Field-level security on custom fields: read from the FieldPermissions of permission sets assigned to the calling user. */
import { LIVE, readerOf } from './table.ts'
import type { Cell } from './column.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

export function tableOf(org: Org, name: string): Table {
  const table = org.tables.get(name.toLowerCase())
  if (table === undefined) throw new Error(`no object ${name}`)
  return table
}

/** Readers of some fields at once, for code that knows the object. */
export function readersOf<const N extends string>(table: Table, names: readonly N[]): Record<N, (row: number) => Cell> {
  const entries = names.map((name) => {
    const field = table.object.byName.get(name.toLowerCase())
    if (field === undefined) throw new Error(`${table.object.name} has no field ${name}`)
    return [name, readerOf(table, field)] as const
  })
  return Object.fromEntries(entries) as Record<N, (row: number) => Cell>
}

export function refreshGrants(org: Org): void {
  org.grants.clear()
  const assignments = tableOf(org, 'PermissionSetAssignment')
  const assigned = readersOf(assignments, ['PermissionSetId', 'AssigneeId'])
  const sets = new Set<Cell>()
  assignments.stages.forEach((stage, row) => {
    if (stage === LIVE && assigned.AssigneeId(row) === org.userId) sets.add(assigned.PermissionSetId(row))
  })
  const permissions = tableOf(org, 'FieldPermissions')
  const read = readersOf(permissions, ['ParentId', 'Field', 'PermissionsRead', 'PermissionsEdit'])
  permissions.stages.forEach((stage, row) => {
    if (stage !== LIVE || !sets.has(read.ParentId(row))) return
    const key = String(read.Field(row)).toLowerCase()
    const before = org.grants.get(key)
    org.grants.set(key, {
      read: before?.read === true || read.PermissionsRead(row) === true,
      edit: before?.edit === true || read.PermissionsEdit(row) === true,
    })
  })
}

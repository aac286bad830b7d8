/** The fields that parents of several kinds have in common: `Who.Name`, `What.Type`, `Owner.Email`. Salesforce docs: Name object. */
import { plainField } from './schema-object.ts'
import { readerOf } from './table.ts'
import type { Cell } from './column.ts'
import type { Field } from './schema-object.ts'
import type { Table } from './table.ts'

const SHARED = new Set([
  'id',
  'name',
  'firstname',
  'lastname',
  'title',
  'email',
  'phone',
  'alias',
  'username',
  'isactive',
  'profileid',
  'userroleid',
])

export function nameField(targets: readonly Table[], name: string): Field | undefined {
  const wanted = name.toLowerCase()
  if (wanted === 'type') return plainField('Type', 'Type', 'picklist')
  if (!SHARED.has(wanted)) return undefined
  const found = targets.map(({ object }) => object.byName.get(wanted)).find((field) => field !== undefined)
  // What has no Name of its own shows the field that names it: a case its number, a task its subject.
  return found ?? (wanted === 'name' ? plainField('Name', 'Name', 'string') : undefined)
}

/** Reads by a row number that tells the table too (see Step). */
export function nameReader(targets: readonly Table[], field: Field): (row: number) => Cell {
  const readers = targets.map((table): ((row: number) => Cell) => {
    const { object } = table
    if (field.name === 'Type') return () => object.name
    const own =
      object.byName.get(field.name.toLowerCase()) ?? (field.name === 'Name' ? object.fields.find((each) => each.nameField) : undefined)
    return own === undefined ? () => null : readerOf(table, own)
  })
  return (row) => readers[row % readers.length]?.(Math.floor(row / readers.length)) ?? null
}

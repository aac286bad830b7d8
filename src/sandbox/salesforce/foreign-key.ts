/** Parents named by a key of theirs: `{"Account": {"Ext__c": "x"}}`, in CSV `Account.Ext__c` or `Who:Contact.Email`. Salesforce docs: "Relate records by external ID". */
import { LIVE, lookupRows } from './table.ts'
import { recordError } from './fault.ts'
import { visibleField } from './org.ts'
import type { Field } from './schema-object.ts'
import type { Org } from './org.ts'
import type { RecordError } from './fault.ts'
import type { Table } from './table.ts'

type Input = Readonly<Record<string, unknown>>

/** The input with each nested parent replaced by its id, or why one cannot be found. */
export function resolveParents(org: Org, table: Table, input: Input): { flat: Input } | { error: RecordError } {
  const nested = Object.entries(input).filter(([name, value]) => isParent(name, value))
  if (nested.length === 0) return { flat: input }
  const flat: Record<string, unknown> = { ...input }
  for (const [name, value] of nested) {
    const field = table.object.fields.find(({ relationshipName }) => relationshipName?.toLowerCase() === name.toLowerCase())
    if (field === undefined) continue
    const found = parentId(org, field, value as Input)
    if (typeof found !== 'string') return { error: found }
    delete flat[name]
    flat[field.name] = found
  }
  return { flat }
}

const isParent = (name: string, value: unknown): boolean =>
  name !== 'attributes' && typeof value === 'object' && value !== null && !Array.isArray(value)

function parentId(org: Org, field: Field, { attributes, ...keys }: Input): string | RecordError {
  const type = typeof attributes === 'object' && attributes !== null && 'type' in attributes ? String(attributes.type) : undefined
  const targets = field.referenceTo.filter((name) => type === undefined || name.toLowerCase() === type.toLowerCase())
  const entries = Object.entries(keys)
  const [[name, key] = ['', ''], ...more] = entries
  if (more.length > 0 || entries.length === 0)
    return recordError('INVALID_FIELD', `More than 1 field provided in an external foreign key reference in entity: ${targets[0] ?? ''}`)
  for (const target of targets) {
    const table = org.tables.get(target.toLowerCase())
    const keyField = table === undefined ? undefined : visibleField(org, table.object, name)
    if (table === undefined || keyField === undefined || !(keyField.externalId || keyField.idLookup)) continue
    const rows = rowsOf(table, keyField, String(key))
    if (rows.length === 1) return table.ids[rows[0] ?? 0] ?? ''
    const message =
      rows.length === 0
        ? `Foreign key external ID: ${String(key)} not found for field ${keyField.name} in entity ${target}`
        : `Foreign key external ID: ${String(key)} is not unique for field ${keyField.name} in entity ${target}`
    return recordError('INVALID_FIELD', message)
  }
  return recordError('INVALID_FIELD', `Field name provided, ${name} is not an External ID or indexed field for ${targets[0] ?? ''}`)
}

function rowsOf(table: Table, field: Field, key: string): readonly number[] {
  const rows = field.type === 'id' ? [table.rows.get(key) ?? -1] : lookupRows(table, field, key)
  return rows.filter((row) => table.stages[row] === LIVE)
}

export type Column = { kind: 'field' } | { kind: 'parent'; relationship: string; type: string | null; key: string }

/** What a CSV column means for an object, or undefined where it means nothing. */
export function columnOf(org: Org, table: Table, name: string): Column | undefined {
  const [, relationship, type = null, key] = /^(\w+)(?::(\w+))?\.(\w+)$/.exec(name) ?? []
  if (relationship === undefined || key === undefined)
    return visibleField(org, table.object, name) === undefined ? undefined : { kind: 'field' }
  const known = table.object.fields.some((field) => field.relationshipName?.toLowerCase() === relationship.toLowerCase())
  return known ? { kind: 'parent', relationship, type, key } : undefined
}

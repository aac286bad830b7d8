/** Custom fields that did not come through the Tooling API: made for the demo org, or guessed from the first value of a seed. */
import { plainField } from './schema-object.ts'
import type { Field, FieldType } from './schema-object.ts'

/** A custom field of that type; a picklist with values is restricted to them. */
export function shapedField(name: string, type: FieldType, values: readonly string[]): Field {
  const field = plainField(name, name.replace(/__c$/i, '').replaceAll('_', ' '), type)
  field.custom = true
  field.picklist = values.map((each) => ({ value: each, label: each, isDefault: false }))
  field.restricted = values.length > 0
  if (type === 'boolean') {
    field.nillable = false
    field.defaultedOnCreate = true
    field.defaultValue = false
  }
  if (type === 'double') field.precision = 18
  if (type === 'string' || type === 'picklist') field.length = 255
  if (type === 'multipicklist') field.length = 4_099
  if (type === 'textarea') {
    field.length = 32_768
    field.filterable = false
    field.sortable = false
  }
  return field
}

/** A field only a seed knows. */
export const guessField = (name: string, value: unknown): Field => shapedField(name, guessType(value), [])

function guessType(value: unknown): FieldType {
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return 'double'
  if (Array.isArray(value)) return 'multipicklist'
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return 'date'
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return 'datetime'
  return typeof value === 'string' && value.length > 255 ? 'textarea' : 'string'
}

const KINDS: Partial<Record<FieldType, string>> = {
  boolean: 'Checkbox',
  picklist: 'Picklist',
  multipicklist: 'MultiselectPicklist',
  textarea: 'LongTextArea',
  date: 'Date',
  datetime: 'DateTime',
  double: 'Number',
}

/** The field's Tooling metadata, as if an administrator had made it. */
export function metadataOf(field: Field): Record<string, unknown> {
  const value = field.picklist.map(({ value: fullName, label, isDefault }) => ({ fullName, label, default: isDefault }))
  return {
    type: KINDS[field.type] ?? 'Text',
    label: field.label,
    ...(field.length > 0 ? { length: field.length } : {}),
    ...(value.length > 0 ? { valueSet: { restricted: field.restricted, valueSetDefinition: { sorted: false, value } } } : {}),
  }
}

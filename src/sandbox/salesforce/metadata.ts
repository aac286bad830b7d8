/** Field metadata, as Tooling and Metadata API write it, to a field. Salesforce docs: Metadata API, CustomField. */
import { Fault } from './fault.ts'
import { isObject } from './call.ts'
import { plainField } from './schema-object.ts'
import type { Field, FieldType, PicklistValue } from './schema-object.ts'

type Metadata = Readonly<Record<string, unknown>>

const TYPES: Readonly<Record<string, FieldType>> = {
  Checkbox: 'boolean',
  Text: 'string',
  TextArea: 'textarea',
  LongTextArea: 'textarea',
  Html: 'textarea',
  Picklist: 'picklist',
  MultiselectPicklist: 'multipicklist',
  Date: 'date',
  DateTime: 'datetime',
  Number: 'double',
  Currency: 'currency',
  Percent: 'percent',
  Email: 'email',
  Phone: 'phone',
  Url: 'url',
  Time: 'time',
  EncryptedText: 'string',
  AutoNumber: 'string',
  Lookup: 'reference',
}
const LENGTHS: Partial<Record<FieldType, number>> = { textarea: 255, picklist: 255, multipicklist: 4_099, email: 80, phone: 40, url: 255 }
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  Checkbox: ['defaultValue'],
  Text: ['length'],
  LongTextArea: ['length', 'visibleLines'],
  Html: ['length', 'visibleLines'],
  Picklist: ['valueSet'],
  MultiselectPicklist: ['valueSet', 'visibleLines'],
  Number: ['precision', 'scale'],
  Currency: ['precision', 'scale'],
  Percent: ['precision', 'scale'],
  EncryptedText: ['length'],
  Lookup: ['referenceTo', 'relationshipName'],
}
/** Salesforce docs: Custom Field Types, multi-select picklists. */
const MULTI_VALUE_LENGTH = 40

const broken = (message: string): Fault => new Fault(400, 'FIELD_INTEGRITY_EXCEPTION', message, ['Metadata'])

export function customField(name: string, metadata: Metadata): Field {
  const kind = typeof metadata.type === 'string' ? metadata.type : ''
  const type = TYPES[kind]
  if (type === undefined) throw broken(`Field type ${kind === '' ? '(none)' : kind} is not available in this sandbox`)
  if (typeof metadata.label !== 'string' || metadata.label === '') throw broken('Must specify a non-empty label for the CustomField')
  for (const need of NEEDS[kind] ?? []) {
    if (metadata[need] === undefined || metadata[need] === null) throw broken(`Must specify '${need}' for a CustomField of type ${kind}`)
  }
  const field = plainField(name, metadata.label, type)
  field.custom = true
  field.length = typeof metadata.length === 'number' ? metadata.length : (LENGTHS[type] ?? 0)
  if (kind === 'Text' && (field.length < 1 || field.length > 255)) throw broken('The length of a Text field is between 1 and 255')
  field.help = typeof metadata.inlineHelpText === 'string' ? metadata.inlineHelpText : null
  field.nillable = metadata.required !== true && type !== 'boolean'
  field.externalId = metadata.externalId === true
  field.idLookup = field.externalId
  field.unique = metadata.unique === true
  field.caseSensitive = metadata.caseSensitive === true
  if (typeof metadata.precision === 'number') field.precision = metadata.precision
  if (typeof metadata.scale === 'number') field.scale = metadata.scale
  if (type === 'boolean') {
    field.defaultedOnCreate = true
    field.defaultValue = metadata.defaultValue === true || metadata.defaultValue === 'true'
  }
  if (kind === 'LongTextArea' || kind === 'Html') {
    field.filterable = false
    field.sortable = false
    field.html = kind === 'Html'
  }
  if (type === 'picklist' || type === 'multipicklist') applyValueSet(field, metadata.valueSet)
  if (kind === 'Lookup') applyLookup(field, metadata)
  if (kind === 'EncryptedText') {
    field.filterable = false
    field.sortable = false
  }
  if (kind === 'AutoNumber') {
    field.length = 30
    field.createable = false
    field.updateable = false
  }
  return field
}

/** Salesforce docs: CustomField, deleteConstraint. */
function applyLookup(field: Field, { referenceTo, relationshipName, deleteConstraint }: Metadata): void {
  field.length = 18
  field.referenceTo = [String(referenceTo)]
  field.relationshipName = field.name.replace(/__c$/i, '__r')
  field.childRelationshipName = `${String(relationshipName)}__r`
  field.onDelete = deleteConstraint === 'Cascade' ? 'cascade' : deleteConstraint === 'Restrict' ? 'restrict' : 'none'
}

function applyValueSet(field: Field, valueSet: unknown): void {
  const definition = isObject(valueSet) ? valueSet.valueSetDefinition : undefined
  const values = isObject(definition) ? definition.value : undefined
  if (!isObject(valueSet) || !Array.isArray(values)) throw broken('valueSet.valueSetDefinition.value is required')
  field.picklist = values.map(picklistValue)
  field.restricted = valueSet.restricted !== false
  field.defaultValue = field.picklist.find(({ isDefault }) => isDefault)?.value ?? null
  const seen = new Set<string>()
  for (const { value } of field.picklist) {
    if (seen.has(value.toLowerCase())) throw new Fault(400, 'DUPLICATE_VALUE', `Duplicate picklist value: ${value}`, ['Metadata'])
    seen.add(value.toLowerCase())
    const most = field.type === 'multipicklist' ? MULTI_VALUE_LENGTH : 255
    if (value.length > most) throw broken(`Picklist value too long: ${value} (max length=${most})`)
  }
}

function picklistValue(value: unknown): PicklistValue {
  const name = isObject(value) ? (value.fullName ?? value.valueName) : undefined
  if (!isObject(value) || typeof name !== 'string' || name === '') throw broken('Each picklist value needs a fullName')
  return {
    value: name,
    label: typeof value.label === 'string' && value.label !== '' ? value.label : name,
    isDefault: value.default === true,
  }
}

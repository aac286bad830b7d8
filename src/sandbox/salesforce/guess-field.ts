/** The type of a custom field that only a seed knows, from its name and first value. */
import { plainField } from './parse-object.ts'
import type { Field, FieldType } from './parse-object.ts'

const LISTS: Readonly<Record<string, readonly string[]>> = {
  Contract_Status__c: ['active', 'ended'],
  Newsletter_Status__c: ['subscribed', 'unsubscribed'],
  Collection_Source__c: ['person', 'purchased', 'partner', 'public', 'import'],
}
const CONSENT = /^Consent_\w+__c$/
const CONSENT_STATES = ['yes', 'no', 'withdrawn']

export function guessField(name: string, value: unknown): Field {
  const label = name.replace(/__c$/, '').replaceAll('_', ' ')
  const type = guessType(name, value)
  const field = plainField(name, label, type)
  field.custom = true
  const list = LISTS[name] ?? (CONSENT.test(name) && type === 'picklist' ? CONSENT_STATES : undefined)
  if (list !== undefined) {
    field.picklist = list.map((each) => ({ value: each, label: each, isDefault: false }))
    field.restricted = true
  }
  if (type === 'boolean') {
    field.nillable = false
    field.defaultedOnCreate = true
    field.defaultValue = false
  }
  if (type === 'double') field.precision = 18
  field.length = { string: 255, picklist: 255, multipicklist: 4_099, textarea: 32_768 }[type as string] ?? 0
  if (type === 'textarea') {
    field.filterable = false
    field.sortable = false
  }
  return field
}

function guessType(name: string, value: unknown): FieldType {
  if (name in LISTS) return 'picklist'
  if (name === 'Interests__c') return 'multipicklist'
  if (/^(Sales_Notes|.*_Notes)__c$/.test(name)) return 'textarea'
  if (/^Consent_\w+_Date__c$/.test(name) || name === 'Last_Sign_In__c') return 'datetime'
  if (/_Date__c$|^Customer_Since__c$/.test(name)) return 'date'
  if (/^Consent_\w+_Text__c$/.test(name)) return 'string'
  if (CONSENT.test(name)) return 'picklist'
  if (name === 'Legal_Hold__c' || name === 'Processing_Restricted__c' || typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number' || name === 'Children_Count__c') return 'double'
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

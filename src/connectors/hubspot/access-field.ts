/** A property with its value as a person may read it: its label, the words of a choice, since when, and by whom as far as the history tells. */
import type { AccessField, Provenance } from '../../core/access/entry.ts'
import type { Property } from './payloads.ts'

export type Version = { readonly value?: string | null; readonly timestamp?: string | null; readonly sourceType?: string | null }

/** HubSpot's words in a history entry; an open set, so that all others are unknown. Staff may have typed what the person said: `other` is not "invented". */
const provenances: Readonly<Record<string, Provenance>> = {
  FORM: 'person',
  FORMS: 'person',
  SURVEY: 'person',
  ANALYTICS: 'observed',
  EMAIL: 'observed',
  CALCULATED: 'derived',
  AUTOMATION_PLATFORM: 'derived',
  CRM_UI: 'other',
  AI_GROUP: 'derived',
}
const colleague = /(?:^|_)(?:owner|user)_?ids?(?:_|$)|^salesforceownerid$|^hs_(?:created|modified|updated)_by$/
const parties = /^hs_email_(?:headers$|(?:from|sender|to|cc|bcc)(?:_|$))|^hs_call_(?:from|to)_number$/

export function provenanceOf(source: string | null): Provenance {
  return provenances[source ?? ''] ?? 'unknown'
}

export function holdsOf({ name, fieldType, referencedObjectType }: Property): AccessField['holds'] {
  if (referencedObjectType === 'OWNER' || colleague.test(name)) return 'colleague'
  if (parties.test(name)) return 'parties'
  return fieldType === 'textarea' || fieldType === 'html' ? 'text' : 'plain'
}

/** `null` for an empty value. */
export function fieldOf(property: Property, value: string | null | undefined, latest: Version | undefined): AccessField | null {
  if (value === null || value === undefined || value === '') return null
  const source = latest?.sourceType ?? null
  return {
    name: property.name,
    label: property.label,
    value,
    shown: shownOf(property, value),
    at: latest?.timestamp ?? null,
    source,
    provenance: property.calculated === true ? 'derived' : provenanceOf(source),
    holds: holdsOf(property),
  }
}

/** A choice by the label of its option, several joined as HubSpot joins them. */
function shownOf({ options, type, fieldType }: Property, value: string): string | null {
  if (type !== 'enumeration' || options.length === 0) return null
  const labels = new Map(options.map((option) => [option.value, option.label]))
  const parts = fieldType === 'checkbox' ? value.split(';') : [value]
  const shown = parts.map((part) => labels.get(part) ?? part).join('; ')
  return shown === value ? null : shown
}

/** A value that has no definition of its own, such as that of a form or a list. */
export function plainField(name: string, label: string, value: string, more: Partial<AccessField> = {}): AccessField {
  return { name, label, value, shown: null, at: null, source: null, provenance: 'other', holds: 'plain', ...more }
}

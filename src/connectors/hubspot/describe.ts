/** The portal's own property definitions: findings are driven by them, never by labels or by what HubSpot usually has. */
import type { FieldSchema, FieldType, ObjectSchema } from '../connector.ts'
import type { HubspotClient } from './client.ts'
import { errorFrom, type Call, type Reply } from './message.ts'
import { isContact } from './paths.ts'
import { PropertyList, type Property } from './payloads.ts'
import { preferenceFields, preferenceOf } from './preference.ts'

/** HubSpot keeps choices by address: a contact without one has no place for them. */
const ADDRESS = 'email'

/** Sensitive definitions are left out unless asked for, one level at a time (HubSpot docs: sensitive data). */
const sensitivities = ['non_sensitive', 'sensitive', 'highly_sensitive'] as const

export async function describe(client: HubspotClient, objects: readonly string[], signal: AbortSignal): Promise<ObjectSchema[]> {
  return Promise.all(objects.map(async (object) => ({ object, fields: fieldsOf(object, await propertiesOf(client, object, signal)) })))
}

/** Those of contacts with their subscriptions, which HubSpot keeps elsewhere. */
export function fieldsOf(object: string, properties: readonly Property[]): FieldSchema[] {
  const fields = properties.map(fieldFrom)
  if (!isContact(object)) return fields
  return [
    ...fields.map((field) => (preferenceOf(field.name) ? { ...field, writable: true, needs: ADDRESS } : field)),
    ...preferenceFields(properties),
  ]
}

export async function propertiesOf(client: HubspotClient, object: string, signal: AbortSignal): Promise<Property[]> {
  const calls = sensitivities.map((level): Call => ({
    method: 'GET',
    path: client.paths.properties(object),
    query: `dataSensitivity=${level}`,
  }))
  const replies = await Promise.all(calls.map((call) => client.ask(call, PropertyList, signal)))
  const found = replies.map((reply, i) => resultsOf(client, object, calls[i]!, reply, i))
  return [...new Map(found.flat().map((property) => [property.name, property])).values()]
}

/** Portals without sensitive data (it takes an Enterprise subscription) may refuse the question; that is an answer. */
function resultsOf(client: HubspotClient, object: string, call: Call, reply: Reply<{ results: Property[] }>, level: number): Property[] {
  if (reply.ok) return reply.value.results
  if (level === 0 || (reply.refusal.status !== 400 && reply.refusal.status !== 403)) throw errorFrom(call, reply.refusal)
  client.log('hubspot.sensitive-definitions-refused', { object, level: sensitivities[level]!, status: reply.refusal.status })
  return []
}

export function fieldFrom(property: Property): FieldSchema {
  const type = typeOf(property)
  const choice = type === 'enum' || type === 'multi'
  return {
    name: property.name,
    label: property.label,
    type,
    writable: isWritable(property),
    custom: property.hubspotDefined !== true,
    ...((property.dataSensitivity ?? 'non_sensitive') !== 'non_sensitive' && { sensitive: true }),
    ...(choice && !property.externalOptions && { options: property.options.map((option) => option.value) }),
  }
}

const isWritable = (property: Property): boolean => !property.calculated && !property.modificationMetadata?.readOnlyValue

const plainTypes: Readonly<Record<string, FieldType>> = {
  bool: 'boolean',
  date: 'date',
  datetime: 'datetime',
  number: 'number',
  phone_number: 'phone',
}

function typeOf({ name, type, fieldType, referencedObjectType }: Property): FieldType {
  if (referencedObjectType) return 'reference'
  if (type === 'enumeration') {
    if (fieldType === 'booleancheckbox') return 'boolean'
    return fieldType === 'checkbox' ? 'multi' : 'enum'
  }
  if (type !== 'string') return plainTypes[type] ?? 'other'
  if (fieldType === 'phonenumber') return 'phone'
  if (fieldType === 'textarea' || fieldType === 'html') return 'longtext'
  // HubSpot has no type for addresses: its own properties are known by name.
  return /^(hs_)?(work_|additional_)?emails?$/.test(name) ? 'email' : 'text'
}

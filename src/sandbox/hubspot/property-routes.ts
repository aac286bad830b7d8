import { flagParam, isObject, jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { fieldsMissing, invalidRequest, Refusal } from './errors.ts'
import { instant } from './instant.ts'
import type { ObjectTable } from './table.ts'
import { defineProperty, option } from './property.ts'
import type { Property, PropertyOption, Sensitivity } from './property.ts'
import { batchInputs } from './batch-input.ts'
import { PROPERTY_NAME } from './registry.ts'

/** Source: HubSpot docs, "Properties": limits of one object. */
const UNIQUE_MOST = 10
const CUSTOM_MOST = 1_000
const TYPES: Record<string, readonly string[]> = {
  bool: ['booleancheckbox', 'calculation_equation'],
  date: ['date'],
  datetime: ['date'],
  enumeration: ['booleancheckbox', 'checkbox', 'radio', 'select', 'calculation_equation'],
  number: ['number', 'calculation_equation'],
  phone_number: ['phonenumber'],
  string: ['text', 'textarea', 'file', 'html', 'phonenumber', 'calculation_equation'],
}

/** GET: no paging; one sensitivity level at a time, non_sensitive unless asked. */
export function listProperties(table: ObjectTable, call: Call): Answer {
  const level = call.query.get('dataSensitivity') ?? 'non_sensitive'
  const archived = flagParam(call.query, 'archived')
  const wanted = table.properties.list.filter(
    (property) => property.dataSensitivity === level && (property.archivedAt !== null) === archived,
  )
  return { status: 200, body: { results: wanted.map(wireProperty) } }
}

export function getProperty(table: ObjectTable, call: Call): Answer {
  return { status: 200, body: wireProperty(findProperty(table, call.parts[0]!, flagParam(call.query, 'archived'))) }
}

export function createProperty(table: ObjectTable, call: Call): Answer {
  return { status: 201, body: wireProperty(addProperty(table, jsonBody(call))) }
}

export function updateProperty(table: ObjectTable, call: Call): Answer {
  const body = jsonBody(call)
  const property = findProperty(table, call.parts[0]!, false)
  if (property.readOnlyDefinition) throw invalidRequest(`Property "${property.name}" is defined by HubSpot and cannot be changed`)
  const { type, fieldType } = kindOf(body.type ?? property.type, body.fieldType ?? property.fieldType)
  const groupName = body.groupName === undefined ? property.groupName : knownGroup(table, body.groupName)
  const options = body.options === undefined ? property.options : parseOptions(body.options, type)
  Object.assign(property, { type, fieldType, groupName, options, ...texts(body), updatedAt: table.portal.clock.now() })
  table.properties.changed()
  return { status: 200, body: wireProperty(property) }
}

/** DELETE: archived; values read null until the property is created again. */
export function archiveProperty(table: ObjectTable, call: Call): Answer {
  archive(table, call.parts[0]!)
  return { status: 204 }
}

export function batchReadProperties(table: ObjectTable, call: Call): Answer {
  const startedAt = instant(table.portal.clock.now())
  const body = jsonBody(call)
  const names = batchInputs(body.inputs).map((input) => String(input.name))
  const found = names.map((name) => table.properties.find(name)).filter((property) => property !== undefined)
  const wanted = found.filter((property) => (property.archivedAt !== null) === (body.archived === true))
  const missing = names.filter((name) => !wanted.some((property) => property.name === name))
  const message = 'Could not get some properties, they may be deleted or not exist.'
  const errors = missing.length === 0 ? [] : [{ status: 'error', category: 'OBJECT_NOT_FOUND', message, context: { name: missing } }]
  return batchResult(table, call, 200, wanted.map(wireProperty), errors, startedAt)
}

export function batchCreateProperties(table: ObjectTable, call: Call): Answer {
  const startedAt = instant(table.portal.clock.now())
  const results: Record<string, unknown>[] = []
  const errors: Record<string, unknown>[] = []
  for (const input of batchInputs(jsonBody(call).inputs)) {
    try {
      results.push(wireProperty(addProperty(table, input)))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      errors.push({ status: 'error', ...error.body, context: { name: [String(input.name)] } })
    }
  }
  return batchResult(table, call, 201, results, errors, startedAt)
}

export function batchArchiveProperties(table: ObjectTable, call: Call): Answer {
  const names = batchInputs(jsonBody(call).inputs).map((input) => String(input.name))
  for (const name of names) if (table.properties.find(name)?.archivedAt === null) archive(table, name)
  return { status: 204 }
}

function batchResult(table: ObjectTable, call: Call, status: number, results: unknown[], errors: unknown[], startedAt: string): Answer {
  const body = { status: 'COMPLETE', results, startedAt, completedAt: instant(table.portal.clock.now()) }
  if (errors.length === 0) return { status, body }
  return { status: call.dialect === '2026-09' ? status : 207, body: { ...body, numErrors: errors.length, errors } }
}

export function findProperty(table: ObjectTable, name: string, archived: boolean): Property {
  const property = table.properties.find(name)
  if (property === undefined || (property.archivedAt !== null) !== archived) {
    throw new Refusal(404, {
      message: `Property ${name} does not exist`,
      category: 'OBJECT_NOT_FOUND',
      subCategory: 'PropertyValidationError.PROPERTY_NOT_FOUND',
    })
  }
  return property
}

function archive(table: ObjectTable, name: string): void {
  const property = findProperty(table, name, false)
  if (property.hubspotDefined) throw invalidRequest(`Property "${name}" is defined by HubSpot and cannot be archived`)
  property.archivedAt = table.portal.clock.now()
  table.properties.changed()
}

const REQUIRED = ['name', 'label', 'type', 'fieldType', 'groupName']

function addProperty(table: ObjectTable, body: Record<string, unknown>): Property {
  const missing = REQUIRED.filter((field) => body[field] === undefined)
  if (missing.length > 0) throw fieldsMissing(missing)
  const name = body.name
  if (typeof name !== 'string' || !PROPERTY_NAME.test(name))
    throw invalidRequest('name must be lower case, begin with a letter and hold letters, digits and underscores')
  if (table.properties.find(name)?.archivedAt === null) {
    throw new Refusal(409, {
      message: `A property named '${name}' already exists.`,
      category: 'CONFLICT',
      subCategory: 'Properties.PROPERTY_EXISTS',
    })
  }
  if (typeof body.label !== 'string' || body.label === '') throw fieldsMissing(['label'])
  const { type, fieldType } = kindOf(body.type, body.fieldType)
  const hasUniqueValue = body.hasUniqueValue === true
  const custom = table.properties.list.filter((property) => !property.hubspotDefined && property.archivedAt === null).length
  if (custom >= CUSTOM_MOST) throw invalidRequest(`No more than ${CUSTOM_MOST} custom properties can be defined`)
  const unique = table.properties.list.filter((property) => property.hasUniqueValue).length
  if (hasUniqueValue && unique >= UNIQUE_MOST) throw invalidRequest(`No more than ${UNIQUE_MOST} properties can have unique values`)
  const kind = { name, type, fieldType, groupName: knownGroup(table, body.groupName), hasUniqueValue }
  const dataSensitivity = sensitivity(body.dataSensitivity)
  const options = parseOptions(body.options ?? [], type)
  const property = defineProperty({ ...kind, options, dataSensitivity, ...texts(body) }, table.portal.clock.now())
  const index = table.properties.add(property)
  if (hasUniqueValue) table.uniques.set(index, new Map())
  return property
}

function sensitivity(value: unknown): Sensitivity {
  if (value === undefined || value === 'non_sensitive') return 'non_sensitive'
  if (value === 'sensitive' || value === 'highly_sensitive') return value
  throw invalidRequest('dataSensitivity is non_sensitive, sensitive or highly_sensitive')
}

function texts(body: Record<string, unknown>): Partial<Property> {
  return {
    ...(typeof body.label === 'string' ? { label: body.label } : {}),
    ...(typeof body.description === 'string' ? { description: body.description } : {}),
    ...(typeof body.displayOrder === 'number' ? { displayOrder: body.displayOrder } : {}),
    ...(typeof body.hidden === 'boolean' ? { hidden: body.hidden } : {}),
    ...(typeof body.formField === 'boolean' ? { formField: body.formField } : {}),
  }
}

function kindOf(type: unknown, fieldType: unknown): { type: string; fieldType: string } {
  const fieldTypes = typeof type === 'string' && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined
  if (typeof type !== 'string' || fieldTypes === undefined)
    throw invalidRequest(`Invalid property type: one of [${Object.keys(TYPES).join(', ')}] is expected`)
  if (typeof fieldType !== 'string' || !fieldTypes.includes(fieldType)) {
    throw invalidRequest(`Invalid fieldType for type ${type}: one of [${fieldTypes.join(', ')}] is expected`)
  }
  return { type, fieldType }
}

function knownGroup(table: ObjectTable, name: unknown): string {
  if (typeof name === 'string' && table.properties.groups.some((group) => group.name === name && !group.archived)) return name
  throw invalidRequest(`Property group ${JSON.stringify(name ?? null)} does not exist`)
}

function parseOptions(raw: unknown, type: string): PropertyOption[] {
  if (!Array.isArray(raw) || !raw.every(isObject)) throw invalidRequest('options must be an array of objects')
  const options = raw.map((entry, index): PropertyOption => {
    if (typeof entry.value !== 'string' || typeof entry.label !== 'string') throw invalidRequest('every option needs a label and a value')
    return {
      ...option(entry.value, typeof entry.displayOrder === 'number' ? entry.displayOrder : index, entry.label),
      hidden: entry.hidden === true,
      description: typeof entry.description === 'string' ? entry.description : '',
    }
  })
  if (new Set(options.map((entry) => entry.value)).size < options.length) throw invalidRequest('Property options must have unique values')
  return type === 'bool' && options.length === 0 ? [option('true', 0), option('false', 1)] : options
}

export function wireProperty(property: Property): Record<string, unknown> {
  const { createdAt, updatedAt, archivedAt, readOnlyValue, readOnlyDefinition, ...rest } = property
  return {
    updatedAt: instant(updatedAt),
    createdAt: instant(createdAt),
    ...rest,
    modificationMetadata: { archivable: !rest.hubspotDefined, readOnlyDefinition, readOnlyValue },
    archived: archivedAt !== null,
    ...(archivedAt === null ? {} : { archivedAt: instant(archivedAt) }),
  }
}

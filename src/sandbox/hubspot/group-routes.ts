import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { fieldsMissing, invalidRequest, Refusal } from './errors.ts'
import type { ObjectTable } from './table.ts'
import type { PropertyGroup } from './registry.ts'

export function listGroups(table: ObjectTable): Answer {
  return { status: 200, body: { results: table.properties.groups.filter((group) => !group.archived) } }
}

export function getGroup(table: ObjectTable, call: Call): Answer {
  return { status: 200, body: findGroup(table, call.parts[0]!) }
}

export function createGroup(table: ObjectTable, call: Call): Answer {
  const { name, label, displayOrder } = jsonBody(call)
  const missing = Object.entries({ name, label }).flatMap(([field, value]) => (value === undefined ? [field] : []))
  if (missing.length > 0) throw fieldsMissing(missing)
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_]{0,99}$/.test(name)) {
    throw invalidRequest('name must be lower case, begin with a letter and hold letters, digits and underscores')
  }
  if (typeof label !== 'string' || label === '') throw fieldsMissing(['label'])
  if (table.properties.groups.some((group) => group.name === name && !group.archived)) {
    throw new Refusal(409, { message: `A property group named '${name}' already exists.`, category: 'CONFLICT' })
  }
  const group = { name, label, displayOrder: typeof displayOrder === 'number' ? displayOrder : -1, archived: false }
  table.properties.groups.push(group)
  return { status: 201, body: group }
}

export function updateGroup(table: ObjectTable, call: Call): Answer {
  const group = findGroup(table, call.parts[0]!)
  const { label, displayOrder } = jsonBody(call)
  if (typeof label === 'string' && label !== '') group.label = label
  if (typeof displayOrder === 'number') group.displayOrder = displayOrder
  return { status: 200, body: group }
}

export function archiveGroup(table: ObjectTable, call: Call): Answer {
  const group = findGroup(table, call.parts[0]!)
  const used = table.properties.list.some((property) => property.groupName === group.name && property.archivedAt === null)
  if (used) throw invalidRequest(`Property group ${group.name} still holds properties`)
  table.properties.groups.splice(table.properties.groups.indexOf(group), 1)
  return { status: 204 }
}

function findGroup(table: ObjectTable, name: string): PropertyGroup {
  const group = table.properties.groups.find((known) => known.name === name && !known.archived)
  if (group === undefined) throw new Refusal(404, { message: `Property group ${name} does not exist`, category: 'OBJECT_NOT_FOUND' })
  return group
}

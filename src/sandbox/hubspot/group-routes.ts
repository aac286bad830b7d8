import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, Refusal } from './errors.ts'
import type { Portal } from './portal.ts'
import type { PropertyGroup } from './registry.ts'

export function listGroups(portal: Portal): Answer {
  return { status: 200, body: { results: portal.properties.groups.filter((group) => !group.archived) } }
}

export function getGroup(portal: Portal, call: Call): Answer {
  return { status: 200, body: findGroup(portal, call.parts[0]!) }
}

export function createGroup(portal: Portal, call: Call): Answer {
  const { name, label, displayOrder } = jsonBody(call)
  if (typeof name !== 'string' || !/^[a-z][a-z0-9_]{0,99}$/.test(name)) {
    throw invalidRequest('name must be lower case, begin with a letter and hold letters, digits and underscores')
  }
  if (typeof label !== 'string' || label === '') throw invalidRequest('label is required')
  if (portal.properties.groups.some((group) => group.name === name && !group.archived)) {
    throw new Refusal(409, { message: `A property group named '${name}' already exists.`, category: 'CONFLICT' })
  }
  const group = { name, label, displayOrder: typeof displayOrder === 'number' ? displayOrder : -1, archived: false }
  portal.properties.groups.push(group)
  return { status: 201, body: group }
}

export function updateGroup(portal: Portal, call: Call): Answer {
  const group = findGroup(portal, call.parts[0]!)
  const { label, displayOrder } = jsonBody(call)
  if (typeof label === 'string' && label !== '') group.label = label
  if (typeof displayOrder === 'number') group.displayOrder = displayOrder
  return { status: 200, body: group }
}

export function archiveGroup(portal: Portal, call: Call): Answer {
  const group = findGroup(portal, call.parts[0]!)
  const used = portal.properties.list.some((property) => property.groupName === group.name && property.archivedAt === null)
  if (used) throw invalidRequest(`Property group ${group.name} still holds properties`)
  portal.properties.groups.splice(portal.properties.groups.indexOf(group), 1)
  return { status: 204 }
}

function findGroup(portal: Portal, name: string): PropertyGroup {
  const group = portal.properties.groups.find((known) => known.name === name && !known.archived)
  if (group === undefined) throw new Refusal(404, { message: `Property group ${name} does not exist`, category: 'OBJECT_NOT_FOUND' })
  return group
}

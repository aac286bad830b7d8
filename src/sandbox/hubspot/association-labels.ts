import { pairIn } from './association-input.ts'
import { wireType } from './association-read.ts'
import { withdrawType } from './associations.ts'
import type { AssociationType } from './association-type.ts'
import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { fieldsMissing, invalidRequest, notFound, Refusal } from './errors.ts'
import { instant } from './instant.ts'
import type { Portal } from './portal.ts'

/** Source: HubSpot docs, "Associations v4": labels between two object types. */
const LABELS_MOST = 50

export function listLabels(portal: Portal, call: Call): Answer {
  const [from, to] = pairIn(portal, call, call.parts[0]!, call.parts[1]!, 'read')
  return { status: 200, body: { results: portal.associations.types.between(from.kind, to.kind).map(wireType) } }
}

/** GET /crm/v3/associations/{from}/{to}/types */
export function listTypes(portal: Portal, call: Call): Answer {
  const [from, to] = pairIn(portal, call, call.parts[0]!, call.parts[1]!, 'read')
  const types = portal.associations.types.between(from.kind, to.kind)
  return { status: 200, body: { results: types.map(({ typeId, name }) => ({ id: String(typeId), name })) } }
}

export function createLabel(portal: Portal, call: Call): Answer {
  const [from, to] = pairIn(portal, call, call.parts[0]!, call.parts[1]!, 'write')
  const { label, name, inverseLabel } = jsonBody(call)
  const hasLabel = typeof label === 'string' && label !== ''
  const hasName = typeof name === 'string' && name !== ''
  if (!hasLabel || !hasName) throw fieldsMissing([...(hasLabel ? [] : ['label']), ...(hasName ? [] : ['name'])])
  if (!/^[A-Za-z]\w{0,99}$/.test(name)) throw invalidRequest('name must begin with a letter and hold letters, digits and underscores')
  if (inverseLabel !== undefined && typeof inverseLabel !== 'string') throw invalidRequest('inverseLabel must be a string')
  const present = portal.associations.types.between(from.kind, to.kind).filter(({ category }) => category === 'USER_DEFINED')
  // unverified: the texts for a label that exists and for too many labels.
  if (present.some((type) => type.label === label || type.name === name)) {
    throw new Refusal(409, { message: `An association label '${label}' already exists.`, category: 'CONFLICT' })
  }
  if (present.length >= LABELS_MOST)
    throw invalidRequest(`No more than ${LABELS_MOST} association labels can exist between two object types`)
  const created = portal.associations.types.addLabel(from.kind, to.kind, label, name, inverseLabel)
  return { status: 200, body: { results: created.map(wireType) } }
}

export function updateLabel(portal: Portal, call: Call): Answer {
  const { associationTypeId, label, inverseLabel } = jsonBody(call)
  const type = ownLabel(portal, call, associationTypeId)
  if (typeof label !== 'string' || label === '') throw fieldsMissing(['label'])
  portal.associations.types.rename(type, label)
  const inverse = portal.associations.types.find(type.inverse)!
  if (typeof inverseLabel === 'string' && inverse.typeId !== type.typeId) portal.associations.types.rename(inverse, inverseLabel)
  return { status: 204 }
}

/** DELETE: the records that carried the label stay associated. */
export function deleteLabel(portal: Portal, call: Call): Answer {
  const type = ownLabel(portal, call, call.parts[2])
  withdrawType(portal.tables.get(type.from.name)!, portal.tables.get(type.to.name)!, type)
  return { status: 204 }
}

/** POST /crm/v4/associations/usage/high-usage-report/{userId}: the report itself would come by email. */
export function requestUsageReport(portal: Portal, call: Call): Answer {
  const user = portal.users.all.find(({ id }) => id === call.parts[0])
  if (user === undefined) throw notFound()
  return { status: 200, body: { userId: Number(user.id), userEmail: user.email, enqueueTime: instant(portal.clock.now()) } }
}

function ownLabel(portal: Portal, call: Call, typeId: unknown): AssociationType {
  const [from, to] = pairIn(portal, call, call.parts[0]!, call.parts[1]!, 'write')
  const type = portal.associations.types.find(Number(typeId))
  if (type === undefined || type.from !== from.kind || type.to !== to.kind) {
    throw new Refusal(404, { message: `Association type ${String(typeId).slice(0, 20)} does not exist`, category: 'OBJECT_NOT_FOUND' })
  }
  if (type.category !== 'USER_DEFINED') throw invalidRequest('Association types that HubSpot defines cannot be changed')
  return type
}

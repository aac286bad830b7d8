import { pairIn, plainType, recordsIn, specsIn } from './association-input.ts'
import { refuseBeyondLimit } from './association-limits.ts'
import { associationBatch } from './association-read.ts'
import { associate, dissociate } from './associations.ts'
import type { AssociationType } from './association-type.ts'
import { isObject, jsonValue } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, Refusal } from './errors.ts'
import { instant } from './instant.ts'
import type { Portal } from './portal.ts'
import { batchItems } from './batch-input.ts'
import { recordId } from './record-id.ts'
import { API_SOURCE } from './source.ts'
import type { ObjectTable } from './table.ts'

/** Source: HubSpot docs, "Associations v4". */
const BATCH_WRITE_MOST = 2000

type Pair = { from: ObjectTable; id: number; to: ObjectTable; toId: number }

/** PUT /crm/v4/objects/{from}/{id}/associations/{to}/{toId} with a list of types. */
export function createLabelled(from: ObjectTable, call: Call): Answer {
  const [idText, toName, toText] = call.parts as [string, string, string]
  const [, to] = pairIn(from.portal, call, from.kind.name, toName, 'write')
  const types = specsIn(from.portal, jsonValue(call), from, idText, to)
  const [id, toId] = recordsIn(from, idText, to, toText)
  return { status: 201, body: associateAs({ from, id, to, toId }, types) }
}

function associateAs({ from, id, to, toId }: Pair, types: readonly AssociationType[]): Record<string, unknown> {
  refuseBeyondLimit(from, id, to, toId, [plainType(from.portal, from, to), ...types])
  associate(from, id, to, toId, types, API_SOURCE)
  const labels = types.map(({ label }) => label).filter((label) => label !== null)
  return { fromObjectTypeId: from.kind.typeId, fromObjectId: id, toObjectTypeId: to.kind.typeId, toObjectId: toId, labels }
}

/** PUT /crm/v4/objects/{from}/{id}/associations/default/{to}/{toId} */
export function createDefault(from: ObjectTable, call: Call): Answer {
  const startedAt = instant(from.portal.clock.now())
  const [idText, toName, toText] = call.parts as [string, string, string]
  const [, to] = pairIn(from.portal, call, from.kind.name, toName, 'write')
  const [id, toId] = recordsIn(from, idText, to, toText)
  return associationBatch(from.portal, call, 200, associateByDefault({ from, id, to, toId }), [], startedAt)
}

/** Both directions, as the answer shows them. */
function associateByDefault({ from, id, to, toId }: Pair): Record<string, unknown>[] {
  const type = plainType(from.portal, from, to)
  refuseBeyondLimit(from, id, to, toId, [type])
  associate(from, id, to, toId, [], API_SOURCE)
  const spec = (associationTypeId: number): Record<string, unknown> => ({ associationCategory: type.category, associationTypeId })
  return [
    { from: { id: String(id) }, to: { id: String(toId) }, associationSpec: spec(type.typeId) },
    { from: { id: String(toId) }, to: { id: String(id) }, associationSpec: spec(type.inverse) },
  ]
}

/** DELETE /crm/v4/objects/{from}/{id}/associations/{to}/{toId}: all types between the two; what is not there is no error. */
export function archiveAssociation(from: ObjectTable, call: Call): Answer {
  const [idText, toName, toText] = call.parts as [string, string, string]
  const [, to] = pairIn(from.portal, call, from.kind.name, toName, 'write')
  dissociate(from, recordId(idText), to, recordId(toText), 'all', API_SOURCE)
  return { status: 204 }
}

/** PUT /crm/v3/objects/{from}/{id}/associations/{to}/{toId}/{type}, the older form. */
export function createNamed(from: ObjectTable, call: Call): void {
  const { to, type } = namedIn(from, call)
  const [id, toId] = recordsIn(from, call.parts[0]!, to, call.parts[2]!)
  associate(from, id, to, toId, [type], API_SOURCE)
}

/** DELETE of the same. */
export function archiveNamed(from: ObjectTable, call: Call): Answer {
  const { to, type } = namedIn(from, call)
  dissociate(from, recordId(call.parts[0]!), to, recordId(call.parts[2]!), [type], API_SOURCE)
  return { status: 204 }
}

function namedIn(from: ObjectTable, call: Call): { to: ObjectTable; type: AssociationType } {
  const [, to] = pairIn(from.portal, call, from.kind.name, call.parts[1]!, 'write')
  return { to, type: namedType(from.portal, from, to, call.parts[3]) }
}

type Input = Record<string, unknown>
type Write = (pair: { from: ObjectTable; to: ObjectTable }, input: Input) => Record<string, unknown>[]

/** Each input stands alone: one that is refused becomes an error of the batch. */
function batchWrite(portal: Portal, call: Call, status: number, write: Write): Answer {
  const [from, to] = pairIn(portal, call, call.parts[0]!, call.parts[1]!, 'write')
  const startedAt = instant(portal.clock.now())
  const results: Record<string, unknown>[] = []
  const errors: Record<string, unknown>[] = []
  for (const input of batchItems(call, BATCH_WRITE_MOST)) {
    try {
      results.push(...write({ from, to }, input))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      errors.push({ status: 'error', ...error.body })
    }
  }
  return associationBatch(portal, call, status, results, errors, startedAt)
}

/** POST /crm/v4/associations/{from}/{to}/batch/create */
export function batchCreateLabelled(portal: Portal, call: Call): Answer {
  return batchWrite(portal, call, 201, ({ from, to }, input) => {
    const types = specsIn(portal, input.types, from, idOf(input.from), to)
    const [id, toId] = recordsIn(from, idOf(input.from), to, idOf(input.to))
    return [associateAs({ from, id, to, toId }, types)]
  })
}

/** POST /crm/v4/associations/{from}/{to}/batch/associate/default */
export function batchCreateDefault(portal: Portal, call: Call): Answer {
  return batchWrite(portal, call, 200, ({ from, to }, input) => {
    const [id, toId] = recordsIn(from, idOf(input.from), to, idOf(input.to))
    return associateByDefault({ from, id, to, toId })
  })
}

/** POST /crm/v3/associations/{from}/{to}/batch/create: one type by name. */
export function batchCreateNamed(portal: Portal, call: Call): Answer {
  return batchWrite(portal, call, 201, ({ from, to }, input) => {
    const type = namedType(portal, from, to, input.type)
    const [id, toId] = recordsIn(from, idOf(input.from), to, idOf(input.to))
    refuseBeyondLimit(from, id, to, toId, [plainType(portal, from, to), type])
    associate(from, id, to, toId, [type], API_SOURCE)
    return [{ from: { id: String(id) }, to: { id: String(toId) }, type: type.name }]
  })
}

/** A type by the older API's name or by its id. */
function namedType(portal: Portal, from: ObjectTable, to: ObjectTable, name: unknown): AssociationType {
  const type = portal.associations.types
    .between(from.kind, to.kind)
    .find((known) => known.name === String(name) || String(known.typeId) === String(name))
  // unverified: the text for a type name that does not exist.
  if (type === undefined) throw invalidRequest(`${String(name).slice(0, 100)} is not a valid association type`)
  return type
}

/** POST /crm/v4/associations/{from}/{to}/batch/archive: `to` is a list. */
export function batchArchiveAll(portal: Portal, call: Call): Answer {
  const [from, to] = pairIn(portal, call, call.parts[0]!, call.parts[1]!, 'write')
  for (const input of batchItems(call, BATCH_WRITE_MOST)) {
    const targets = Array.isArray(input.to) ? input.to : [input.to]
    for (const target of targets) {
      dissociate(from, recordId(String(idOf(input.from))), to, recordId(String(idOf(target))), 'all', API_SOURCE)
    }
  }
  return { status: 204 }
}

/** POST /crm/v4/associations/{from}/{to}/batch/labels/archive and the older batch/archive: named types alone. */
export function batchArchiveTypes(portal: Portal, call: Call): Answer {
  const [from, to] = pairIn(portal, call, call.parts[0]!, call.parts[1]!, 'write')
  for (const input of batchItems(call, BATCH_WRITE_MOST)) {
    const id = recordId(String(idOf(input.from)))
    const types = input.types === undefined ? [namedType(portal, from, to, input.type)] : specsIn(portal, input.types, from, id, to)
    dissociate(from, id, to, recordId(String(idOf(input.to))), types, API_SOURCE)
  }
  return { status: 204 }
}

function idOf(reference: unknown): unknown {
  const id = isObject(reference) ? reference.id : undefined
  if (id === undefined) throw invalidRequest('Invalid input JSON on line 1, column 1. Some required fields were not set: [id]')
  return id
}

/** `associations` in the body of a create: checked first, made after the record. */
export function acceptAssociations(table: ObjectTable, raw: unknown): (id: number) => void {
  if (raw === undefined || raw === null) return () => {}
  if (!Array.isArray(raw) || !raw.every(isObject)) throw invalidRequest('associations must be an array of objects')
  const { portal } = table
  const accepted = raw.flatMap((entry) => {
    const specs = Array.isArray(entry.types) ? entry.types : []
    if (specs.length === 0) throw invalidRequest('Invalid input JSON on line 1, column 1. Some required fields were not set: [types]')
    return specs.map((spec: unknown) => {
      const type = isObject(spec) ? portal.associations.types.find(Number(spec.associationTypeId)) : undefined
      const to = type === undefined ? table : portal.tables.get(type.to.name)!
      const [checked] = specsIn(portal, [spec], table, 'new object', to)
      const [, toId] = recordsIn(to, idOf(entry.to), to, idOf(entry.to))
      return { to, toId, type: checked! }
    })
  })
  return (id) => {
    for (const { to, toId, type } of accepted) associate(table, id, to, toId, [type], API_SOURCE)
  }
}

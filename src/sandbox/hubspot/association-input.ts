import { isObject } from './call.ts'
import type { Call } from './call.ts'
import type { AssociationType } from './association-type.ts'
import { invalidRequest, unknownObjectType } from './errors.ts'
import type { Refusal } from './errors.ts'
import { kindNamed } from './object-kind.ts'
import type { Portal } from './portal.ts'
import { recordId } from './record-id.ts'
import { liveRow } from './records.ts'
import type { ObjectTable } from './table.ts'
import { requireScope } from './tokens.ts'

/** The table a path or parameter names; throws the 400 of a type that is not there. */
export function tableIn(portal: Portal, name: string): ObjectTable {
  const kind = kindNamed(name)
  if (kind === undefined) throw unknownObjectType(name)
  return portal.tables.get(kind.name)!
}

/** Both types of an association call; the token needs its scope for each. */
export function pairIn(portal: Portal, call: Call, from: string, to: string, access: 'read' | 'write'): [ObjectTable, ObjectTable] {
  const pair: [ObjectTable, ObjectTable] = [tableIn(portal, from), tableIn(portal, to)]
  for (const table of pair) requireScope(call.token, ...table.kind.scopes[access])
  return pair
}

/** The id of a live record, ids merged away included; undefined when there is none. */
export function liveId(table: ObjectTable, text: unknown): number | undefined {
  if (typeof text !== 'string' && typeof text !== 'number') return undefined
  const row = liveRow(table, recordId(String(text)))
  return row < 0 ? undefined : table.store.columns.id[row]
}

/** Which records an association was asked for that are not there, as the live API words it. */
function invalidAssociation(missing: readonly (readonly [ObjectTable, unknown])[]): Refusal {
  const [first] = missing
  return invalidRequest('One or more associations are invalid', {
    context: {
      INVALID_OBJECT_IDS: missing.map(([{ kind }, id]) => `${kind.constant}=${String(id).slice(0, 40)} is not valid`),
      objectId: [String(first![1]).slice(0, 40)],
      objectType: [first![0].kind.constant],
    },
  })
}

/** Both records of one association; throws what applies. */
export function recordsIn(from: ObjectTable, fromId: unknown, to: ObjectTable, toId: unknown): [number, number] {
  const id = liveId(from, fromId)
  const otherId = liveId(to, toId)
  if (id !== undefined && otherId !== undefined) return [id, otherId]
  const asked = [[from, fromId, id] as const, [to, toId, otherId] as const]
  throw invalidAssociation(asked.filter(([, , found]) => found === undefined).map(([table, text]) => [table, text] as const))
}

/** A list of {associationCategory, associationTypeId} for one direction; throws the 400 that applies. */
export function specsIn(portal: Portal, raw: unknown, from: ObjectTable, fromId: unknown, to: ObjectTable): AssociationType[] {
  if (!Array.isArray(raw)) {
    throw invalidRequest(
      `Invalid input JSON on line 1, column 1: Cannot deserialize value of type \`java.util.HashSet<com.hubspot.inbounddb.associations.base.AssociationSpec>\` from ${isObject(raw) ? 'Object value (token `JsonToken.START_OBJECT`)' : 'String value (token `JsonToken.VALUE_STRING`)'}`,
    )
  }
  return raw.map((spec: unknown) => {
    const missing = ['associationCategory', 'associationTypeId'].filter((name) => !isObject(spec) || spec[name] === undefined)
    if (!isObject(spec) || missing.length > 0) {
      throw invalidRequest(`Invalid input JSON on line 1, column 3. Some required fields were not set: [${missing.join(', ')}]`)
    }
    const type = portal.associations.types.find(Number(spec.associationTypeId))
    // unverified: the text for a type id that does not exist.
    if (type === undefined || type.category !== spec.associationCategory) {
      throw invalidRequest(
        `Association type ${String(spec.associationCategory).slice(0, 40)} ${String(spec.associationTypeId).slice(0, 20)} does not exist`,
      )
    }
    // A type id of two other object types reads the ids as theirs, and finds nobody.
    if (type.from !== from.kind) throw invalidAssociation([[portal.tables.get(type.from.name)!, fromId]])
    // unverified: the text for a type id that leads to another object type.
    if (type.to !== to.kind) {
      throw invalidRequest(`Association type ${type.typeId} does not lead from ${from.kind.constant} to ${to.kind.constant}`)
    }
    return type
  })
}

/** The plain type of a pair; throws when the two types cannot be associated. */
export function plainType(portal: Portal, from: ObjectTable, to: ObjectTable): AssociationType {
  const type = portal.associations.types.plain(from.kind, to.kind)
  // unverified: the text for two object types that HubSpot cannot associate.
  if (type === undefined) {
    throw invalidRequest(`No association type exists between object types ${from.kind.typeId} and ${to.kind.typeId}`)
  }
  return type
}

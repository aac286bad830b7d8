/**
 * The Avro schema of a change event, in its compact form whatever payloadFormat asks for. Salesforce docs: Platform Event Schema by Schema ID, by
 * Event Name. unverified: the names of nested records, and the types of what is no text.
 */
import { entityOfEvent } from './event-bus.ts'
import { eventName, isShown, partOf, schemaId } from './change-event.ts'
import { json } from './call.ts'
import { notFound, wrongMethod } from './fault.ts'
import { tableOf } from './grants.ts'
import { visibleFields } from './org.ts'
import type { Call, Reply } from './call.ts'
import type { Field, SObject } from './schema-object.ts'
import type { Org } from './org.ts'

type AvroField = { name: string; type: unknown; default?: null }

const NAMESPACE = 'com.sforce.eventbus'
const CHANGE_TYPES = [
  'CREATE',
  'UPDATE',
  'DELETE',
  'UNDELETE',
  'GAP_CREATE',
  'GAP_UPDATE',
  'GAP_DELETE',
  'GAP_UNDELETE',
  'GAP_OVERFLOW',
  'SNAPSHOT',
]
const LIST = { type: 'array', items: 'string' }
const HEADER: readonly AvroField[] = [
  { name: 'entityName', type: 'string' },
  { name: 'recordIds', type: LIST },
  { name: 'changeType', type: { type: 'enum', name: 'ChangeType', namespace: NAMESPACE, symbols: CHANGE_TYPES } },
  { name: 'changeOrigin', type: 'string' },
  { name: 'transactionKey', type: 'string' },
  { name: 'sequenceNumber', type: 'int' },
  { name: 'commitTimestamp', type: 'long' },
  { name: 'commitNumber', type: 'long' },
  { name: 'commitUser', type: 'string' },
  { name: 'changedFields', type: LIST },
]

/** `rest` are the segments after `event`: `eventSchema/{id}`. */
export function schemaByIdReply(call: Call, rest: readonly string[]): Reply {
  const [kind, id] = rest
  if (kind?.toLowerCase() !== 'eventschema' || id === undefined || rest.length > 2) throw notFound()
  const table = [...call.org.tables.values()].find(
    ({ object }) => schemaId(object) === id && entityOfEvent(call.org, eventName(object.name)),
  )
  if (table === undefined) throw notFound()
  return schemaReply(call, table.object)
}

/** `sobjects/{event}/eventSchema`. */
export function schemaByNameReply(call: Call, event: string): Reply {
  const entity = entityOfEvent(call.org, event)
  if (entity === undefined) throw notFound()
  return schemaReply(call, tableOf(call.org, entity).object)
}

function schemaReply(call: Call, object: SObject): Reply {
  if (call.method !== 'GET') throw wrongMethod(call, 'GET')
  const header = { name: 'ChangeEventHeader', type: { type: 'record', name: 'ChangeEventHeader', namespace: NAMESPACE, fields: HEADER } }
  return json(200, {
    name: eventName(object.name),
    namespace: NAMESPACE,
    type: 'record',
    fields: [header, ...bodyFields(call.org, object)],
    uuid: schemaId(object),
  })
}

function bodyFields(org: Org, object: SObject): AvroField[] {
  const compounds = new Map<string, AvroField[]>()
  const fields: AvroField[] = []
  for (const field of visibleFields(org, object).filter((each) => isShown(object, each))) {
    const known = field.compound === null ? undefined : compounds.get(field.compound)
    if (field.compound === null) fields.push(optional(field.name, avroType(field)))
    else if (known !== undefined) known.push(optional(partOf(field), avroType(field)))
    else {
      const parts = [optional(partOf(field), avroType(field))]
      compounds.set(field.compound, parts)
      fields.push(
        optional(field.compound, { type: 'record', name: `${object.name}${field.compound}`, namespace: NAMESPACE, fields: parts }),
      )
    }
  }
  return fields
}

const optional = (name: string, type: unknown): AvroField => ({ name, type: ['null', type], default: null })

function avroType({ type }: Field): string {
  switch (type) {
    case 'boolean':
      return 'boolean'
    case 'int':
      return 'int'
    case 'double':
    case 'currency':
    case 'percent':
      return 'double'
    case 'date':
    case 'datetime':
      return 'long'
    default:
      return 'string'
  }
}

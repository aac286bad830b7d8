/** Which objects a channel tells about, as Tooling keeps it. Salesforce docs: Tooling API, PlatformEventChannelMember. */
import { bindRowField } from './soql-bind.ts'
import { dropMember, entityOfEvent, members, selectEntity } from './event-bus.ts'
import { Fault, notFound, wrongMethod } from './fault.ts'
import { isObject, json, jsonTextReply, none, readJson } from './call.ts'
import { LIVE } from './table.ts'
import { parseId } from './ids.ts'
import { recordWriter } from './output.ts'
import type { Call, Reply } from './call.ts'

/** `id` is the segment after `PlatformEventChannelMember`. */
export function channelMemberReply(call: Call, id: string | undefined): Reply {
  const table = members(call.org)
  if (id === undefined) {
    if (call.method === 'POST') return create(call)
    throw wrongMethod(call, 'HEAD,GET,POST')
  }
  const row = table.rows.get(parseId(id) ?? '')
  if (row === undefined || table.stages[row] !== LIVE) throw notFound()
  if (call.method === 'DELETE') {
    dropMember(call.push.streams.bus, row)
    return none(204)
  }
  if (call.method !== 'GET') throw wrongMethod(call, 'GET,DELETE')
  const columns = table.object.fields.map((field) => bindRowField(table, field))
  return jsonTextReply(200, recordWriter(table, columns, `${call.base}/tooling`)(row))
}

function create(call: Call): Reply {
  const { FullName, Metadata } = readJson(call)
  if (typeof FullName !== 'string' || !isObject(Metadata))
    throw new Fault(400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [FullName, Metadata]', ['FullName', 'Metadata'])
  const { eventChannel: channel, selectedEntity: event } = Metadata
  const { bus } = call.push.streams
  const entity = typeof event === 'string' ? entityOfEvent(call.org, event) : undefined
  if (entity === undefined)
    throw new Fault(400, 'INVALID_FIELD', `The selected entity ${String(event)} is not valid or does not support change events.`, [
      'selectedEntity',
    ])
  if (typeof channel !== 'string' || !/^(ChangeEvents|\w+__chn)$/.test(channel))
    throw new Fault(400, 'INVALID_CROSS_REFERENCE_KEY', `The event channel ${String(channel)} does not exist.`, ['eventChannel'])
  const id = selectEntity(bus, channel, entity)
  // unverified: the codes of a double selection and of one too many.
  if (typeof id === 'string') return json(201, { id, success: true, errors: [], warnings: [], infos: [] })
  if (id.refusal === 'DUPLICATE')
    throw new Fault(400, 'DUPLICATE_DEVELOPER_NAME', `The channel member ${FullName} exists already.`, ['DeveloperName'])
  throw new Fault(400, 'LIMIT_EXCEEDED', 'The maximum number of entities selected for change notifications was reached.')
}

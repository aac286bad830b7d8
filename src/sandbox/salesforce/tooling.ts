/** The part of the Tooling API that makes custom fields. Salesforce docs: Tooling API, CustomField. */
import { addCustomField, changeCustomField, dropCustomField } from './custom-field.ts'
import { bindRowField } from './soql-bind.ts'
import { channelMemberReply } from './channel-member.ts'
import { customField } from './metadata.ts'
import { describeBrief, describeGlobal, describeObject, objectsOf } from './describe.ts'
import { Fault, notFound, wrongMethod } from './fault.ts'
import { isObject, json, jsonTextReply, none, readJson } from './call.ts'
import { LIVE } from './table.ts'
import { parseId } from './ids.ts'
import { queryReply } from './query-calls.ts'
import { readersOf } from './grants.ts'
import { recordWriter } from './output.ts'
import type { Call, Reply } from './call.ts'
import type { Field } from './schema-object.ts'
import type { Table } from './table.ts'

/** `rest` are the segments after `tooling`. */
export function toolingReply(call: Call, rest: readonly string[]): Reply {
  const base = `${call.base}/tooling`
  const [kind, type, id, ...more] = rest
  const resource = kind?.toLowerCase()
  if (resource === 'query') return queryReply({ ...call, base }, call.org.tooling, 'live', rest.slice(1))
  if (resource === undefined || (resource === 'sobjects' && type === undefined)) {
    if (call.method !== 'GET') throw wrongMethod(call, 'HEAD,GET')
    return json(
      200,
      resource === undefined ? { query: `${base}/query`, sobjects: `${base}/sobjects` } : describeGlobal(objectsOf(call.org.tooling), base),
    )
  }
  const rows = call.org.tooling.get(type?.toLowerCase() ?? '')
  if (resource !== 'sobjects' || rows === undefined || more.length > 0) throw notFound()
  if (call.method === 'GET' && id === undefined) return json(200, { objectDescribe: describeBrief(rows.object, base), recentItems: [] })
  if (call.method === 'GET' && id?.toLowerCase() === 'describe') return json(200, describeObject(call.org, rows.object, base))
  if (rows.object.name === 'PlatformEventChannelMember') return channelMemberReply(call, id)
  if (rows.object.name !== 'CustomField') throw notFound()
  if (id !== undefined) return fieldReply(call, rows, id)
  if (call.method !== 'POST') throw wrongMethod(call, 'HEAD,GET,POST')
  return create(call)
}

function create(call: Call): Reply {
  const { FullName, Metadata } = readJson(call)
  if (typeof FullName !== 'string' || !isObject(Metadata))
    throw new Fault(400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [FullName, Metadata]', ['FullName', 'Metadata'])
  const [objectName = '', name = '', ...more] = FullName.split('.')
  const table = call.org.tables.get(objectName.toLowerCase())
  if (table === undefined || more.length > 0) throw new Fault(400, 'INVALID_TYPE', `Cannot find the object of ${FullName}`)
  if (!/^[A-Za-z](?:_?[A-Za-z0-9])*__c$/.test(name)) {
    const rule =
      'can only contain underscores and alphanumeric characters. It must be unique, begin with a letter, not include spaces, not end with an underscore, and not contain two consecutive underscores'
    throw new Fault(400, 'FIELD_INTEGRITY_EXCEPTION', `The Field Name: ${name} ${rule}.`, ['FullName'])
  }
  if (name.length > 43)
    throw new Fault(400, 'STRING_TOO_LONG', `Field Name: data value too large: ${name.slice(0, -3)} (max length=40)`, ['FullName'])
  if (table.object.byName.has(name.toLowerCase())) {
    throw new Fault(400, 'DUPLICATE_DEVELOPER_NAME', `There is already a field named ${name.slice(0, -3)} on ${table.object.name}.`, [
      'DeveloperName',
    ])
  }
  const id = addCustomField(call.org, table, customField(name, Metadata), Metadata)
  return json(
    201,
    { id, success: true, errors: [], warnings: [], infos: [] },
    { Location: `${call.base}/tooling/sobjects/CustomField/${id}` },
  )
}

function fieldReply(call: Call, rows: Table, text: string): Reply {
  const row = rows.rows.get(parseId(text) ?? '')
  if (row === undefined || rows.stages[row] !== LIVE) throw notFound()
  if (call.method === 'GET') {
    const columns = rows.object.fields.map((field) => bindRowField(rows, field))
    return jsonTextReply(200, recordWriter(rows, columns, `${call.base}/tooling`)(row))
  }
  const { table, field } = namedField(call, rows, row)
  if (call.method === 'DELETE') {
    dropCustomField(call.org, rows, row, table, field)
    return none(204)
  }
  if (call.method !== 'PATCH') throw wrongMethod(call, 'GET,PATCH,DELETE')
  const { Metadata } = readJson(call)
  if (!isObject(Metadata)) throw new Fault(400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [Metadata]', ['Metadata'])
  const next = customField(field.name, Metadata)
  if (next.type !== field.type) throw new Fault(400, 'FIELD_INTEGRITY_EXCEPTION', 'Cannot change the type of this field here', ['Metadata'])
  changeCustomField(call.org, rows, row, table, field, next, Metadata)
  return none(204)
}

function namedField(call: Call, rows: Table, row: number): { table: Table; field: Field } {
  const [objectName = '', name = ''] = String(readersOf(rows, ['FullName']).FullName(row)).split('.')
  const table = call.org.tables.get(objectName.toLowerCase())
  const field = table?.object.byName.get(name.toLowerCase())
  if (table === undefined || field === undefined) throw notFound()
  return { table, field }
}

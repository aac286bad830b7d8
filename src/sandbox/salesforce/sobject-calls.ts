/** /sobjects: global describe, describe, one record, upsert by external id, getUpdated and getDeleted. Salesforce docs: REST API, sObject resources. */
import { createRecord, deleteRecord, updateRecord } from './dml.ts'
import { describeBrief, describeGlobal, describeObject } from './describe.ts'
import { Fault, faultOf, notFound, wrongMethod } from './fault.ts'
import { json, jsonTextReply, none, readJson } from './call.ts'
import { LIVE } from './table.ts'
import { parseId } from './ids.ts'
import { recordWriter } from './output.ts'
import { replicationReply } from './replication.ts'
import { upsertRecord } from './upsert.ts'
import { visibleField, visibleFields } from './org.ts'
import { bindRowField } from './soql-bind.ts'
import type { Call, Reply } from './call.ts'
import type { Outcome } from './dml.ts'
import type { Table } from './table.ts'

/** `rest` are the segments after `sobjects`. */
export function sobjectReply(call: Call, rest: readonly string[]): Reply {
  const [type, second, third] = rest
  if (type === undefined) {
    if (call.method !== 'GET') throw wrongMethod('GET')
    return json(200, describeGlobal(call.org, call.base))
  }
  const table = call.org.tables.get(type.toLowerCase())
  if (table === undefined || rest.length > 3) throw notFound()
  if (second === undefined) return collectionReply(call, table)
  if (third !== undefined) return upsertReply(call, table, second, third)
  const word = second.toLowerCase()
  if (word === 'describe') return call.method === 'GET' ? json(200, describeObject(call.org, table.object, call.base)) : refuseMethod('GET')
  if (word === 'updated' || word === 'deleted') return call.method === 'GET' ? replicationReply(call, table, word) : refuseMethod('GET')
  return recordReply(call, table, second)
}

function refuseMethod(allowed: string): never {
  throw wrongMethod(allowed)
}

function collectionReply(call: Call, table: Table): Reply {
  if (call.method === 'GET') return json(200, { objectDescribe: describeBrief(table.object, call.base), recentItems: [] })
  if (call.method !== 'POST') throw wrongMethod('GET, POST')
  return created(call, table, createRecord(call.org, table, readJson(call)))
}

function created(call: Call, table: Table, outcome: Outcome): Reply {
  if (!outcome.ok) throw firstFault(outcome)
  return json(201, { id: outcome.id, success: true, errors: [] }, { Location: `${call.base}/sobjects/${table.object.name}/${outcome.id}` })
}

function firstFault(outcome: Extract<Outcome, { ok: false }>): Fault {
  const [error] = outcome.errors
  return error === undefined ? new Fault(400, 'UNKNOWN_EXCEPTION', 'unknown') : faultOf(error)
}

function recordReply(call: Call, table: Table, text: string): Reply {
  switch (call.method) {
    case 'GET':
      return showRecord(call, table, text)
    case 'PATCH': {
      const outcome = updateRecord(call.org, table, text, readJson(call))
      if (!outcome.ok) throw firstFault(outcome)
      return none(204)
    }
    case 'DELETE': {
      const outcome = deleteRecord(call.org, table, text)
      if (!outcome.ok) throw firstFault(outcome)
      return none(204)
    }
    default:
      throw wrongMethod('GET, PATCH, DELETE')
  }
}

function showRecord(call: Call, table: Table, text: string): Reply {
  const row = findRow(table, text)
  const asked =
    call.query
      .get('fields')
      ?.split(',')
      .map((name) => name.trim()) ?? []
  const fields = asked.length === 0 ? visibleFields(call.org, table.object) : asked.map((name) => fieldNamed(call, table, name))
  const columns = fields.map((field) => bindRowField(table, field))
  return jsonTextReply(200, recordWriter(table, columns, call.base)(row))
}

export function fieldNamed(call: Call, table: Table, name: string) {
  const field = visibleField(call.org, table.object, name)
  if (field === undefined) throw new Fault(400, 'INVALID_FIELD', `No such column '${name}' on entity '${table.object.name}'`)
  return field
}

function findRow(table: Table, text: string): number {
  const id = parseId(text)
  const row = id === undefined ? undefined : table.rows.get(id)
  const stage = row === undefined ? undefined : table.stages[row]
  if (row === undefined || stage === undefined || stage > 2) {
    throw new Fault(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${text}`)
  }
  if (stage !== LIVE) throw new Fault(404, 'ENTITY_IS_DELETED', 'entity is deleted', [])
  return row
}

function upsertReply(call: Call, table: Table, fieldName: string, value: string): Reply {
  const result = upsertRecord(call.org, table, fieldName, value, call.method === 'GET' || call.method === 'DELETE' ? null : readJson(call))
  switch (result.kind) {
    case 'many':
      return json(
        300,
        result.ids.map((id) => `${call.base}/sobjects/${table.object.name}/${id}`),
      )
    case 'found':
      return recordReply(call, table, result.id)
    case 'written': {
      const { outcome } = result
      if (!outcome.ok) throw firstFault(outcome)
      if (call.method !== 'PATCH') throw wrongMethod('GET, PATCH, DELETE')
      return json(outcome.created ? 201 : 200, { id: outcome.id, success: true, errors: [], created: outcome.created })
    }
  }
}

/** One record named by its id, whichever path led to it. Salesforce docs: REST API, sObject Rows. */
import { bindRowField } from './soql-bind.ts'
import { condition, versionHeaders } from './conditional.ts'
import { deleteRecord, updateRecord } from './dml.ts'
import { Fault, faultOf, wrongMethod } from './fault.ts'
import { jsonTextReply, none } from './call.ts'
import { readRecord } from './multipart.ts'
import { LIVE } from './table.ts'
import { parseId } from './ids.ts'
import { recordWriter } from './output.ts'
import { versionOfRow } from './wire.ts'
import { visibleField, visibleFields } from './org.ts'
import type { Call, Reply } from './call.ts'
import type { Field } from './schema-object.ts'
import type { Outcome } from './dml.ts'
import type { Table } from './table.ts'

export function firstFault(outcome: Extract<Outcome, { ok: false }>): Fault {
  const [error] = outcome.errors
  return error === undefined ? new Fault(400, 'UNKNOWN_EXCEPTION', 'unknown') : faultOf(error)
}

/** One record named by its id, whichever path led to it. */
export function recordReply(call: Call, table: Table, text: string): Reply {
  switch (call.method) {
    case 'GET':
      return showRecord(call, table, text)
    case 'PATCH': {
      const input = readRecord(call)
      if (Object.keys(input).some((name) => name.toLowerCase() === 'id'))
        throw new Fault(400, 'INVALID_FIELD', 'The Id field should not be specified in the sobject data.')
      checkUnchanged(call, table, text)
      const outcome = updateRecord(call.org, table, text, input)
      if (!outcome.ok) throw firstFault(outcome)
      return none(204)
    }
    case 'DELETE': {
      checkUnchanged(call, table, text)
      const outcome = deleteRecord(call.org, table, text)
      if (!outcome.ok) throw firstFault(outcome)
      return none(204)
    }
    default:
      throw wrongMethod(call, 'HEAD,GET,PATCH,DELETE')
  }
}

function checkUnchanged(call: Call, table: Table, text: string): void {
  const row = table.rows.get(parseId(text) ?? '')
  if (row !== undefined && table.stages[row] === LIVE) condition(call, versionOfRow(table, row))
}

function showRecord(call: Call, table: Table, text: string): Reply {
  const row = findRow(table, text)
  const columns = fieldsAsked(call, table).map((field) => bindRowField(table, field))
  const version = versionOfRow(table, row)
  const unchanged = condition(call, version)
  if (unchanged !== undefined) return unchanged
  // Salesforce docs: entity tags are given for Account rows.
  const headers = table.object.name === 'Account' ? versionHeaders(version) : {}
  return { ...jsonTextReply(200, recordWriter(table, columns, call.base)(row)), headers }
}

/** The fields of `?fields=`, or all that the user may see. */
export function fieldsAsked(call: Call, table: Table): Field[] {
  const asked = (call.query.get('fields') ?? '').split(',').map((name) => name.trim())
  return asked.every((name) => name === '') ? visibleFields(call.org, table.object) : asked.map((name) => fieldNamed(call, table, name))
}

export function fieldNamed(call: Call, table: Table, name: string): Field {
  const field = visibleField(call.org, table.object, name)
  if (field === undefined) throw new Fault(400, 'INVALID_FIELD', `No such column '${name}' on entity '${table.object.name}'`)
  return field
}

export function findRow(table: Table, text: string): number {
  const id = parseId(text)
  const row = id === undefined ? undefined : table.rows.get(id)
  const stage = row === undefined ? undefined : table.stages[row]
  if (row === undefined || stage === undefined || stage > 2) {
    throw new Fault(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${text}`)
  }
  if (stage !== LIVE) throw new Fault(404, 'ENTITY_IS_DELETED', 'entity is deleted', [])
  return row
}

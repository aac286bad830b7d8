/** /sobjects/T/Field/value: one record by an external id field, read, written, removed. Salesforce docs: sObject Rows by External ID. */
import { Fault, notFound, wrongMethod } from './fault.ts'
import { firstFault, recordReply } from './record-calls.ts'
import { json, none } from './call.ts'
import { readRecord } from './multipart.ts'
import { upsertRecord } from './upsert.ts'
import type { Call, Reply } from './call.ts'
import type { Table } from './table.ts'

/** From this version on an upsert that updates answers 200 with a body, before it 204 without one. */
const BODY_SINCE = 46

export function externalReply(call: Call, table: Table, fieldName: string, value: string): Reply {
  if (!['GET', 'PATCH', 'DELETE'].includes(call.method)) throw wrongMethod(call, 'HEAD,GET,PATCH,DELETE')
  const onlyUpdate = call.query.get('updateOnly') === 'true'
  const found = call.method !== 'PATCH' || onlyUpdate ? upsertRecord(call.org, table, fieldName, value, null) : undefined
  if (found?.kind === 'many') return many(call, table, found.ids)
  if (found?.kind === 'found' && call.method !== 'PATCH') return recordReply(call, table, found.id)
  const input = readRecord(call)
  if (Object.keys(input).some((name) => name.toLowerCase() === fieldName.toLowerCase()))
    // unverified: the wording for another field than Id.
    throw new Fault(400, 'INVALID_FIELD', `The ${fieldName} field should not be specified in the sobject data.`)
  const result = upsertRecord(call.org, table, fieldName, value, input)
  if (result.kind === 'many') return many(call, table, result.ids)
  if (result.kind === 'found') throw notFound()
  const { outcome } = result
  if (!outcome.ok) throw firstFault(outcome)
  const body = { id: outcome.id, success: true, errors: [], created: outcome.created }
  if (outcome.created) return json(201, body, { Location: `${call.base}/sobjects/${table.object.name}/${outcome.id}` })
  return Number(call.version) < BODY_SINCE ? none(204) : json(200, body)
}

/** 300: the value is not unique; the body lists the records. */
const many = (call: Call, table: Table, ids: readonly string[]): Reply =>
  json(
    300,
    ids.map((id) => `${call.base}/sobjects/${table.object.name}/${id}`),
  )

/** /composite/sobjects: up to 200 writes, up to 2,000 reads. Always 200 with an answer per record. Salesforce docs: sObject Collections. */
import { createRecord, deleteRecord, updateRecord } from './dml.ts'
import { bindRowField } from './soql-bind.ts'
import { Fault, notFound, recordError, wrongMethod } from './fault.ts'
import { fieldNamed } from './record-calls.ts'
import { isObject, json, jsonTextReply, readJson } from './call.ts'
import { keyField, upsertRecord } from './upsert.ts'
import { LIVE } from './table.ts'
import { parseId } from './ids.ts'
import { recordWriter } from './output.ts'
import { rehearse } from './rehearse.ts'
import type { Call, Reply } from './call.ts'
import type { Outcome } from './dml.ts'
import type { Table } from './table.ts'

const MOST_WRITES = 200
const MOST_READS = 2_000
const MOST_RUNS = 10

type Job = () => Outcome

/** `rest` are the segments after `composite/sobjects`. */
export function collectionReply(call: Call, rest: readonly string[]): Reply {
  const [type, external] = rest
  if (type === undefined) {
    switch (call.method) {
      case 'POST':
        return write(call, (table, record) => createRecord(call.org, table, record), 'create')
      case 'PATCH':
        return write(call, (table, record) => updateRecord(call.org, table, idOf(record), record), 'update')
      case 'DELETE':
        return destroy(call)
      default:
        throw wrongMethod(call, 'POST,PATCH,DELETE')
    }
  }
  const table = call.org.tables.get(type.toLowerCase())
  if (table === undefined) throw notFound()
  if (external === undefined) return retrieve(call, table)
  if (call.method !== 'PATCH') throw wrongMethod(call, 'PATCH')
  return upsert(call, table, external)
}

function idOf(record: Readonly<Record<string, unknown>>): string {
  const id = Object.entries(record).find(([key]) => key.toLowerCase() === 'id')?.[1]
  return typeof id === 'string' ? id : ''
}

function recordsOf(call: Call): { records: Record<string, unknown>[]; allOrNone: boolean } {
  const body = readJson(call)
  const { records } = body
  if (!Array.isArray(records) || !records.every(isObject))
    throw new Fault(400, 'JSON_PARSER_ERROR', 'records must be an array of objects at [line:1, column:1]')
  if (records.length > MOST_WRITES) throw tooMany(MOST_WRITES)
  return { records, allOrNone: body.allOrNone === true }
}

const tooMany = (most: number): Fault =>
  new Fault(400, 'EXCEEDED_ID_LIMIT', `record limit reached. cannot submit more than ${most} records in this call`)

function typeOf(call: Call, record: Readonly<Record<string, unknown>>): Table {
  const type = isObject(record.attributes) ? record.attributes.type : undefined
  if (typeof type !== 'string') throw new Fault(400, 'INVALID_INPUT', 'The attributes.type of each record is required')
  const table = call.org.tables.get(type.toLowerCase())
  if (table === undefined) throw new Fault(400, 'INVALID_TYPE', `sObject type '${type}' is not supported.`)
  return table
}

function write(call: Call, act: (table: Table, record: Record<string, unknown>) => Outcome, mode: 'create' | 'update'): Reply {
  const { records, allOrNone } = recordsOf(call)
  const tables = records.map((record) => typeOf(call, record))
  const runs = tables.filter((table, at) => table !== tables[at - 1]).length
  if (runs > MOST_RUNS) throw new Fault(400, 'TOO_MANY_ENTITY_TYPES', `records of more than ${MOST_RUNS} runs of types in one call`)
  const seen = new Set<string>()
  const jobs = records.map((record, at): Job => {
    const table = tables[at]
    if (table === undefined) throw notFound()
    const id = mode === 'update' ? parseId(idOf(record)) : undefined
    if (id !== undefined && seen.has(id))
      return () => ({ ok: false, id: null, errors: [recordError('DUPLICATE_VALUE', `duplicate id in list: ${id}`, ['id'])] })
    if (id !== undefined) seen.add(id)
    return () => act(table, record)
  })
  return json(200, answer(call, jobs, allOrNone, 'plain'))
}

/** With allOrNone one failure undoes the rest, and each of the others says so. */
function answer(call: Call, jobs: readonly Job[], allOrNone: boolean, style: 'plain' | 'upsert'): object[] {
  const outcomes = allOrNone ? rehearse(call.org, jobs) : jobs.map((job) => job())
  return outcomes.map((outcome) => {
    if (outcome.ok) return { id: outcome.id, success: true, errors: [], ...(style === 'upsert' ? { created: outcome.created } : {}) }
    const rolledBack = outcome.errors[0]?.statusCode === 'ALL_OR_NONE_OPERATION_ROLLED_BACK'
    // unverified: `created: true` on rolled-back upserts.
    const created = style === 'upsert' ? { created: allOrNone } : {}
    return { ...(rolledBack && outcome.id !== null ? { id: outcome.id } : {}), success: false, errors: outcome.errors, ...created }
  })
}

function destroy(call: Call): Reply {
  const ids = (call.query.get('ids') ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  if (ids.length === 0) throw new Fault(400, 'INVALID_INPUT', 'The ids parameter is required')
  if (ids.length > MOST_WRITES) throw tooMany(MOST_WRITES)
  const jobs = ids.map((text): Job => {
    const id = parseId(text)
    const table = id === undefined ? undefined : [...call.org.tables.values()].find(({ object }) => object.keyPrefix === id.slice(0, 3))
    if (id === undefined || table === undefined)
      return () => ({ ok: false, id: null, errors: [recordError('MALFORMED_ID', `malformed id ${text}`)] })
    return () => deleteRecord(call.org, table, id)
  })
  return json(200, answer(call, jobs, call.query.get('allOrNone') === 'true', 'plain'))
}

function upsert(call: Call, table: Table, external: string): Reply {
  const { records, allOrNone } = recordsOf(call)
  const field = keyField(call.org, table, external)
  const jobs = records.map((record): Job => {
    const entry = Object.entries(record).find(([key]) => key.toLowerCase() === field.name.toLowerCase())
    const key = entry === undefined || entry[1] === null ? '' : String(entry[1])
    const rest = Object.fromEntries(Object.entries(record).filter(([name]) => name !== entry?.[0]))
    return () => {
      if (key === '' && field.type !== 'id')
        return { ok: false, id: null, errors: [recordError('MISSING_ARGUMENT', `${field.name} not specified`)] }
      const result = upsertRecord(call.org, table, field.name, key, rest)
      if (result.kind === 'written') return result.outcome
      return {
        ok: false,
        id: null,
        errors: [recordError('DUPLICATE_EXTERNAL_ID', `${field.name}: more than one record found for external id field`)],
      }
    }
  })
  return json(200, answer(call, jobs, allOrNone, 'upsert'))
}

function retrieve(call: Call, table: Table): Reply {
  if (call.method !== 'POST' && call.method !== 'GET') throw wrongMethod(call, 'GET,POST')
  const asked =
    call.method === 'POST' ? readJson(call) : { ids: call.query.get('ids')?.split(','), fields: call.query.get('fields')?.split(',') }
  const ids = textList(asked.ids, 'ids')
  const fields = textList(asked.fields, 'fields')
  if (ids.length > MOST_READS) throw tooMany(MOST_READS)
  const columns = fields.map((name) => bindRowField(table, fieldNamed(call, table, name)))
  const writer = recordWriter(table, columns, call.base)
  const texts = ids.map((text) => {
    const row = table.rows.get(parseId(text) ?? '')
    return row === undefined || table.stages[row] !== LIVE ? 'null' : writer(row)
  })
  return jsonTextReply(200, `[${texts.join(',')}]`)
}

function textList(value: unknown, name: string): string[] {
  if (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string')) return value.map((each) => each.trim())
  throw new Fault(400, 'INVALID_INPUT', `${name} must be a list of texts`)
}

/** The records of one Bulk 1.0 batch, in CSV, JSON or XML, carried out one by one. Salesforce docs: Bulk API, "Prepare Data Files". */
import { parseJson } from '../http.ts'
import { csvLine, errorText, readUpload, runCells, runInput } from './bulk-rows.ts'
import { isNil, parseXml, XmlError } from './xml-parse.ts'
import { isObject } from './call.ts'
import { leaf, XML_HEAD } from './xml.ts'
import { recordError } from './fault.ts'
import type { Element } from './xml-parse.ts'
import type { IngestOperation, Load } from './bulk-rows.ts'
import type { Org } from './org.ts'
import type { V1Job } from './bulk1-job.ts'

export type BatchRow = { id: string; created: boolean; error: string | null }
export const DATALOAD = 'http://www.force.com/2009/06/asyncapi/dataload'

/** The type stands alone here: clients compare it whole (singer-io/tap-salesforce, heroku/salesforce-bulk). */
export const JSON_TYPE = 'application/json'
/** Salesforce docs: Bulk API limits, one batch. */
const MOST_RECORDS = 10_000
export const MOST_BYTES = 10_000_000
/** unverified: the words for a batch of too many records. */
const TOO_MANY = `InvalidBatch : Records per batch limit exceeded: ${MOST_RECORDS}`

export function runUpload(org: Org, job: V1Job, text: string): { rows: BatchRow[] } | { broken: string } {
  const load: Load = { operation: job.operation as IngestOperation, table: job.table, externalIdFieldName: job.externalIdFieldName }
  if (job.contentType === 'CSV') {
    const upload = readUpload(org, load, text, 'COMMA', null)
    if ('broken' in upload) return upload
    if (upload.rows.length > MOST_RECORDS) return { broken: TOO_MANY }
    return { rows: upload.rows.map((cells) => runCells(org, load, upload, cells)) }
  }
  const records = job.contentType === 'JSON' ? jsonRecords(text) : xmlRecords(text)
  if (!Array.isArray(records)) return records
  return records.length > MOST_RECORDS ? { broken: TOO_MANY } : { rows: records.map((record) => runRecord(org, load, record)) }
}

function jsonRecords(text: string): Record<string, unknown>[] | { broken: string } {
  try {
    const value: unknown = parseJson(text)
    if (Array.isArray(value) && value.every(isObject)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  return { broken: 'InvalidBatch : Failed to parse JSON. An array of records is expected' }
}

function xmlRecords(text: string): Record<string, unknown>[] | { broken: string } {
  try {
    return parseXml(text)
      .children.filter(({ name }) => name === 'sObject')
      .map(recordOf)
  } catch (error) {
    if (error instanceof XmlError) return { broken: `InvalidBatch : Failed to parse XML: ${error.message}` }
    throw error
  }
}

/** A parent named by a key stands inside one more sObject element. */
const recordOf = ({ children }: Element): Record<string, unknown> =>
  Object.fromEntries(
    children.map((child) => {
      const parent = child.children.find(({ name }) => name === 'sObject')
      if (parent !== undefined) return [child.name, recordOf(parent)]
      return [child.name, isNil(child) ? null : child.text]
    }),
  )

function runRecord(org: Org, load: Load, { ...record }: Record<string, unknown>): BatchRow {
  delete record.attributes
  const take = (wanted: string | null): string => {
    const name = Object.keys(record).find((each) => each.toLowerCase() === wanted?.toLowerCase())
    const value = name === undefined ? null : record[name]
    if (name !== undefined) delete record[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  const key = take(load.externalIdFieldName)
  const id = load.externalIdFieldName?.toLowerCase() === 'id' ? key : take('Id')
  const outcome = runInput(org, load, record, id, key)
  if (outcome.ok) return { id: outcome.id, created: outcome.created, error: null }
  return { id: outcome.id ?? '', created: false, error: errorText(outcome.errors[0] ?? recordError('UNKNOWN_EXCEPTION', 'unknown')) }
}

/** The answer, in the format of the job and the order of the upload. */
export function uploadResult({ contentType }: V1Job, rows: readonly BatchRow[]): { text: string; type: string } {
  if (contentType === 'CSV') {
    const lines = rows.map(({ id, created, error }) => csvLine([id, String(error === null), String(created), error ?? ''], ',', '\n'))
    return { text: csvLine(['Id', 'Success', 'Created', 'Error'], ',', '\n') + lines.join(''), type: 'text/csv' }
  }
  if (contentType === 'JSON') return { text: JSON.stringify(rows.map(jsonRow)), type: JSON_TYPE }
  return { text: `${XML_HEAD}<results xmlns="${DATALOAD}">${rows.map(xmlRow).join('')}</results>`, type: 'application/xml' }
}

function errorParts(error: string): { statusCode: string; message: string; fields: string[] } {
  const [, statusCode = 'UNKNOWN_EXCEPTION', message = error, fields = ''] = /^([A-Z_]+):(.*):([^:]*?) ?--$/s.exec(error) ?? []
  return { statusCode, message, fields: fields === '' ? [] : fields.split(',') }
}

function jsonRow({ id, created, error }: BatchRow): object {
  if (error === null) return { success: true, created, id, errors: [] }
  const { statusCode, message, fields } = errorParts(error)
  return { success: false, created, id: id === '' ? null : id, errors: [{ statusCode, message, fields, extendedErrorDetails: null }] }
}

function xmlRow({ id, created, error }: BatchRow): string {
  if (error === null) return `<result>${leaf('id', id)}${leaf('success', true)}${leaf('created', created)}</result>`
  const { statusCode, message, fields } = errorParts(error)
  const named = fields.map((field) => leaf('fields', field)).join('')
  return `<result><errors>${named}${leaf('message', message)}${leaf('statusCode', statusCode)}</errors>${leaf('success', false)}${leaf('created', created)}</result>`
}

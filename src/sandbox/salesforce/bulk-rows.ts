/** Rows of a Bulk load: columns checked, each row carried out alone, reported as CSV. Bulk API 2.0 and 1.0 share it. */
import { columnOf } from './foreign-key.ts'
import { createRecord, deleteRecord, updateRecord } from './dml.ts'
import { DELIMITERS, parseCsv, quoteCell } from './csv.ts'
import { Fault, recordError } from './fault.ts'
import { purgeRecord } from './bin.ts'
import { upsertRecord } from './upsert.ts'
import type { Column as NamedColumn } from './foreign-key.ts'
import type { Org } from './org.ts'
import type { Outcome } from './dml.ts'
import type { RecordError } from './fault.ts'
import type { Table } from './table.ts'

/** The record's own id, the key of an upsert, or a column of values. */
type Column = NamedColumn | { kind: 'id' } | { kind: 'key' }
export type IngestOperation = 'insert' | 'update' | 'upsert' | 'delete' | 'hardDelete'
export const INGEST_OPERATIONS: readonly string[] = ['insert', 'update', 'upsert', 'delete', 'hardDelete']
/** What a load does to which object. */
export type Load = { operation: IngestOperation; table: Table; externalIdFieldName: string | null }
/** One row of the upload and what became of it; `error` is `CODE:message:fields --`. */
export type IngestRow = { cells: readonly string[]; id: string; created: boolean; error: string | null }
/** `columns` say what each name of the header means. */
export type Upload = { header: readonly string[]; columns: readonly Column[]; rows: readonly (readonly string[])[] }
/** A broken file fails as a whole; the text is the job's errorMessage. */
export type BrokenUpload = { broken: string }

/** Salesforce docs: Bulk API 2.0 limits, columns of one upload. */
const MOST_COLUMNS = 5_000

export function readUpload(org: Org, load: Load, csv: string, delimiter: string, lineEnding: string | null): Upload | BrokenUpload {
  try {
    const wrong = lineEnding === null ? undefined : wrongLineEnding(csv, lineEnding)
    if (wrong !== undefined) return { broken: wrong }
    const [header = [], ...rows] = parseCsv(csv, DELIMITERS[delimiter] ?? ',')
    const names = header.map((name) => name.trim())
    const columns = columnsOf(org, load, names)
    return typeof columns === 'string' ? { broken: columns } : { header: names, columns, rows }
  } catch (error) {
    if (error instanceof SyntaxError) return { broken: `InvalidBatch : Failed to parse CSV: ${error.message}` }
    throw error
  }
}

/** The first line break outside quotes tells which one the file uses. */
function wrongLineEnding(csv: string, lineEnding: string): string | undefined {
  let quoted = false
  for (let at = 0; at < csv.length; at += 1) {
    if (csv[at] === '"') quoted = !quoted
    if (quoted || csv[at] !== '\n') continue
    const found = csv[at - 1] === '\r' ? 'CRLF' : 'LF'
    return found === lineEnding
      ? undefined
      : `InvalidBatch : LineEnding is invalid on user data. Current LineEnding setting is ${lineEnding}`
  }
  return undefined
}

/** What the columns mean, or the text of what is wrong with them. */
function columnsOf(org: Org, { table, externalIdFieldName }: Load, names: readonly string[]): Column[] | string {
  if (names.length > MOST_COLUMNS) return `InvalidBatch : More than ${MOST_COLUMNS} columns`
  const lower = names.map((name) => name.toLowerCase())
  const columns: Column[] = []
  for (const [at, name] of names.entries()) {
    const column = columnOf(org, table, name)
    if (column === undefined) return `InvalidBatch : Field name not found : ${name}`
    if (lower.indexOf(lower[at] ?? '') !== at) return `InvalidBatch : Duplicate Headers Found: ${name}`
    const isKey = lower[at] === externalIdFieldName?.toLowerCase()
    columns.push(isKey ? { kind: 'key' } : lower[at] === 'id' ? { kind: 'id' } : column)
  }
  return columns
}

export function runCells(org: Org, load: Load, upload: Upload, cells: readonly string[]): IngestRow {
  const { header } = upload
  if (cells.length !== header.length) {
    const error = recordError('INVALID_CSV', `Number of columns (${cells.length}) differs from the header (${header.length})`)
    return { cells, id: '', created: false, error: errorText(error) }
  }
  const { input, idText, keyText } = inputOf(load, upload, cells)
  const outcome = runInput(org, load, input, idText, keyText)
  if (outcome.ok) return { cells, id: outcome.id, created: outcome.created, error: null }
  return { cells, id: outcome.id ?? '', created: false, error: errorText(outcome.errors[0] ?? recordError('UNKNOWN_EXCEPTION', 'unknown')) }
}

export const errorText = ({ statusCode, message, fields }: RecordError): string =>
  `${statusCode}:${message}:${fields.join(',')}${fields.length > 0 ? ' ' : ''}--`

/** An empty cell leaves the field alone, `#N/A` clears it, `Parent.Key` names a parent. */
function inputOf({ table }: Load, { header, columns }: Upload, cells: readonly string[]) {
  const input: Record<string, unknown> = {}
  let idText = ''
  let keyText = ''
  for (const [at, column] of columns.entries()) {
    const text = cells[at] ?? ''
    if (column.kind === 'key') keyText = text
    else if (column.kind === 'id') idText = text
    else if (text !== '') {
      const value = text === '#N/A' ? null : text
      if (column.kind === 'field') input[header[at] ?? ''] = value
      else if (value === null) input[referenceName(table, column.relationship)] = null
      else input[column.relationship] = { ...(column.type === null ? {} : { attributes: { type: column.type } }), [column.key]: value }
    }
  }
  return { input, idText, keyText }
}

const referenceName = (table: Table, relationship: string): string =>
  table.object.fields.find(({ relationshipName }) => relationshipName?.toLowerCase() === relationship.toLowerCase())?.name ?? relationship

/** One record of a load, whichever format it came in. */
export function runInput(org: Org, load: Load, input: Readonly<Record<string, unknown>>, id: string, key: string): Outcome {
  const { operation, table } = load
  const missing = (text: string): Outcome => ({ ok: false, id: null, errors: [recordError('MISSING_ARGUMENT', text)] })
  try {
    switch (operation) {
      case 'insert':
        return createRecord(org, table, input)
      case 'update':
        return id === '' ? missing('Id not specified in an update call') : updateRecord(org, table, id, input)
      case 'upsert':
        return upsertInput(org, load, input, key)
      case 'delete':
        return id === '' ? missing('Id not specified in a delete call') : deleteRecord(org, table, id)
      case 'hardDelete': {
        const outcome = id === '' ? missing('Id not specified in a delete call') : deleteRecord(org, table, id)
        return outcome.ok ? purgeRecord(org, outcome.id) : outcome
      }
    }
  } catch (error) {
    // What spoils a whole JSON call is one row's error here.
    if (error instanceof Fault) return { ok: false, id: null, errors: [recordError(error.errorCode, error.message, error.fields)] }
    throw error
  }
}

function upsertInput(org: Org, { table, externalIdFieldName }: Load, input: Readonly<Record<string, unknown>>, value: string): Outcome {
  const key = externalIdFieldName ?? 'Id'
  if (value === '' && key.toLowerCase() !== 'id')
    return { ok: false, id: null, errors: [recordError('MISSING_ARGUMENT', `${key} not specified`)] }
  const result = upsertRecord(org, table, key, value, input)
  if (result.kind === 'written') return result.outcome
  return { ok: false, id: null, errors: [recordError('DUPLICATE_EXTERNAL_ID', `${key}: more than one record found for external id field`)] }
}

/** Lines of cells, each quoted. */
export const csvLine = (cells: readonly string[], delimiter: string, end: string): string => cells.map(quoteCell).join(delimiter) + end

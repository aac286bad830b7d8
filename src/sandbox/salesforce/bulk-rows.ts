/** The rows of an ingest job: read, carried out one by one, reported as CSV. */
import { createRecord, deleteRecord, updateRecord } from './dml.ts'
import { DELIMITERS, parseCsv, quoteCell } from './csv.ts'
import { Fault, recordError } from './fault.ts'
import { purgeRecord } from './bin.ts'
import { upsertRecord } from './upsert.ts'
import type { IngestJob, IngestRow } from './bulk-ingest.ts'
import type { Org } from './org.ts'
import type { Outcome } from './dml.ts'

type Named = Readonly<Record<string, string>>

/** Carries the upload out. A file that cannot be read fails the job; a row that cannot be written fails alone. */
export function runIngest(org: Org, job: IngestJob): void {
  const rows = readRows(job)
  if (rows === undefined) return
  const [header = [], ...lines] = rows
  job.columns = header.map((name) => name.trim())
  job.rows = lines.map((cells): IngestRow => {
    if (cells.length !== header.length)
      return failed(cells, '', recordError('INVALID_CSV', `Number of columns (${cells.length}) differs from the header (${header.length})`))
    const named = Object.fromEntries(job.columns.map((name, at) => [name, cells[at] ?? '']))
    const outcome = runRow(org, job, named)
    if (outcome.ok) return { cells, id: outcome.id, created: outcome.created, error: null }
    return failed(cells, outcome.id ?? '', outcome.errors[0] ?? recordError('UNKNOWN_EXCEPTION', 'unknown'))
  })
  job.csv = ''
}

function readRows(job: IngestJob): string[][] | undefined {
  try {
    return parseCsv(job.csv, DELIMITERS[job.delimiter] ?? ',')
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    job.ended = 'Failed'
    job.errorMessage = `InvalidBatch : Failed to parse CSV: ${error.message}`
    return undefined
  }
}

const failed = (
  cells: readonly string[],
  id: string,
  error: { statusCode: string; message: string; fields: readonly string[] },
): IngestRow => ({
  cells,
  id,
  created: false,
  error: `${error.statusCode}:${error.message}:${error.fields.join(',')}${error.fields.length > 0 ? ' ' : ''}--`,
})

function runRow(org: Org, job: IngestJob, named: Named): Outcome {
  const id = Object.entries(named).find(([name]) => name.toLowerCase() === 'id')?.[1] ?? ''
  try {
    switch (job.operation) {
      case 'insert':
        return createRecord(org, job.table, inputOf(named))
      case 'update':
        return updateRecord(org, job.table, id, inputOf(named))
      case 'upsert':
        return upsertRow(org, job, named)
      case 'delete':
        return deleteRecord(org, job.table, id)
      case 'hardDelete': {
        const outcome = deleteRecord(org, job.table, id)
        return outcome.ok ? purgeRecord(org, outcome.id) : outcome
      }
    }
  } catch (error) {
    // What spoils a whole JSON call is one row's error here.
    if (error instanceof Fault) return { ok: false, id: null, errors: [recordError(error.errorCode, error.message, error.fields)] }
    throw error
  }
}

/** An empty cell leaves the field alone, `#N/A` clears it. */
function inputOf(named: Named): Record<string, unknown> {
  const entries = Object.entries(named).filter(([name, text]) => text !== '' && name.toLowerCase() !== 'id')
  return Object.fromEntries(entries.map(([name, text]) => [name, text === '#N/A' ? null : text]))
}

function upsertRow(org: Org, job: IngestJob, named: Named): Outcome {
  const key = job.externalIdFieldName ?? 'Id'
  const value = Object.entries(named).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1] ?? ''
  const { [key]: _, ...rest } = inputOf(named)
  if (value === '' && key.toLowerCase() !== 'id')
    return { ok: false, id: null, errors: [recordError('MISSING_ARGUMENT', `${key} not specified`)] }
  const result = upsertRecord(org, job.table, key, value, rest)
  if (result.kind === 'written') return result.outcome
  return { ok: false, id: null, errors: [recordError('DUPLICATE_EXTERNAL_ID', `${key}: more than one record found for external id field`)] }
}

export function ingestResult(job: IngestJob, part: 'successfulresults' | 'failedresults' | 'unprocessedrecords'): string {
  const delimiter = DELIMITERS[job.delimiter] ?? ','
  const end = job.lineEnding === 'CRLF' ? '\r\n' : '\n'
  const line = (cells: readonly string[]): string => cells.map(quoteCell).join(delimiter) + end
  if (part === 'unprocessedrecords') return line(job.columns)
  const wanted = job.rows.filter(({ error }) => (error === null) === (part === 'successfulresults'))
  const second = part === 'successfulresults' ? 'sf__Created' : 'sf__Error'
  const lines = wanted.map(({ cells, id, created, error }) => line([id, error ?? String(created), ...cells]))
  return line(['sf__Id', second, ...job.columns]) + lines.join('')
}

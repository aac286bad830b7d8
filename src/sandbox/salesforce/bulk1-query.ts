/** A Bulk 1.0 query batch: settled when it is handed in, split by id where PK chunking is asked for. Salesforce docs: Bulk Query, PK Chunking Header. */
import { createSink } from './csv-bytes.ts'
import { DATALOAD, JSON_TYPE } from './bulk1-upload.ts'
import { Fault } from './fault.ts'
import { frozen, runForBulk } from './bulk-query.ts'
import { jsonText, timeText } from './text.ts'
import { isObject } from './call.ts'
import { leaf, nillable, XML_HEAD } from './xml.ts'
import { makeId } from './ids.ts'
import { recordWriter } from './output.ts'
import type { Call } from './call.ts'
import type { QueryResult } from './soql-run.ts'
import type { V1Batch, V1Job } from './bulk1-job.ts'

type Rows = Extract<QueryResult, { kind: 'rows' }>
type Result = V1Batch['results'][number]
const FORMAT = { delimiter: ',', crlf: false }

/** Runs the query and hangs its results on the batch, or on one more batch per chunk. Throws the query's own Fault. */
export function runQueryBatch(call: Call, job: V1Job, batch: V1Batch, makeBatch: () => V1Batch): void {
  const result = runForBulk(call, batch.text, job.operation === 'queryAll' ? 'all' : 'live', 'FUNCTIONALITY_NOT_ENABLED')
  const { table } = result
  if (table !== job.table) {
    const rule = `The root entity of the requested query (${table.object.name}) does not match the entity of the requested Bulk API Job (${job.table.object.name}).`
    throw new Fault(400, 'INVALID_TYPE_FOR_OPERATION', rule)
  }
  const rows = job.chunkSize === null ? result.rows : result.rows.toSorted((a, b) => ((table.ids[a] ?? '') < (table.ids[b] ?? '') ? -1 : 1))
  const pages = frozen({ ...result, rows }, FORMAT)
  const records = job.contentType === 'XML' ? xmlRecord(call, result) : jsonRecord(call, result)
  const part = (from: number, size: number): Result => {
    call.jobs.made += 1
    return { id: makeId('752', call.jobs.made), size, pages, from, records: (at) => records(rows[at] ?? 0) }
  }
  if (job.chunkSize === null) {
    batch.results.push(part(0, rows.length))
    return
  }
  batch.ended = 'NotProcessed'
  for (let from = 0; from < rows.length; from += job.chunkSize) {
    makeBatch().results.push(part(from, Math.min(job.chunkSize, rows.length - from)))
  }
}

/** Unverified: that parents are nested in JSON and XML, as in REST and SOAP. Known are their columns in CSV, `Account.Name`. */
const jsonRecord = ({ base }: Call, { table, columns }: Rows): ((row: number) => string) =>
  recordWriter(table, columns, base, undefined, epochText)

/** Datetimes as epoch milliseconds. */
const epochText: typeof jsonText = (type, cell) => (type === 'datetime' ? String(cell) : jsonText(type, cell))

function xmlRecord({ base }: Call, { table, columns }: Rows): (row: number) => string {
  const write = recordWriter(table, columns, base, undefined, zuluText)
  return (row) => writeXml('records', JSON.parse(write(row)) as XmlRecord)
}

/** As SOAP and CSV show datetimes. */
const zuluText: typeof jsonText = (type, cell) =>
  type === 'datetime' && typeof cell === 'number' ? `"${timeText(cell, 'Z')}"` : jsonText(type, cell)

type XmlRecord = { attributes: { type: string; url: string } } & Record<string, unknown>

function writeXml(name: string, { attributes, ...members }: XmlRecord): string {
  const inside = Object.entries(members).map(([key, value]) =>
    isObject(value) ? writeXml(key, value as XmlRecord) : nillable(key, value as string | number | boolean | null),
  )
  const id = attributes.url.split('/').at(-1) ?? ''
  return `<${name} xsi:type="sObject">${leaf('type', attributes.type)}${leaf('Id', id)}${inside.join('')}</${name}>`
}

/** One result file. A CSV without rows says so in words. */
export function queryResult({ contentType }: V1Job, { pages, from, size, records }: Result): { text: string | Buffer[]; type: string } {
  const range = Array.from({ length: size }, (_, n) => from + n)
  if (contentType === 'JSON') return { text: `[${range.map(records).join(',')}]`, type: JSON_TYPE }
  if (contentType === 'XML') {
    const head = `<queryResult xmlns="${DATALOAD}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`
    return { text: `${XML_HEAD}${head}${range.map(records).join('')}</queryResult>`, type: 'application/xml' }
  }
  if (size === 0) return { text: 'Records not found for this query', type: 'text/csv' }
  const sink = createSink(1 << 16)
  for (const at of range) pages.line(sink, at)
  return { text: [Buffer.from(`${pages.header}\n`), sink.bytes.subarray(0, sink.at)], type: 'text/csv' }
}

/** /query, /queryAll, their further pages, /tooling/query. Salesforce docs: REST API, Query. */
import { findCursor, openCursor } from './cursors.ts'
import { Fault, notFound, wrongMethod } from './fault.ts'
import { jsonTextReply } from './call.ts'
import { recordWriter } from './output.ts'
import { runSoql } from './soql-run.ts'
import type { Call, Reply } from './call.ts'
import type { Catalog } from './soql-bind.ts'
import type { QueryResult, Visibility } from './soql-run.ts'

const BATCH = { least: 200, most: 2_000 }

/** `rest` are the segments after `query` or `queryAll`. */
export function queryReply(call: Call, catalog: Catalog, visibility: Visibility, rest: readonly string[]): Reply {
  if (call.method !== 'GET') throw wrongMethod('GET')
  if (rest.length > 1) throw notFound()
  if (rest[0] !== undefined) return nextPage(call, rest[0])
  const soql = call.query.get('q')
  if (soql === null) throw new Fault(400, 'MALFORMED_QUERY', 'A query string has to be specified')
  return jsonTextReply(200, firstPage(call, runSoql(call.org, catalog, soql, visibility)))
}

function firstPage(call: Call, result: QueryResult): string {
  if (result.kind === 'count') return `{"totalSize":${result.total},"done":true,"records":[]}`
  if (result.kind === 'aggregate') {
    const records = result.records.map((record) => ({ attributes: { type: 'AggregateResult' }, ...record }))
    return JSON.stringify({ totalSize: records.length, done: true, records })
  }
  const { table, rows, columns } = result
  refuseManyMetadata(result)
  const write = recordWriter(table, columns, call.base)
  const page = (from: number, to: number): string => {
    let text = ''
    for (let at = from; at < to; at += 1) text += (at === from ? '' : ',') + write(rows[at] ?? 0)
    return text
  }
  const batch = batchSize(call)
  if (rows.length <= batch) return `{"totalSize":${rows.length},"done":true,"records":[${page(0, rows.length)}]}`
  const cursor = openCursor(call.cursors, call.session, call.org.clock.now(), { size: rows.length, batch, page })
  return pageText(call, cursor, 0)
}

function nextPage(call: Call, locator: string): Reply {
  const { cursor, offset } = findCursor(call.cursors, call.session, call.org.clock.now(), locator)
  return jsonTextReply(200, pageText(call, cursor, offset))
}

function pageText(
  call: Call,
  { id, size, batch, page }: { id: string; size: number; batch: number; page: (from: number, to: number) => string },
  from: number,
): string {
  const to = Math.min(from + batch, size)
  const rest = to < size ? `"done":false,"nextRecordsUrl":"${call.base}/query/${id}-${to}"` : '"done":true'
  return `{"totalSize":${size},${rest},"records":[${page(from, to)}]}`
}

/** `Sforce-Query-Options: batchSize=N`, 200 to 2,000; the default is 2,000. */
function batchSize(call: Call): number {
  const asked = /batchSize=(\d+)/i.exec(call.headers['sforce-query-options'] ?? '')?.[1]
  return asked === undefined ? BATCH.most : Math.min(BATCH.most, Math.max(BATCH.least, Number(asked)))
}

/** Tooling reads whole metadata one row at a time. Salesforce docs: Tooling API, Metadata and FullName fields. */
function refuseManyMetadata({ rows, columns, table }: Extract<QueryResult, { kind: 'rows' }>): void {
  if (
    rows.length <= 1 ||
    table.object.name !== 'CustomField' ||
    !columns.some(({ field }) => field.name === 'Metadata' || field.name === 'FullName')
  )
    return
  const rule =
    'When retrieving results with Metadata or FullName fields, the query qualifications must specify no more than one row for retrieval.'
  throw new Fault(400, 'MALFORMED_QUERY', `${rule} Result size: ${rows.length}`)
}

/** /query, /queryAll, their further pages, /tooling/query. Salesforce docs: REST API, Query. */
import { findCursor, openCursor } from './cursors.ts'
import { withDefinitions } from './definitions.ts'
import { Fault, notFound, wrongMethod } from './fault.ts'
import { columnMetadata, explainQuery } from './soql-explain.ts'
import { json, jsonTextReply } from './call.ts'
import { recordWriter } from './output.ts'
import { runSoql } from './soql-run.ts'
import type { Call, Reply } from './call.ts'
import type { Bound, Catalog } from './soql-bind.ts'
import type { ChildList } from './output.ts'
import type { Cursor, Page } from './cursors.ts'
import type { QueryResult, Visibility } from './soql-run.ts'

const BATCH = { least: 200, most: 2_000 }

/** `rest` are the segments after `query` or `queryAll`. */
export function queryReply(call: Call, tables: Catalog, visibility: Visibility, rest: readonly string[]): Reply {
  if (call.method !== 'GET') throw wrongMethod(call, 'GET')
  if (rest.length > 1) throw notFound()
  if (rest[0] !== undefined) return nextPage(call, rest[0])
  const explained = call.query.get('explain')
  const catalog = withDefinitions(call.org, tables, call.query.get('q') ?? explained ?? '')
  if (explained !== null) return json(200, explainQuery(call.org, catalog, explained))
  const soql = call.query.get('q')
  if (soql === null) throw new Fault(400, 'MALFORMED_QUERY', 'A query string has to be specified')
  if (soql.trim() === '') throw new Fault(400, 'MALFORMED_QUERY', 'SOQL statements cannot be empty or null')
  if (call.query.get('columns')?.toLowerCase() === 'true') return json(200, columnMetadata(call.org, catalog, soql))
  return jsonTextReply(200, firstPage(call, runSoql(call.org, catalog, soql, visibility)))
}

function firstPage(call: Call, result: QueryResult): string {
  if (result.kind === 'count') return `{"totalSize":${result.total},"done":true,"records":[]}`
  if (result.kind === 'aggregate') {
    if (result.records.length > BATCH.most)
      throw new Fault(
        400,
        'EXCEEDED_ID_LIMIT',
        'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch',
      )
    const records = result.records.map((record) => ({ attributes: { type: 'AggregateResult' }, ...record }))
    return JSON.stringify({ totalSize: records.length, done: true, records })
  }
  refuseManyMetadata(result)
  return listText(call, result.rows.length, pagerOf(call, result), false)
}

/** Two or more custom long texts make the batch the least one. Salesforce docs: Query Options Header. */
const LONG_TEXTS = 2
const isLongCustom = ({ field }: Bound): boolean => field.custom && field.type === 'textarea' && field.length > 255

/** Writes pages of records; those with child lists end early, since children count too. */
function pagerOf(call: Call, { table, rows, columns, kinds, children }: Extract<QueryResult, { kind: 'rows' }>): (from: number) => Page {
  const batch = columns.filter(isLongCustom).length >= LONG_TEXTS ? BATCH.least : batchSize(call)
  let listed = 0
  const list: ChildList = (childRows, write) => {
    listed += childRows.length
    return listText(call, childRows.length, plainPager(childRows, write, batch), true)
  }
  const write = recordWriter(table, columns, call.base, { children, kinds, list })
  if (children.length === 0) return plainPager(rows, write, batch)
  return (from) => {
    let text = ''
    let at = from
    listed = 0
    for (; at < rows.length && (at === from || at - from + listed < batch); at += 1) text += (at === from ? '' : ',') + write(rows[at] ?? 0)
    return { text, to: at }
  }
}

function plainPager(rows: readonly number[], write: (row: number) => string, batch: number): (from: number) => Page {
  return (from) => {
    const to = Math.min(from + batch, rows.length)
    let text = ''
    for (let at = from; at < to; at += 1) text += (at === from ? '' : ',') + write(rows[at] ?? 0)
    return { text, to }
  }
}

/** A whole list, or its first page with the way to the next. */
function listText(call: Call, size: number, page: (from: number) => Page, isChild: boolean): string {
  const first = page(0)
  if (first.to >= size) return `{"totalSize":${size},"done":true,"records":[${first.text}]}`
  const cursor = openCursor(call.cursors, call.session, call.org.clock.now(), { size, page, isChild })
  return pageText(call, cursor, first)
}

function nextPage(call: Call, locator: string): Reply {
  const { cursor, offset } = findCursor(call.cursors, call.session, call.org.clock.now(), locator)
  return jsonTextReply(200, pageText(call, cursor, cursor.page(offset)))
}

function pageText(call: Call, { id, size }: Cursor, { text, to }: Page): string {
  const rest = to < size ? `"done":false,"nextRecordsUrl":"${call.base}/query/${id}-${to}"` : '"done":true'
  return `{"totalSize":${size},${rest},"records":[${text}]}`
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

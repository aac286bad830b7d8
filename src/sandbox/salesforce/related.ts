/** /sobjects/T/id/Relationship: the parent record, or the children as a query result. Salesforce docs: sObject Relationships. */
import { accessOf } from './org.ts'
import { fieldsAsked, recordReply } from './record-calls.ts'
import { LIVE, readerOf } from './table.ts'
import { notFound, wrongMethod } from './fault.ts'
import { queryReply } from './query-calls.ts'
import { tableOfId } from './bin.ts'
import type { Call, Reply } from './call.ts'
import type { Table } from './table.ts'

export function relatedReply(call: Call, table: Table, row: number, name: string): Reply {
  const wanted = name.toLowerCase()
  const up = table.object.fields.find(
    (field) => field.relationshipName?.toLowerCase() === wanted && accessOf(call.org, table.object, field).read,
  )
  if (up !== undefined) {
    const id = readerOf(table, up)(row)
    const parent = typeof id === 'string' ? tableOfId(call.org, id) : undefined
    const parentRow = typeof id === 'string' ? parent?.rows.get(id) : undefined
    if (typeof id !== 'string' || parent === undefined || parentRow === undefined || parent.stages[parentRow] !== LIVE) throw notFound()
    return recordReply(call, parent, id)
  }
  const down = childField(call, table, wanted)
  if (down === undefined) throw notFound()
  if (call.method !== 'GET') throw wrongMethod(call, 'HEAD,GET')
  const columns = fieldsAsked(call, down.child).map((field) => field.name)
  const q = `SELECT ${columns.join(', ')} FROM ${down.child.object.name} WHERE ${down.field} = '${table.ids[row] ?? ''}'`
  return queryReply({ ...call, query: new URLSearchParams({ q }) }, call.org.tables, 'live', [])
}

function childField(call: Call, table: Table, wanted: string): { child: Table; field: string } | undefined {
  for (const child of call.org.tables.values()) {
    const field = child.object.fields.find(
      (each) =>
        each.childRelationshipName?.toLowerCase() === wanted &&
        each.referenceTo.includes(table.object.name) &&
        accessOf(call.org, child.object, each).read,
    )
    if (field !== undefined) return { child, field: field.name }
  }
  return undefined
}

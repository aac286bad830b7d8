/** Binary fields: base64 on the way in, a path in records, bytes at that path. Salesforce docs: REST API, sObject Blob Retrieve. */
import { notFound, wrongMethod } from './fault.ts'
import { readOf } from './after-write.ts'
import type { Call, Reply } from './call.ts'
import type { Table } from './table.ts'

/** Whether the segment after a record's id names a binary field of the object. */
export const isBlob = (table: Table, name: string): boolean => table.object.byName.get(name.toLowerCase())?.type === 'base64'

export function blobReply(call: Call, table: Table, row: number, name: string): Reply {
  if (call.method !== 'GET') throw wrongMethod(call, 'GET')
  const cell = readOf(table, row, name)
  if (typeof cell !== 'string') throw notFound()
  const given = readOf(table, row, 'ContentType')
  const type = typeof given === 'string' && /^[\w.+-]+\/[\w.+-]+$/.test(given) ? given : 'application/octet-stream'
  return { status: 200, kind: 'text', text: [Buffer.from(cell, 'base64')], type }
}

/** /sobjects: global describe, describe, one record, getUpdated and getDeleted. Salesforce docs: REST API, sObject resources. */
import { blobReply, isBlob } from './blob.ts'
import { createRecord } from './dml.ts'
import { condition, versionHeaders } from './conditional.ts'
import { describeBrief, describeGlobal, describeObject, listedObject, listedObjects } from './describe.ts'
import { externalReply } from './external-id.ts'
import { Fault, notFound, wrongMethod } from './fault.ts'
import { findRow, firstFault, recordReply } from './record-calls.ts'
import { json, jsonTextReply } from './call.ts'
import { readRecord } from './multipart.ts'
import { layoutReply, listViews } from './layout.ts'
import { parseId } from './ids.ts'
import { relatedReply } from './related.ts'
import { replicationReply } from './replication.ts'
import { versionOfText } from './wire.ts'
import type { Call, Reply } from './call.ts'
import type { Table } from './table.ts'

/** `rest` are the segments after `sobjects`. */
export function sobjectReply(call: Call, rest: readonly string[]): Reply {
  const [type, second, third] = rest
  if (type === undefined) return describeReply(call, '', () => describeGlobal(listedObjects(call.org), call.base))
  const table = call.org.tables.get(type.toLowerCase())
  if (table === undefined) return listReply(call, rest)
  if (second === undefined) return collectionReply(call, table)
  const word = second.toLowerCase()
  if (word === 'describe' && third !== undefined) return layoutReply(call, table, rest.slice(2))
  if (rest.length > 3) throw notFound()
  if (third !== undefined) {
    const isRecord = word !== 'id' && parseId(second)?.startsWith(table.object.keyPrefix) === true
    if (isRecord && isBlob(table, third)) return blobReply(call, table, findRow(table, second), third)
    return isRecord ? relatedReply(call, table, findRow(table, second), third) : externalReply(call, table, second, third)
  }
  switch (word) {
    case 'describe':
      return describeReply(call, table.object.name, () => describeObject(call.org, table.object, call.base))
    case 'updated':
    case 'deleted':
      onlyGet(call)
      return replicationReply(call, table, word)
    case 'listviews':
      onlyGet(call)
      return json(200, listViews(table.object.name))
    case 'quickactions':
      onlyGet(call)
      return json(200, [])
    case 'id':
      // REST API guide, upsert: what has no Id yet is inserted here by POST.
      if (call.method === 'POST') return createReply(call, table)
      throw wrongMethod(call, 'HEAD,GET,POST')
    default:
      return recordReply(call, table, second)
  }
}

/** Of an object that only subqueries read there is nothing but its description. */
function listReply(call: Call, [type = '', second = '', ...more]: readonly string[]): Reply {
  const object = listedObject(call.org, type)
  if (object === undefined || more.length > 0) throw notFound()
  if (second.toLowerCase() === 'describe') return describeReply(call, object.name, () => describeObject(call.org, object, call.base))
  if (second !== '') throw notFound()
  onlyGet(call)
  return json(200, { objectDescribe: describeBrief(object, call.base), recentItems: [] })
}

function onlyGet(call: Call): void {
  if (call.method !== 'GET') throw wrongMethod(call, 'GET')
}

/** Describes are the answers that clients cache by date. */
function describeReply(call: Call, key: string, describe: () => object): Reply {
  onlyGet(call)
  const text = JSON.stringify(describe())
  const version = versionOfText(call.wire, call.org.clock, `${call.base}/${key}`, text)
  return condition(call, version) ?? { ...jsonTextReply(200, text), headers: versionHeaders(version) }
}

function collectionReply(call: Call, table: Table): Reply {
  if (call.method === 'GET') return json(200, { objectDescribe: describeBrief(table.object, call.base), recentItems: [] })
  if (call.method !== 'POST') throw wrongMethod(call, 'HEAD,GET,POST')
  return createReply(call, table)
}

function createReply(call: Call, table: Table): Reply {
  const input = readRecord(call)
  if (Object.keys(input).some((name) => name.toLowerCase() === 'id'))
    throw new Fault(400, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id'])
  const outcome = createRecord(call.org, table, input)
  if (!outcome.ok) throw firstFault(outcome)
  return json(201, { id: outcome.id, success: true, errors: [] }, { Location: `${call.base}/sobjects/${table.object.name}/${outcome.id}` })
}

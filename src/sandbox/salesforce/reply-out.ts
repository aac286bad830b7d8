/** A reply onto HTTP: JSON or its XML form, pretty where asked, compressed where switched on, without a body for HEAD. */
import { gzipSync } from 'node:zlib'
import { parseExactly } from './text.ts'
import { jsonToXml, XML_HEAD } from './xml.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Reply } from './call.ts'

export type Form = { xml: boolean; pretty: boolean; compress: boolean; head: boolean }

const JSON_TYPE = 'application/json;charset=UTF-8'
/** Below this gzip gains nothing. */
const LEAST_PACKED = 1_024

/** unverified: HTTP wants a 401 to name a scheme (RFC 9110, 15.5.2); that this is the one. */
const CHALLENGE = 'Token'

export function sendReply(request: IncomingMessage, response: ServerResponse, reply: Reply, form: Form): void {
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value)
  if (reply.status === 401) response.setHeader('WWW-Authenticate', CHALLENGE)
  if (reply.kind === 'none') {
    response.writeHead(reply.status)
    response.end()
    return
  }
  const { parts, type } = bodyOf(reply, form)
  response.setHeader('Content-Type', type)
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  if (form.compress && size >= LEAST_PACKED && /\bgzip\b/i.test(String(request.headers['accept-encoding'] ?? ''))) {
    const packed = gzipSync(Buffer.concat(parts), { level: 1 })
    response.writeHead(reply.status, { 'Content-Encoding': 'gzip', 'Content-Length': packed.length })
    response.end(form.head ? undefined : packed)
    return
  }
  response.writeHead(reply.status, { 'Content-Length': size })
  if (!form.head) for (const part of parts) response.write(part)
  response.end()
}

function bodyOf(reply: Exclude<Reply, { kind: 'none' }>, form: Form): { parts: readonly Buffer[]; type: string } {
  if (reply.kind === 'json') {
    if (form.xml) return xmlBody(reply.status, reply.value)
    return { parts: [Buffer.from(JSON.stringify(reply.value, null, form.pretty ? 2 : 0))], type: JSON_TYPE }
  }
  const { text, type } = reply
  if (type === JSON_TYPE && typeof text === 'string') {
    if (form.xml) return xmlBody(reply.status, JSON.parse(text))
    if (form.pretty) return { parts: [Buffer.from(JSON.stringify(parseExactly(text), null, 2))], type }
  }
  return { parts: typeof text === 'string' ? [Buffer.from(text)] : text, type }
}

function xmlBody(status: number, value: unknown): { parts: readonly Buffer[]; type: string } {
  return { parts: [Buffer.from(XML_HEAD + xmlText(status, value))], type: 'application/xml;charset=UTF-8' }
}

/** unverified: the root names beyond Errors, Result, QueryResult, Versions and a record's own type. */
function xmlText(status: number, value: unknown): string {
  if (status >= 400) return `<Errors>${jsonToXml('Error', value)}</Errors>`
  if (Array.isArray(value)) {
    const isVersions = value.every((each) => typeof each === 'object' && each !== null && 'version' in each)
    return isVersions ? `<Versions>${jsonToXml('Version', value)}</Versions>` : `<Results>${jsonToXml('Result', value)}</Results>`
  }
  return jsonToXml(rootName(value), value)
}

function rootName(value: unknown): string {
  if (typeof value !== 'object' || value === null) return 'Result'
  if ('attributes' in value) return (value.attributes as { type?: string } | null)?.type ?? 'Result'
  if ('totalSize' in value && 'records' in value) return 'QueryResult'
  if ('sobjects' in value && 'maxBatchSize' in value) return 'DescribeGlobal'
  if ('childRelationships' in value) return 'DescribeSObjectResult'
  if ('DailyApiRequests' in value) return 'LimitsSnapshot'
  return 'sobjects' in value ? 'urls' : 'Result'
}

/** One API call, freed of HTTP, so that composite can make the same calls as a client. */
import { Fault } from './fault.ts'
import { parseJson } from '../http.ts'
import { isNil, parseXml, XmlError } from './xml-parse.ts'
import type { Cursors } from './cursors.ts'
import type { Jobs } from './job.ts'
import type { Org } from './org.ts'
import type { Push } from './push.ts'
import type { Session, Sessions } from './session.ts'
import type { Element } from './xml-parse.ts'
import type { Usage } from './usage.ts'
import type { Wire } from './wire.ts'

export type Reply =
  | { status: number; headers?: Readonly<Record<string, string>>; kind: 'json'; value: unknown }
  | { status: number; headers?: Readonly<Record<string, string>>; kind: 'text'; text: string | readonly Buffer[]; type: string }
  | { status: number; headers?: Readonly<Record<string, string>>; kind: 'none' }

/** Everything that outlives a call. */
export type World = { org: Org; sessions: Sessions; cursors: Cursors; jobs: Jobs; usage: Usage; wire: Wire; push: Push }
export type Call = World & {
  method: string
  /** `60.0` and `/services/data/v60.0`. */
  version: string
  base: string
  /** Decoded segments after the version. */
  path: readonly string[]
  query: URLSearchParams
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>
  session: Session
  body: Buffer
}

export const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  kind: 'json',
  value,
  headers,
})
export const jsonTextReply = (status: number, text: string): Reply => ({
  status,
  kind: 'text',
  text,
  type: 'application/json;charset=UTF-8',
})
export const none = (status: number): Reply => ({ status, kind: 'none' })

/** The body as an object; an XML body is read as the JSON it stands for. */
export function readJson(call: Call): Record<string, unknown> {
  const type = call.headers['content-type'] ?? ''
  if (/^(application|text)\/xml/i.test(type)) return readXml(call.body.toString('utf8'))
  if (type !== '' && !/json/i.test(type))
    throw new Fault(415, 'UNSUPPORTED_MEDIA_TYPE', `Content type of the request is not supported: ${type}`)
  let value: unknown
  try {
    value = parseJson(call.body.toString('utf8'))
  } catch {
    throw new Fault(400, 'JSON_PARSER_ERROR', 'Unexpected character or end-of-input at [line:1, column:1]')
  }
  if (!isObject(value)) throw new Fault(400, 'JSON_PARSER_ERROR', 'Can not deserialize: an object is expected at [line:1, column:1]')
  return value
}

function readXml(text: string): Record<string, unknown> {
  try {
    const value = parseJson(JSON.stringify(plainOf(parseXml(text))))
    return isObject(value) ? value : {}
  } catch (error) {
    if (error instanceof XmlError) throw new Fault(400, 'XML_PARSER_ERROR', error.message)
    throw error
  }
}

/** Elements with children as objects, repeated ones as lists, the rest as text. */
function plainOf(element: Element): unknown {
  if (isNil(element)) return null
  if (element.children.length === 0) return element.text
  const members = Object.groupBy(element.children, ({ name }) => name)
  return Object.fromEntries(
    Object.entries(members).map(([name, list = []]) => [
      name,
      list.length === 1 && list[0] !== undefined ? plainOf(list[0]) : list.map(plainOf),
    ]),
  )
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** changeOrigin of what this call writes: the API, its version and the client's own name. Salesforce docs: Change Data Capture, ChangeEventHeader. */
export function originOf(call: Call): string {
  const first = call.path[0]?.toLowerCase()
  const api = first === 'jobs' || first === 'job' ? 'bulk' : first === 'soap' ? 'soap' : 'rest'
  const client = /(?:^|[,;])\s*client=([^,;]*)/i.exec(call.headers['sforce-call-options'] ?? '')?.[1]
  return `com/salesforce/api/${api}/${call.version}${client === undefined ? '' : `;client=${client.trim()}`}`
}

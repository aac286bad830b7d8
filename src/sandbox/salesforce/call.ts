/** One API call, freed of HTTP, so that composite can make the same calls as a client. */
import { Fault } from './fault.ts'
import type { Cursors } from './cursors.ts'
import type { Jobs } from './job.ts'
import type { Org } from './org.ts'
import type { Session, Sessions } from './session.ts'
import type { Usage } from './usage.ts'

export type Reply =
  | { status: number; headers?: Readonly<Record<string, string>>; kind: 'json'; value: unknown }
  | { status: number; headers?: Readonly<Record<string, string>>; kind: 'text'; text: string | readonly Buffer[]; type: string }
  | { status: number; headers?: Readonly<Record<string, string>>; kind: 'none' }

/** Everything that outlives a call. */
export type World = { org: Org; sessions: Sessions; cursors: Cursors; jobs: Jobs; usage: Usage }
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

export function readJson(call: Call): Record<string, unknown> {
  const type = call.headers['content-type'] ?? ''
  if (type !== '' && !/json/i.test(type))
    throw new Fault(415, 'UNSUPPORTED_MEDIA_TYPE', `Content type of the request is not supported: ${type}`)
  let value: unknown
  try {
    value = JSON.parse(call.body.toString('utf8'))
  } catch {
    throw new Fault(400, 'JSON_PARSER_ERROR', 'Unexpected character or end-of-input at [line:1, column:1]')
  }
  if (!isObject(value)) throw new Fault(400, 'JSON_PARSER_ERROR', 'Can not deserialize: an object is expected at [line:1, column:1]')
  return value
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** changeOrigin of what this call writes: the API, its version and the client's own name. Salesforce docs: Change Data Capture, ChangeEventHeader. */
export function originOf(call: Call): string {
  const api = call.path[0]?.toLowerCase() === 'jobs' ? 'bulk' : 'rest'
  const client = /(?:^|[,;])\s*client=([^,;]*)/i.exec(call.headers['sforce-call-options'] ?? '')?.[1]
  return `com/salesforce/api/${api}/${call.version}${client === undefined ? '' : `;client=${client.trim()}`}`
}

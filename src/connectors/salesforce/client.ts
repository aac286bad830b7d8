/** Authorised requests to one org: the base address, the token and its renewal, the daily quota. */
import type { ConnectorError, Deps } from '../connector.ts'
import { type Incoming, NoAnswer } from '../http.ts'
import { type Fault, parseJson, refusal } from './fault.ts'
import { type Access, createSession, type Session } from './session.ts'
import type { Settings } from './settings.ts'
import { envelope } from './soap.ts'
import { createWire, type Got, type Wire } from './wire.ts'

/** `path` begins with a slash and stands below `/services/data/vNN.N`. `doing` completes "refused to …", without values. */
export type Call = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  doing: string
  query?: Readonly<Record<string, string>>
  body?: unknown
  headers?: Readonly<Record<string, string>>
  /** Doing it twice is the same as doing it once; every GET is. */
  repeatable?: boolean
  /** Not held back by the reserve: reading where the quota stands must be possible. */
  exempt?: boolean
}
export type Reply<T> =
  | { ok: true; at: number; headers: Headers; body: T }
  | { ok: false; at: number; status: number; faults: readonly Fault[] }
export interface Client {
  readonly usage: { readonly calls: number; readonly throttled: number }
  readonly clock: { readonly aheadMs: number | null }
  /** The parsed JSON of the answer (`null` for 204), or the refusal as a value. */
  json(call: Call, signal: AbortSignal): Promise<Reply<unknown>>
  /** The same, with a refusal thrown. */
  demand(call: Call, signal: AbortSignal): Promise<Extract<Reply<unknown>, { ok: true }>>
  /** The answer's body as it arrives; the caller must read or destroy it. */
  open(call: Call, signal: AbortSignal): Promise<Reply<Incoming['body']>>
  /** One call of the SOAP partner API, for what REST cannot do: `inside` is the operation's element; gives back the text of the answer, a fault's too. */
  soap(inside: string, signal: AbortSignal): Promise<string>
  access(signal: AbortSignal): Promise<Access>
  /** For requests that go other ways: Salesforce no longer takes this token; or it takes none, and this is the error to throw. */
  expired(access: Access): void
  refused(): ConnectorError
  close(): void
}

export function createClient(settings: Settings, deps: Deps): Client {
  const wire = createWire(settings, deps)
  const session = createSession(settings, wire, deps)

  async function ask<T>(call: Call, read: (incoming: Incoming) => Promise<T>, signal: AbortSignal): Promise<Reply<T>> {
    for (let renewed = false; ; renewed = true) {
      const access = await session.access(signal)
      const got: Got<T> = await wire.exchange(
        requestOf(call, access, settings.apiVersion),
        { repeatable: call.repeatable ?? call.method === 'GET', exempt: call.exempt ?? false, read },
        signal,
      )
      if (got.ok) return { ok: true, at: got.at, headers: got.headers, body: got.value }
      if (got.status !== 401) return { ok: false, at: got.at, status: got.status, faults: got.faults }
      // A session without API access is refused with the same status; another token of the same user would be too.
      if (renewed || got.text.includes('not valid for use with the REST API')) throw session.refused()
      session.expired(access)
    }
  }

  const json = (call: Call, signal: AbortSignal) => ask(call, (incoming) => readJson(incoming, call.doing), signal)
  return {
    usage: wire.usage,
    clock: wire.clock,
    json,
    async demand(call, signal) {
      const reply = await json(call, signal)
      if (reply.ok) return reply
      throw refusal(call.doing, reply.status, reply.faults)
    },
    soap: (inside, signal) => askSoap(wire, session, settings.apiVersion, inside, signal),
    open: (call, signal) => ask(call, async ({ body }) => body, signal),
    access: (signal) => session.access(signal),
    expired: (access) => session.expired(access),
    refused: () => session.refused(),
    close: () => session.close(),
  }
}

/** The token stands in the body, and a dead one is a fault with status 500 (SOAP API guide: faults). Only for what may be done twice. */
async function askSoap(wire: Wire, session: Session, version: string, inside: string, signal: AbortSignal): Promise<string> {
  for (let renewed = false; ; renewed = true) {
    const access = await session.access(signal)
    const request = {
      method: 'POST',
      url: `${access.instanceUrl}/services/Soap/u/${version}`,
      headers: { 'content-type': 'text/xml; charset=UTF-8', soapaction: '""' },
      body: envelope(access.token, inside),
    }
    const how = {
      repeatable: true,
      exempt: false,
      reads: (status: number) => status === 500,
      read: (incoming: Incoming) => incoming.text(),
    }
    const got = await wire.exchange(request, how, signal)
    if (!got.ok) throw refusal('make a SOAP call', got.status, got.faults)
    if (!/<(?:\w+:)?exceptionCode>INVALID_SESSION_ID</.test(got.value)) return got.value
    if (renewed) throw session.refused()
    session.expired(access)
  }
}

function requestOf(call: Call, access: Access, version: string) {
  const query = Object.entries(call.query ?? {}).map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
  return {
    method: call.method,
    url: `${access.instanceUrl}/services/data/v${version}${call.path}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    headers: {
      authorization: `Bearer ${access.token}`,
      accept: 'application/json',
      // Comes back as changeOrigin in change events: our own writes can be told from others'.
      'sforce-call-options': 'client=accord',
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
  }
}

async function readJson(incoming: Incoming, doing: string): Promise<unknown> {
  const text = await incoming.text()
  if (incoming.status === 204) return null
  const body = parseJson(text)
  // An empty body, or the HTML of a login or maintenance page that came with 200: the next answer may be Salesforce's own.
  if (body === undefined)
    throw new NoAnswer(`Salesforce answered the request to ${doing} with something else than JSON`, 'unexpected-shape')
  return body
}

/** The network between us and the CRMs: fails at the n-th request, and keeps what each request really did. */
import { EventEmitter } from 'node:events'
import http, { type RequestOptions } from 'node:http'
import { Readable } from 'node:stream'

export const callFaults = ['reset-before', 'reset-after', 'timeout-after', 'torn', '429', '500-before', '500-after'] as const
export type CallFault = { n: number; kind: (typeof callFaults)[number] }
/** A change that a CRM has really made. `what`: the record or address, and what was done to it; `value`: what was written. */
export type Effect = { what: string; value: string }
export type Network = { calls: () => number; effects: readonly Effect[]; restore: () => void }

/** Every request that a connector of this process sends goes through it until `restore`. */
export function faultyNetwork(fault: CallFault | null): Network {
  const real = http.request
  let calls = 0
  const effects: Effect[] = []
  const answer = async (url: string, init: RequestInit): Promise<Response> => {
    const isHit = ++calls === fault?.n
    if (isHit && fault.kind === 'reset-before') throw reset()
    if (isHit && fault.kind === '429') return new Response('{"status":"error","policyName":"SECONDLY"}', { status: 429, headers: json })
    if (isHit && fault.kind === '500-before') return new Response('{"status":"error"}', { status: 500, headers: json })
    const response = await fetch(url, init)
    const text = await response.text()
    effects.push(...effectsOf(url, init, response.status, text))
    if (isHit && fault.kind === 'reset-after') throw reset()
    if (isHit && fault.kind === 'timeout-after') throw new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    if (isHit && fault.kind === '500-after') return new Response('{"status":"error"}', { status: 500, headers: json })
    const whole = { status: response.status, headers: response.headers }
    if (response.status === 204) return new Response(null, whole)
    return new Response(isHit && fault.kind === 'torn' ? text.slice(0, Math.floor(text.length / 2)) : text, whole)
  }
  http.request = ((url: string, options: Required<Pick<RequestOptions, 'method' | 'headers' | 'signal'>>) =>
    clientRequest((body) => answer(url, { ...(options as RequestInit), redirect: 'manual', ...(body !== undefined && { body }) }))) as never
  return {
    calls: () => calls,
    effects,
    restore: () => {
      http.request = real
    },
  }
}

/** As much of a request of the platform as our transport uses. */
function clientRequest(answer: (body: string | undefined) => Promise<Response>): EventEmitter {
  const request = new EventEmitter()
  const end = (body: string | undefined): void =>
    void answer(body).then(
      async (response) => {
        const rawHeaders = [...response.headers].filter(([name]) => !/^content-(?:length|encoding)$/.test(name)).flat()
        const message = Readable.from([Buffer.from(await response.arrayBuffer())])
        request.emit('response', Object.assign(message, { statusCode: response.status, headers: {}, rawHeaders }))
      },
      (error: unknown) => request.emit('error', error),
    )
  return Object.assign(request, { end })
}

const json = { 'content-type': 'application/json' }

function reset(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
}

type Saved = { id: string | null; success: boolean }

/** Reads of any kind are none; what a CRM refused is none. */
export function effectsOf(url: string, init: RequestInit | undefined, status: number, text: string): Effect[] {
  const { pathname, searchParams } = new URL(url)
  const method = init?.method ?? 'GET'
  const body = typeof init?.body === 'string' ? init.body : ''
  if (status >= 400 || method === 'GET' || /batch\/read|\/search$|batch\/update$|oauth2?\/|composite\/sobjects\/\w+$/.test(pathname))
    return []
  if (pathname.endsWith('/gdpr-delete')) return [{ what: `erase ${(JSON.parse(body) as { objectId: string }).objectId}`, value: 'erased' }]
  if (pathname.endsWith('/composite/sobjects')) {
    const saved = JSON.parse(text) as Saved[]
    if (method === 'DELETE')
      return (searchParams.get('ids') ?? '')
        .split(',')
        .flatMap((id, i) => (saved[i]?.success ? [{ what: `delete ${id}`, value: 'deleted' }] : []))
    const { records } = JSON.parse(body) as { records: Record<string, unknown>[] }
    return records.flatMap((record, i) => (saved[i]?.success ? written(String(record['Id'] ?? record['id']), record) : []))
  }
  if (pathname.includes('/Soap/')) return binned(body, text)
  if (method === 'PATCH') return written(pathname, (JSON.parse(body) as { properties: Record<string, unknown> }).properties)
  return [{ what: `${method} ${pathname}`, value: body }]
}

function written(record: string, fields: Readonly<Record<string, unknown>>): Effect[] {
  // Verdicts are written by sweeps, each time they change.
  const others = Object.entries(fields).filter(([field]) => !/^accord_/i.test(field))
  return others.map(([field, value]) => ({ what: `write ${record} ${field}`, value: JSON.stringify(value) }))
}

/** Emptied out of the recycle bin: once each. */
function binned(body: string, text: string): Effect[] {
  const ids = [...body.matchAll(/<(?:\w+:)?ids>(\w+)</g)].map(([, id]) => id!)
  const done = [...text.matchAll(/<success>(true|false)</g)].map(([, success]) => success === 'true')
  return ids.flatMap((id, i) => (done[i] ? [{ what: `empty ${id}`, value: 'emptied' }] : []))
}

/** What was done twice: a delete that came through again, or another value written over one of ours. */
export function doneTwice(effects: readonly Effect[]): string[] {
  return [...Map.groupBy(effects, ({ what }) => what)].flatMap(([what, same]) => {
    const once = /^(?:erase|delete|empty) /.test(what)
    const values = new Set(same.map(({ value }) => value))
    return (once && same.length > 1) || values.size > 1 ? [`${what}: ${same.length} effects`] : []
  })
}

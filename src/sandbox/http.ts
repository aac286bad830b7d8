/** What both foreign CRMs need of node:http: whole bodies, one buffer out, and the route template that statistics may show. */
import type { IncomingMessage, ServerResponse } from 'node:http'

const routes = new WeakMap<ServerResponse, string>()

/** Names the route a request was for, ids and addresses left out (`/crm/v3/objects/contacts/{id}`); statistics and the log show nothing else. */
export function noteRoute(response: ServerResponse, template: string): void {
  routes.set(response, template)
}

export function routeOf(response: ServerResponse): string | undefined {
  return routes.get(response)
}

/** How the client reached us: over TLS itself, or over a proxy's. */
export function schemeOf({ socket, headers }: IncomingMessage): 'http' | 'https' {
  return 'encrypted' in socket || headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'
}

/** A request target without the host that clients of a proxy put before it (RFC 9112, 3.2.2). */
export function originForm(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '')
  return path === target || path.startsWith('/') ? path : `/${path}`
}

export class BodyTooLarge extends Error {
  readonly limit: number
  constructor(limit: number) {
    super(`request body is larger than ${limit} bytes`)
    this.name = 'BodyTooLarge'
    this.limit = limit
  }
}

/** The whole request body. Throws BodyTooLarge beyond `limit` bytes; rejects when the client goes away. */
export function readBody(request: IncomingMessage, limit = 16 * 1024 * 1024): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
    })
    request.on('end', () => {
      if (size > limit) reject(new BodyTooLarge(limit))
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size))
    })
    request.on('error', reject)
    request.on('close', () => reject(new Error('the client closed the connection before its body was complete')))
  })
}

/**
 * JSON of a client. A member called `toString` would make the value throw wherever it is shown as text; such a value is given another way to
 * be text. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  // The second alternative: letters may be written as escapes.
  if (!/toString|\\u00[4-7]/i.test(text)) return JSON.parse(text)
  return JSON.parse(text, (_name, value: unknown) => {
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, 'toString'))
      Object.defineProperty(value, Symbol.toPrimitive, { value: () => '[object Object]' })
    return value
  })
}

/** One answer in one buffer, with its length; `headers` is a flat list of names and values. */
export function sendBuffer(response: ServerResponse, status: number, headers: string[], body: Buffer | string | undefined): void {
  if (response.destroyed || response.headersSent) return
  if (body === undefined) {
    response.writeHead(status, headers)
    response.end()
    return
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  response.writeHead(status, [...headers, 'Content-Length', String(bytes.length)])
  response.end(bytes)
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { SandboxCrm } from './crm.ts'
import { plainAnswer, vendorAnswer } from './fault-answers.ts'
import type { Fault } from './faults.ts'
import { readBody, sendBuffer } from './http.ts'

/** Answers in the CRM's place. */
export function misbehave(crm: string, fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  const retry = fault.retryAfter === undefined ? [] : ['Retry-After', String(fault.retryAfter)]
  const json = [...retry, 'Content-Type', 'application/json;charset=utf-8']
  switch (fault.kind) {
    case 'reset':
      request.socket.resetAndDestroy()
      return
    case 'hang':
      return
    case 'html': {
      const page = text(fault, '<html><body><h1>502 Bad Gateway</h1></body></html>')
      const charset = fault.charset === undefined ? '' : `;charset=${fault.charset}`
      return sendBuffer(response, fault.status ?? 502, [...retry, 'Content-Type', `text/html${charset}`], page)
    }
    case 'no-content-type':
      return sendBuffer(response, fault.status ?? 502, retry, text(fault, 'Bad Gateway'))
    case 'empty':
      return sendBuffer(response, fault.status ?? 200, json, '')
    case 'status':
      return sendBuffer(response, fault.status ?? 503, json, text(fault, plainAnswer(crm)))
    default: {
      const named = vendorAnswer(crm, fault.kind)
      const answer = named ?? { status: 503, headers: json, body: plainAnswer(crm) }
      return sendBuffer(response, fault.status ?? answer.status, [...retry, ...answer.headers], text(fault, answer.body))
    }
  }
}

function text(fault: Fault, fallback: string): string {
  if (fault.body === undefined) return fallback
  return typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body)
}

/**
 * Lets the CRM do its work and spoils the answer: a truncated one stops half-way through the body it announced, a slow one trickles; any
 * other kind replaces it. Both CRMs answer with writeHead and end, which are caught here.
 */
export function spoilAnswer(crm: string, fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault.kind === 'truncate') return truncateAnswer(response)
  if (fault.kind === 'slow') return slowAnswer(response, fault.durationMs)
  const writeHead = response.writeHead.bind(response)
  const end = response.end.bind(response)
  response.writeHead = () => response
  response.write = () => true
  response.end = () => {
    response.writeHead = writeHead
    response.end = end
    for (const name of response.getHeaderNames()) if (name !== 'date') response.removeHeader(name)
    misbehave(crm, fault, request, response)
    return response
  }
}

function truncateAnswer(response: ServerResponse): void {
  const end = response.end.bind(response)
  response.end = ((chunk: unknown) => {
    response.end = end
    const bytes = bytesOf(chunk)
    // Without a body there is nothing to cut: the connection ends instead of the answer.
    response.write(bytes.subarray(0, Math.max(1, Math.floor(bytes.length / 2))), () => response.destroy())
    return response
  }) as ServerResponse['end']
}

const PIECES = 10

function slowAnswer(response: ServerResponse, durationMs: number): void {
  const end = response.end.bind(response)
  response.end = ((chunk: unknown) => {
    response.end = end
    const bytes = bytesOf(chunk)
    response.flushHeaders()
    const size = Math.max(1, Math.ceil(bytes.length / PIECES))
    let sent = 0
    const timer = setInterval(() => {
      if (sent >= bytes.length || response.destroyed) {
        clearInterval(timer)
        response.end()
        return
      }
      response.write(bytes.subarray(sent, sent + size))
      sent += size
    }, durationMs / PIECES)
    response.once('close', () => clearInterval(timer))
    return response
  }) as ServerResponse['end']
}

function bytesOf(chunk: unknown): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.isBuffer(chunk) ? chunk : Buffer.alloc(0)
}

/** Both CRMs take less than this; what is larger is theirs to refuse. */
const REPEATED_MOST = 256 * 1024 * 1024

/** A repetition on the way: the request arrives twice, the client sees the second answer. */
export async function handleTwice(
  crm: SandboxCrm,
  request: IncomingMessage,
  response: ServerResponse,
  unseen: ServerResponse,
): Promise<void> {
  const body = await readBody(request, REPEATED_MOST)
  await crm.handle(again(request, body), unseen)
  await crm.handle(again(request, body), response)
}

function again({ method, url, headers, rawHeaders, httpVersion, socket }: IncomingMessage, body: Buffer): IncomingMessage {
  const parts = { method, url, headers, rawHeaders, httpVersion, socket }
  return Object.assign(Readable.from(body.length === 0 ? [] : [body]), parts) as unknown as IncomingMessage
}

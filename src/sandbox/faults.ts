import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { sendBuffer } from './http.ts'

/** One planned misbehaviour. Without `times`, `after` and `probability` every matching request is hit. */
export const Fault = z.object({
  crm: z.enum(['hubspot', 'salesforce']),
  method: z.string().toUpperCase().optional().describe('HTTP method; absent: any'),
  path: z.string().default('').describe('regular expression on path and query; empty: any'),
  kind: z.enum(['status', 'reset', 'hang', 'html', 'no-content-type', 'truncate', 'empty']),
  times: z.number().int().min(1).optional().describe('how many matching requests are hit'),
  after: z.number().int().min(0).default(0).describe('how many matching requests pass first'),
  probability: z.number().min(0).max(1).default(1).describe('share of matching requests that are hit, drawn from the random seed'),
  phase: z.enum(['before', 'after']).default('before').describe('after: the CRM does the work, only its answer is lost or replaced'),
  status: z.number().int().min(200).max(599).optional().describe('default 503; 502 for html and no-content-type'),
  body: z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
  retryAfter: z.union([z.string(), z.number()]).optional().describe('Retry-After header'),
})
export type Fault = z.infer<typeof Fault>

type Planned = Fault & { pattern: RegExp; seen: number; hits: number }

export type Faults = {
  /** Throws when the path is no regular expression. */
  plan(faults: readonly Fault[]): void
  list(): (Fault & { seen: number; hits: number })[]
  clear(): void
  /** The fault that hits this request, if any. */
  draw(crm: string, request: IncomingMessage): Fault | undefined
}

export function createFaults(random: () => number): Faults {
  let planned: Planned[] = []
  return {
    plan(faults) {
      planned.push(...faults.map((fault) => ({ ...fault, pattern: compile(fault.path), seen: 0, hits: 0 })))
    },
    list: () => planned.map(({ pattern: _pattern, ...fault }) => fault),
    clear() {
      planned = []
    },
    draw(crm, request) {
      for (const fault of planned) {
        if (fault.crm !== crm || (fault.method !== undefined && fault.method !== request.method)) continue
        if (!fault.pattern.test(request.url ?? '/')) continue
        fault.seen++
        if (fault.seen <= fault.after || fault.hits >= (fault.times ?? Infinity)) continue
        if (fault.probability < 1 && random() >= fault.probability) continue
        fault.hits++
        return fault
      }
      return undefined
    },
  }
}

function compile(path: string): RegExp {
  try {
    return new RegExp(path)
  } catch (error) {
    throw new Error('the path of a fault must be a regular expression', { cause: error })
  }
}

/** Answers in the CRM's place. */
export function misbehave(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  const headers = fault.retryAfter === undefined ? [] : ['Retry-After', String(fault.retryAfter)]
  switch (fault.kind) {
    case 'reset':
      request.socket.resetAndDestroy()
      return
    case 'hang':
      return
    case 'html':
      sendBuffer(
        response,
        fault.status ?? 502,
        [...headers, 'Content-Type', 'text/html'],
        text(fault, '<html><body><h1>502 Bad Gateway</h1></body></html>'),
      )
      return
    case 'no-content-type':
      sendBuffer(response, fault.status ?? 502, headers, text(fault, 'Bad Gateway'))
      return
    case 'empty':
      sendBuffer(response, fault.status ?? 200, [...headers, 'Content-Type', 'application/json;charset=utf-8'], '')
      return
    case 'status':
    case 'truncate': {
      const body = text(fault, JSON.stringify({ status: 'error', message: 'Service unavailable' }))
      sendBuffer(response, fault.status ?? 503, [...headers, 'Content-Type', 'application/json;charset=utf-8'], body)
    }
  }
}

function text(fault: Fault, fallback: string): string {
  if (fault.body === undefined) return fallback
  return typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body)
}

/**
 * Lets the CRM do its work and spoils the answer: a truncated one stops half-way through the body it announced; any other kind replaces it.
 * Both CRMs answer with writeHead and end, which are caught here.
 */
export function spoilAnswer(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault.kind === 'truncate') return truncateAnswer(response)
  const writeHead = response.writeHead.bind(response)
  const end = response.end.bind(response)
  response.writeHead = () => response
  response.write = () => true
  response.end = () => {
    response.writeHead = writeHead
    response.end = end
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    misbehave(fault, request, response)
    return response
  }
}

function truncateAnswer(response: ServerResponse): void {
  const end = response.end.bind(response) as (chunk: unknown, done: () => void) => ServerResponse
  response.end = ((chunk: unknown) => {
    response.end = end as ServerResponse['end']
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.isBuffer(chunk) ? chunk : Buffer.alloc(0)
    // Without a body there is nothing to cut: the connection ends instead of the answer.
    response.write(bytes.subarray(0, Math.max(1, Math.floor(bytes.length / 2))), () => response.destroy())
    return response
  }) as ServerResponse['end']
}

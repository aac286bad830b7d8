import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { SandboxClock, SandboxCrm } from './crm.ts'
import { misbehave, spoilAnswer } from './faults.ts'
import type { Faults } from './faults.ts'
import { routeOf, sendBuffer } from './http.ts'
import type { Stats } from './stats.ts'

export type Traffic = { clock: SandboxClock; stats: Stats; faults: Faults; latencyMs: number }

/** One port in front of one CRM: counts, delays, misbehaves as planned, then hands over. */
export function createCrmServer(crm: SandboxCrm, traffic: Traffic): Server {
  const server = createServer({ keepAliveTimeout: 60_000, maxHeaderSize: 96 * 1024, noDelay: true }, (request, response) => {
    traffic.stats.arrived(crm.name, performance.now(), (request.url ?? '').includes('/search'))
    response.once('close', () => record(crm, traffic, request, response))
    if (traffic.latencyMs > 0) setTimeout(() => serve(crm, traffic, request, response), traffic.latencyMs)
    else serve(crm, traffic, request, response)
  })
  server.requestTimeout = 0
  return server
}

function serve(crm: SandboxCrm, traffic: Traffic, request: IncomingMessage, response: ServerResponse): void {
  if (request.socket.destroyed) return
  const fault = traffic.faults.draw(crm.name, request)
  if (fault !== undefined) {
    if (fault.phase === 'before' && fault.kind !== 'truncate') return misbehave(fault, request, response)
    spoilAnswer(fault, request, response)
  }
  try {
    const working = crm.handle(request, response)
    if (working !== undefined) working.catch((error: unknown) => fail(crm, request, response, error))
  } catch (error) {
    fail(crm, request, response, error)
  }
}

/** A mistake of the sandbox itself: said aloud on stderr, by route only, and answered so that no client waits for ever. */
function fail(crm: SandboxCrm, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const stack = error instanceof Error ? error.stack?.split('\n').slice(1).join('\n') : ''
  process.stderr.write(`sandbox ${crm.name}: ${request.method} ${routeName(request, response)} failed\n${stack}\n`)
  if (response.headersSent) response.destroy()
  else
    sendBuffer(
      response,
      500,
      ['Content-Type', 'application/json;charset=utf-8'],
      JSON.stringify({ status: 'error', message: 'internal error' }),
    )
}

function record(crm: SandboxCrm, traffic: Traffic, request: IncomingMessage, response: ServerResponse): void {
  const status = response.headersSent ? response.statusCode : 0
  const at = new Date(traffic.clock.now()).toISOString()
  traffic.stats.answered({ at, crm: crm.name, method: request.method ?? '', route: routeName(request, response), status })
}

function routeName(request: IncomingMessage, response: ServerResponse): string {
  return routeOf(response) ?? maskPath(request.url ?? '/')
}

/** For requests no CRM placed: segments that could name a record or a person are masked. */
export function maskPath(target: string): string {
  const path = target.split('?', 1)[0]!
  return path
    .split('/')
    .map((segment) =>
      /^v?[\d.]{1,5}$/.test(segment) || /^[A-Za-z][A-Za-z_-]{0,30}(__[a-z]{1,2})?$/.test(segment) || segment === '' ? segment : '{}',
    )
    .join('/')
}

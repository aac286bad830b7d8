import { createServer, ServerResponse } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { SandboxClock, SandboxCrm } from './crm.ts'
import type { Fault, Faults } from './faults.ts'
import { originForm, routeOf, sendBuffer } from './http.ts'
import { drawLatency } from './latency.ts'
import type { Latency } from './latency.ts'
import { handleTwice, misbehave, spoilAnswer } from './misbehave.ts'
import type { Stats } from './stats.ts'

export type Traffic = {
  clock: SandboxClock
  stats: Stats
  faults: Faults
  /** By CRM. */
  latency: Record<string, Latency>
  /** Of the latencies. */
  random: () => number
}

/** One request on its way through. */
type Visit = { crm: SandboxCrm; traffic: Traffic; request: IncomingMessage; response: ServerResponse; startedAt: number; fault?: Fault }

/** One port in front of one CRM: counts, delays, misbehaves as planned, then hands over. */
export function createCrmServer(crm: SandboxCrm, traffic: Traffic): Server {
  const server = createServer({ keepAliveTimeout: 60_000, maxHeaderSize: 96 * 1024, noDelay: true }, (request, response) => {
    const visit: Visit = { crm, traffic, request, response, startedAt: performance.now() }
    request.url = originForm(request.url ?? '/')
    traffic.stats.arrived(crm.name, visit.startedAt, request.url.includes('/search'))
    response.sendDate = false
    response.setHeader('Date', dateHeader(traffic.clock.now()))
    response.once('close', () => record(visit))
    const waitMs = drawLatency(traffic.latency[crm.name] ?? { ms: 0 }, traffic.random)
    if (waitMs > 0) setTimeout(() => serve(visit), waitMs)
    else serve(visit)
  })
  server.requestTimeout = 0
  return server
}

let dateSecond = Number.NaN
let dateText = ''

/** The sandbox's time, as clients that mind the server's clock see it. */
function dateHeader(now: number): string {
  const second = Math.floor(now / 1000)
  if (second !== dateSecond) {
    dateSecond = second
    dateText = new Date(now).toUTCString()
  }
  return dateText
}

function serve(visit: Visit): void {
  const { crm, traffic, request, response } = visit
  if (request.socket.destroyed) return
  const fault = traffic.faults.draw(crm.name, request)
  try {
    const working = fault === undefined ? crm.handle(request, response) : serveBadly(visit, (visit.fault = fault))
    if (working !== undefined) working.catch((error: unknown) => fail(visit, error))
  } catch (error) {
    fail(visit, error)
  }
}

function serveBadly({ crm, request, response }: Visit, fault: Fault): void | Promise<void> {
  if (fault.kind === 'duplicate') return handleTwice(crm, request, response, new ServerResponse(request))
  const spoils = fault.phase === 'after' || fault.kind === 'truncate' || fault.kind === 'slow'
  if (!spoils) return misbehave(crm.name, fault, request, response)
  spoilAnswer(crm.name, fault, request, response)
  return crm.handle(request, response)
}

/** A mistake of the sandbox itself: said aloud on stderr, by route only, and answered so that no client waits for ever. */
function fail({ crm, request, response }: Visit, error: unknown): void {
  const stack = error instanceof Error ? error.stack?.split('\n').slice(1).join('\n') : ''
  process.stderr.write(`sandbox ${crm.name}: ${request.method} ${routeName(request, response)} failed\n${stack}\n`)
  if (response.headersSent) return void response.destroy()
  const body = JSON.stringify({ status: 'error', message: 'internal error' })
  sendBuffer(response, 500, ['Content-Type', 'application/json;charset=utf-8'], body)
}

function record({ crm, traffic, request, response, startedAt, fault }: Visit): void {
  traffic.stats.answered({
    at: new Date(traffic.clock.now()).toISOString(),
    crm: crm.name,
    method: request.method ?? '',
    route: routeName(request, response),
    status: response.headersSent ? response.statusCode : 0,
    tookMs: Math.round(performance.now() - startedAt),
    ...(fault === undefined ? {} : { fault: fault.kind }),
  })
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

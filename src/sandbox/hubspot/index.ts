import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CrmOptions, SandboxCrm } from '../crm.ts'
import { BodyTooLarge, noteRoute, readBody, schemeOf, sendBuffer } from '../http.ts'
import { createSyncSide } from './sync-side.ts'
import type { Answer } from './call.ts'
import { NoRoute, Refusal } from './errors.ts'
import { pullLever } from './levers.ts'
import { loadRows } from './load.ts'
import { packPortal, unpackPortal } from './parcel.ts'
import type { PortalParcel } from './parcel.ts'
import { createPortal } from './portal.ts'
import type { Portal } from './portal.ts'
import { settleOptOuts } from './preferences.ts'
import { placeRequest } from './router.ts'
import { keepPortal } from './snapshot.ts'
import { NOBODY, requireScope } from './tokens.ts'

/** A longer request line is answered 414 by the web tier. */
const TARGET_MOST = 16_000
const JSON_CONTENT = ['Content-Type', 'application/json;charset=utf-8']
const NO_BODY = Buffer.alloc(0)
const BODYLESS = new Set(['GET', 'DELETE', 'HEAD', 'OPTIONS'])

/** A stateful HubSpot portal, driven by any client of the public API. */
export function createHubSpot(options: CrmOptions): SandboxCrm {
  const portal = createPortal(options)
  return {
    name: 'hubspot',
    handle: (request, response) => handle(portal, request, response),
    load: (object, rows) => loadRows(portal, object, rows),
    give: () => packPortal(portal),
    take: (content) => unpackPortal(portal, content as PortalParcel),
    keep: () => ({ restore: keepPortal(portal, options), drop() {} }),
    pull: (lever, body) => pullLever(portal, lever, body),
    sync: createSyncSide(portal),
    close() {
      portal.webhooks.close()
      portal.journal.close()
    },
  }
}

function handle(portal: Portal, request: IncomingMessage, response: ServerResponse): void | Promise<void> {
  if (BODYLESS.has(request.method ?? 'GET')) return respond(portal, request, response, NO_BODY)
  return readBody(request).then(
    (body) => respond(portal, request, response, body),
    (error: unknown) => {
      if (error instanceof BodyTooLarge) refuse(response, new Refusal(413, { message: 'The request body is too large' }), randomUUID())
      else response.destroy()
    },
  )
}

function respond(portal: Portal, request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const correlationId = randomUUID()
  const headers: string[] = []
  try {
    const answer = answerTo(portal, request, response, body, headers, correlationId)
    send(response, answer, headers, correlationId)
  } catch (error) {
    if (error instanceof NoRoute) refuseInHtml(response, error)
    else if (error instanceof Refusal) refuse(response, error, correlationId, headers)
    else throw error
  }
}

function answerTo(
  portal: Portal,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  headers: string[],
  correlationId: string,
): Answer {
  const method = request.method ?? 'GET'
  const target = (request.url ?? '/').replace(/^\/{2,}/, '/')
  if (target.length > TARGET_MOST) throw new Refusal(414, { message: 'URI Too Long' })
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  const { route, template, parts, dialect } = placeRequest(method, path)
  noteRoute(response, template)
  settleOptOuts(portal)
  const now = portal.clock.now()
  const token = route.kind === 'open' ? NOBODY : portal.tokens.authenticate(request.headers.authorization, now)
  if (route.kind !== 'open' && route.kind !== 'exempt') headers.push(...portal.limits.admit(token, route.kind, now, correlationId))
  if (route.scopes.length > 0) requireScope(token, ...route.scopes)
  if (route.kind !== 'open') refuseOtherContent(request, body)
  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1))
  const call = { method, parts, query, target, body, token, dialect, origin: originOf(request) }
  return route.handler(portal, call)
}

/** The host the caller used, as long as it is one. */
function originOf(request: IncomingMessage): string {
  const host = request.headers.host ?? ''
  const named = /^(\[[\da-f:]+\]|[\w.-]+)(:\d{1,5})?$/i.test(host) && URL.canParse(`http://${host}`)
  return `${schemeOf(request)}://${named ? host : `127.0.0.1:${request.socket.localPort}`}`
}

function refuseOtherContent(request: IncomingMessage, body: Buffer): void {
  const type = request.headers['content-type']
  if (body.length === 0 || type === undefined || /^application\/([\w.+-]*\+)?json\b/i.test(type)) return
  throw new Refusal(415, { message: 'Unsupported Media Type: the content type application/json is expected' })
}

function send(response: ServerResponse, answer: Answer, headers: readonly string[], correlationId: string): void {
  const all = [...headers, 'X-HubSpot-Correlation-Id', correlationId]
  if (answer.body === undefined) return sendBuffer(response, answer.status, [...(answer.headers ?? []), ...all], undefined)
  const body = Buffer.isBuffer(answer.body) ? answer.body : JSON.stringify(answer.body)
  return sendBuffer(response, answer.status, [...(answer.headers ?? JSON_CONTENT), ...all], body)
}

function refuse(response: ServerResponse, refusal: Refusal, correlationId: string, headers: readonly string[] = []): void {
  const { message, ...rest } = refusal.body
  send(
    response,
    { status: refusal.status, body: { status: 'error', message, correlationId, ...rest } },
    [...headers, ...refusal.headers],
    correlationId,
  )
}

function refuseInHtml(response: ServerResponse, refusal: NoRoute): void {
  const title = refusal.status === 404 ? 'Error 404 Not Found' : 'Error 405 Method Not Allowed'
  const page = `<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>\n<title>${title}</title>\n</head>\n<body><h2>HTTP ERROR ${refusal.status}</h2></body>\n</html>\n`
  sendBuffer(response, refusal.status, ['Content-Type', 'text/html;charset=utf-8'], page)
}

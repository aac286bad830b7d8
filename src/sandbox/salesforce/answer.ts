/** HTTP in, HTTP out: lenient about paths, strict about tokens, and never a broken answer. */
import { BodyTooLarge, noteRoute, readBody, schemeOf } from '../http.ts'
import { Fault, notFound } from './fault.ts'
import { bulk1Reply } from './bulk1.ts'
import { bulk1Error, BulkError } from './bulk1-form.ts'
import { settleV1 } from './bulk1-job.ts'
import { commitChanges } from './changes.ts'
import { json, originOf } from './call.ts'
import { limitHeader, spendCall } from './usage.ts'
import { methodOf, prefersXml, takeSuffix, unpack } from './request-in.ts'
import { formOf } from './oauth-request.ts'
import { isOAuth, oauthReply } from './oauth.ts'
import { route } from './routes.ts'
import { sendReply } from './reply-out.ts'
import { bearerOf, sessionOf, sessionOfToken } from './session.ts'
import { soapReply } from './soap.ts'
import { splitUrl, versionList, versionOf } from './url.ts'
import { settleJobs } from './ingest-job.ts'
import { sweepBin } from './bin.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Call, Reply, World } from './call.ts'

/** Salesforce docs: URI and headers may hold 16,384 bytes together. */
const HEAD_LIMIT = 16_384
const BODY_LIMIT = 150 * 1024 * 1024

/** Refusals are answered; anything else that is thrown is a defect of this sandbox, which the host reports. */
export async function answerRequest(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = {
    xml: false,
    pretty: request.headers['x-prettyprint'] === '1',
    compress: world.wire.compress,
    head: request.method === 'HEAD',
  }
  let reply: Reply
  try {
    form.xml = prefersXml(request.headers.accept)
    const body = await unpack(request, await readBody(request, BODY_LIMIT), BODY_LIMIT)
    reply = await dispatch(world, request, response, body, form)
  } catch (error) {
    // The client went away: there is nobody to answer.
    if (request.destroyed && !request.complete) return
    if (error instanceof BodyTooLarge) reply = json(413, new Fault(413, 'REQUEST_ENTITY_TOO_LARGE', 'Request Entity Too Large').body())
    else if (error instanceof Fault) reply = json(error.status, error.body())
    else throw error
  }
  const isRest = /^\/+services\/data\/+v/i.test(request.url ?? '')
  const limits = isRest ? { 'Sforce-Limit-Info': limitHeader(world.usage, world.org.clock.now()) } : {}
  sendReply(request, response, { ...reply, headers: { ...reply.headers, ...limits } }, form)
}

async function dispatch(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  form: { xml: boolean },
): Promise<Reply> {
  const url = request.url ?? '/'
  const { path, query } = splitUrl(url)
  noteRoute(response, routeTemplate(path))
  checkHead(request, url)
  const origin = `${schemeOf(request)}://${request.headers.host ?? 'localhost'}`
  const sent = (request.method ?? 'GET').toUpperCase()
  const method = sent === 'HEAD' ? 'GET' : methodOf(sent, query)
  if (isOAuth(path)) {
    const { authorization, accept } = request.headers
    const reply = await oauthReply(world, { method, path, form: formOf(method, query, body), authorization, accept, origin })
    if (reply !== undefined) {
      // OAuth has chosen its format already; there `format` goes before the header.
      form.xml = false
      return reply
    }
  }
  const [services, kind] = path.map((part) => part.toLowerCase())
  if (services !== 'services') throw notFound()
  const headers = { ...flatHeaders(request), 'x-sandbox-origin': origin }
  const asked = { ...world, method, query, headers, body }
  if (kind === 'async') return asyncReply(asked, path.slice(2))
  if (kind === 'soap') return soapReply(asked, path.slice(2), carryOut)
  if (kind !== 'data') throw notFound()
  if (path[2] === undefined) return json(200, versionList())
  const { path: rest, suffix } = takeSuffix(path.slice(3))
  if (suffix !== undefined) form.xml = suffix === 'xml'
  const session = sessionOf(world.org, world.sessions, request.headers.authorization)
  // unverified: the code beside this sentence; clients match on the sentence.
  if (!world.wire.rest) throw new Fault(401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API')
  const version = versionOf(path[2])
  if (version === undefined) throw notFound()
  return carryOut({ ...asked, version, base: `/services/data/v${version}`, path: rest, session }, route)
}

/** Bulk API 1.0: the token comes in its own header, and is missed in its own words. */
function asyncReply(asked: Omit<Call, 'version' | 'base' | 'path' | 'session'>, [number = '', ...path]: readonly string[]): Reply {
  const { org, sessions, headers } = asked
  const version = versionOf(`v${number}`)
  const session = sessionOfToken(org, sessions, headers['x-sfdc-session'] ?? bearerOf(headers.authorization))
  if (version === undefined) return bulk1Error(asked, new BulkError('InvalidVersion', `Api version is not supported: ${number}`))
  if (session === undefined) return bulk1Error(asked, new BulkError('InvalidSessionId', 'Invalid session id'))
  return carryOut({ ...asked, version, base: `/services/data/v${version}`, path, session }, bulk1Reply)
}

/** One counted call: what is due by now happens first, what it wrote is told after. */
function carryOut(call: Call, run: (call: Call) => Reply): Reply {
  call.org.allowsDuplicates = false
  spendCall(call.usage, call.org.clock.now(), call.org.rateLimit)
  sweepBin(call.org)
  settleJobs(call.org, call.jobs)
  settleV1(call.org, call.jobs)
  try {
    return run(call)
  } finally {
    commitChanges(call.org, originOf(call))
  }
}

function checkHead(request: IncomingMessage, url: string): void {
  if (url.length > HEAD_LIMIT) throw new Fault(414, 'URI_TOO_LONG', 'URI Too Long')
  const headers = request.rawHeaders.reduce((sum, text) => sum + text.length + 2, 0)
  if (url.length + headers > HEAD_LIMIT) throw new Fault(431, 'REQUEST_HEADER_FIELDS_TOO_LARGE', 'Request Header Fields Too Large')
}

/** The path with ids, locators and external values left out, for statistics. */
function routeTemplate(path: readonly string[]): string {
  const shown = path.map((part) =>
    /^v?\d\d\.0$/i.test(part) || /^[ucm]$/.test(part) || /^[A-Za-z][A-Za-z_]{2,39}$/.test(part) || part === 'id' || part === 'oauth2'
      ? part
      : '{id}',
  )
  // What follows an object's external id field is a value, perhaps an address.
  const object = shown.findIndex((part) => part.toLowerCase() === 'sobjects')
  if (object >= 0 && shown.length > object + 3) shown[object + 3] = '{value}'
  return `/${shown.join('/')}`
}

function flatHeaders(request: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]))
}

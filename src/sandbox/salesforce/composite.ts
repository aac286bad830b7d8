/** /composite and /composite/batch: several calls in one. Salesforce docs: REST API, Composite, Batch. */
import { Fault, notFound, wrongMethod } from './fault.ts'
import { commitChanges } from './changes.ts'
import { isObject, json, originOf, readJson } from './call.ts'
import { splitUrl, versionOf } from './url.ts'
import { transaction } from './rehearse.ts'
import type { Call, Reply } from './call.ts'

export type Route = (call: Call) => Reply
type Step = { method: string; url: string; referenceId: string; body: unknown }
type Done = { body: unknown; httpHeaders: Readonly<Record<string, string>>; httpStatusCode: number; referenceId: string }

const MOST = 25
const HALTED = 'The transaction was rolled back since another operation in the same transaction failed.'

/** `rest` are the segments after `composite`. */
export function compositeReply(call: Call, rest: readonly string[], route: Route): Reply {
  if (rest.length > 1) throw notFound()
  if (call.method !== 'POST') throw wrongMethod('POST')
  const kind = rest[0]?.toLowerCase()
  if (kind === undefined) return composite(call, route)
  if (kind === 'batch') return batch(call, route)
  throw notFound()
}

function composite(call: Call, route: Route): Reply {
  const body = readJson(call)
  const steps = stepsOf(body.compositeRequest, 'compositeRequest')
  if (new Set(steps.map(({ referenceId }) => referenceId)).size !== steps.length) throw badRequest('referenceIds must be unique')
  if (body.allOrNone !== true) return json(200, { compositeResponse: runSteps(call, steps, apart(route)) })
  const compositeResponse = transaction(call.org, () => {
    const done = runSteps(call, steps, route)
    const keep = done.every(({ httpStatusCode }) => httpStatusCode < 400)
    return { keep, value: keep ? done : done.map((each) => (each.httpStatusCode < 400 ? halted(each.referenceId, HALTED) : each)) }
  })
  return json(200, { compositeResponse })
}

/** Each step is a transaction of its own. */
function apart(route: Route): Route {
  return (call) => {
    try {
      return route(call)
    } finally {
      commitChanges(call.org, originOf(call))
    }
  }
}

const badRequest = (message: string): Fault => new Fault(400, 'INVALID_INPUT', message)

function stepsOf(list: unknown, name: string): Step[] {
  if (!Array.isArray(list) || !list.every(isObject)) throw badRequest(`${name} must be a list of requests`)
  if (list.length > MOST) throw badRequest(`The limit of ${MOST} subrequests was exceeded`)
  return list.map((each, at) => {
    const { method = 'GET', url, referenceId = String(at), body, richInput } = each
    if (typeof method !== 'string' || typeof url !== 'string' || typeof referenceId !== 'string')
      throw badRequest('each request needs a method and a url')
    return { method: method.toUpperCase(), url, referenceId, body: body ?? richInput }
  })
}

function runSteps(call: Call, steps: readonly Step[], route: Route): Done[] {
  const done = new Map<string, Done>()
  for (const step of steps) {
    const filled = fillReferences(step, done)
    done.set(
      step.referenceId,
      filled === undefined
        ? halted(step.referenceId, 'Invalid reference specified.')
        : { ...run(call, filled, route), referenceId: step.referenceId },
    )
  }
  return [...done.values()]
}

const halted = (referenceId: string, message: string): Done => ({
  body: [{ errorCode: 'PROCESSING_HALTED', message }],
  httpHeaders: {},
  httpStatusCode: 400,
  referenceId,
})

/** Replaces `@{ref.path}` in url and body; undefined where a reference leads nowhere. */
function fillReferences(step: Step, done: ReadonlyMap<string, Done>): Step | undefined {
  let lost = false
  const fill = (text: string, escape: (value: string) => string): string =>
    text.replaceAll(/@\{([^}]+)\}/g, (_, reference: string) => {
      const value = lookUp(reference, done)
      if (value === undefined) lost = true
      return escape(value ?? '')
    })
  const url = fill(step.url, encodeURIComponent)
  const text = step.body === undefined ? undefined : fill(JSON.stringify(step.body), (value) => JSON.stringify(value).slice(1, -1))
  if (lost) return undefined
  return { ...step, url, body: text === undefined ? undefined : JSON.parse(text) }
}

function lookUp(reference: string, done: ReadonlyMap<string, Done>): string | undefined {
  const [id = '', ...path] = reference.replaceAll(/\[(\d+)\]/g, '.$1').split('.')
  let value: unknown =
    done.get(id)?.httpStatusCode !== undefined && (done.get(id)?.httpStatusCode ?? 500) < 400 ? done.get(id)?.body : undefined
  for (const name of path) value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function run(call: Call, step: Step, route: Route): Omit<Done, 'referenceId'> {
  try {
    const reply = route(subCall(call, step))
    return { body: bodyOf(reply), httpHeaders: reply.headers ?? {}, httpStatusCode: reply.status }
  } catch (error) {
    if (error instanceof Fault) return { body: error.body(), httpHeaders: {}, httpStatusCode: error.status }
    throw error
  }
}

/** `/services/data/v60.0/…`, or `v60.0/…` as batch allows. */
function subCall(call: Call, { method, url, body }: Step): Call {
  const { path, query } = splitUrl(url)
  const start = path[0]?.toLowerCase() === 'services' ? 2 : 0
  const version = versionOf(path[start])
  if (version === undefined) throw notFound()
  const text = body === undefined ? '' : JSON.stringify(body)
  const headers = { ...call.headers, 'content-type': 'application/json' }
  return {
    ...call,
    method,
    version,
    base: `/services/data/v${version}`,
    path: path.slice(start + 1),
    query,
    headers,
    body: Buffer.from(text),
  }
}

function bodyOf(reply: Reply): unknown {
  if (reply.kind === 'none') return null
  if (reply.kind === 'json') return reply.value
  const text = typeof reply.text === 'string' ? reply.text : Buffer.concat(reply.text).toString('utf8')
  return reply.type.includes('json') ? JSON.parse(text) : text
}

function batch(call: Call, route: Route): Reply {
  const body = readJson(call)
  const steps = stepsOf(body.batchRequests, 'batchRequests')
  let hasErrors = false
  const results = steps.map((step) => {
    if (hasErrors && body.haltOnError === true) {
      return { statusCode: 412, result: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }] }
    }
    const done = run(call, step, apart(route))
    if (done.httpStatusCode >= 400) hasErrors = true
    return { statusCode: done.httpStatusCode, result: done.body }
  })
  return json(200, { hasErrors, results })
}

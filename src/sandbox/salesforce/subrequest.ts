/** One call inside another: read, filled with what earlier ones answered, carried out. Shared by composite, graph and batch. */
import { commitChanges } from './changes.ts'
import { Fault, notFound } from './fault.ts'
import { isObject, originOf } from './call.ts'
import { splitUrl, versionOf } from './url.ts'
import type { Call, Reply } from './call.ts'

export type Route = (call: Call) => Reply
export type Step = { method: string; url: string; referenceId: string; body: unknown; headers: Readonly<Record<string, string>> }
export type Done = { body: unknown; httpHeaders: Readonly<Record<string, string>>; httpStatusCode: number; referenceId: string }

export const badRequest = (message: string): Fault => new Fault(400, 'INVALID_INPUT', message)
export const ROLLED_BACK = 'The transaction was rolled back since another operation in the same transaction failed.'

export function stepsOf(list: unknown, name: string, most: number): Step[] {
  if (!Array.isArray(list) || !list.every(isObject)) throw badRequest(`${name} must be a list of requests`)
  if (list.length > most) throw badRequest(`The limit of ${most} subrequests was exceeded`)
  return list.map((each, at) => {
    const { method = 'GET', url, referenceId = String(at), body, richInput, httpHeaders } = each
    if (typeof method !== 'string' || typeof url !== 'string' || typeof referenceId !== 'string')
      throw badRequest('each request needs a method and a url')
    return { method: method.toUpperCase(), url, referenceId, body: body ?? richInput, headers: headersOf(httpHeaders) }
  })
}

/** References are looked up by id, so each needs its own. */
export function refuseTwins(steps: readonly Step[]): void {
  const seen = new Set<string>()
  for (const { referenceId } of steps) {
    if (!/^\w+$/.test(referenceId))
      throw badRequest(
        `Provided referenceId ('${referenceId}') must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').`,
      )
    if (seen.has(referenceId)) throw badRequest(`Duplicate referenceId: ${referenceId}`)
    seen.add(referenceId)
  }
}

/** Salesforce docs: a subrequest may carry headers of its own, save those of the whole call. */
function headersOf(value: unknown): Record<string, string> {
  if (!isObject(value)) return {}
  const entries = Object.entries(value).map(([name, text]) => [name.toLowerCase(), String(text)] as const)
  const taken = entries.find(([name]) => ['accept', 'authorization', 'content-type'].includes(name))
  if (taken !== undefined) throw badRequest(`The header ${taken[0]} is not allowed in a subrequest`)
  return Object.fromEntries(entries)
}

/** Runs steps in order; with `stopAtFailure` those after a failed one are left undone. */
export function runSteps(call: Call, steps: readonly Step[], route: Route, stopAtFailure: boolean): Done[] {
  const done = new Map<string, Done>()
  let failed = false
  for (const step of steps) {
    const result = failed && stopAtFailure ? halted(step.referenceId, ROLLED_BACK) : runStep(call, step, route, done)
    done.set(step.referenceId, result)
    if (result.httpStatusCode >= 400) failed = true
  }
  return [...done.values()]
}

function runStep(call: Call, step: Step, route: Route, done: ReadonlyMap<string, Done>): Done {
  const filled = fillReferences(step, done)
  if (typeof filled === 'string') {
    const [source = ''] = filled.split(/[.[]/)
    return halted(step.referenceId, `Invalid reference specified. No value for ${filled} found in ${source}`)
  }
  return { ...run(call, filled, route), referenceId: step.referenceId }
}

export const halted = (referenceId: string, message: string): Done => ({
  body: [{ errorCode: 'PROCESSING_HALTED', message }],
  httpHeaders: {},
  httpStatusCode: 400,
  referenceId,
})

export function run(call: Call, step: Step, route: Route): Omit<Done, 'referenceId'> {
  try {
    const reply = route(subCall(call, step))
    return { body: bodyOf(reply), httpHeaders: reply.headers ?? {}, httpStatusCode: reply.status }
  } catch (error) {
    if (error instanceof Fault) return { body: error.body(), httpHeaders: {}, httpStatusCode: error.status }
    throw error
  }
}

/** Each step is a transaction of its own. */
export const apart =
  (route: Route): Route =>
  (call) => {
    try {
      return route(call)
    } finally {
      commitChanges(call.org, originOf(call))
    }
  }

/** `/services/data/v60.0/…`, or `v60.0/…` as batch allows. */
export function segmentsOf(url: string): { version: string; path: string[]; query: URLSearchParams } {
  const { path, query } = splitUrl(url)
  const start = path[0]?.toLowerCase() === 'services' ? 2 : 0
  const version = versionOf(path[start])
  if (version === undefined) throw notFound()
  return { version, path: path.slice(start + 1), query }
}

function subCall(call: Call, { method, url, body, headers }: Step): Call {
  const { version, path, query } = segmentsOf(url)
  const first = path[0]?.toLowerCase()
  if ((first === 'composite' && path[1]?.toLowerCase() !== 'sobjects') || first === 'jobs')
    throw badRequest(`The resource ${url} is not supported in a subrequest`)
  return {
    ...call,
    method,
    version,
    base: `/services/data/v${version}`,
    path,
    query,
    headers: { ...call.headers, 'if-modified-since': undefined, ...headers, 'content-type': 'application/json' },
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
  }
}

function bodyOf(reply: Reply): unknown {
  if (reply.kind === 'none') return null
  if (reply.kind === 'json') return reply.value
  const text = typeof reply.text === 'string' ? reply.text : Buffer.concat(reply.text).toString('utf8')
  return reply.type.includes('json') ? JSON.parse(text) : text
}

const REFERENCE = /@\{([^}]+)\}/g

/** Replaces `@{ref.path}` in url and body; answers the reference that leads nowhere. */
function fillReferences(step: Step, done: ReadonlyMap<string, Done>): Step | string {
  let lost: string | undefined
  const fill = (text: string, escape: (value: string) => string): string =>
    text.replaceAll(REFERENCE, (_, reference: string) => {
      const value = lookUp(reference.trim(), done)
      if (value === undefined) lost ??= reference.trim()
      return escape(value ?? '')
    })
  const url = fill(step.url, encodeURIComponent)
  const text = step.body === undefined ? undefined : fill(JSON.stringify(step.body), (value) => JSON.stringify(value).slice(1, -1))
  if (lost !== undefined) return lost
  return { ...step, url, body: text === undefined ? undefined : JSON.parse(text) }
}

/** The references a step makes, by the id of the step they lead to. */
export function referencesOf({ url, body }: Step): string[] {
  const text = url + (body === undefined ? '' : JSON.stringify(body))
  return [...text.matchAll(REFERENCE)].map(([, reference = '']) => reference.trim().split(/[.[]/)[0] ?? '')
}

/** `ref.records[0].Id`; `[*]` joins the values of all elements by commas. */
function lookUp(reference: string, done: ReadonlyMap<string, Done>): string | undefined {
  const [id = '', ...path] = reference.replaceAll(/\[(\d+|\*)\]/g, '.$1').split('.')
  const source = done.get(id)
  if (source === undefined || source.httpStatusCode >= 400) return undefined
  return valueAt(source.body, path)
}

function valueAt(value: unknown, [name, ...rest]: readonly string[]): string | undefined {
  if (name === undefined)
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
  if (name === '*') {
    const parts = Array.isArray(value) ? value.map((each) => valueAt(each, rest)) : []
    return parts.length === 0 || parts.includes(undefined) ? undefined : parts.join(',')
  }
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? valueAt((value as Record<string, unknown>)[name], rest)
    : undefined
}

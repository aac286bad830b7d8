/** One HubSpot request as it goes over the wire, and its answer as a value. */
import type { z } from 'zod'
import { ConnectorError } from '../connector.ts'
import { decoded, release, type Answer, type Attempt, type Bytes, type Request } from '../http.ts'
import { jsonOf, reasonOf, refusalOf, type Refusal } from './refusal.ts'

export type Call = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  query?: string
  body?: unknown
  /** Searches and batches of associations have allowances of their own, outside the ten-second window (HubSpot docs: usage guidelines). */
  bucket?: 'search' | 'associations'
  /** One record a call, and so by the hundred: batches, which are few, and on which whole groups wait, go before it. */
  bulk?: true
  /** A create must not be repeated when it is unknown whether it happened. */
  creates?: true
}
export type Reply<T> = { ok: true; value: T } | { ok: false; refusal: Refusal }

export function wireOf(call: Call, apiUrl: string, token: string): Request {
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: 'application/json' }
  const request = { method: call.method, url: `${apiUrl}${call.path}${call.query ? `?${call.query}` : ''}`, headers }
  if (call.body === undefined) return request
  headers['content-type'] = 'application/json'
  return { ...request, body: JSON.stringify(call.body) }
}

/** Method and path, for messages; an address in it (HubSpot's subscriptions stand under one) is left out. */
export function placeOf({ method, path }: Call): string {
  return `${method} ${path.replace(/\/[^/]*(?:@|%40)[^/]*/g, '/…')}`
}

/** A refusal that the caller has no use for. */
export function errorFrom(call: Call, refusal: Refusal): ConnectorError {
  const needs = refusal.scopes.length > 0 ? `; it needs one of the scopes ${refusal.scopes.join(', ')}` : ''
  const kind = refusal.status === 403 ? 'scope' : 'refused'
  return new ConnectorError(kind, `HubSpot refused ${placeOf(call)} (${reasonOf(refusal)})${needs}`)
}

/** Reads a body that is as it should be in less time than a schema takes; null for any other. */
export type QuickReader<Q> = (body: Buffer) => Q | null

/** An answer that ends the exchange, or a 2xx that cannot be read: a proxy's page or a cut answer may mend itself. Its bytes are gone afterwards. */
export function settle<S extends z.ZodType, Q = never>(
  call: Call,
  answer: Answer<Bytes>,
  schema: S,
  quick?: QuickReader<Q>,
): Attempt<Reply<z.output<S> | Q>> {
  const read = answer.status === 200 ? (quick?.(answer.body) ?? null) : null
  const text = read === null ? decoded(answer.body) : ''
  release(answer.body)
  if (read !== null) return { done: { ok: true, value: read } }
  if ((answer.status === 404 || answer.status === 403) && jsonOf(text) === undefined)
    return { failed: foreign(call, answer.status), again: !call.creates }
  if (answer.status >= 400) return { done: { ok: false, refusal: refusalOf(answer.status, text) } }
  const body = answer.status === 204 ? null : jsonOf(text)
  if (body === undefined) {
    const failed = new ConnectorError('unexpected-shape', `HubSpot answered ${placeOf(call)} with something else than JSON`)
    return { failed, again: !call.creates }
  }
  const parsed = schema.safeParse(body)
  if (parsed.success) return { done: { ok: true, value: parsed.data } }
  return {
    failed: new ConnectorError('unexpected-shape', `HubSpot answered ${placeOf(call)} oddly: ${whereOf(parsed.error)}`),
    again: false,
  }
}

/**
 * HubSpot says in JSON that a record is not there, or which scope is missing, and has a page for an address it does not serve; a gateway and a firewall have
 * one, too. No page tells of a record or of a right.
 */
function foreign(call: Call, status: 403 | 404): ConnectorError {
  const said = status === 404 ? 'tells of no record' : 'gives no reason: a firewall on the way may have'
  const message = `HubSpot answered ${placeOf(call)} with a ${status} that ${said}; try again, and check apiUrl and apiVersion`
  return new ConnectorError('unexpected-shape', message)
}

/** `results.0.id: invalid_type`: where and what kind, never what was there. */
function whereOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'body'}: ${issue.code}`)
    .join(', ')
}

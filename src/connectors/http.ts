/**
 * What the connectors' own transports share, HubSpot's and Salesforce's: a checked base URL, one request with a time-out
 * and no redirects, and bounded retries. Pacing is in `budget.ts`. Nothing here knows a vendor.
 */
import { z } from 'zod'
import { ConnectorError, type Deps } from './connector.ts'
import { exchange, type Incoming, type Request } from './transport.ts'

/** An https origin, or plain http on the machine itself (a sandbox). Comes out without a trailing slash. */
export const ServiceUrl = z
  .url({ protocol: /^https?$/, error: 'it is no web address, such as https://api.example.com', abort: true })
  .refine((url) => isSafeOrigin(new URL(url)), 'it must be https and name its host, or http on a loopback address, without a user name')
  .transform((url) => url.replace(/\/+$/, ''))

/** No vendor is at a bare address, and whoever is there on a network of our own was never meant to be sent a token (OWASP: server-side request forgery). */
export function isSafeOrigin({ protocol, username, password, hostname }: URL): boolean {
  if (username || password) return false
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
  if (protocol === 'http:') return loopback
  // However an address was written, a URL has it in this form.
  const isAddress = /^(\[|\d+(\.\d+){3}$)/.test(hostname)
  return protocol === 'https:' && (loopback || !isAddress)
}

export { decoded, release, type Bytes, type Incoming, type Request } from './transport.ts'
export type Answer<T = string> = { status: number; headers: Headers; body: T }

/** No answer, one that broke off, or one that is not the far side's own: it may or may not have acted. Says where, never what was sent. */
export class NoAnswer extends Error {
  override name = 'NoAnswer'
  /** What it comes to when nothing else is tried. */
  readonly kind: 'unavailable' | 'unexpected-shape'
  constructor(message: string, kind: 'unavailable' | 'unexpected-shape' = 'unavailable') {
    super(message)
    this.kind = kind
  }
}

/**
 * One request. The time limit covers the answer's body too; redirects are never followed, for they would carry the
 * credentials to another host. Rejects with the signal's reason, with `NoAnswer`, or with `unexpected-shape` on a redirect.
 */
export async function send<T = string>(
  request: Request,
  timeoutMs: number,
  signal: AbortSignal,
  read: (incoming: Incoming) => Promise<T> = async (incoming) => (await incoming.text()) as T,
): Promise<Answer<T>> {
  signal.throwIfAborted()
  const limit = new AbortController()
  const stop = () => limit.abort(signal.reason)
  const timer = setTimeout(() => limit.abort(new NoAnswer(`no answer within ${timeoutMs} ms from ${placeOf(request)}`)), timeoutMs)
  signal.addEventListener('abort', stop, { once: true })
  let incoming: Incoming | null = null
  try {
    incoming = await exchange(request, limit.signal)
    const { status, headers } = incoming
    if (status >= 300 && status < 400)
      throw new ConnectorError(
        'unexpected-shape',
        `${placeOf(request)} answered with a redirect (${status}), and none is followed; check the address of the connection`,
      )
    return { status, headers, body: await read(incoming) }
  } catch (error) {
    // What nobody will read holds its connection otherwise.
    incoming?.body.destroy()
    // The time limit, or whoever asked.
    if (limit.signal.aborted) throw limit.signal.reason
    if (error instanceof ConnectorError || error instanceof NoAnswer) throw error
    throw new NoAnswer(`no whole answer from ${placeOf(request)}: ${causeOf(error)}`)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** Host and path without the query: queries and ids may name people. */
function placeOf({ method, url }: Request): string {
  const { host, pathname } = new URL(url)
  return `${method} ${host}${pathname.replace(/\/[^/]*(?:@|%40)[^/]*/g, '/…')}`
}

/** The system's code (ECONNRESET, …): messages of the platform may hold header values. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return 'unknown cause'
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
}

/** What an attempt came to: a value, or a failure that another attempt may mend after `waitMs` (undefined: back off). */
export type Attempt<T> = { done: T } | { failed: Error; again: boolean; waitMs?: number | undefined }
export type RetryLimits = { attempts: number; baseMs: number; maxMs: number }

/** Repeats an attempt with exponential back-off and full jitter; throws the last failure. */
export async function retrying<T>(
  attempt: (n: number) => Promise<Attempt<T>>,
  limits: RetryLimits,
  deps: Pick<Deps, 'sleep' | 'random'>,
  signal: AbortSignal,
): Promise<T> {
  for (let n = 1; ; n++) {
    const result = await attempt(n)
    if ('done' in result) return result.done
    if (!result.again || n >= limits.attempts) throw result.failed
    const backOff = Math.min(limits.maxMs, limits.baseMs * 2 ** (n - 1))
    await deps.sleep(result.waitMs ?? backOff / 2 + (backOff / 2) * deps.random(), signal)
  }
}

const MAKE_TRIES = 4
/** Nothing came, or something that is not the far side's: it may have acted all the same. */
const unclear: ReadonlySet<string> = new Set(['unavailable', 'unexpected-shape'])

/**
 * Makes a thing that must not be made twice. When an answer got lost, `look` tells whether it is there by now (undefined: it is not) before
 * anything is tried again. Throws the last failure.
 */
export async function makeOnce<T>(make: () => Promise<T>, look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await make()
    } catch (error) {
      if (!(error instanceof ConnectorError) || !unclear.has(error.kind)) throw error
      const found = await look()
      if (found !== undefined) return found
      if (tries >= MAKE_TRIES) throw error
    }
  }
}

/** Whoever says "at once", or names a moment that has passed by our clock, still has just held us back. */
const SHORTEST_WAIT_MS = 1_000

/** `Retry-After` in milliseconds: seconds or an HTTP date. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const text = headers.get('retry-after')?.trim()
  if (!text) return undefined
  const named = /^\d+(\.\d+)?$/.test(text) ? Math.ceil(Number(text) * 1000) : Date.parse(text) - now
  return Number.isNaN(named) ? undefined : Math.max(SHORTEST_WAIT_MS, named)
}

/** Waits for shared work that goes on without us; rejects with the signal's reason. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

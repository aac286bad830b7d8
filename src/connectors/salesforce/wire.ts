/**
 * Every request to Salesforce goes through here: counted, paced, timed, repeated where that is safe.
 *
 * jsforce shapes the OAuth grants (session.ts) and no more: its own transport cannot be aborted, buffers whole answers,
 * follows redirects to any host with the token, and drops the HTTP status; so requests go through ours.
 */
import { createBudget } from '../budget.ts'
import { ConnectorError, type Deps, type Permits } from '../connector.ts'
import { type Attempt, type Incoming, NoAnswer, type Request, retryAfterMs, retrying, send } from '../http.ts'
import { type Fault, faultsOf, isPassing } from './fault.ts'
import { dayIn } from './quota.ts'
import type { Settings } from './settings.ts'

const RETRY = { attempts: 4, baseMs: 500, maxMs: 15_000 }
/** A longer wait is the caller's to plan: it should not hold a worker. */
const LONGEST_WAIT_MS = 60_000

/** `at`: the server's clock, no later than when it began to answer, in epoch milliseconds. */
export type Got<T> =
  | { ok: true; at: number; headers: Headers; value: T }
  | { ok: false; at: number; status: number; text: string; faults: readonly Fault[]; retryAfterMs: number | undefined }
/**
 * `repeatable`: doing it twice is the same as doing it once. `exempt`: sent also when our part of the day's calls is used up. `reads`: an answer that is worth
 * reading though it is no success, as SOAP's faults are.
 */
export type How<T> = { repeatable: boolean; exempt: boolean; read: (incoming: Incoming) => Promise<T>; reads?: (status: number) => boolean }

export interface Wire {
  readonly usage: { readonly calls: number; readonly throttled: number }
  readonly clock: { readonly aheadMs: number | null }
  /** Gives refusals back as values; throws `unavailable` or `throttled` when patience is at its end. */
  exchange<T>(request: Request, how: How<T>, signal: AbortSignal): Promise<Got<T>>
}

export function createWire(settings: Settings, deps: Deps): Wire {
  const usage = { calls: 0, throttled: 0 }
  const clock: { aheadMs: number | null } = { aheadMs: null }
  const { requestsPerSecond: limit, share, dailyReserve, concurrency } = settings
  const permits = deps.permits({ name: 'calls', limit, windowMs: 1_000, share, dailyReserve })
  const budget = createBudget(permits, concurrency, deps.urgency)

  async function attempt<T>(request: Request, how: How<T>, signal: AbortSignal): Promise<Attempt<Got<T>>> {
    let got: Got<T>
    try {
      const once = (): Promise<Got<T>> => {
        usage.calls++
        return ask(request, how, { timeoutMs: settings.timeoutMs, now: deps.now, permits, clock }, signal)
      }
      got = await budget.run(once, signal, { exempt: how.exempt })
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      return { failed: new ConnectorError(error.kind, error.message), again: how.repeatable }
    }
    if (got.ok) return { done: got }
    const verdict = judge(got)
    if (verdict === null) return { done: got }
    if (verdict.error.kind === 'throttled') {
      usage.throttled++
      permits.refused(verdict.error.retryAfterMs ?? RETRY.baseMs, isDaySpent(got) ? 'day' : 'window')
    }
    return { failed: verdict.error, again: verdict.always || (verdict.passing && how.repeatable), waitMs: verdict.error.retryAfterMs }
  }

  return {
    usage,
    clock,
    exchange: (request, how, signal) => retrying(() => attempt(request, how, signal), RETRY, deps, signal),
  }
}

type Line = { timeoutMs: number; now: () => number; permits: Permits; clock: { aheadMs: number | null } }

async function ask<T>(request: Request, how: How<T>, { timeoutMs, now, permits, clock }: Line, signal: AbortSignal): Promise<Got<T>> {
  const began = now()
  const sentAt = permits.now()
  const answer = await send<{ value: T } | { text: string }>(request, timeoutMs, signal, async (incoming) =>
    isSuccess(incoming.status) || how.reads?.(incoming.status) === true
      ? { value: await how.read(incoming) }
      : { text: await incoming.text() },
  )
  const date = Date.parse(answer.headers.get('date') ?? '')
  if (!Number.isNaN(date)) clock.aheadMs = date - now()
  const at = Number.isNaN(date) ? began : date - Math.max(0, now() - began)
  const day = dayIn(answer.headers)
  if (day) permits.observeDay({ ...day, sentAt })
  if ('value' in answer.body) return { ok: true, at, headers: answer.headers, value: answer.body.value }
  const { text } = answer.body
  return { ok: false, at, status: answer.status, text, faults: faultsOf(text), retryAfterMs: retryAfterMs(answer.headers, now()) }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

type Refused = Extract<Got<unknown>, { ok: false }>

/** `null`: an answer to give back. `always`: the request was not acted on, so any method may be repeated. */
function judge(got: Refused): { error: ConnectorError; always: boolean; passing: boolean } | null {
  const limited = got.faults.find((fault) => fault.code === 'REQUEST_LIMIT_EXCEEDED')
  const retry = got.retryAfterMs === undefined ? {} : { retryAfterMs: got.retryAfterMs }
  const soon = (got.retryAfterMs ?? 0) <= LONGEST_WAIT_MS
  if (got.status === 429 || limited) {
    const error = new ConnectorError('throttled', `Salesforce holds us back: HTTP ${got.status}${codesOf(got)}`, retry)
    return { error, always: soon && (got.status === 429 || limited?.concurrent === true), passing: false }
  }
  if (got.status >= 500 || got.status === 420 || got.faults.some(isPassing)) {
    const error = new ConnectorError('unavailable', `Salesforce cannot answer now: HTTP ${got.status}${codesOf(got)}`, retry)
    return { error, always: false, passing: soon }
  }
  // Salesforce names its reason; a page of a gateway or a firewall would pass for an object that is not there, or for a right that is missing.
  if ((got.status === 404 || got.status === 403) && got.faults.length === 0) {
    const message = `Salesforce answered with a ${got.status} that tells nothing; try again, and check loginUrl, instanceUrl and apiVersion`
    return { error: new ConnectorError('unexpected-shape', message), always: false, passing: true }
  }
  return null
}

/** Of the two limits that share a code, the one that does not pass by itself. */
function isDaySpent(got: Refused): boolean {
  return got.faults.some((fault) => fault.code === 'REQUEST_LIMIT_EXCEEDED' && !fault.concurrent)
}

function codesOf(got: Refused): string {
  return got.faults.map((fault) => ` ${fault.code}`).join('')
}

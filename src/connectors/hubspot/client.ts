/**
 * One connection's way to HubSpot: pacing, token, retries, time limits and the parsing of answers.
 *
 * Own transport (`../transport.ts`), because @hubspot/api-client has no time-outs, ignores Retry-After, retries neither network
 * errors nor answers without a content type, shares its limiter across portals, and drops the `errors` of batch answers.
 * Its types describe what is sent.
 */
import type { z } from 'zod'
import { createBudget } from '../budget.ts'
import { ConnectorError, type Deps, type Permits } from '../connector.ts'
import { decoded, NoAnswer, retrying, send, type Answer, type Attempt, type Bytes, type Incoming } from '../http.ts'
import { errorFrom, placeOf, settle, wireOf, type Call, type QuickReader, type Reply } from './message.ts'
import { pathsOf, type Paths } from './paths.ts'
import { Account } from './payloads.ts'
import { refusalOf } from './refusal.ts'
import type { HubspotSettings } from './settings.ts'
import { allowanceIn, longestWaitMs, msToMidnight, waitAfter429, waitAfterLock } from './throttle.ts'
import { tokenSource } from './token.ts'

export interface HubspotClient {
  readonly settings: HubspotSettings
  readonly paths: Paths
  readonly usage: { calls: number; throttled: number }
  readonly clock: { aheadMs: number | null }
  readonly log: Deps['log']
  readonly sleep: Deps['sleep']
  readonly random: Deps['random']
  /** Epoch milliseconds by HubSpot's clock, as far as its answers have told. */
  now(): number
  /** A 4xx that says something about the request itself comes back as a refusal; everything else throws. */
  ask<S extends z.ZodType, Q = never>(call: Call, schema: S, signal: AbortSignal, quick?: QuickReader<Q>): Promise<Reply<z.output<S> | Q>>
  /** The same, for callers with no use for a refusal: it is thrown. */
  call<S extends z.ZodType, Q = never>(call: Call, schema: S, signal: AbortSignal, quick?: QuickReader<Q>): Promise<z.output<S> | Q>
  close(): void
}

const retryLimits = { attempts: 6, baseMs: 500, maxMs: 10_000 }
/** After a refused token, how long nothing is sent: a storm of 401s counts against the app. */
const authPauseMs = 60_000
/** unverified: a malformed token may be answered by Cloudflare with 530. */
const malformedTokenStatus = 530

export function hubspotClient(settings: HubspotSettings, deps: Deps): HubspotClient {
  const line = openLine(settings, deps)
  const ask: HubspotClient['ask'] = async (call, schema, signal, quick) => {
    const either = AbortSignal.any([signal, line.closed.signal])
    const state = { renewed: false }
    return retrying(() => attempt(line, call, { schema, quick }, state, either), retryLimits, deps, either)
  }
  return {
    settings,
    paths: line.paths,
    usage: line.usage,
    clock: line.clock,
    log: deps.log,
    sleep: deps.sleep,
    random: deps.random,
    now: () => deps.now() + (line.clock.aheadMs ?? 0),
    ask,
    async call(call, schema, signal, quick) {
      const reply = await ask(call, schema, signal, quick)
      if (reply.ok) return reply.value
      throw errorFrom(call, reply.refusal)
    },
    close: () => line.closed.abort(new ConnectorError('refused', 'the connection was closed')),
  }
}

/** What all requests of one connection share. `halted` stops them all, after a refused token or a used-up day. */
type Line = ReturnType<typeof openLine>
function openLine(settings: HubspotSettings, deps: Deps) {
  const paths = pathsOf(settings.apiVersion)
  const usage = { calls: 0, throttled: 0 }
  const closed = new AbortController()
  const { requestsPer10s, searchesPerSecond, associationsPer10s, concurrency, share, dailyReserve } = settings
  const lane = (name: string, limit: number, windowMs: number) => {
    const permits = deps.permits({ name, limit, windowMs, share, dailyReserve })
    return { permits, budget: createBudget(permits, concurrency, deps.urgency) }
  }
  return {
    settings,
    deps,
    paths,
    usage,
    closed,
    tokens: tokenSource(settings, settings.apiUrl + paths.token, deps, usage, closed.signal),
    general: lane('general', requestsPer10s, 10_000),
    search: lane('search', searchesPerSecond, 1_000),
    associations: lane('associations', associationsPer10s, 10_000),
    clock: { aheadMs: null as number | null },
    timeZone: undefined as string | undefined,
    halted: undefined as { until: number; error: () => ConnectorError } | undefined,
  }
}

async function attempt<S extends z.ZodType, Q>(
  line: Line,
  call: Call,
  { schema, quick }: { schema: S; quick: QuickReader<Q> | undefined },
  state: { renewed: boolean },
  signal: AbortSignal,
): Promise<Attempt<Reply<z.output<S> | Q>>> {
  const { deps } = line
  refuseWhenHalted(line)
  const { budget, permits } = line[call.bucket ?? 'general']
  try {
    const { answer, token } = await budget.run(() => exchange(line, call, permits, signal), signal, { bulk: call.bulk ?? false })
    const { status, headers } = answer
    if (status === 401 || status === malformedTokenStatus) return onRefusedToken(line, status, token, state)
    if (status === 429) return await onThrottled(line, call, answer, permits, signal)
    const waitMs = waitAfterLock(status, headers, deps.now())
    if (waitMs !== undefined || status >= 500) {
      const failed = new ConnectorError(
        'unavailable',
        `HubSpot answered ${placeOf(call)} with ${status}`,
        waitMs === undefined ? {} : { retryAfterMs: waitMs },
      )
      deps.log('hubspot.unavailable', { status })
      // 423 and 477 are refusals before anything was done, so even a create may be repeated.
      return { failed, again: (waitMs ?? 0) <= longestWaitMs && (waitMs !== undefined || !call.creates), waitMs }
    }
    return settle(call, answer, schema, quick)
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    deps.log('hubspot.no-answer', { path: placeOf(call) })
    return { failed: new ConnectorError('unavailable', error.message), again: !call.creates }
  }
}

const bytesOf = (incoming: Incoming): Promise<Bytes> => incoming.bytes()

/** One request in its place of the budget. */
async function exchange(line: Line, call: Call, permits: Permits, signal: AbortSignal): Promise<{ answer: Answer<Bytes>; token: string }> {
  const { settings, deps, usage } = line
  refuseWhenHalted(line)
  const token = await line.tokens.get(signal)
  signal.throwIfAborted()
  usage.calls++
  const sentAt = permits.now()
  const answer = await send(wireOf(call, settings.apiUrl, token), settings.timeoutMs, signal, bytesOf)
  const date = Date.parse(answer.headers.get('date') ?? '')
  if (!Number.isNaN(date)) line.clock.aheadMs = date - deps.now()
  const window = allowanceIn(answer.headers, 'Remaining', 'Max')
  const day = allowanceIn(answer.headers, 'Daily-Remaining', 'Daily')
  if (window && call.bucket === undefined) permits.observe({ ...window, sentAt })
  if (day) permits.observeDay({ ...day, sentAt })
  return { answer, token }
}

function refuseWhenHalted({ halted, deps }: Line): void {
  if (halted && deps.now() < halted.until) throw halted.error()
}

/** With OAuth one renewal, shared by all; then one `auth` error, and silence for a while. */
function onRefusedToken(line: Line, status: number, token: string, state: { renewed: boolean }): Attempt<never> {
  const advice = 'check settings.auth of this connection in connections.yaml and the variable it names, then run "accord check"'
  const error = () => new ConnectorError('auth', `HubSpot does not accept the token (${status}); ${advice}`)
  const renewable = line.tokens.renew(token)
  if (renewable && !state.renewed) {
    state.renewed = true
    return { failed: error(), again: true, waitMs: 0 }
  }
  line.halted = { until: line.deps.now() + authPauseMs, error }
  return { failed: error(), again: false }
}

async function onThrottled(line: Line, call: Call, answer: Answer<Bytes>, permits: Permits, signal: AbortSignal): Promise<Attempt<never>> {
  const { deps } = line
  line.usage.throttled++
  const refusal = refusalOf(answer.status, decoded(answer.body))
  const named = waitAfter429(refusal, answer.headers, deps.now())
  const waitMs = named ?? msToMidnight(deps.now(), await timeZoneOf(line, signal))
  const until = deps.now() + waitMs
  const which = refusal.policy === 'DAILY' ? 'daily request limit' : 'request limit'
  const error = () => new ConnectorError('throttled', `HubSpot's ${which} is used up`, { retryAfterMs: Math.max(0, until - deps.now()) })
  deps.log('hubspot.throttled', { waitMs, policy: refusal.policy, search: call.bucket === 'search' })
  permits.refused(waitMs, refusal.policy === 'DAILY' ? 'day' : 'window')
  if (waitMs > longestWaitMs) {
    line.halted = { until, error }
    return { failed: error(), again: false }
  }
  return { failed: error(), again: true, waitMs: 0 }
}

/** Asked once, when the day's allowance is gone: chances are that HubSpot refuses this too. */
async function timeZoneOf(line: Line, signal: AbortSignal): Promise<string> {
  if (line.timeZone !== undefined) return line.timeZone
  const call: Call = { method: 'GET', path: line.paths.account }
  line.usage.calls++
  line.timeZone = 'UTC'
  try {
    const answer = await send(wireOf(call, line.settings.apiUrl, await line.tokens.get(signal)), line.settings.timeoutMs, signal, bytesOf)
    const account = settle(call, answer, Account)
    if ('done' in account && account.done.ok) line.timeZone = account.done.value.timeZone
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
  }
  return line.timeZone
}

/** The bearer token: a fixed one, or an OAuth access token (30 minutes) that all waiting requests refresh together. */
import { ConnectorError, type Deps } from '../connector.ts'
import { NoAnswer, orAborted, retrying, send, type Answer, type Attempt } from '../http.ts'
import { longestWaitMs, waitAfter429 } from './throttle.ts'
import { TokenAnswer } from './payloads.ts'
import { jsonOf, reasonOf, refusalOf } from './refusal.ts'
import type { HubspotSettings } from './settings.ts'

export interface TokenSource {
  /** Resolves with a token that is not about to expire. */
  get(signal: AbortSignal): Promise<string>
  /** HubSpot refused this token. False when there is no way to a better one. */
  renew(refused: string): boolean
}

type Grant = { token: string; until: number; refreshToken: string | undefined }
const expiryMarginMs = 60_000
const retryLimits = { attempts: 4, baseMs: 500, maxMs: 5_000 }

export function tokenSource(
  settings: HubspotSettings,
  tokenUrl: string,
  deps: Deps,
  usage: { calls: number; throttled: number },
  closed: AbortSignal,
): TokenSource {
  const { auth, timeoutMs } = settings
  if ('token' in auth) return { get: async () => auth.token, renew: () => false }

  let held: Grant | undefined
  let refresh: Promise<Grant> | undefined
  const { clientId: client_id, clientSecret: client_secret } = auth
  let refresh_token = auth.refreshToken
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }

  const attempt = async (): Promise<Attempt<Grant>> => {
    usage.calls++
    const asked = deps.now()
    const body = new URLSearchParams({ grant_type: 'refresh_token', client_id, client_secret, refresh_token }).toString()
    try {
      const answer = await send({ method: 'POST', url: tokenUrl, headers, body }, timeoutMs, closed)
      if (answer.status === 429) usage.throttled++
      if (answer.status !== 200) return refusedGrant(answer, deps.now())
      const granted = grantOf(answer, asked)
      // RFC 6749, 6: one that comes with the answer takes the place of the old one, also when nobody waits any more.
      if ('done' in granted) refresh_token = granted.done.refreshToken ?? refresh_token
      return granted
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      return { failed: new ConnectorError('unavailable', error.message), again: true }
    }
  }

  return {
    async get(signal) {
      signal.throwIfAborted()
      if (held && deps.now() < held.until - expiryMarginMs) return held.token
      // One refresh for all: it outlives the caller who began it, and ends with the connection.
      refresh ??= retrying(attempt, retryLimits, deps, closed).finally(() => (refresh = undefined))
      held = await orAborted(refresh, signal)
      return held.token
    },
    renew(refused) {
      if (held?.token === refused) held = undefined
      return true
    },
  }
}

function grantOf(answer: Answer, asked: number): Attempt<Grant> {
  const { data } = TokenAnswer.safeParse(jsonOf(answer.body))
  if (data) {
    const { access_token: token, expires_in, refresh_token } = data
    return { done: { token, until: asked + expires_in * 1000, refreshToken: refresh_token ?? undefined } }
  }
  return {
    failed: new ConnectorError('unexpected-shape', "HubSpot's token answer lacks access_token, or its expires_in is no number"),
    again: false,
  }
}

function refusedGrant({ status, headers, body }: Answer, now: number): Attempt<Grant> {
  const refusal = refusalOf(status, body)
  if (status === 429) {
    const waitMs = waitAfter429(refusal, headers, now) ?? longestWaitMs
    const failed = new ConnectorError('throttled', "HubSpot's token endpoint asks for patience", { retryAfterMs: waitMs })
    return { failed, again: waitMs <= longestWaitMs, waitMs }
  }
  if (status >= 500) return { failed: new ConnectorError('unavailable', `HubSpot's token endpoint answered ${status}`), again: true }
  const message = `HubSpot refused the refresh token (${reasonOf(refusal)}); install the app again`
  return { failed: new ConnectorError('auth', message), again: false }
}

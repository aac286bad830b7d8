/** The bearer token: a fixed one, or an OAuth access token (30 minutes) that all waiting requests refresh together. */
import { ConnectorError, type Deps } from '../connector.ts'
import { NoAnswer, orAborted, retrying, send, type Attempt } from '../http.ts'
import { TokenAnswer } from './payloads.ts'
import { reasonOf, refusalOf } from './refusal.ts'
import type { HubspotSettings } from './settings.ts'

export interface TokenSource {
  /** Resolves with a token that is not about to expire. */
  get(signal: AbortSignal): Promise<string>
  /** HubSpot refused this token. False when there is no way to a better one. */
  renew(refused: string): boolean
}

const expiryMarginMs = 60_000

export function tokenSource(settings: HubspotSettings, tokenUrl: string, deps: Deps, count: () => void, closed: AbortSignal): TokenSource {
  const { auth } = settings
  if ('token' in auth) return { get: async () => auth.token, renew: () => false }

  let held: { token: string; until: number } | undefined
  let refresh: Promise<{ token: string; until: number }> | undefined
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: auth.clientId,
    client_secret: auth.clientSecret,
    refresh_token: auth.refreshToken,
  }).toString()

  const attempt = async (): Promise<Attempt<{ token: string; until: number }>> => {
    count()
    try {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
      const asked = deps.now()
      const answer = await send({ method: 'POST', url: tokenUrl, headers, body }, settings.timeoutMs, closed)
      if (answer.status === 429 || answer.status >= 500) {
        return { failed: new ConnectorError('unavailable', `HubSpot's token endpoint answered ${answer.status}`), again: true }
      }
      if (answer.status !== 200) {
        const reason = reasonOf(refusalOf(answer.status, answer.body))
        return { failed: new ConnectorError('auth', `HubSpot refused the refresh token (${reason}); install the app again`), again: false }
      }
      const { data } = TokenAnswer.safeParse(JSON.parse(answer.body))
      if (!data)
        return { failed: new ConnectorError('unexpected-shape', "HubSpot's token answer lacks access_token or expires_in"), again: false }
      return { done: { token: data.access_token, until: asked + data.expires_in * 1000 } }
    } catch (error) {
      if (error instanceof NoAnswer) return { failed: new ConnectorError('unavailable', error.message), again: true }
      if (error instanceof SyntaxError)
        return { failed: new ConnectorError('unexpected-shape', "HubSpot's token answer is not JSON"), again: false }
      throw error
    }
  }

  return {
    async get(signal) {
      if (held && deps.now() < held.until - expiryMarginMs) return held.token
      // One refresh for all: it outlives the caller who began it, and ends with the connection.
      refresh ??= retrying(attempt, { attempts: 3, baseMs: 500, maxMs: 5_000 }, deps, closed).finally(() => (refresh = undefined))
      held = await orAborted(refresh, signal)
      return held.token
    },
    renew(refused) {
      if (held?.token === refused) held = undefined
      return true
    },
  }
}

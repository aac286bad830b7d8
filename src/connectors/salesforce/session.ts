/** One access token for many requests: granted once, renewed once however many wait for it, checked before it is used. */
import { ConnectorError, type Deps } from '../connector.ts'
import { orAborted } from '../http.ts'
import { requestGrant } from './grant.ts'
import { isTrustedInstance } from './host.ts'
import { shaped, Token } from './payloads.ts'
import type { Settings } from './settings.ts'
import type { Wire } from './wire.ts'

/** After a refusal nothing is sent for this long: a wrong secret must not become a storm that locks the user out. */
const REFUSAL_HOLDS_MS = 60_000

export type Access = { readonly token: string; readonly instanceUrl: string; readonly organisation: string; readonly user: string }
export interface Session {
  access(signal: AbortSignal): Promise<Access>
  /** Salesforce no longer takes this token: the next `access` brings another one. */
  expired(access: Access): void
  /** Salesforce does not take a token it has just given: the error to throw, and that everyone gets for a while. */
  refused(): ConnectorError
  close(): void
}

export function createSession(settings: Settings, wire: Wire, deps: Deps): Session {
  const closing = new AbortController()
  let refreshToken = 'refreshToken' in settings.auth ? settings.auth.refreshToken : ''
  let current: Access | null = null
  let pending: Promise<Access> | null = null
  let organisation: string | null = null
  let refusal: { until: number; error: ConnectorError } | null = null

  const refuse = (error: ConnectorError) => {
    refusal = { until: deps.now() + REFUSAL_HOLDS_MS, error }
    return error
  }

  async function renew(): Promise<Access> {
    try {
      const answer = shaped(Token, await requestGrant(wire, settings, refreshToken, deps.now(), closing.signal), 'the token request')
      if (answer.refresh_token) refreshToken = answer.refresh_token
      const granted = accessOf(answer, settings)
      organisation ??= granted.organisation
      // A sandbox that is refreshed is another organisation at the same address: a request on its way must not be repeated there.
      if (granted.organisation !== organisation) throw refuse(otherOrganisation(organisation, granted.organisation))
      current = granted
      return current
    } catch (error) {
      throw error instanceof ConnectorError && error.kind === 'auth' ? refuse(error) : error
    } finally {
      pending = null
    }
  }

  return {
    async access(signal) {
      signal.throwIfAborted()
      if (refusal && deps.now() < refusal.until) throw refusal.error
      if (current) return current
      // The grant goes on for the others when one of those who wait for it gives up.
      pending ??= renew()
      return orAborted(pending, signal)
    },
    expired(access) {
      if (current === access) current = null
    },
    refused() {
      current = null
      return refuse(
        new ConnectorError(
          'auth',
          'Salesforce takes none of its own tokens; check that the integration user is active and has "API Enabled"',
        ),
      )
    },
    close: () => closing.abort(new ConnectorError('unavailable', 'the connection was closed')),
  }
}

function otherOrganisation(before: string, now: string): ConnectorError {
  return new ConnectorError(
    'refused',
    `the credentials of the Salesforce organisation ${before} lead to ${now} since the last login; start again, and "accord check" tells what to do`,
  )
}

function accessOf(answer: typeof Token._output, settings: Settings): Access {
  const instanceUrl = settings.instanceUrl ?? answer.instance_url.replace(/\/+$/, '')
  if (settings.instanceUrl === undefined && !isTrustedInstance(instanceUrl, settings.loginUrl))
    throw new ConnectorError(
      'auth',
      'the token answer names an instance outside salesforce.com and force.com; set instanceUrl if that is meant',
    )
  const [organisation = '', user = ''] = answer.id.split('/').slice(-2)
  return { token: answer.access_token, instanceUrl, organisation, user }
}

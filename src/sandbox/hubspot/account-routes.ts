import { numberParam } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, notFound, Refusal } from './errors.ts'
import { instant } from './instant.ts'
import type { Portal } from './portal.ts'
import { TIME_ZONE } from './portal.ts'
import { ACCESS_TOKEN_SECONDS, isDemoClient, REFRESH_TOKEN } from './tokens.ts'

export function accountDetails(portal: Portal): Answer {
  const offset = Temporal.Instant.fromEpochMilliseconds(portal.clock.now()).toZonedDateTimeISO(TIME_ZONE)
  return {
    status: 200,
    body: {
      portalId: portal.id,
      accountType: 'STANDARD',
      timeZone: TIME_ZONE,
      companyCurrency: 'EUR',
      additionalCurrencies: [],
      utcOffset: offset.offset,
      utcOffsetMilliseconds: offset.offsetNanoseconds / 1_000_000,
      uiDomain: 'app-eu1.hubspot.com',
      dataHostingLocation: 'eu1',
    },
  }
}

export function apiUsage(portal: Portal): Answer {
  const now = portal.clock.now()
  const resetsAt = instant(portal.limits.resetsAt(now))
  const usage = { usageLimit: portal.limits.dailyLimit, currentUsage: portal.limits.dailyUsed }
  const result = { name: 'private-apps-api-calls-daily', ...usage, collectedAt: instant(now), fetchStatus: 'SUCCESS', resetsAt }
  return { status: 200, body: { results: [result] } }
}

const OWNER = { id: '4400201', email: 'sales@sandbox.example', type: 'PERSON', firstName: 'Sandbox', lastName: 'Owner', userId: 4_400_301 }

export function listOwners(portal: Portal, call: Call): Answer {
  numberParam(call.query, 'limit', 100, 500)
  const email = call.query.get('email')
  const archived = call.query.get('archived') === 'true'
  const shown = !archived && (email === null || email.toLowerCase() === OWNER.email)
  return { status: 200, body: { results: shown ? [wireOwner()] : [] } }
}

export function getOwner(_portal: Portal, call: Call): Answer {
  const key = call.query.get('idProperty') === 'userId' ? String(OWNER.userId) : OWNER.id
  if (call.parts[0] !== key) throw notFound()
  return { status: 200, body: wireOwner() }
}

function wireOwner(): Record<string, unknown> {
  const createdAt = '2020-01-01T00:00:00Z'
  return { ...OWNER, userIdIncludingInactive: OWNER.userId, createdAt, updatedAt: createdAt, archived: false, teams: [] }
}

/** POST token, form-urlencoded and without an Authorization header; only the refresh_token grant, since nobody installs here. */
export function issueToken(portal: Portal, call: Call): Answer {
  const form = new URLSearchParams(call.body.toString('utf8'))
  const firstVersion = call.target.startsWith('/oauth/v1/')
  const field = (name: string): string => form.get(name) ?? ''
  if (field('grant_type') !== 'refresh_token') throw invalidRequest('missing or unknown grant_type', { status: 'BAD_GRANT_TYPE' })
  if (!isDemoClient(field('client_id'), field('client_secret'))) {
    throw new Refusal(400, { message: 'missing or unknown client id', status: 'BAD_CLIENT_ID' })
  }
  const accessToken = portal.tokens.refresh(field('client_id'), field('client_secret'), field('refresh_token'), portal.clock.now())
  if (accessToken === undefined) throw new Refusal(400, { message: 'missing or unknown refresh token', status: 'BAD_REFRESH_TOKEN' })
  const token = { access_token: accessToken, refresh_token: REFRESH_TOKEN, token_type: 'bearer', expires_in: ACCESS_TOKEN_SECONDS }
  // Later versions also tell whose token it is.
  const owner = { hub_id: portal.id, scopes: [...portal.tokens.find(accessToken)!.scopes] }
  return { status: 200, body: firstVersion ? token : { ...token, ...owner } }
}

export function describeToken(portal: Portal, call: Call): Answer {
  const token = portal.tokens.find(call.parts[0]!)
  if (token === undefined || token.kind !== 'oauth') throw notFound()
  const left = Math.max(0, Math.floor((token.expiresAt - portal.clock.now()) / 1000))
  const user = {
    user: 'integration@sandbox.example',
    user_id: 4_400_301,
    hub_domain: 'sandbox.example',
    hub_id: portal.id,
    app_id: 4_400_101,
  }
  return { status: 200, body: { token: call.parts[0]!, ...user, scopes: [...token.scopes], token_type: 'access', expires_in: left } }
}

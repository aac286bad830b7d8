import { jsonBody } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import type { Refusal } from './errors.ts'
import type { Portal } from './portal.ts'
import { ACCESS_TOKEN_SECONDS, CLIENT, clientOf, JOURNAL_SCOPES } from './tokens.ts'
import type { Token } from './tokens.ts'

/** unverified: the status of a revocation; RFC 7009 says 200. */
const REVOKED_STATUS = 200

const USER = { user: 'integration@sandbox.example', user_id: 4_400_301, hub_domain: 'sandbox.example' }
const APP_ID = 4_400_101

/** unverified: the words that come with each status; clients can rely on the status only. */
const WORDS = {
  BAD_GRANT_TYPE: 'missing or unknown grant_type',
  BAD_CLIENT_ID: 'missing or unknown client id',
  BAD_CLIENT_SECRET: 'missing or invalid client secret',
  BAD_REFRESH_TOKEN: 'missing or unknown refresh token',
  BAD_AUTH_CODE: 'missing or unknown auth code',
  BAD_REDIRECT_URI: 'missing or invalid redirect uri',
  MISMATCH_REDIRECT_URI_AUTH_CODE: 'missing or invalid redirect uri',
  BAD_SCOPE: 'invalid scope',
  BAD_TOKEN: 'missing token',
}

/** Refusals of the token routes have a status of their own beside the message. */
function refusal(status: keyof typeof WORDS, more = ''): Refusal {
  return invalidRequest(WORDS[status] + more, { status, category: undefined })
}

function form(call: Call): (name: string) => string {
  // The later versions take their fields from the body alone, the first one from the query too.
  const fields = new URLSearchParams(call.body.toString('utf8'))
  return (name) => fields.get(name) ?? call.query.get(name) ?? ''
}

/**
 * POST token, form-urlencoded and without an Authorization header: refresh_token, authorization_code, and client_credentials for what
 * belongs to the app itself. Source: HubSpot docs, "OAuth".
 */
export function issueToken(portal: Portal, call: Call): Answer {
  const field = form(call)
  const grant = field('grant_type')
  const now = portal.clock.now()
  if (!['refresh_token', 'authorization_code', 'client_credentials'].includes(grant)) throw refusal('BAD_GRANT_TYPE')
  const secret = clientOf(field('client_id'))
  if (secret === undefined) throw refusal('BAD_CLIENT_ID')
  if (secret !== field('client_secret')) throw refusal('BAD_CLIENT_SECRET')
  if (grant === 'refresh_token' && !portal.tokens.refreshable(field('refresh_token'))) {
    throw refusal('BAD_REFRESH_TOKEN')
  }
  if (grant === 'authorization_code') {
    const code = portal.tokens.codes.redeem(field('code'), now)
    if (code === undefined) throw refusal('BAD_AUTH_CODE')
    if (code.redirectUri !== field('redirect_uri')) throw refusal('MISMATCH_REDIRECT_URI_AUTH_CODE')
  }
  const accessToken = portal.tokens.issue(now, grant === 'client_credentials' ? appScopes(field('scope')) : undefined)
  const token = {
    access_token: accessToken,
    ...(grant === 'client_credentials' ? {} : { refresh_token: CLIENT.refreshToken }),
    token_type: 'bearer',
    expires_in: ACCESS_TOKEN_SECONDS,
  }
  // Later versions also tell whose token it is.
  const owner = { hub_id: portal.id, scopes: [...portal.tokens.find(accessToken)!.scopes] }
  return { status: 200, body: call.target.startsWith('/oauth/v1/') ? token : { ...token, ...owner } }
}

/** What the app asks for itself; everything it may have when it names nothing. */
function appScopes(text: string): readonly string[] {
  const asked = text.split(/[ ,]+/).filter((scope) => scope !== '')
  const unknown = asked.find((scope) => !JOURNAL_SCOPES.some((known) => known === scope))
  if (unknown !== undefined) throw refusal('BAD_SCOPE', `: ${unknown}`)
  return asked.length === 0 ? JOURNAL_SCOPES : asked
}

/** GET /oauth/authorize: nobody to ask here, so the app is installed at once and the browser sent back with a code. */
export function authorize(portal: Portal, call: Call): Answer {
  const redirect = call.query.get('redirect_uri') ?? ''
  if (clientOf(call.query.get('client_id') ?? '') === undefined) throw refusal('BAD_CLIENT_ID')
  if (!URL.canParse(redirect)) throw refusal('BAD_REDIRECT_URI')
  const url = new URL(redirect)
  url.searchParams.set('code', portal.tokens.authorise(redirect, portal.clock.now()))
  const state = call.query.get('state')
  if (state !== null) url.searchParams.set('state', state)
  return { status: 302, headers: ['Location', url.href] }
}

function secondsLeft(portal: Portal, token: Token): number {
  return Math.max(0, Math.floor((token.expiresAt - portal.clock.now()) / 1000))
}

/** GET /oauth/v1/access-tokens/{token}: whoever holds a token may ask about it. */
export function describeAccessToken(portal: Portal, call: Call): Answer {
  const token = portal.tokens.find(call.parts[0]!)
  if (token === undefined || token.kind !== 'oauth' || token.revoked) throw notFound()
  const owner = { ...USER, hub_id: portal.id, app_id: APP_ID }
  const rest = { scopes: [...token.scopes], token_type: 'access', expires_in: secondsLeft(portal, token) }
  return { status: 200, body: { token: call.parts[0]!, ...owner, ...rest } }
}

/** POST /oauth/v2/private-apps/get/access-token-info: whose a private app's token is. Source: HubSpot docs, "Private apps". */
export function describePrivateToken(portal: Portal, call: Call): Answer {
  const { tokenKey } = jsonBody(call)
  const token = typeof tokenKey === 'string' ? portal.tokens.find(tokenKey) : undefined
  // unverified: the answer to a token that is none.
  if (token === undefined || token.kind !== 'private' || token.revoked) throw notFound()
  return { status: 200, body: { userId: USER.user_id, hubId: portal.id, appId: APP_ID, scopes: [...token.scopes] } }
}

export function describeRefreshToken(portal: Portal, call: Call): Answer {
  const [token] = call.parts as [string]
  if (!portal.tokens.refreshable(token)) throw notFound()
  const scopes = [...portal.tokens.oauthScopes()]
  return { status: 200, body: { token, ...USER, hub_id: portal.id, client_id: CLIENT.id, scopes, token_type: 'refresh' } }
}

/** DELETE: no new access tokens; those that are out live on until they expire. */
export function deleteRefreshToken(portal: Portal, call: Call): Answer {
  if (!portal.tokens.refreshable(call.parts[0]!)) throw notFound()
  portal.tokens.revoke(call.parts[0]!)
  return { status: 204 }
}

/** POST introspect of v3 and later: a token that is not valid is merely inactive. */
export function introspect(portal: Portal, call: Call): Answer {
  const text = tokenOf(call)
  const token = portal.tokens.find(text)
  const refresh = portal.tokens.refreshable(text)
  const valid = token !== undefined && token.kind === 'oauth' && !token.revoked && token.expiresAt > portal.clock.now()
  if (!refresh && !valid) return { status: 200, body: { active: false } }
  const common = { client_id: CLIENT.id, app_id: APP_ID, hub_id: portal.id, ...USER, is_private_distribution: false }
  if (refresh) {
    return {
      status: 200,
      body: { active: true, token_use: 'refresh_token', token_type: 'bearer', ...common, scopes: [...portal.tokens.oauthScopes()] },
    }
  }
  const rest = { scopes: [...token!.scopes], expires_in: secondsLeft(portal, token!) }
  return { status: 200, body: { active: true, token_use: 'access_token', token_type: 'bearer', ...common, ...rest } }
}

/** POST revoke of v3 and later; an unknown token is no error. */
export function revoke(portal: Portal, call: Call): Answer {
  portal.tokens.revoke(tokenOf(call))
  return { status: REVOKED_STATUS }
}

/** The token a client asks about; it has to prove who it is. */
function tokenOf(call: Call): string {
  const field = form(call)
  const secret = clientOf(field('client_id'))
  if (secret === undefined) throw refusal('BAD_CLIENT_ID')
  if (secret !== field('client_secret')) throw refusal('BAD_CLIENT_SECRET')
  if (field('token') === '') throw refusal('BAD_TOKEN')
  return field('token')
}

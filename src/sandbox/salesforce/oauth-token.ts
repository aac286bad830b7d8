/** The token endpoint, grant by grant. Salesforce docs: OAuth 2.0 flows. */
import { createHash, createHmac } from 'node:crypto'
import { checkAssertion } from './jwt.ts'
import { CLIENT_ID, CLIENT_SECRET, isApp, isSecretOf, issueToken, nextSecret, PASSWORD, SCOPE, SECURITY_TOKEN } from './session.ts'
import { json } from './call.ts'
import { clientOf, oauthError } from './oauth-request.ts'
import { USERNAME } from './org.ts'
import type { Granted } from './session.ts'
import type { OAuthRequest } from './oauth-request.ts'
import type { Reply, World } from './call.ts'

export async function tokenReply(world: World, request: OAuthRequest): Promise<Reply> {
  const { form, origin } = request
  const grant = form.get('grant_type')
  if (grant === 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    const checked = await checkAssertion(world, form.get('assertion') ?? '', origin)
    return checked.ok ? granted(world, origin, { clientId: CLIENT_ID }) : oauthError('invalid_grant', checked.description)
  }
  const grants: Readonly<Record<string, (world: World, request: OAuthRequest, clientId: string, secret: string | undefined) => Reply>> = {
    client_credentials: clientCredentials,
    refresh_token: refresh,
    authorization_code: exchangeCode,
    device: exchangeDevice,
    password: byPassword,
  }
  const run = grant !== null && Object.hasOwn(grants, grant) ? grants[grant] : undefined
  if (run === undefined) return oauthError('unsupported_grant_type', 'grant type not supported')
  const { id, secret } = clientOf(request)
  return isApp(id) ? run(world, request, id, secret) : oauthError('invalid_client_id', 'client identifier invalid')
}

const wrongSecret = (): Reply => oauthError('invalid_client', 'invalid client credentials')

function clientCredentials(world: World, { origin }: OAuthRequest, clientId: string, secret: string | undefined): Reply {
  return clientId === CLIENT_ID && isSecretOf(clientId, secret) ? granted(world, origin, { clientId }) : wrongSecret()
}

/** The secret may be left out, as apps may allow; a wrong one is refused. */
function refresh(world: World, { form, origin }: OAuthRequest, clientId: string, secret: string | undefined): Reply {
  if (secret !== undefined && !isSecretOf(clientId, secret)) return wrongSecret()
  const refreshToken = form.get('refresh_token') ?? ''
  const known = world.sessions.refreshTokens.get(refreshToken)
  if (known === undefined || (known.clientId !== null && known.clientId !== clientId))
    return oauthError('invalid_grant', 'expired access/refresh token')
  return granted(world, origin, { clientId, scope: known.scope, refreshToken }, 'used')
}

/** Web server flow, with or without PKCE. unverified: the words for a wrong verifier. */
function exchangeCode(world: World, { form, origin }: OAuthRequest, clientId: string, secret: string | undefined): Reply {
  const name = form.get('code') ?? ''
  const code = world.sessions.codes.get(name)
  world.sessions.codes.delete(name)
  if (code === undefined || code.clientId !== clientId) return oauthError('invalid_grant', 'invalid authorization code')
  if (code.expiresAt <= world.org.clock.now()) return oauthError('invalid_grant', 'expired authorization code')
  if (form.get('redirect_uri') !== code.redirectUri) return oauthError('redirect_uri_mismatch', 'redirect_uri must match configuration')
  const verifier = form.get('code_verifier')
  if (code.challenge !== null && (verifier === null || sha256(verifier) !== code.challenge))
    return oauthError('invalid_grant', 'invalid code verifier')
  // A client that proved itself by its verifier needs no secret.
  if (secret === undefined ? code.challenge === null && !isSecretOf(clientId, secret) : !isSecretOf(clientId, secret)) return wrongSecret()
  return granted(world, origin, { clientId, scope: code.scope }, /\b(refresh_token|offline_access)\b/.test(code.scope) ? 'new' : 'none')
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** Device flow; the demo user agrees at once. */
function exchangeDevice(world: World, { form, origin }: OAuthRequest, clientId: string): Reply {
  const name = form.get('code') ?? form.get('device_code') ?? ''
  const code = world.sessions.codes.get(name)
  world.sessions.codes.delete(name)
  if (code === undefined || code.clientId !== clientId || code.expiresAt <= world.org.clock.now())
    return oauthError('invalid_grant', 'invalid device code')
  return granted(world, origin, { clientId, scope: code.scope }, 'new')
}

function byPassword(world: World, { form, origin }: OAuthRequest, clientId: string, secret: string | undefined): Reply {
  if (!world.sessions.password.oauth) return oauthError('invalid_grant', 'authentication failure')
  if (!isSecretOf(clientId, secret)) return wrongSecret()
  return isPassword(form.get('username'), form.get('password'))
    ? granted(world, origin, { clientId })
    : oauthError('invalid_grant', 'authentication failure - Invalid Password')
}

/** The demo user's name and password, with or without the security token. */
export const isPassword = (username: string | null, password: string | null): boolean =>
  username?.toLowerCase() === USERNAME && (password === PASSWORD || password === PASSWORD + SECURITY_TOKEN)

/** `new` makes a refresh token and shows it; `used` keeps the one that was sent. */
function granted(world: World, origin: string, who: Granted & { clientId: string }, refreshing: 'none' | 'new' | 'used' = 'none'): Reply {
  return json(200, grantBody(world, origin, who, refreshing))
}

export function grantBody(
  world: World,
  origin: string,
  who: Granted & { clientId: string },
  refreshing: 'none' | 'new' | 'used',
): Record<string, string> {
  const { org, sessions } = world
  const made = refreshing === 'new' ? `5Aep861${nextSecret(org, sessions, 'refresh')}` : null
  const scope = who.scope ?? SCOPE
  if (made !== null) sessions.refreshTokens.set(made, { clientId: who.clientId, scope })
  const session = issueToken(org, sessions, who.clientId, { scope, refreshToken: made ?? who.refreshToken ?? null })
  const id = `${origin}/id/${org.orgId}/${org.userId}`
  const issuedAt = String(org.clock.now())
  return {
    access_token: session.token,
    ...(made === null ? {} : { refresh_token: made }),
    // Salesforce docs: HMAC-SHA256 of id and issued_at under the consumer secret.
    signature: createHmac('sha256', CLIENT_SECRET)
      .update(id + issuedAt)
      .digest('base64'),
    scope,
    instance_url: origin,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  }
}

/** The token endpoint and identity. Salesforce docs: OAuth 2.0 flows (JWT bearer, client credentials, refresh token). */
import { CLIENT_ID, CLIENT_SECRET, issueToken, sessionOf } from './session.ts'
import { json, none } from './call.ts'
import { checkAssertion } from './jwt.ts'
import { USERNAME } from './org.ts'
import type { Reply, World } from './call.ts'

export type OAuthRequest = {
  method: string
  path: readonly string[]
  form: URLSearchParams
  authorization: string | undefined
  origin: string
}

export const oauthError = (error: string, description: string): Reply => json(400, { error, error_description: description })

export async function oauthReply(world: World, request: OAuthRequest): Promise<Reply | undefined> {
  const [service, oauth, call] = request.path.map((part) => part.toLowerCase())
  if (service === 'services' && oauth === 'oauth2') {
    if (call === 'token') return request.method === 'POST' ? token(world, request) : oauthError('invalid_request', 'must use HTTP POST')
    if (call === 'revoke') return revoke(world, request)
    if (call === 'userinfo') return json(200, identity(world, request))
  }
  if (service === 'id' && request.path.length === 3) return json(200, identity(world, request))
  return undefined
}

async function token(world: World, request: OAuthRequest): Promise<Reply> {
  const { form, origin } = request
  const grant = form.get('grant_type')
  if (grant === 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    const checked = await checkAssertion(world, form.get('assertion') ?? '', origin)
    return checked.ok ? grantToken(world, origin, null) : oauthError('invalid_grant', checked.description)
  }
  const client = clientOf(request)
  if (grant === 'client_credentials') {
    if (client.id !== CLIENT_ID) return oauthError('invalid_client_id', 'client identifier invalid')
    return client.secret === CLIENT_SECRET ? grantToken(world, origin, null) : oauthError('invalid_client', 'invalid client credentials')
  }
  if (grant === 'refresh_token') {
    if (client.id !== CLIENT_ID) return oauthError('invalid_client_id', 'client identifier invalid')
    if (client.secret !== undefined && client.secret !== CLIENT_SECRET) return oauthError('invalid_client', 'invalid client credentials')
    const refresh = form.get('refresh_token') ?? ''
    return world.sessions.refreshTokens.has(refresh)
      ? grantToken(world, origin, null)
      : oauthError('invalid_grant', 'expired access/refresh token')
  }
  if (grant === 'password') return oauthError('invalid_grant', 'authentication failure')
  return oauthError('unsupported_grant_type', 'grant type not supported')
}

/** Credentials stand in the body, or in a Basic header with only the grant in the body. */
function clientOf({ form, authorization }: OAuthRequest): { id: string | undefined; secret: string | undefined } {
  const basic = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString('utf8')
    const colon = text.indexOf(':')
    return { id: decoded(text.slice(0, colon)), secret: decoded(text.slice(colon + 1)) }
  }
  return { id: form.get('client_id') ?? undefined, secret: form.get('client_secret') ?? undefined }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function grantToken(world: World, origin: string, refreshToken: string | null): Reply {
  const { org, sessions } = world
  const session = issueToken(org, sessions, CLIENT_ID)
  return json(200, {
    access_token: session.token,
    signature: 'c2FuZGJveA==',
    scope: 'api refresh_token',
    instance_url: origin,
    id: `${origin}/id/${org.orgId}/${org.userId}`,
    token_type: 'Bearer',
    issued_at: String(org.clock.now()),
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
  })
}

function revoke({ sessions }: World, { form }: OAuthRequest): Reply {
  const revoked = form.get('token') ?? ''
  if (!sessions.byToken.delete(revoked) && !sessions.refreshTokens.delete(revoked))
    return oauthError('unsupported_token_type', 'this token type is not supported')
  return none(200)
}

function identity({ org, sessions }: World, { authorization, origin, form }: OAuthRequest): object {
  const session = sessionOf(org, sessions, authorization ?? `Bearer ${form.get('oauth_token') ?? ''}`)
  const rest = `${origin}/services/data/v{version}/`
  return {
    id: `${origin}/id/${org.orgId}/${session.userId}`,
    sub: `${origin}/id/${org.orgId}/${session.userId}`,
    asserted_user: true,
    user_id: session.userId,
    organization_id: org.orgId,
    username: USERNAME,
    preferred_username: USERNAME,
    nick_name: 'integration',
    display_name: 'Integration User',
    email: USERNAME,
    email_verified: true,
    name: 'Integration User',
    user_type: 'STANDARD',
    photos: { picture: `${origin}/profilephoto/005/F`, thumbnail: `${origin}/profilephoto/005/T` },
    urls: { rest, sobjects: `${rest}sobjects/`, query: `${rest}query/`, search: `${rest}search/` },
    active: true,
    is_app_installed: true,
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 0,
  }
}

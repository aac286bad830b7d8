/** /services/oauth2/*, /id/*, OpenID discovery. Salesforce docs: OAuth Endpoints, Identity URLs. */
import { authorizeReply, deviceReply } from './oauth-authorize.ts'
import { identityReply } from './identity.ts'
import { isSecretOf, revokeToken, sessionOfToken } from './session.ts'
import { json, none } from './call.ts'
import { leaf, XML_HEAD } from './xml.ts'
import { clientOf, formatOf, oauthError } from './oauth-request.ts'
import { tokenReply } from './oauth-token.ts'
import { USERNAME } from './org.ts'
import type { OAuthRequest } from './oauth-request.ts'
import type { Reply, World } from './call.ts'

export const isOAuth = ([first = '', second = '']: readonly string[]): boolean =>
  /^(id|\.well-known)$/i.test(first) || /^oauth2$/i.test(second)

/** Undefined where the path is none of OAuth's. */
export async function oauthReply(world: World, request: OAuthRequest): Promise<Reply | undefined> {
  const [service, oauth, call] = request.path.map((part) => part.toLowerCase())
  if (service === 'services' && oauth === 'oauth2' && request.path.length === 3) {
    const reply = await endpoint(world, request, call ?? '')
    return reply === undefined ? undefined : inFormat(request, reply)
  }
  if (service === 'id' && request.path.length === 3) return identityReply(world, request, 'id')
  if (service === '.well-known' && oauth === 'openid-configuration') return json(200, discovery(request.origin))
  return undefined
}

async function endpoint(world: World, request: OAuthRequest, call: string): Promise<Reply | undefined> {
  switch (call) {
    case 'authorize':
      return authorizeReply(world, request)
    case 'token':
      if (request.method !== 'POST') return oauthError('invalid_request', 'must use HTTP POST')
      return request.form.get('response_type') === 'device_code' ? deviceReply(world, request) : tokenReply(world, request)
    case 'revoke':
      return revokeToken(world.sessions, request.form.get('token') ?? '')
        ? none(200)
        : oauthError('unsupported_token_type', 'this token type is not supported')
    case 'introspect':
      if (request.method !== 'POST') return oauthError('invalid_request', 'must use HTTP POST')
      return introspect(world, request)
    case 'userinfo':
      return identityReply(world, request, 'userinfo')
    default:
      return undefined
  }
}

/** Salesforce docs: OAuth token introspection (RFC 7662). An unknown token is inactive, no error. */
function introspect({ org, sessions }: World, request: OAuthRequest): Reply {
  const client = clientOf(request)
  if (client.id === undefined || !isSecretOf(client.id, client.secret)) return oauthError('invalid_client', 'invalid client credentials')
  const token = request.form.get('token') ?? ''
  const refresh = sessions.refreshTokens.get(token)
  const session = sessionOfToken(org, sessions, token)
  if (session === undefined && refresh === undefined) return json(200, { active: false })
  const seconds = (ms: number): number => Math.floor(ms / 1_000)
  const shared = {
    active: true,
    scope: session?.scope ?? refresh?.scope ?? '',
    client_id: session?.clientId ?? refresh?.clientId ?? client.id,
    username: USERNAME,
    sub: `${request.origin}/id/${org.orgId}/${org.userId}`,
    token_type: session === undefined ? 'refresh_token' : 'access_token',
  }
  if (session === undefined) return json(200, shared)
  const { issuedAt, expiresAt } = session
  return json(200, { ...shared, exp: seconds(expiresAt), iat: seconds(issuedAt), nbf: seconds(issuedAt) })
}

/** The flat answers of the endpoints in the format asked for. */
function inFormat(request: OAuthRequest, reply: Reply): Reply {
  if (reply.kind !== 'json' || typeof reply.value !== 'object' || reply.value === null) return reply
  const asked = formatOf(request)
  const entries = Object.entries(reply.value).map(([name, value]) => [name, String(value)] as const)
  const { status, headers = {} } = reply
  if (asked === 'xml') {
    const text = `${XML_HEAD}<OAuth>${entries.map(([name, value]) => leaf(name, value)).join('')}</OAuth>`
    return { status, headers, kind: 'text', text, type: 'application/xml;charset=UTF-8' }
  }
  if (asked !== 'urlencoded') return reply
  const text = new URLSearchParams(entries.map(([name, value]) => [name, value])).toString()
  return { status, headers, kind: 'text', text, type: 'application/x-www-form-urlencoded;charset=UTF-8' }
}

function discovery(origin: string): object {
  const at = (name: string): string => `${origin}/services/oauth2/${name}`
  return {
    issuer: origin,
    authorization_endpoint: at('authorize'),
    token_endpoint: at('token'),
    revocation_endpoint: at('revoke'),
    userinfo_endpoint: at('userinfo'),
    introspection_endpoint: at('introspect'),
    scopes_supported: ['api', 'id', 'refresh_token', 'offline_access', 'web', 'full'],
    response_types_supported: ['code', 'token'],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: ['active', 'email', 'name', 'organization_id', 'preferred_username', 'user_id'],
  }
}

/** Where a browser would log in: the demo user is logged in and agrees to everything. Salesforce docs: web server flow, user-agent flow, device flow. */
import { CLIENT_ID, isApp, nextSecret, SCOPE } from './session.ts'
import { grantBody } from './oauth-token.ts'
import { json } from './call.ts'
import { oauthError } from './oauth-request.ts'
import type { OAuthRequest } from './oauth-request.ts'
import type { Reply, World } from './call.ts'

/** Salesforce docs: an authorization code lives 15 minutes, a device code 10. */
const CODE_LIFETIME = 15 * 60_000
const DEVICE_LIFETIME = 10 * 60_000

/** Back to the client with a code, or with an error it can show. Any absolute address is taken as registered. */
export function authorizeReply(world: World, { form, origin }: OAuthRequest): Reply {
  const clientId = form.get('client_id') ?? undefined
  if (!isApp(clientId)) return oauthError('invalid_client_id', 'client identifier invalid')
  const redirectUri = form.get('redirect_uri') ?? ''
  // URL.parse drops line breaks, which a Location header cannot hold.
  if (!/^[\u0021-\u00ff]*$/.test(redirectUri) || !URL.canParse(redirectUri) || /^(javascript|data):/i.test(redirectUri))
    return oauthError('redirect_uri_mismatch', 'redirect_uri must match configuration')
  const state = form.get('state')
  const back = (members: Record<string, string>, separator: '?' | '#' = '?'): Reply =>
    redirect(redirectUri, separator, { ...members, ...(state === null ? {} : { state }) })
  const scope = (form.get('scope') ?? SCOPE).trim()
  const type = form.get('response_type')
  if (type === 'token') return back(grantBody(world, origin, { clientId, scope }, /refresh_token/.test(scope) ? 'new' : 'none'), '#')
  if (type !== 'code') return back({ error: 'unsupported_response_type', error_description: 'response type not supported' })
  const method = form.get('code_challenge_method')
  if (method !== null && method !== 'S256') return back({ error: 'invalid_request', error_description: 'invalid code challenge method' })
  const code = `aPrx${nextSecret(world.org, world.sessions, 'code')}==`
  const expiresAt = world.org.clock.now() + CODE_LIFETIME
  world.sessions.codes.set(code, {
    clientId,
    redirectUri,
    scope,
    challenge: form.get('code_challenge')?.replace(/=+$/, '') ?? null,
    expiresAt,
  })
  return back({ code })
}

function redirect(target: string, separator: '?' | '#', members: Readonly<Record<string, string>>): Reply {
  const text = new URLSearchParams(members).toString()
  const glue = separator === '?' && target.includes('?') ? '&' : separator
  return { status: 302, kind: 'none', headers: { Location: target + glue + text } }
}

export function deviceReply(world: World, { form, origin }: OAuthRequest): Reply {
  const clientId = form.get('client_id') ?? CLIENT_ID
  if (!isApp(clientId)) return oauthError('invalid_client_id', 'client identifier invalid')
  const secret = nextSecret(world.org, world.sessions, 'device')
  const expiresAt = world.org.clock.now() + DEVICE_LIFETIME
  world.sessions.codes.set(secret, { clientId, redirectUri: '', scope: form.get('scope') ?? SCOPE, challenge: null, expiresAt })
  const userCode = secret.replaceAll(/[^A-Z0-9]/g, '').slice(0, 8)
  return json(200, { device_code: secret, user_code: userCode, verification_uri: `${origin}/setup/connect`, interval: 5 })
}

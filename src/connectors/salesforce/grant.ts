/** One OAuth grant: client credentials, JWT bearer or refresh token. jsforce shapes the request, our wire carries it. */
import { createSign } from 'node:crypto'
import type { HttpRequest, HttpResponse, OAuth2 as OAuth2Client } from 'jsforce'
import { ConnectorError } from '../connector.ts'
import { parseJson } from './fault.ts'
import { TokenRefusal } from './payloads.ts'
import type { Settings } from './settings.ts'
import type { Wire } from './wire.ts'

const ASSERTION_LIVES_S = 180

/** The token answer, not yet checked. Throws `auth` when the grant is refused. `now` in epoch milliseconds. */
export async function requestGrant(
  wire: Wire,
  { auth, loginUrl }: Settings,
  refreshToken: string,
  now: number,
  signal: AbortSignal,
): Promise<unknown> {
  // Loaded when first needed: jsforce brings a hundred modules, a quarter of a second that most commands can do without.
  const { OAuth2 } = await import('jsforce')
  const secret = 'clientSecret' in auth && auth.clientSecret !== undefined ? { clientSecret: auth.clientSecret } : {}
  const oauth = new OAuth2({ loginUrl, clientId: auth.clientId, ...secret })
  // Its own transport follows redirects with the secret in hand, waits half an hour and cannot be aborted.
  const httpRequest = (request: HttpRequest) => post(wire, request, signal)
  oauth._transport = { httpRequest } as unknown as OAuth2Client['_transport']
  if ('refreshToken' in auth) return oauth.refreshToken(refreshToken)
  if ('privateKey' in auth)
    return oauth.requestToken({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertionOf(auth, loginUrl, now) })
  return oauth.requestToken({ grant_type: 'client_credentials' })
}

async function post(wire: Wire, { url, method, headers, body }: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  const request = { url, method, headers: headers ?? {}, body: String(body) }
  const got = await wire.exchange(request, { repeatable: true, exempt: true, read: (incoming) => incoming.text() }, signal)
  if (!got.ok) throw refused(got.status, got.text)
  return { statusCode: 200, headers: {}, body: got.value }
}

/** RFC 7523 as Salesforce wants it: RS256; iss, sub, aud, exp in seconds. */
function assertionOf(auth: Extract<Settings['auth'], { privateKey: string }>, loginUrl: string, now: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(now / 1000) + ASSERTION_LIVES_S
  const claims = { iss: auth.clientId, sub: auth.username, aud: auth.audience ?? audienceOf(loginUrl), exp }
  const signed = `${part({ alg: 'RS256' })}.${part(claims)}`
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(auth.privateKey, 'base64url')}`
}

/** A My Domain address logs in through the common audience. */
function audienceOf(loginUrl: string): string {
  const { hostname, origin } = new URL(loginUrl)
  if (!hostname.endsWith('.my.salesforce.com')) return origin
  return hostname.endsWith('.sandbox.my.salesforce.com') ? 'https://test.salesforce.com' : 'https://login.salesforce.com'
}

const HINTS: Readonly<Record<string, string>> = {
  invalid_grant: 'check the user, its approval of the connected app, the audience and the expiry of the refresh token',
  invalid_client: 'check clientId and clientSecret',
  invalid_client_id: 'check clientId',
  unsupported_grant_type: 'enable this flow in the connected app',
  inactive_user: 'the integration user is not active',
}

function refused(status: number, text: string): ConnectorError {
  const refusal = TokenRefusal.safeParse(parseJson(text))
  const code = refusal.success ? refusal.data.error : `HTTP ${status}`
  return new ConnectorError('auth', `Salesforce gives no token: ${code}; ${HINTS[code] ?? 'check loginUrl and the connected app'}`)
}

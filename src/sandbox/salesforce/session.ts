/** Access tokens: who they stand for, until when, and which were taken away. */
import { createHash } from 'node:crypto'
import { Fault } from './fault.ts'
import type { Org } from './org.ts'

export type Session = {
  token: string
  userId: string
  clientId: string
  scope: string
  /** Epoch milliseconds on the sandbox clock. */
  issuedAt: number
  expiresAt: number
  /** The refresh token it was made with or for: revoking that one ends this one too. */
  refreshToken: string | null
}
/** What a user agreed to in the browser and a client has yet to fetch. */
export type Code = { clientId: string; redirectUri: string; scope: string; challenge: string | null; expiresAt: number }
export type Sessions = {
  byToken: Map<string, Session>
  /** Lifetime of a new token, milliseconds on the sandbox clock. */
  lifetime: number
  issued: number
  /** Public keys (PEM) that sign JWT assertions. */
  jwtKeys: string[]
  /** Refresh tokens that still work. */
  refreshTokens: Map<string, { clientId: string | null; scope: string }>
  /** Authorization codes and device codes waiting to be exchanged. */
  codes: Map<string, Code>
  /** Whether a user name and a password open a session, by the OAuth grant and by SOAP login(). */
  password: { oauth: boolean; soap: boolean }
}

export const CLIENT_ID = 'sandbox-client'
export const CLIENT_SECRET = 'sandbox-secret'
const REFRESH_TOKEN = 'sandbox-refresh'
/** Password of the demo user; its security token may follow it. */
export const PASSWORD = 'sandbox-password'
export const SECURITY_TOKEN = 'sandbox-token'
export const SCOPE = 'api refresh_token'
/** Consumer keys and their secrets; `PlatformCLI` is the app every org has for Salesforce's own command line, without a secret. */
const APPS: ReadonlyMap<string, string | null> = new Map([
  [CLIENT_ID, CLIENT_SECRET],
  ['PlatformCLI', null],
])
/** Default session timeout of an org. Salesforce docs: Session Settings. */
const LIFETIME = 2 * 3_600_000

export const isApp = (clientId: string | undefined): clientId is string => clientId !== undefined && APPS.has(clientId)
/** Whether the secret is the app's; an app without one takes any. */
export const isSecretOf = (clientId: string, secret: string | undefined): boolean =>
  APPS.get(clientId) === null || APPS.get(clientId) === secret

/** Off as in new orgs (OAuth grant), on as long as SOAP login() lives. */
export const passwordDefaults = (): Sessions['password'] => ({ oauth: false, soap: true })
export const firstRefreshTokens = (): Sessions['refreshTokens'] => new Map([[REFRESH_TOKEN, { clientId: null, scope: SCOPE }]])

export function createSessions(): Sessions {
  return {
    byToken: new Map(),
    lifetime: LIFETIME,
    issued: 0,
    jwtKeys: [],
    refreshTokens: firstRefreshTokens(),
    codes: new Map(),
    password: passwordDefaults(),
  }
}

/** Text without meaning, never the same twice, the same in every run. */
export function nextSecret(org: Org, sessions: Sessions, what: string): string {
  sessions.issued += 1
  return createHash('sha512').update(`sandbox ${what} ${sessions.issued} ${org.clock.now()}`).digest('base64url')
}

export type Granted = { scope?: string; refreshToken?: string | null }

/** A token of the classic shape: 15-character org id, `!`, text without meaning. */
export function issueToken(org: Org, sessions: Sessions, clientId: string, { scope = SCOPE, refreshToken = null }: Granted = {}): Session {
  // Letters, digits, dots and underscores: Salesforce's own command line reads a token up to the first other character.
  const token = `${org.orgId.slice(0, 15)}!AR8AQ${nextSecret(org, sessions, 'token').replaceAll('-', '.')}`
  const issuedAt = org.clock.now()
  const session = { token, userId: org.userId, clientId, scope, issuedAt, expiresAt: issuedAt + sessions.lifetime, refreshToken }
  sessions.byToken.set(token, session)
  return session
}

/** Ends an access token, or a refresh token with all that came from it. */
export function revokeToken(sessions: Sessions, token: string): boolean {
  if (sessions.byToken.delete(token)) return true
  if (!sessions.refreshTokens.delete(token)) return false
  for (const session of sessions.byToken.values()) if (session.refreshToken === token) sessions.byToken.delete(session.token)
  return true
}

const invalidSession = (): Fault => new Fault(401, 'INVALID_SESSION_ID', 'Session expired or invalid')

/** The live session of a token, if it has one. */
export function sessionOfToken(org: Org, sessions: Sessions, token: string | undefined): Session | undefined {
  const session = token === undefined ? undefined : sessions.byToken.get(token)
  return session === undefined || session.expiresAt <= org.clock.now() ? undefined : session
}

/** The session of an Authorization header (`Bearer` or `OAuth`). */
export function sessionOf(org: Org, sessions: Sessions, authorization: string | undefined): Session {
  const token = bearerOf(authorization)
  // Unverified in which cases: clients have recorded it where they sent a scheme without a token.
  if (authorization !== undefined && token === undefined) throw new Fault(401, 'INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE')
  const session = sessionOfToken(org, sessions, token)
  if (session === undefined) throw invalidSession()
  return session
}

export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(authorization ?? '')?.[1]

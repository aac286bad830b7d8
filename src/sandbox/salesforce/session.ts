/** Access tokens: who they stand for, until when, and which were taken away. */
import { createHash } from 'node:crypto'
import { Fault } from './fault.ts'
import type { Org } from './org.ts'

export type Session = { token: string; userId: string; clientId: string; expiresAt: number }
export type Sessions = {
  byToken: Map<string, Session>
  /** Lifetime of a new token, milliseconds on the sandbox clock. */
  lifetime: number
  issued: number
  /** Public keys (PEM) that sign JWT assertions, and refresh tokens that still work. */
  jwtKeys: string[]
  refreshTokens: Set<string>
}

export const CLIENT_ID = 'sandbox-client'
export const CLIENT_SECRET = 'sandbox-secret'
export const REFRESH_TOKEN = 'sandbox-refresh'
/** Default session timeout of an org. Salesforce docs: Session Settings. */
const LIFETIME = 2 * 3_600_000

export function createSessions(): Sessions {
  return { byToken: new Map(), lifetime: LIFETIME, issued: 0, jwtKeys: [], refreshTokens: new Set([REFRESH_TOKEN]) }
}

/** A token of the classic shape: 15-character org id, `!`, text without meaning. */
export function issueToken(org: Org, sessions: Sessions, clientId: string): Session {
  sessions.issued += 1
  const secret = createHash('sha512').update(`sandbox token ${sessions.issued} ${org.clock.now()}`).digest('base64url')
  const token = `${org.orgId.slice(0, 15)}!AR8AQ${secret}`
  const session = { token, userId: org.userId, clientId, expiresAt: org.clock.now() + sessions.lifetime }
  sessions.byToken.set(token, session)
  return session
}

export const invalidSession = (): Fault => new Fault(401, 'INVALID_SESSION_ID', 'Session expired or invalid')

/** The session of an Authorization header (`Bearer` or `OAuth`). */
export function sessionOf(org: Org, sessions: Sessions, authorization: string | undefined): Session {
  const token = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  const session = token === undefined ? undefined : sessions.byToken.get(token)
  if (session === undefined || session.expiresAt <= org.clock.now()) throw invalidSession()
  return session
}

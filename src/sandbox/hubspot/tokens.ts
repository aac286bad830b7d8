import { createHash } from 'node:crypto'
import { expiredAuthentication, missingScopes, noAuthentication } from './errors.ts'

export const DEMO_TOKEN = 'pat-eu1-sandbox-0000-0000-000000000001'
const CLIENT = { id: 'sandbox-app', secret: 'sandbox-secret', refreshToken: 'sandbox-refresh' }
/** OAuth access tokens live half an hour (HubSpot docs, "OAuth"). */
export const ACCESS_TOKEN_SECONDS = 1800

/** What an app may be granted here; the sensitive-data scopes are granted by a lever only. */
export const SCOPES = [
  'oauth',
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.schemas.contacts.read',
  'crm.schemas.contacts.write',
  'crm.objects.companies.read',
  'crm.objects.companies.write',
  'crm.schemas.companies.read',
  'crm.schemas.companies.write',
  'crm.objects.deals.read',
  'crm.objects.deals.write',
  'crm.schemas.deals.read',
  'crm.schemas.deals.write',
  'tickets',
  'sales-email-read',
  'crm.objects.owners.read',
  'settings.users.read',
  'settings.users.write',
  'settings.users.teams.read',
  'crm.lists.read',
  'crm.lists.write',
  'crm.export',
  'forms',
  'communication_preferences.read_write',
] as const

export type Token = {
  /** Rate windows belong to an app, whatever number of access tokens it holds. */
  application: string
  kind: 'private' | 'oauth'
  scopes: Set<string>
  expiresAt: number
  revoked: boolean
}

export type Tokens = {
  /** The token of an Authorization header; throws the 401 that applies. */
  authenticate(header: string | undefined, now: number): Token
  find(token: string): Token | undefined
  /** A new access token for the right client secret and refresh token, else undefined. */
  refresh(clientId: string, clientSecret: string, refreshToken: string, now: number): string | undefined
  readonly all: Map<string, Token>
  clear(): void
}

export function createTokens(seed: number): Tokens {
  const all = new Map<string, Token>()
  let issued = 0
  let oauthScopes = new Set<string>(SCOPES)

  function clear(): void {
    all.clear()
    oauthScopes = new Set(SCOPES)
    all.set(DEMO_TOKEN, { application: DEMO_TOKEN, kind: 'private', scopes: new Set(SCOPES), expiresAt: Infinity, revoked: false })
  }
  clear()

  return {
    all,
    clear,
    find: (token) => all.get(token),
    authenticate(header, now) {
      const token = header?.startsWith('Bearer ') ? all.get(header.slice(7).trim()) : undefined
      if (token === undefined || token.revoked) throw noAuthentication()
      if (token.expiresAt <= now) throw expiredAuthentication()
      return token
    },
    refresh(clientId, clientSecret, refreshToken, now) {
      if (clientId !== CLIENT.id || clientSecret !== CLIENT.secret || refreshToken !== CLIENT.refreshToken) return undefined
      const name = createHash('sha256').update(`${seed}:${issued++}`).digest('base64url')
      const expiresAt = now + ACCESS_TOKEN_SECONDS * 1000
      all.set(`CSandbox${name}`, { application: CLIENT.id, kind: 'oauth', scopes: oauthScopes, expiresAt, revoked: false })
      return `CSandbox${name}`
    },
  }
}

/** Who asks on the routes that need no token. */
export const NOBODY: Token = { application: '', kind: 'oauth', scopes: new Set(), expiresAt: Infinity, revoked: false }

/** Passes when the token holds one of `scopes`; throws 403 naming them otherwise. */
export function requireScope(token: Token, ...scopes: string[]): void {
  if (!scopes.some((scope) => token.scopes.has(scope))) throw missingScopes(scopes)
}

export function isDemoClient(clientId: string, clientSecret: string): boolean {
  return clientId === CLIENT.id && clientSecret === CLIENT.secret
}

export const REFRESH_TOKEN = CLIENT.refreshToken
/** Also signs webhooks. */
export const CLIENT_SECRET = CLIENT.secret

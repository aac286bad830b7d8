import { createHash } from 'node:crypto'
import { createCodes } from './oauth-code.ts'
import type { OAuthCodes } from './oauth-code.ts'
import { expiredAuthentication, missingScopes, noAuthentication } from './errors.ts'

export const DEMO_TOKEN = 'pat-eu1-sandbox-0000-0000-000000000001'
/** The OAuth app that is installed in the demo portal. */
export const CLIENT = { id: 'sandbox-app', secret: 'sandbox-secret', refreshToken: 'sandbox-refresh' }
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
  'crm.objects.products.read',
  'crm.objects.products.write',
  'crm.objects.line_items.read',
  'crm.objects.line_items.write',
  'crm.objects.quotes.read',
  'crm.objects.quotes.write',
  'crm.objects.invoices.read',
  'crm.objects.invoices.write',
  'crm.objects.orders.read',
  'crm.objects.orders.write',
  'crm.objects.leads.read',
  'crm.objects.leads.write',
  'crm.objects.feedback_submissions.read',
  'crm.objects.feedback_submissions.write',
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

/** What an app may ask for itself, without a portal (HubSpot docs, "Webhooks journal: authentication and scopes"). */
export const JOURNAL_SCOPES = [
  'developer.webhooks_journal.read',
  'developer.webhooks_journal.subscriptions.read',
  'developer.webhooks_journal.subscriptions.write',
  'developer.webhooks_journal.snapshots.read',
  'developer.webhooks_journal.snapshots.write',
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
  /** A new access token of the OAuth app: with what the portal granted, or with scopes of its own. */
  issue(now: number, scopes?: readonly string[]): string
  /** Whether a text is the refresh token, as long as it was not revoked. */
  refreshable(token: string): boolean
  /** What the portal granted the OAuth app. */
  oauthScopes(): ReadonlySet<string>
  /** Either kind of token; the refresh token takes its access tokens along. */
  revoke(token: string): void
  /** Installs the app anew; the answer is the authorization code. */
  authorise(redirectUri: string, now: number): string
  readonly codes: OAuthCodes
  readonly all: Map<string, Token>
  clear(): void
}

/** RFC 9110, 11.1: the scheme has no case, and HubSpot's own `token_type` is `bearer`. */
const bearerOf = (header = ''): string => /^bearer +(\S+)\s*$/i.exec(header)?.[1] ?? ''

export function createTokens(seed: number): Tokens {
  const all = new Map<string, Token>()
  let issued = 0
  let oauthScopes = new Set<string>(SCOPES)
  let refreshable = true
  const codes = createCodes()

  const nextName = (): string => createHash('sha256').update(`${seed}:${issued++}`).digest('base64url')

  function clear(): void {
    all.clear()
    codes.clear()
    oauthScopes = new Set(SCOPES)
    refreshable = true
    all.set(DEMO_TOKEN, { application: DEMO_TOKEN, kind: 'private', scopes: new Set(SCOPES), expiresAt: Infinity, revoked: false })
  }
  clear()

  return {
    all,
    codes,
    clear,
    find: (token) => all.get(token),
    authenticate: (header, now) => checked(all.get(bearerOf(header)), now),
    issue(now, scopes) {
      const name = `CSandbox${nextName()}`
      const expiresAt = now + ACCESS_TOKEN_SECONDS * 1000
      all.set(name, {
        application: CLIENT.id,
        kind: 'oauth',
        scopes: scopes === undefined ? oauthScopes : new Set(scopes),
        expiresAt,
        revoked: false,
      })
      return name
    },
    refreshable: (token) => refreshable && token === CLIENT.refreshToken,
    oauthScopes: () => oauthScopes,
    revoke(token) {
      const found = all.get(token)
      if (found?.kind === 'oauth') found.revoked = true
      if (token !== CLIENT.refreshToken) return
      refreshable = false
      for (const issuedToken of all.values()) if (issuedToken.kind === 'oauth') issuedToken.revoked = true
    },
    authorise(redirectUri, now) {
      // Installing the app again brings its refresh token back.
      refreshable = true
      const code = nextName()
      codes.give(code, redirectUri, now)
      return code
    },
  }
}

function checked(token: Token | undefined, now: number): Token {
  if (token === undefined || token.revoked) throw noAuthentication()
  if (token.expiresAt <= now) throw expiredAuthentication()
  return token
}

/** Who asks on the routes that need no token. */
export const NOBODY: Token = { application: '', kind: 'oauth', scopes: new Set(), expiresAt: Infinity, revoked: false }

/** Passes when the token holds one of `scopes`; throws 403 naming them otherwise. */
export function requireScope(token: Token, ...scopes: string[]): void {
  if (!scopes.some((scope) => token.scopes.has(scope))) throw missingScopes(scopes)
}

/** The secret of an app; undefined for an app nobody knows. */
export function clientOf(id: string): string | undefined {
  return id === CLIENT.id ? CLIENT.secret : undefined
}

/** Also signs webhooks. */
export const CLIENT_SECRET = CLIENT.secret

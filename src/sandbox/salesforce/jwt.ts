/** JWT bearer assertions: RS256 under a registered key, iss, sub, aud, exp. Salesforce docs: OAuth 2.0 JWT Bearer Flow. */
import { decodeProtectedHeader, errors, importSPKI, importX509, jwtVerify } from 'jose'
import { CLIENT_ID } from './session.ts'
import { USERNAME } from './org.ts'
import type { World } from './call.ts'

type Checked = { ok: true } | { ok: false; description: string }
const AUDIENCES = ['https://login.salesforce.com', 'https://test.salesforce.com']

export async function checkAssertion({ org, sessions }: World, assertion: string, origin: string): Promise<Checked> {
  const claims = await verifiedClaims(sessions.jwtKeys, assertion)
  if (claims === undefined) return { ok: false, description: 'invalid assertion' }
  const audience = Array.isArray(claims.aud) ? claims.aud : [claims.aud]
  if (!audience.some((each) => typeof each === 'string' && [...AUDIENCES, origin].includes(each.replace(/\/$/, '')))) {
    return { ok: false, description: 'audience is invalid' }
  }
  if (claims.iss !== CLIENT_ID) return { ok: false, description: 'client identifier invalid' }
  // Some clients send exp as a string.
  const expiry = Number(claims.exp)
  if (!Number.isFinite(expiry)) return { ok: false, description: 'invalid assertion' }
  if (expiry * 1_000 <= org.clock.now()) return { ok: false, description: 'expired authorization code' }
  if (claims.sub !== USERNAME) return { ok: false, description: "user hasn't approved this consumer" }
  return { ok: true }
}

/** The signature is proved here; times are judged on the sandbox clock by the caller. */
async function verifiedClaims(keys: readonly string[], assertion: string): Promise<Record<string, unknown> | undefined> {
  for (const pem of keys) {
    try {
      if (decodeProtectedHeader(assertion).alg !== 'RS256') return undefined
      await jwtVerify(assertion, await importKey(pem), { algorithms: ['RS256'], currentDate: new Date(0) })
      return payloadOf(assertion)
    } catch (error) {
      // jose wants a number where some clients send text: the signature has been proved before it looks.
      if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) return payloadOf(assertion)
      if (!(error instanceof errors.JOSEError || error instanceof TypeError)) throw error
    }
  }
  return undefined
}

function payloadOf(assertion: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>
}

/** A public key or a certificate, as PEM. Throws on anything else. */
function importKey(pem: string): Promise<CryptoKey> {
  return pem.includes('BEGIN CERTIFICATE') ? importX509(pem, 'RS256') : importSPKI(pem, 'RS256')
}

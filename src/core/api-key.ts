/** Keys of the API: `accord_<id>_<secret>`, shown once. The secret is 256 random bits, so its plain SHA-256 gives nothing away. */
import { hash, timingSafeEqual } from 'node:crypto'

/**
 * `requests:session`: may say that a person was signed in when they asked, which is proof enough of who they are. `cases:write`: may say which user decided about
 * somebody who came back after an erasure.
 */
export const scopes = [
  'consents:write',
  'consents:read',
  'requests:write',
  'requests:session',
  'requests:read',
  'cases:write',
  'cases:read',
] as const
export type Scope = (typeof scopes)[number]

/** `id`: 8 bytes in hex; `secret`: 32 bytes in base64url. */
export function writeToken(id: Uint8Array, secret: Uint8Array): { id: string; token: string; secretHash: Buffer } {
  const [name, rest] = [Buffer.from(id).toString('hex'), Buffer.from(secret).toString('base64url')]
  return { id: name, token: `accord_${name}_${rest}`, secretHash: hashOf(rest) }
}

/** `null` for anything that no key of ours looks like. */
export function readToken(token: string): { id: string; secretHash: Buffer } | null {
  const parts = /^accord_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/.exec(token)
  return parts === null ? null : { id: parts[1] ?? '', secretHash: hashOf(parts[2] ?? '') }
}

/** In constant time. */
export function isSameSecret(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

function hashOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}

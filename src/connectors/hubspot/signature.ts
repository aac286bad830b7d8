/** HubSpot's request signatures. Source: HubSpot docs, "Validating requests". Everything is computed over the bytes as they came. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

type Part = string | Uint8Array
export type Signed = { method: string; uri: string; body: Uint8Array }

/** Is `given` the base64 HMAC-SHA256 of the parts under this key, in its one spelling? */
export function hasMac(key: Part, parts: readonly Part[], given: string): boolean {
  const mac = createHmac('sha256', key)
  for (const part of parts) mac.update(part)
  // The text is compared, not what it decodes to: the last character before the "=" has bits that decode to nothing.
  return /^[A-Za-z0-9+/]{43}=$/.test(given) && isSame(mac.digest('base64'), given)
}

/** v3: `timestamp` as the header spells it. */
export function isSignedV3(secret: string, { method, uri, body }: Signed, timestamp: string, given: string): boolean {
  return hasMac(secret, [method, decodeUri(uri), body, timestamp], given)
}

/** v2, a bare hash: whoever holds one signature can append to what it covers. */
export function isSignedV2(secret: string, { method, uri, body }: Signed, given: string): boolean {
  return hasHash([secret, method, uri, body], given)
}

/** v1, the same over the body alone. */
export function isSignedV1(secret: string, { body }: Signed, given: string): boolean {
  return hasHash([secret, body], given)
}

function hasHash(parts: readonly Part[], given: string): boolean {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return /^[0-9a-f]{64}$/.test(given) && isSame(hash.digest('hex'), given)
}

/** Both are ASCII of the same length by now. */
function isSame(ours: string, given: string): boolean {
  return timingSafeEqual(Buffer.from(ours, 'latin1'), Buffer.from(given, 'latin1'))
}

/** unverified: that lower-case escapes are left as they are. */
const decodesLowerCase = false
const decoded: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
}

/** These escapes are decoded before v3 signs the address, and no others. */
function decodeUri(uri: string): string {
  if (!uri.includes('%')) return uri
  return uri.replaceAll(/%[\dA-Fa-f]{2}/g, (escape) => decoded[decodesLowerCase ? escape.toUpperCase() : escape] ?? escape)
}

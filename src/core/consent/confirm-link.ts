/** What a link in a mail holds: a random number, the end of its life, and a signature over both. Nothing about anybody. */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

export const LINK_ID_BYTES = 16
const END_BYTES = 4
const MAC_BYTES = 16

/** What pressing the button behind a link says: "I agree", "this request is mine", "give me my copy", or "this new address is mine". A link of one use is none of another. */
export type LinkUse = 'confirm' | 'identify' | 'copy' | 'address'

/** `expiresAt` in epoch milliseconds, kept to the second. 48 characters. */
export function writeLink(key: Uint8Array, use: LinkUse, { id, expiresAt }: { id: Uint8Array; expiresAt: number }): string {
  const head = Buffer.alloc(LINK_ID_BYTES + END_BYTES)
  head.set(id)
  head.writeUInt32BE(Math.floor(expiresAt / 1000), LINK_ID_BYTES)
  return Buffer.concat([head, macOf(key, use, head)]).toString('base64url')
}

/** `null` for what we did not sign. The caller looks at the end, and at what became of it. */
export function readLink(key: Uint8Array, use: LinkUse, token: string): { id: Buffer; expiresAt: number } | null {
  if (!/^[\w-]{48}$/.test(token)) return null
  const bytes = Buffer.from(token, 'base64url')
  const head = bytes.subarray(0, LINK_ID_BYTES + END_BYTES)
  if (!timingSafeEqual(macOf(key, use, head), bytes.subarray(-MAC_BYTES))) return null
  return { id: Buffer.from(head.subarray(0, LINK_ID_BYTES)), expiresAt: head.readUInt32BE(LINK_ID_BYTES) * 1000 }
}

function macOf(key: Uint8Array, use: LinkUse, head: Buffer): Buffer {
  const own = Buffer.from(hkdfSync('sha256', key, '', `accord/${use}-link/v1`, 32))
  return createHmac('sha256', own).update(head).digest().subarray(0, MAC_BYTES)
}

/** A text that must live for a while and then be gone: under a key made of one half outside the database and one of its own, whose end is the erasure. */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'

export const SEAL_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16
/** Lengths tell: an address fills up to a multiple of this. */
const STEP = 64

/** AES-256-GCM. `seal`: 32 random bytes for this text alone; `iv`: 12 random bytes; `about`: what it belongs to, so that it cannot be moved. */
export function sealText(key: Uint8Array, { seal, iv, about }: { seal: Uint8Array; iv: Uint8Array; about: string }, text: string): Buffer {
  const plain = Buffer.from(text)
  const padded = Buffer.alloc(Math.ceil((plain.length + 2) / STEP) * STEP)
  padded.writeUInt16BE(plain.length)
  plain.copy(padded, 2)
  const cipher = createCipheriv('aes-256-gcm', keyOf(key, seal), iv).setAAD(Buffer.from(about))
  return Buffer.concat([iv, cipher.update(padded), cipher.final(), cipher.getAuthTag()])
}

/** @throws Error when anything of it was changed, or under another key. */
export function openSealed(key: Uint8Array, { seal, about }: { seal: Uint8Array; about: string }, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(key, seal), sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(-TAG_BYTES))
  const padded = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()])
  return padded.subarray(2, 2 + padded.readUInt16BE()).toString()
}

function keyOf(key: Uint8Array, seal: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', key, seal, 'accord/sealed/v1', 32))
}

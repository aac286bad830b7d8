/** Goes on hashing where somebody else stopped: what makes a bare SHA-256 over secret and message a signature that can be forged. FIPS 180-4. */

/** Fractional parts of cube roots of the first 64 primes. */
const K = primes(64).map((prime) => fraction(Math.cbrt(prime)))

/**
 * Of a hash over a secret of known length and a known message: another message that begins with that one, and its hash, without the secret.
 * `prefix`: bytes of the secret and of what is hashed before the message.
 */
export function extend(hex: string, prefix: number, message: Uint8Array, suffix: Uint8Array): { message: Buffer; hex: string } {
  const padding = paddingAfter(prefix + message.length)
  const total = prefix + message.length + padding.length + suffix.length
  const state = Array.from({ length: 8 }, (_, word) => Number.parseInt(hex.slice(word * 8, word * 8 + 8), 16))
  const rest = Buffer.concat([suffix, paddingAfter(total)])
  for (let at = 0; at < rest.length; at += 64) compress(state, rest.subarray(at, at + 64))
  return {
    message: Buffer.concat([message, padding, suffix]),
    hex: state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(''),
  }
}

function paddingAfter(length: number): Buffer {
  const padding = Buffer.alloc(((119 - (length % 64)) % 64) + 9)
  padding[0] = 0x80
  padding.writeBigUInt64BE(BigInt(length) * 8n, padding.length - 8)
  return padding
}

function compress(state: number[], block: Buffer): void {
  const w = Array.from({ length: 16 }, (_, word) => block.readUInt32BE(word * 4))
  for (let i = 16; i < 64; i++) {
    const [a, b] = [w[i - 15]!, w[i - 2]!]
    const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)
    const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10)
    w.push((w[i - 16]! + s0 + w[i - 7]! + s1) | 0)
  }
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < 64; i++) {
    const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
  }
  for (const [word, value] of [a, b, c, d, e, f, g, h].entries()) state[word] = (state[word]! + value) | 0
}

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

function primes(count: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32) | 0
}

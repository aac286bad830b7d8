/** Record ids, checked before they stand in a URL or a query: an unchecked one can address another resource. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

/**
 * The 18-character form of a 15- or 18-character id, or `null` when it is none: wrong characters, length or checksum,
 * or of another object than `prefix` (the three characters describe calls keyPrefix).
 */
export function recordId(text: string, prefix: string | null): string | null {
  if (!/^[A-Za-z0-9]+$/.test(text) || (text.length !== 15 && text.length !== 18)) return null
  const stem = text.slice(0, 15)
  if (prefix !== null && !stem.startsWith(prefix)) return null
  const full = stem + checksum(stem)
  return text.length === 15 || text === full ? full : null
}

/** One character per group of five: bit j is set where the j-th character is a capital. */
function checksum(stem: string): string {
  let text = ''
  for (let group = 0; group < 15; group += 5) {
    let bits = 0
    for (let bit = 0; bit < 5; bit++) {
      const character = stem.charCodeAt(group + bit)
      if (character >= 65 && character <= 90) bits |= 1 << bit
    }
    text += ALPHABET.charAt(bits)
  }
  return text
}

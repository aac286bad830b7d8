/** Record ids: 15 case-sensitive characters, or 18 with a checksum. Salesforce docs: "ID Field Type". */
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The 18-character form of a 15-character id: one checksum character per group of five, bit j set if character j is upper case. */
function to18(id15: string): string {
  let suffix = ''
  for (let group = 0; group < 15; group += 5) {
    let bits = 0
    for (let j = 0; j < 5; j += 1) {
      const code = id15.charCodeAt(group + j)
      if (code >= 65 && code <= 90) bits |= 1 << j
    }
    suffix += CHECKSUM[bits]
  }
  return id15 + suffix
}

/** The canonical 18-character id, or undefined where the text is no id. Both forms are accepted on every endpoint (unverified for all of them). */
export function parseId(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  if (text.length === 15 && /^[0-9A-Za-z]{15}$/.test(text)) return to18(text)
  if (text.length === 18 && /^[0-9A-Za-z]{18}$/.test(text)) {
    const full = to18(text.slice(0, 15))
    // The checksum exists to survive systems that fold case: compare it without case.
    return full.slice(15) === text.slice(15).toUpperCase() ? full : undefined
  }
  return undefined
}

/** A deterministic id: key prefix, pod and reserved characters, then the number in base 62. */
export function makeId(prefix: string, number: number): string {
  let rest = ''
  let n = number
  while (n > 0) {
    rest = DIGITS[n % 62] + rest
    n = Math.floor(n / 62)
  }
  return to18(prefix + '4400' + rest.padStart(8, '0'))
}

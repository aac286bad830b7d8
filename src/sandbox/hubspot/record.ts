/**
 * One contact's set properties as bytes: entries of u16 property, u24 length, then the value as a JSON literal in UTF-8.
 * Keeping the literal makes a page a matter of copying bytes; nothing is serialised twice.
 */
export const ENTRY_HEAD = 5

let scratch = Buffer.allocUnsafeSlow(64 * 1024)

/** Encodes into a shared buffer that the next call overwrites. */
export function encodeRecord(values: ReadonlyMap<number, string>): Buffer {
  let at = 0
  for (const [property, value] of values) {
    const most = at + ENTRY_HEAD + value.length * 6 + 2
    if (most > scratch.length) grow(most)
    const length = writePlain(value, at + ENTRY_HEAD) || scratch.write(JSON.stringify(value), at + ENTRY_HEAD)
    scratch[at] = property & 255
    scratch[at + 1] = property >>> 8
    scratch[at + 2] = length & 255
    scratch[at + 3] = (length >>> 8) & 255
    scratch[at + 4] = length >>> 16
    at += ENTRY_HEAD + length
  }
  return scratch.subarray(0, at)
}

/** Values of this length or less that are their own literal are written letter by letter: twice as fast as by way of another string. */
const SHORT = 64

/** The literal of a text in plain ASCII; 0, and nothing of use written, for any other. */
function writePlain(value: string, start: number): number {
  const { length } = value
  if (length > SHORT) return 0
  scratch[start] = QUOTE
  for (let at = 0; at < length; at++) {
    const code = value.charCodeAt(at)
    if (code < 32 || code > 126 || code === QUOTE || code === BACKSLASH) return 0
    scratch[start + 1 + at] = code
  }
  scratch[start + 1 + length] = QUOTE
  return length + 2
}

const QUOTE = 34
const BACKSLASH = 92

function grow(size: number): void {
  const larger = Buffer.allocUnsafeSlow(size * 2)
  scratch.copy(larger)
  scratch = larger
}

export function decodeRecord(bytes: Buffer, start: number, length: number): Map<number, string> {
  const values = new Map<number, string>()
  for (let at = start; at < start + length;) {
    const size = entrySize(bytes, at)
    values.set(bytes[at]! | (bytes[at + 1]! << 8), literalAt(bytes, at, size))
    at += ENTRY_HEAD + size
  }
  return values
}

/** One property's value without decoding the others. */
export function valueIn(bytes: Buffer, start: number, length: number, property: number): string | undefined {
  const low = property & 255
  const high = property >>> 8
  for (let at = start; at < start + length;) {
    const size = entrySize(bytes, at)
    if (bytes[at] === low && bytes[at + 1] === high) return literalAt(bytes, at, size)
    at += ENTRY_HEAD + size
  }
  return undefined
}

function entrySize(bytes: Buffer, at: number): number {
  return bytes[at + 2]! | (bytes[at + 3]! << 8) | (bytes[at + 4]! << 16)
}

function literalAt(bytes: Buffer, at: number, size: number): string {
  return JSON.parse(bytes.toString('utf8', at + ENTRY_HEAD, at + ENTRY_HEAD + size)) as string
}

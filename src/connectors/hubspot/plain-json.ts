/**
 * Walks over JSON in the plain form in which machines write it, without blanks between its parts. For what is read by the million; whoever meets anything
 * else turns to `JSON.parse`.
 *
 * Bytes and not text: at each character V8 looks anew how its text is stored (2.6 ns, where a byte takes 0.9 and a word of four bytes 1.4).
 */

export const QUOTE = 0x22
export const COMMA = 0x2c
export const COLON = 0x3a
export const BACKSLASH = 0x5c
export const FIRST_PRINTED = 0x20
const WORD = 4

export type Document = { readonly bytes: Buffer; readonly view: DataView; readonly length: number }

export function documentOf(bytes: Buffer): Document {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), length: bytes.byteLength }
}

/** What is expected somewhere, to be compared word by word. `last`: the word at its end, most of which may have been compared by then. */
export type Expected = { readonly words: Int32Array; readonly last: number; readonly length: number }

/** Of four bytes at least. */
export function expected(text: string): Expected {
  const bytes = Buffer.from(text)
  const words = Int32Array.from({ length: Math.floor(bytes.length / WORD) }, (_, index) => bytes.readInt32LE(index * WORD))
  return { words, last: bytes.readInt32LE(bytes.length - WORD), length: bytes.length }
}

export function isAt({ view, length }: Document, at: number, { words, last, length: whole }: Expected): boolean {
  if (at + whole > length || view.getInt32(at + whole - WORD, true) !== last) return false
  for (let i = 0, place = at; i < words.length; i++, place += WORD) if (view.getInt32(place, true) !== words[i]) return false
  return true
}

/** The index behind the string whose opening quote is expected there; -1 where there is none, or one with escapes. */
export function afterString({ bytes, length }: Document, at: number): number {
  if (at >= length || bytes[at] !== QUOTE) return -1
  for (let next = at + 1; next < length; next++) {
    const byte = bytes[next]!
    if (byte === QUOTE) return next + 1
    if (byte < FIRST_PRINTED || byte === BACKSLASH) return -1
  }
  return -1
}

/** The values of strings in a document, one behind the other in one text. */
import { BACKSLASH, FIRST_PRINTED, QUOTE, type Document } from './plain-json.ts'
import { jsonOf } from './refusal.ts'

const FIRST_BEYOND_ASCII = 0x80

/** Nearly all values need no more than a byte for each character: those are written into memory that is used again and again, the others put between. */
export class ValueText {
  /** Where the value that was taken last stands in the text, and how long it is. Plain data: to ask a getter takes longer than to read a short value. */
  start = 0
  length = 0
  #latin = Buffer.allocUnsafe(1 << 16)
  #used = 0
  #before = ''

  /** Takes the string whose opening quote is expected there. Answers the index behind it; -1 where there is none. */
  take(document: Document, at: number): number {
    const { bytes, length: size } = document
    if (at >= size || bytes[at] !== QUOTE) return -1
    const latin = this.#roomFor(size - at)
    const begin = this.#used
    let to = begin
    let from = at + 1
    for (;;) {
      if (from + 1 >= size) return -1
      const byte = bytes[from]!
      if (byte === QUOTE) break
      if (byte >= FIRST_PRINTED && byte < FIRST_BEYOND_ASCII && byte !== BACKSLASH) {
        latin[to++] = byte
        from++
        continue
      }
      // U+0080 to U+00FF: two bytes of UTF-8 (RFC 3629, section 3).
      const next = bytes[from + 1]!
      if ((byte & 0xfe) !== 0xc2 || (next & 0xc0) !== 0x80) return this.#takeAny(document, at)
      latin[to++] = ((byte & 0x03) << 6) | (next & 0x3f)
      from += 2
    }
    this.start = this.#before.length + begin
    this.length = to - begin
    this.#used = to
    return from + 1
  }

  /** The whole text; begins anew. */
  end(): string {
    this.#put('')
    const text = this.#before
    this.#before = ''
    return text
  }

  #takeAny({ bytes, length: size }: Document, at: number): number {
    let end = at + 1
    while (end < size && bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1
    const value = valueOf(bytes.toString('utf8', at, end + 1))
    if (value === null) return -1
    this.start = this.#before.length + this.#used
    this.length = value.length
    this.#put(value)
    return end + 1
  }

  #put(value: string): void {
    this.#before += this.#latin.toString('latin1', 0, this.#used) + value
    this.#used = 0
  }

  #roomFor(more: number): Buffer {
    if (this.#latin.length - this.#used < more) {
      const larger = Buffer.allocUnsafe(2 * (this.#used + more))
      this.#latin.copy(larger, 0, 0, this.#used)
      this.#latin = larger
    }
    return this.#latin
  }
}

/** Of a string as it is written; null where that is none. */
function valueOf(written: string): string | null {
  const value = jsonOf(written)
  return typeof value === 'string' ? value : null
}

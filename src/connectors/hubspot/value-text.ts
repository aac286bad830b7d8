/** The values of strings in a document, as the text of a sheet. */
import { FIRST_BEYOND_ASCII, isLatin, latinOf, SheetText } from '../sheet-text.ts'
import { BACKSLASH, FIRST_PRINTED, QUOTE, type Document } from './plain-json.ts'
import { jsonOf } from './refusal.ts'

export class ValueText extends SheetText {
  /** Takes the string whose opening quote is expected there. Answers the index behind it; -1 where there is none. */
  take(document: Document, at: number): number {
    const { bytes, length: size } = document
    if (at >= size || bytes[at] !== QUOTE) return -1
    const latin = this.roomFor(size - at)
    const begin = this.used
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
      const next = bytes[from + 1]!
      if (!isLatin(byte) || (next & 0xc0) !== 0x80) return this.#takeAny(document, at)
      latin[to++] = latinOf(byte, next)
      from += 2
    }
    this.start = begin
    this.length = to - begin
    this.used = to
    return from + 1
  }

  #takeAny({ bytes, length: size }: Document, at: number): number {
    let end = at + 1
    while (end < size && bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1
    const value = valueOf(bytes.toString('utf8', at, end + 1))
    if (value === null) return -1
    this.putWide(value)
    return end + 1
  }
}

/** Of a string as it is written; null where that is none. */
function valueOf(written: string): string | null {
  const value = jsonOf(written)
  return typeof value === 'string' ? value : null
}

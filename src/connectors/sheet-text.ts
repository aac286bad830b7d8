/** The values of a sheet while it is written, one behind the other. */
import type { Sheet } from './sheet.ts'

export const FIRST_BEYOND_ASCII = 0x80

/**
 * Nearly all values need no more than a byte for each character: those are written into memory that is used again and again. The few others stand in a text of
 * their own, since one of them would make V8 take two bytes for each character of the whole page, and of all that is cut out of it.
 */
export class SheetText {
  /** Of the value that was put last, as a mark has it. Plain data: to ask a getter takes longer than to read a short value. */
  start = 0
  length = 0
  protected latin = Buffer.allocUnsafe(1 << 16)
  protected used = 0
  #wide = ''

  /** Takes these bytes, which are UTF-8. */
  put(bytes: Uint8Array, from: number, to: number): void {
    const latin = this.roomFor(to - from)
    const begin = this.used
    let end = begin
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!
      if (byte < FIRST_BEYOND_ASCII) latin[end++] = byte
      else if (isLatin(byte)) latin[end++] = latinOf(byte, bytes[++at]!)
      else return this.putWide(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString())
    }
    this.start = begin
    this.length = end - begin
    this.used = end
  }

  putText(value: string): void {
    if (!isOfLatin(value)) return this.putWide(value)
    this.start = this.used
    this.length = this.roomFor(value.length).write(value, this.used, 'latin1')
    this.used += this.length
  }

  protected putWide(value: string): void {
    this.start = ~this.#wide.length
    this.length = value.length
    this.#wide += value
  }

  /** All that was put; begins anew. */
  end(): Pick<Sheet, 'text' | 'wide'> {
    const all = { text: this.latin.toString('latin1', 0, this.used), wide: this.#wide }
    this.used = 0
    this.#wide = ''
    return all
  }

  /** Where to write what takes so many bytes, from `used` on. */
  protected roomFor(more: number): Buffer {
    if (this.latin.length - this.used < more) {
      const larger = Buffer.allocUnsafe(2 * (this.used + more))
      this.latin.copy(larger, 0, 0, this.used)
      this.latin = larger
    }
    return this.latin
  }
}

/** Whether with this byte begins one of U+0080 to U+00FF: two bytes of UTF-8 (RFC 3629, section 3). */
export function isLatin(byte: number): boolean {
  return (byte & 0xfe) === 0xc2
}

export function latinOf(byte: number, next: number): number {
  return ((byte & 0x03) << 6) | (next & 0x3f)
}

function isOfLatin(value: string): boolean {
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) > 0xff) return false
  return true
}

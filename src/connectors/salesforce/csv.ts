/**
 * Rows out of the CSV of a Bulk 2.0 result, as it arrives: comma, LF or CRLF, fields quoted (or plain), quotes doubled.
 * Strict where a lenient parser would invent a record: a broken quote, a short row, an unfinished end all throw.
 *
 * Bytes and not text: decoded, one name beyond Latin-1 in a chunk makes V8 take two bytes for each character of it and of all that is cut out of it.
 */
import { isUtf8 } from 'node:buffer'
import { ConnectorError } from '../connector.ts'
import type { Bytes } from '../http.ts'

const QUOTE = 34
const COMMA = 44
const LF = 10
const CR = 13
/** Of UTF-8; may stand at the beginning. */
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf)
/**
 * Rows as places in bytes: of each field where it begins and how long it is, row by row. A length below zero is the complement (`~`) of
 * that of a field with doubled quotes in it. Good until more is pushed, since bytes and places are filled anew.
 */
export type CsvRows = { readonly bytes: Buffer; readonly places: readonly number[]; readonly width: number; readonly count: number }

export interface CsvReader {
  readonly header: readonly string[] | null
  /** Whole rows only; what is left over waits for the next chunk. The chunk is copied. */
  push(chunk: Uint8Array): CsvRows
  /**
   * What is left at the end. Throws when that is no whole row. One without a line end is whole if by the count of the result it is the only
   * one that is `missing`, or none is and it is the header, and it ends with a quote: a plain value may have been cut.
   */
  end(missing: number): CsvRows
}

/** Nothing is cut out: of a row of 58 columns a dozen hold something, and who wants those cuts them out. */
export function createCsvReader(): CsvReader {
  let bytes: Bytes = Buffer.allocUnsafe(1 << 17)
  /** Those from `begin` to `end` wait. */
  let [begin, end, isStart] = [0, 0, true]
  let header: string[] | null = null
  const places: number[] = []

  const hold = (chunk: Uint8Array): void => {
    const waiting = end - begin
    const room = waiting + chunk.length <= bytes.length ? bytes : Buffer.allocUnsafe(2 * (waiting + chunk.length))
    bytes.copy(room, 0, begin, end)
    room.set(chunk, waiting)
    ;[bytes, begin, end] = [room, 0, waiting + chunk.length]
  }

  const take = (): CsvRows => {
    const first = begin
    let count = 0
    let filled = 0
    if (isStart && header === null && isMarked(bytes, begin, end)) begin += BYTE_ORDER_MARK.length
    isStart &&= begin === first && end - begin < BYTE_ORDER_MARK.length
    for (;;) {
      const next = readRow(bytes, begin, end, places, filled)
      if (next < 0) break
      begin = next
      const read = filledTo - filled
      if (header === null) header = Array.from({ length: read / 2 }, (_, index) => valueAt({ bytes, places }, index))
      else {
        // An empty line is no row (RFC 4180 knows none); the counts of the result tell whether one is missing.
        if (read === 2 && places[filled + 1] === 0 && header.length > 1) continue
        if (read !== header.length * 2) throw broken(`a row has ${read / 2} columns where the header has ${header.length}`)
        filled = filledTo
        count++
      }
    }
    // Where a row ends, a character does.
    if (!isUtf8(bytes.subarray(first, begin))) throw new ConnectorError('unexpected-shape', 'a Bulk result is not in UTF-8')
    return { bytes, places, width: header?.length ?? 0, count }
  }

  return {
    get header() {
      return header
    },
    push(chunk) {
      hold(chunk)
      return take()
    },
    end(missing) {
      if (missing === (header === null ? 0 : 1) && begin < end && bytes[end - 1] === QUOTE) hold(Buffer.of(LF))
      const whole = take()
      if (begin < end) throw new ConnectorError('unavailable', 'the CSV of a Bulk result ends inside a row')
      return whole
    },
  }
}

function isMarked(bytes: Buffer, begin: number, end: number): boolean {
  return bytes.subarray(begin, end).indexOf(BYTE_ORDER_MARK) === 0
}

/** Where a field begins, what it takes in bytes, and whether it has doubled quotes in it; fields are counted over all rows. */
export function startAt({ places }: Pick<CsvRows, 'places'>, field: number): number {
  return places[2 * field]!
}
export function lengthAt({ places }: Pick<CsvRows, 'places'>, field: number): number {
  const length = places[2 * field + 1]!
  return length < 0 ? ~length : length
}
export function isDoubled({ places }: Pick<CsvRows, 'places'>, field: number): boolean {
  return places[2 * field + 1]! < 0
}

export function valueAt(rows: Pick<CsvRows, 'bytes' | 'places'>, field: number): string {
  const start = startAt(rows, field)
  const value = rows.bytes.toString('utf8', start, start + lengthAt(rows, field))
  return isDoubled(rows, field) ? value.replaceAll('""', '"') : value
}

/** Set by `readRow` and `quotedEnd`: an object for each of their answers would cost more than the reading. */
let filledTo = 0
let doubled = false

/** Lists the places of one row from `to` on and gives the index after its line end, or -1 when the bytes end first. */
function readRow(bytes: Buffer, start: number, size: number, places: number[], to: number): number {
  let n = to
  let at = start
  for (;;) {
    const quoted = at < size && bytes[at] === QUOTE
    // Most fields are empty.
    if (quoted && at + 2 < size && bytes[at + 1] === QUOTE && bytes[at + 2] === COMMA) {
      places[n++] = at + 1
      places[n++] = 0
      at += 3
      continue
    }
    const end = quoted ? quotedEnd(bytes, at, size) : plainEnd(bytes, at, size)
    if (end < 0 || end >= size) return -1
    const length = quoted ? end - at - 2 : end - at
    places[n++] = quoted ? at + 1 : at
    places[n++] = quoted && doubled ? ~length : length
    const stop = bytes[end]
    if (stop === COMMA) {
      at = end + 1
      continue
    }
    if (stop === CR && end + 1 >= size) return -1
    if (stop !== LF && !(stop === CR && bytes[end + 1] === LF)) throw broken('a quoted field is followed by more text')
    filledTo = n
    return stop === CR ? end + 2 : end + 1
  }
}

/** The index after the closing quote, or -1. */
function quotedEnd(bytes: Buffer, at: number, size: number): number {
  doubled = false
  for (let next = at + 1; next < size; next++) {
    if (bytes[next] !== QUOTE) continue
    if (next + 1 >= size || bytes[next + 1] !== QUOTE) return next + 1
    doubled = true
    next++
  }
  return -1
}

function plainEnd(bytes: Buffer, at: number, size: number): number {
  for (let end = at; end < size; end++) {
    const byte = bytes[end]
    if (byte === COMMA || byte === LF || byte === CR) return end
  }
  return -1
}

function broken(how: string): ConnectorError {
  return new ConnectorError('unexpected-shape', `the CSV of a Bulk result is broken: ${how}`)
}

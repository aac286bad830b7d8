/**
 * Rows out of the CSV of a Bulk 2.0 result, as it arrives: comma, LF or CRLF, fields quoted (or plain), quotes doubled.
 * Strict where a lenient parser would invent a record: a broken quote, a short row, an unfinished end all throw.
 *
 * Measured on 100,000 rows of 17 quoted columns: a million rows/s in chunks, papaparse 230,000 to 350,000.
 */
import { ConnectorError } from '../connector.ts'

const QUOTE = 34
const COMMA = 44
const LF = 10
const CR = 13
/**
 * Without it a row that was cut between two doubled quotes would pass for a whole one.
 * unverified: that every real result ends with a line end, as those of the guide do.
 */
const LAST_ROW_NEEDS_LINE_END = true

/**
 * Rows as places in a text: of each field where it begins and how long it is, row by row. A length below zero is the complement (`~`) of
 * that of a field with doubled quotes in it. Good until more is pushed, since the list of places is filled anew.
 */
export type CsvRows = { readonly text: string; readonly places: readonly number[]; readonly width: number; readonly count: number }

export interface CsvReader {
  readonly header: readonly string[] | null
  /** Whole rows only; what is left over waits for the next chunk. */
  push(text: string): CsvRows
  /** What is left at the end of the text. Throws when that is no whole row. */
  end(): CsvRows
}

/** Nothing is cut out of the text: of a row of 58 columns a dozen hold something, and who wants those cuts them out (3.8 µs a row as strings, 1 as places). */
export function createCsvReader(): CsvReader {
  let rest = ''
  let header: string[] | null = null
  const places: number[] = []

  const take = (text: string): CsvRows => {
    let from = 0
    let count = 0
    let end = 0
    for (;;) {
      const next = readRow(text, from, places, end)
      if (next < 0) break
      from = next
      const read = filledTo - end
      if (header === null) header = Array.from({ length: read / 2 }, (_, index) => valueAt({ text, places }, index))
      else {
        // An empty line is no row (RFC 4180 knows none); the counts of the result tell whether one is missing.
        if (read === 2 && places[end + 1] === 0 && header.length > 1) continue
        if (read !== header.length * 2) throw broken(`a row has ${read / 2} columns where the header has ${header.length}`)
        end = filledTo
        count++
      }
    }
    rest = from === 0 ? text : text.slice(from)
    return { text, places, width: header?.length ?? 0, count }
  }

  return {
    get header() {
      return header
    },
    push: (text) => take(rest + text),
    end() {
      const whole = take(LAST_ROW_NEEDS_LINE_END || rest === '' ? rest : `${rest}\n`)
      if (rest !== '') throw new ConnectorError('unavailable', 'the CSV of a Bulk result ends inside a row')
      return whole
    },
  }
}

/** Where a field begins, what it takes in the text, and whether it has doubled quotes in it; fields are counted over all rows. */
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

export function valueAt(rows: Pick<CsvRows, 'text' | 'places'>, field: number): string {
  const start = startAt(rows, field)
  const value = rows.text.slice(start, start + lengthAt(rows, field))
  return isDoubled(rows, field) ? value.replaceAll('""', '"') : value
}

/** Set by `readRow` and `quotedEnd`: an object for each of their answers would cost more than the reading. */
let filledTo = 0
let doubled = false

/** Lists the places of one row from `to` on and gives the index after its line end, or -1 when the text ends first. */
function readRow(text: string, start: number, places: number[], to: number): number {
  let n = to
  let at = start
  for (;;) {
    const quoted = text.charCodeAt(at) === QUOTE
    // Most fields are empty: to look costs less than to search for the quote at their end.
    if (quoted && text.charCodeAt(at + 1) === QUOTE && text.charCodeAt(at + 2) === COMMA) {
      places[n++] = at + 1
      places[n++] = 0
      at += 3
      continue
    }
    const end = quoted ? quotedEnd(text, at) : plainEnd(text, at)
    if (end < 0 || end >= text.length) return -1
    const length = quoted ? end - at - 2 : end - at
    places[n++] = quoted ? at + 1 : at
    places[n++] = quoted && doubled ? ~length : length
    const stop = text.charCodeAt(end)
    if (stop === COMMA) {
      at = end + 1
      continue
    }
    if (stop === CR && end + 1 >= text.length) return -1
    if (stop !== LF && !(stop === CR && text.charCodeAt(end + 1) === LF)) throw broken('a quoted field is followed by more text')
    filledTo = n
    return stop === CR ? end + 2 : end + 1
  }
}

/** The index after the closing quote, or -1. */
function quotedEnd(text: string, at: number): number {
  doubled = false
  for (let from = at + 1; ;) {
    const quote = text.indexOf('"', from)
    if (quote < 0) return -1
    if (text.charCodeAt(quote + 1) !== QUOTE) return quote + 1
    doubled = true
    from = quote + 2
  }
}

function plainEnd(text: string, at: number): number {
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === COMMA || code === LF || code === CR) return end
  }
  return -1
}

function broken(how: string): ConnectorError {
  return new ConnectorError('unexpected-shape', `the CSV of a Bulk result is broken: ${how}`)
}

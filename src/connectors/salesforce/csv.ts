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

export interface CsvReader {
  readonly header: readonly string[] | null
  /** Whole rows only; what is left over waits for the next chunk. */
  push(text: string): string[][]
  /** What is left at the end of the text. Throws when that is no whole row. */
  end(): string[][]
}

export function createCsvReader(): CsvReader {
  let rest = ''
  let header: string[] | null = null

  const take = (text: string): string[][] => {
    const rows: string[][] = []
    let from = 0
    for (;;) {
      const row: string[] = []
      const next = readRow(text, from, row, header?.length ?? 0)
      if (next < 0) break
      from = next
      if (header === null) header = row
      else rows.push(row)
    }
    rest = from === 0 ? text : text.slice(from)
    return rows
  }

  return {
    get header() {
      return header
    },
    push: (text) => take(rest + text),
    end() {
      if (rest === '') return []
      const whole = LAST_ROW_NEEDS_LINE_END ? [] : take(`${rest}\n`)
      if (rest !== '') throw new ConnectorError('unavailable', 'the CSV of a Bulk result ends inside a row')
      return whole
    },
  }
}

/** Fills `row` from `start` and gives the index after its line end, or -1 when the text ends first. `width` 0: the header. */
function readRow(text: string, start: number, row: string[], width: number): number {
  let at = start
  for (;;) {
    const end = text.charCodeAt(at) === QUOTE ? quotedEnd(text, at) : plainEnd(text, at)
    if (end < 0 || end >= text.length) return -1
    const value = text.charCodeAt(at) === QUOTE ? text.slice(at + 1, end - 1) : text.slice(at, end)
    row.push(doubled ? value.replaceAll('""', '"') : value)
    const stop = text.charCodeAt(end)
    if (stop === COMMA) {
      at = end + 1
      continue
    }
    if (stop === CR && end + 1 >= text.length) return -1
    if (stop !== LF && !(stop === CR && text.charCodeAt(end + 1) === LF)) throw broken('a quoted field is followed by more text')
    if (width > 0 && row.length !== width) throw broken(`a row has ${row.length} columns where the header has ${width}`)
    return stop === CR ? end + 2 : end + 1
  }
}

/** Set by `quotedEnd`: the field holds doubled quotes. A result object per field would cost more than the parsing. */
let doubled = false

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
  doubled = false
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === COMMA || code === LF || code === CR) return end
  }
  return -1
}

function broken(how: string): ConnectorError {
  return new ConnectorError('unexpected-shape', `the CSV of a Bulk result is broken: ${how}`)
}

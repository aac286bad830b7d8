import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { SandboxCrm, SeedRow } from './crm.ts'

/** What is pointed at before what points at it; any other file after these, by name. */
const SALESFORCE_ORDER = ['RecordType', 'Account', 'Individual', 'Contact', 'Lead', 'Campaign', 'Opportunity', 'Case']
const HUBSPOT_ORDER = ['companies', 'contacts', 'deals', 'tickets', 'notes', 'calls', 'emails', 'meetings', 'tasks', 'communications']
const MARKETING_ORDER = ['subscriptions', 'forms', 'submissions', 'lists']
const ORDER = [...SALESFORCE_ORDER, ...HUBSPOT_ORDER, ...MARKETING_ORDER]

/** Loads `DIR/<crm>/<object>.jsonl`, one object a line. Throws naming the file and the line of the first bad row. */
export function loadSeedFiles(directory: string, crms: readonly SandboxCrm[]): void {
  if (!existsSync(directory)) throw new Error(`the seed directory ${directory} does not exist`)
  let files = 0
  for (const crm of crms) {
    for (const object of objectsIn(join(directory, crm.name))) {
      files++
      loadFile(join(directory, crm.name, `${object}.jsonl`), object, crm)
    }
  }
  if (files === 0) throw new Error(`${directory} holds no hubspot/*.jsonl and no salesforce/*.jsonl`)
}

function objectsIn(directory: string): string[] {
  if (!existsSync(directory)) return []
  const objects = readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
  const rank = (object: string): number => (ORDER.includes(object) ? ORDER.indexOf(object) : ORDER.length)
  return objects.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

function loadFile(file: string, object: string, crm: SandboxCrm): void {
  const place: Place = { line: 0, broken: undefined }
  try {
    crm.load(object, rowsOf(file, place))
  } catch (error) {
    const reason = place.broken ?? error
    throw new Error(`${file}:${place.line}: ${reason instanceof Error ? reason.message : String(reason)}`, { cause: error })
  }
}

/** Which line was last given out, and what was wrong with it when it could not be. */
type Place = { line: number; broken: Error | undefined }

/** The rows of a file, read a piece at a time. */
function* rowsOf(file: string, place: Place): Generator<SeedRow> {
  for (const text of linesOf(file)) {
    place.line++
    if (text.trim() === '') continue
    const row = parseRow(text)
    if (row instanceof Error) {
      place.broken = row
      throw row
    }
    yield row
  }
}

/** The parser's own words are not passed on: they quote the line, which may hold personal data. */
function parseRow(text: string): SeedRow | Error {
  try {
    const row: unknown = JSON.parse(text)
    return typeof row === 'object' && row !== null && !Array.isArray(row) ? (row as SeedRow) : new Error('the line is not a JSON object')
  } catch {
    return new Error('the line is not JSON')
  }
}

function* linesOf(file: string): Generator<string> {
  const handle = openSync(file, 'r')
  try {
    const piece = Buffer.allocUnsafe(1024 * 1024)
    let rest: Buffer = Buffer.alloc(0)
    let begun = false
    for (let size = readSync(handle, piece); size > 0; size = readSync(handle, piece)) {
      const bytes = Buffer.concat([rest, piece.subarray(0, size)])
      let start = begun ? 0 : markIn(bytes)
      begun = true
      for (let end = bytes.indexOf(10, start); end >= 0; end = bytes.indexOf(10, start)) {
        yield bytes.toString('utf8', start, end)
        start = end + 1
      }
      rest = bytes.subarray(start)
    }
    if (rest.length > 0) yield rest.toString('utf8')
  } finally {
    closeSync(handle)
  }
}

/** How long the byte order mark is that editors put before UTF-8; no text of the first line (RFC 8259, 8.1: a parser may ignore it). */
const markIn = (bytes: Buffer): number => (bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0)

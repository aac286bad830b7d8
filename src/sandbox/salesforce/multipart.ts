/** multipart/form-data: a Bulk 2.0 create with its CSV, and records with their files. */
import { Fault } from './fault.ts'
import { isObject, readJson } from './call.ts'
import { parseJson } from '../http.ts'
import type { Call } from './call.ts'

export const isMultipart = (contentType: string | undefined): boolean => /^multipart\/form-data/i.test(contentType ?? '')

/** The parts by name, in the order they came. Throws a Fault on anything that is not whole. */
export function parseMultipart(contentType: string, body: Buffer): Map<string, Buffer> {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i
    .exec(contentType)
    ?.slice(1)
    .find((text) => text !== undefined)
  if (boundary === undefined) throw broken('The boundary of the multipart body is missing')
  const parts = new Map<string, Buffer>()
  // One character a byte: files are not text. Bodies written by hand end their lines as their system does.
  const text = body.toString('latin1')
  const newline = text.slice(0, text.indexOf('\n') + 1).endsWith('\r\n') ? '\r\n' : '\n'
  const pieces = `${newline}${text}`.split(`${newline}--${Buffer.from(boundary).toString('latin1')}`)
  const last = pieces.pop()
  if (pieces.length === 0 || last === undefined || !last.startsWith('--')) throw broken('The multipart body is not closed')
  for (const piece of pieces.slice(1)) {
    const split = piece.indexOf(newline + newline)
    if (split === -1) throw broken('A part has no headers')
    const name = /^content-disposition:[^\r\n]*?;\s*name="?([^";\r\n]+)"?/im.exec(piece.slice(0, split))?.[1]
    if (name === undefined) throw broken('A part has no name')
    parts.set(name, Buffer.from(piece.slice(split + 2 * newline.length), 'latin1'))
  }
  return parts
}

/**
 * The fields of one record. Salesforce docs: REST API, "Insert or Update Blob Data": the first part holds the fields, the other bears the
 * name of the binary field.
 */
export function readRecord(call: Call): Record<string, unknown> {
  const type = call.headers['content-type'] ?? ''
  if (!isMultipart(type)) return readJson(call)
  const [fields, ...files] = parseMultipart(type, call.body)
  return { ...readPart(fields?.[1]), ...Object.fromEntries(files.map(([name, bytes]) => [name, bytes.toString('base64')])) }
}

export function readPart(bytes: Buffer | undefined): Record<string, unknown> {
  try {
    const value: unknown = parseJson(bytes?.toString('utf8') ?? '')
    if (isObject(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw broken('The part with the JSON is missing or cannot be read')
}

const broken = (message: string): Fault => new Fault(400, 'INVALIDMULTIPARTREQUEST', message)

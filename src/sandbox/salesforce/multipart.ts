/** multipart/form-data as a Bulk 2.0 create sends it: one JSON part `job`, one CSV part `content`. */
import { Fault } from './fault.ts'

/** The parts by name, with their bytes as text. Throws a Fault on anything that is not whole. */
export function parseMultipart(contentType: string, body: Buffer): Map<string, string> {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i
    .exec(contentType)
    ?.slice(1)
    .find((text) => text !== undefined)
  if (boundary === undefined) throw broken('The boundary of the multipart body is missing')
  const parts = new Map<string, string>()
  const pieces = `\r\n${body.toString('utf8')}`.split(`\r\n--${boundary}`)
  const last = pieces.pop()
  if (pieces.length === 0 || last === undefined || !last.startsWith('--')) throw broken('The multipart body is not closed')
  for (const piece of pieces.slice(1)) {
    const split = piece.indexOf('\r\n\r\n')
    if (split === -1) throw broken('A part has no headers')
    const name = /^content-disposition:[^\r\n]*?;\s*name="?([^";\r\n]+)"?/im.exec(piece.slice(0, split))?.[1]
    if (name === undefined) throw broken('A part has no name')
    parts.set(name, piece.slice(split + 4))
  }
  return parts
}

const broken = (message: string): Fault => new Fault(400, 'INVALIDMULTIPARTREQUEST', message)

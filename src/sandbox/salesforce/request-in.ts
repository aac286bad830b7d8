/** An HTTP request as the routes see it: method override, unpacked body, formats by header or suffix. */
import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { BodyTooLarge } from '../http.ts'
import { Fault } from './fault.ts'
import type { IncomingMessage } from 'node:http'

const unpackers: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
}

/** Salesforce docs: REST API, "Compression": gzip and deflate, on requests too. */
export async function unpack(request: IncomingMessage, body: Buffer, limit: number): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || encoding === '' || body.length === 0) return body
  const unpacker = Object.hasOwn(unpackers, encoding) ? unpackers[encoding] : undefined
  if (unpacker === undefined) throw new Fault(415, 'UNSUPPORTED_MEDIA_TYPE', `Content-Encoding is not supported: ${encoding}`)
  try {
    return await unpacker(body, { maxOutputLength: limit })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new BodyTooLarge(limit)
    throw new Fault(400, 'INVALID_INPUT', `The body is not in the format of its Content-Encoding: ${encoding}`)
  }
}

const OVERRIDES = new Set(['PATCH', 'PUT', 'DELETE', 'GET', 'HEAD'])

/** `?_HttpMethod=PATCH` for clients that cannot send it; only a POST may be another method. */
export function methodOf(method: string, query: URLSearchParams): string {
  const override = query.get('_HttpMethod')?.toUpperCase()
  return method === 'POST' && override !== undefined && OVERRIDES.has(override) ? override : method
}

/** Takes `.json` or `.xml` off the last segment, unless that segment is an external id's value. */
export function takeSuffix(path: readonly string[]): { path: readonly string[]; suffix: 'json' | 'xml' | undefined } {
  const last = path.at(-1) ?? ''
  const [, stem, suffix] = /^(.+)\.(json|xml)$/i.exec(last) ?? []
  const isValue = path[0]?.toLowerCase() === 'sobjects' && path.length > 3
  if (stem === undefined || suffix === undefined || isValue) return { path, suffix: undefined }
  return { path: [...path.slice(0, -1), stem], suffix: suffix.toLowerCase() as 'json' | 'xml' }
}

/** XML only where the client names it before JSON or anything. */
export function prefersXml(accept: string | undefined): boolean {
  const first = (accept ?? '')
    .split(',')
    .map((part) => part.split(';')[0]?.trim().toLowerCase() ?? '')
    .find((type) => /^(application\/(xml|json|\*)|text\/xml|\*\/\*)$/.test(type))
  return first === 'application/xml' || first === 'text/xml'
}

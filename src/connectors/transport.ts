/**
 * One request over the platform's own HTTP client. `fetch` takes two thirds more of the processor for a page of a hundred contacts, since it puts web
 * streams around every body, and for a small answer several times as much.
 */
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

export type Request = { method: string; url: string; headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> }

/** An answer whose body is still to be read, once: as `text`, or as the bytes that `body` gives. What is left of it unread is to be destroyed. */
export type Incoming = { status: number; headers: Headers; body: Readable; text: () => Promise<string> }

const asked = { 'accept-encoding': 'br, gzip, deflate', 'user-agent': 'accord' }

/** Resolves with the head of the answer; follows no redirect. Rejects with the system's error, or with an AbortError. */
export async function exchange({ method, url, headers, body }: Request, signal: AbortSignal): Promise<Incoming> {
  const answered = Promise.withResolvers<IncomingMessage>()
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const { request } = url.startsWith('https:') ? https : http
  const sent = request(url, { method, headers: { ...asked, ...headers, ...length }, signal })
  sent.once('response', answered.resolve)
  // Also after the answer: a connection that breaks later is told by the body.
  sent.on('error', answered.reject)
  sent.end(body)
  const message = await answered.promise
  const content = decoded(message)
  return { status: message.statusCode!, headers: headersOf(message), body: content, text: () => textOf(content) }
}

/** An answer that breaks tells whoever reads it; where nobody does, that is no reason to end the process. */
function decoded(message: IncomingMessage): Readable {
  const decoder = decoderOf(message.headers['content-encoding'])
  return decoder === null ? message : pipeline(message, decoder, () => undefined)
}

/** Null: as it is. An encoding that was not asked for is left to whoever reads the text. */
function decoderOf(encoding: string | undefined) {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      return null
  }
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!)
  return headers
}

const utf8 = new TextDecoder()

async function textOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk as Buffer)
  return utf8.decode(Buffer.concat(chunks))
}

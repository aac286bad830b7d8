/**
 * One request over the platform's own HTTP client. `fetch` takes two thirds more of the processor for a page of a hundred contacts, since it puts web
 * streams around every body, and for a small answer several times as much.
 */
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { pipeline, type Readable, type Transform } from 'node:stream'
import { type BrotliDecompress, createBrotliDecompress, createGunzip, type Gunzip } from 'node:zlib'

/** With memory of its own. */
export type Bytes = Buffer<ArrayBuffer>

export type Request = { method: string; url: string; headers?: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> }

/** An answer whose body is still to be read, once: whole, or as `body` gives it. What is left of it unread is to be destroyed. */
export type Incoming = { status: number; headers: Headers; body: Readable; bytes: () => Promise<Bytes>; text: () => Promise<string> }

/** Asked for is what is unpacked below. */
const asked = { 'accept-encoding': 'br, gzip', 'user-agent': 'accord' }

/** Resolves with the head of the answer; follows no redirect. Rejects with the system's error, or with the signal's. */
export async function exchange({ method, url, headers, body }: Request, signal: AbortSignal): Promise<Incoming> {
  signal.throwIfAborted()
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const { request } = url.startsWith('https:') ? https : http
  const sent = request(url, { method, headers: { ...asked, ...headers, ...length } })
  const message = await answerOf(sent.end(body), signal)
  const content = unpacked(message)
  const bytes = (): Promise<Bytes> => bytesOf(content)
  return { status: message.statusCode!, headers: headersOf(message), body: content, bytes, text: async () => decoded(await bytes()) }
}

function answerOf(sent: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const answered = Promise.withResolvers<IncomingMessage>()
  let waits = true
  const stop = (): void => {
    // A request that a proxy has not connected yet ends without a word of its own.
    answered.reject(signal.reason as Error)
    sent.destroy(signal.reason as Error)
  }
  signal.addEventListener('abort', stop, { once: true })
  sent.once('response', (message) => {
    waits = false
    answered.resolve(message)
  })
  // Also after the answer: a connection that breaks later is told by the body.
  sent.on('error', answered.reject)
  sent.once('close', () => {
    signal.removeEventListener('abort', stop)
    // Nothing was said where the far side went over to another protocol (101).
    if (waits) answered.reject(Object.assign(new Error('the connection was closed before an answer'), { code: 'ECONNRESET' }))
  })
  return answered.promise
}

/** An answer that breaks tells whoever reads it; where nobody does, that is no reason to end the process. */
function unpacked(message: IncomingMessage): Readable {
  const unpackers = unpackersOf(message.headers['content-encoding'])
  return unpackers.reduce<Readable>((from, to) => pipeline(from, to, () => undefined), message)
}

const known = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['br', createBrotliDecompress],
])
/** So many layers nobody has asked for. */
const MOST_LAYERS = 5

/** In the order of unpacking, the last one packed first (RFC 9110, 8.4). None where one of them was not asked for: that is left to whoever reads the text. */
function unpackersOf(encoding: string | undefined): Transform[] {
  if (encoding === undefined) return []
  const layers = encoding
    .toLowerCase()
    .split(',')
    .map((layer) => layer.trim())
  const packed = layers.filter((layer) => layer !== '' && layer !== 'identity').reverse()
  const making = packed.map((layer) => known.get(layer)).filter((make) => make !== undefined)
  return making.length < packed.length || making.length > MOST_LAYERS ? [] : making.map((make) => emptyFromNothing(make()))
}

/** A 204, an answer to HEAD and whatever else comes without a body may name an encoding too: nothing is packed there, and nothing broken. */
function emptyFromNothing(unpacker: Gunzip | BrotliDecompress): Transform {
  const { _flush: finish } = unpacker
  unpacker._flush = (done) => (unpacker.bytesWritten === 0 ? done() : finish.call(unpacker, done))
  return unpacker
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!)
  return headers
}

const utf8 = new TextDecoder()

/** The text of a body, whatever its bytes. */
export function decoded(bytes: Uint8Array): string {
  return utf8.decode(bytes)
}

async function bytesOf(body: Readable): Promise<Bytes> {
  const chunks: Bytes[] = []
  for await (const chunk of body) chunks.push(chunk as Bytes)
  const whole = Buffer.concat(chunks)
  for (const chunk of chunks) release(chunk)
  return whole
}

/** Gives memory back at once that nobody will look at again: until the garbage collector finds it, tens of MiB of pages pile up. */
export function release({ buffer, byteLength }: Bytes): void {
  // What is small shares its memory with others.
  if (byteLength === buffer.byteLength) buffer.transfer(0)
}

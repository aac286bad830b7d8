import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse, setGlobalProxyFromEnv } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { NoAnswer, send } from '../../src/connectors/http.ts'

const never = new AbortController().signal
let server: Server
let answer: (request: IncomingMessage, response: ServerResponse) => void
let url: string

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/people`
})
afterAll(() => void server.close().closeAllConnections())

const text = '{"name":"Zoé Œuf"}'
const encodings = {
  gzip: gzipSync,
  'X-GZIP': gzipSync,
  Br: brotliCompressSync,
  'br, GZIP': (bytes: string) => gzipSync(brotliCompressSync(bytes)),
  'identity,gzip': gzipSync,
  identity: Buffer.from,
  '': Buffer.from,
}

it.each(Object.entries(encodings))('reads an answer packed as "%s"', async (encoding, pack) => {
  answer = (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(pack(text))
  expect((await send({ method: 'GET', url }, 10_000, never)).body).toBe(text)
})

it.each(Object.entries(encodings))(
  'reads long answers packed as "%s" side by side, whose memory is given back as each has come',
  async (encoding, pack) => {
    const long = (one: number): string => `${one}:${Array.from({ length: 40_000 }, (_, index) => (index * 7_919 + one) % 10_007).join('é')}`
    answer = ({ url: asked }, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(pack(long(Number(asked!.slice(-1)))))
    const bodies = await Promise.all(
      [1, 2, 3, 4].map(async (one) => (await send({ method: 'GET', url: `${url}?${one}` }, 10_000, never)).body),
    )
    expect(bodies).toStrictEqual([1, 2, 3, 4].map(long))
  },
)

it('asks for no encoding that it does not unpack, and unpacks none that it did not ask for', async () => {
  answer = (request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip, unheard-of' }).end(request.headers['accept-encoding'])
  expect((await send({ method: 'GET', url }, 10_000, never)).body).toBe('br, gzip')
})

it.each([
  ['DELETE', 204, { 'content-encoding': 'gzip' }],
  ['PATCH', 205, { 'content-encoding': 'br' }],
  ['POST', 200, { 'content-encoding': 'gzip', 'content-length': '0' }],
  ['PATCH', 200, { 'content-encoding': 'br, gzip', 'transfer-encoding': 'chunked' }],
  ['GET', 404, { 'content-encoding': 'br' }],
  ['HEAD', 200, { 'content-encoding': 'gzip', 'content-length': '20' }],
])('takes an empty answer to a %s, %d, for what it is, whatever it is said to be packed as', async (method, status, headers) => {
  answer = (_, response) => response.writeHead(status, headers).end()
  const { status: got, body } = await send({ method, url }, 10_000, never)
  expect([got, body]).toEqual([status, ''])
})

it('reads letters that two chunks share, and no byte order mark', async () => {
  const bytes = Buffer.from(`\u{feff}${text}`)
  const cut = bytes.indexOf(0xc3) + 1
  answer = (_, response) => {
    response.write(bytes.subarray(0, cut), () => setImmediate(() => response.end(bytes.subarray(cut))))
  }
  expect((await send({ method: 'GET', url }, 10_000, never)).body).toBe(text)
})

it.each(['POST', 'PATCH', 'DELETE'])('says how long the body of a %s is, and that there is none', async (method) => {
  answer = (request, response) => {
    const chunks: Buffer[] = []
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        response.end(JSON.stringify([request.headers['content-length'] ?? null, Buffer.concat(chunks).toString()]))
      })
  }
  expect(JSON.parse((await send({ method, url, body: text }, 10_000, never)).body)).toEqual([String(Buffer.byteLength(text)), text])
  const [length, body] = JSON.parse((await send({ method, url }, 10_000, never)).body) as [string | null, string]
  expect([Number(length), body]).toEqual([0, ''])
})

it('keeps cookies apart', async () => {
  answer = (_, response) => response.writeHead(200, { 'set-cookie': ['a=1; path=/', 'b=2'] }).end()
  expect((await send({ method: 'GET', url }, 10_000, never)).headers.getSetCookie()).toEqual(['a=1; path=/', 'b=2'])
})

it.each(['gzip', 'identity'])('takes no answer for whole that breaks off (%s)', async (encoding) => {
  answer = (_, response) => {
    const bytes = encoding === 'gzip' ? gzipSync(text) : Buffer.from(text)
    response.writeHead(200, { 'content-encoding': encoding, 'content-length': bytes.length })
    response.write(bytes.subarray(0, 8), () => setImmediate(() => response.destroy()))
  }
  await expect(send({ method: 'GET', url }, 10_000, never)).rejects.toBeInstanceOf(NoAnswer)
})

it('ends with the reason of whoever stops it, also in the middle of a body', async () => {
  const stop = new AbortController()
  answer = (_, response) => void response.writeHead(200).write(text, () => stop.abort(new Error('enough')))
  await expect(send({ method: 'GET', url }, 10_000, stop.signal)).rejects.toThrow('enough')
})

it.each(['gzip', 'identity'])('goes on when an answer breaks that nobody has begun to read (%s)', async (encoding) => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-encoding': encoding })
    response.write(gzipSync(text).subarray(0, 12), () => setImmediate(() => response.destroy()))
  }
  const { body } = await send({ method: 'GET', url }, 10_000, never, async (incoming) => incoming.body)
  if (!body.closed) await new Promise((resolve) => void body.once('close', resolve))
  await expect(body.toArray()).rejects.toThrow()
})

it.each([
  ['speaks another protocol from now on', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n'],
  ['says that it is at work, and no more', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ['closes without a word', ''],
  ['breaks off in the head of its answer', 'HTTP/1.1 200 OK\r\ncontent-le'],
  ['says what is no answer', 'ready\r\n'],
])('takes it for no answer when the far side %s', async (_, words) => {
  answer = ({ socket }) => void socket.end(words)
  await expect(send({ method: 'DELETE', url }, 10_000, never)).rejects.toMatchObject({ name: 'NoAnswer' })
})

it('takes what is said before the answer for no answer', async () => {
  answer = (_, response) => {
    response.writeProcessing()
    response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => void response.end(text))
  }
  expect((await send({ method: 'GET', url }, 10_000, never)).body).toBe(text)
})

it('ends with the reason of whoever stops it before there is a connection', async () => {
  const stop = new AbortController()
  const sent = send({ method: 'GET', url }, 10_000, stop.signal)
  stop.abort(new Error('enough'))
  await expect(sent).rejects.toThrow('enough')
})

it('ends in time where a proxy never comes to connect', async () => {
  server.once('connect', (_, socket) => void socket.once('end', () => socket.end()).resume())
  const restore = setGlobalProxyFromEnv({ https_proxy: new URL(url).origin })
  try {
    const sent = send({ method: 'GET', url: 'https://crm.example.test/people' }, 20, never)
    await expect(sent).rejects.toThrow('no answer within 20 ms')
  } finally {
    restore()
  }
})

it.each(['gzip', 'identity'])('hangs up on an answer that its reader gives up (%s)', async (encoding) => {
  const hungUp = Promise.withResolvers<string>()
  answer = (_, response) => {
    response.writeHead(200, { 'content-encoding': encoding }).write(gzipSync(text).subarray(0, 12))
    response.once('close', () => hungUp.resolve('hung up'))
  }
  const read = async () => {
    throw new Error('unreadable')
  }
  await expect(send({ method: 'GET', url }, 10_000, never, read)).rejects.toThrow('no whole answer')
  expect(await hungUp.promise).toBe('hung up')
})

import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
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
const encodings = { gzip: gzipSync, 'x-gzip': gzipSync, deflate: deflateSync, br: brotliCompressSync }

it.each(Object.entries(encodings))('reads an answer packed as %s', async (encoding, pack) => {
  answer = (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(pack(text))
  expect((await send({ method: 'GET', url }, 10_000, never)).body).toBe(text)
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

it('goes on when an answer breaks that nobody has begun to read', async () => {
  answer = (_, response) => void response.writeHead(200).write(text, () => setImmediate(() => response.destroy()))
  const { body } = await send({ method: 'GET', url }, 10_000, never, async (incoming) => incoming.body)
  if (!body.closed) await new Promise((resolve) => void body.once('close', resolve))
  await expect(body.toArray()).rejects.toThrow()
})

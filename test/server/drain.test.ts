import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { drain } from '../../src/server/drain.ts'

/** `ask`: sends these bytes, and answers the connection once the server has them. */
async function listening(listener: RequestListener): Promise<{ server: Server; ask: (bytes: string) => Promise<Socket> }> {
  const server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const ask = async (bytes: string): Promise<Socket> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const heard = once(server, 'request')
    socket.write(bytes)
    await heard
    return socket
  }
  return { server, ask }
}

it('a server that ends waits for the answer to what was asked before', async () => {
  let answer = (): void => undefined
  const { server, ask } = await listening((_request, response) => (answer = () => response.end('whole')))
  const socket = await ask('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const drained = drain(server, 60_000)
  answer()
  expect((await buffer(socket)).toString()).toMatch(/whole$/)
  await drained
})

it('a server that ends waits no longer than it said for a request that never does, and for an answer that nobody takes', async () => {
  const { server, ask } = await listening((request, response) => {
    request.on('error', () => undefined)
    if (request.method === 'GET') response.write('some')
  })
  const sockets = [await ask('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf'), await ask('GET / HTTP/1.1\r\nHost: a\r\n\r\n')]
  const closed = sockets.map((socket) => once(socket.on('error', () => undefined).resume(), 'close'))
  await drain(server, 1)
  await Promise.all(closed)
  expect(server.listening).toBe(false)
})

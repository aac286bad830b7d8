import { once } from 'node:events'
import { createServer, request, type ClientRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createReceiver } from '../../src/server/webhooks.ts'

const HELD = 1_000
let port: number
/** Hears of one connection, whose CRM has signed nothing of what comes. */
const receiver = createReceiver(
  {
    connections: new Map([
      [
        'hubspot',
        {
          connector: {
            webhooks: { open: () => ({ outcome: 'refused', status: 401, reason: 'not signed' }), provision: async () => [] },
          },
          objects: new Set<string>(),
        },
      ],
    ]),
    hearing: { add: () => Promise.reject(new Error('nothing of this is to be stored')), stop: async () => undefined },
    onAnswer: () => undefined,
    log: () => undefined,
  },
  HELD,
)
const server = createServer((asked, response) => void receiver.receive(asked, response))
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function begin(length: number): ClientRequest {
  return request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/webhooks/hubspot',
    headers: { 'content-length': length },
    agent: false,
  })
}
async function answerTo(asked: ClientRequest): Promise<[status: number | undefined, error: string, retryAfter: string | undefined]> {
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const { error } = JSON.parse(await text(response)) as { error: string }
  return [response.statusCode, error, response.headers['retry-after']]
}
function post(length: number): ReturnType<typeof answerTo> {
  const asked = begin(length)
  asked.end('x'.repeat(length))
  return answerTo(asked)
}

it('a delivery that says it is too long is refused before any of it has come', async () => {
  const asked = begin(1024 * 1024 + 1)
  asked.flushHeaders()
  expect(await answerTo(asked)).toEqual([413, 'a delivery has at most 1048576 bytes', undefined])
  asked.destroy()
})

it('bodies of strangers take no more memory than was set aside for them: what comes beyond is told to come back, and what is over makes room', async () => {
  const later = [503, 'too many deliveries at once', '2']
  const heard = [401, 'not signed', undefined]
  expect(await post(HELD + 1)).toEqual(later)
  const slow = begin(HELD)
  slow.write('x'.repeat(HELD - 1))
  // Until the server has read what the slow one has sent.
  for (let given = await post(2); given[0] !== 503; given = await post(2)) expect(given).toEqual(heard)
  expect(await post(2)).toEqual(later)
  slow.end('x')
  expect(await answerTo(slow)).toEqual(heard)
  expect(await post(HELD)).toEqual(heard)
})

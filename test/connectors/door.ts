/** An address that CRMs can call, and nothing behind it but `open` of a connection: raw bytes in, its answer out. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CrmEvent, Delivery, Opened } from '../../src/connectors/connector.ts'

export async function openDoor() {
  const opened: Opened[] = []
  const nobody: Opened = { outcome: 'unready', reason: 'nobody is behind the door' }
  const state: { open: (delivery: Delivery) => Opened } = { open: () => nobody }
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const delivery = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
      const result = state.open(delivery)
      opened.push(result)
      if (result.outcome === 'genuine') response.writeHead(200, { 'content-type': result.reply.contentType }).end(result.reply.body)
      else response.writeHead(result.outcome === 'unready' ? 503 : result.status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    opened,
    events: (): CrmEvent[] => opened.flatMap((one) => (one.outcome === 'genuine' ? one.events : [])),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

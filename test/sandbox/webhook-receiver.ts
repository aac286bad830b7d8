import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { path: string; headers: Record<string, string | undefined>; body: string; events: Record<string, unknown>[] }

/** A webhook endpoint that answers as told: a status, or nothing at all. Close it. */
export async function openReceiver() {
  const received: Received[] = []
  let answers: (number | 'hang')[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const headers = request.headers as Record<string, string | undefined>
      received.push({ path: request.url ?? '', headers, body, events: JSON.parse(body) })
      const answer = answers.length > 1 ? answers.shift()! : (answers[0] ?? 200)
      if (answer !== 'hang') response.writeHead(answer).end('ok')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    events: () => received.flatMap(({ events }) => events),
    /** Statuses for the next requests; the last one stays. */
    answer(...next: (number | 'hang')[]) {
      answers = next
    },
    clear() {
      received.length = 0
      answers = []
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type Receiver = Awaited<ReturnType<typeof openReceiver>>

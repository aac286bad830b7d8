/** Between a service and a CRM: whatever the CRM really did stays known, also when the service is dead before the answer comes. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { effectsOf, type Effect } from './faulty-network.ts'

/** `calls`: of all that came. `slowDown`: what each answer takes longer, milliseconds. `close`: after what is under way. */
export type RecordingProxy = {
  url: string
  effects: readonly Effect[]
  calls: () => number
  slowDown: (ms: number) => void
  close: () => Promise<void>
}

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const effects: Effect[] = []
  let latencyMs = 0
  let calls = 0
  const server = createServer((request, response) => {
    calls++
    void (async () => {
      const body = await bodyOf(request)
      const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...headers } = request.headers
      const init: RequestInit = { method: request.method ?? 'GET', headers: headers as Record<string, string>, redirect: 'manual' }
      const answer = await fetch(target + (request.url ?? '/'), body.length === 0 ? init : { ...init, body: body.toString('utf8') })
      const text = await answer.text()
      effects.push(...effectsOf(target + (request.url ?? '/'), { ...init, body: body.toString('utf8') }, answer.status, text))
      if (latencyMs > 0) await pause(latencyMs)
      const kept = [...answer.headers].filter(
        ([name]) => !/^(?:content-length|content-encoding|transfer-encoding|connection|keep-alive)$/.test(name),
      )
      response.writeHead(answer.status, Object.fromEntries(kept))
      // The org names itself in the answer to a login.
      response.end(text.replaceAll(target, url()))
    })().catch((error: unknown) => response.destroy(error as Error))
  })
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: url(),
    effects,
    calls: () => calls,
    slowDown: (ms) => {
      latencyMs = ms
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

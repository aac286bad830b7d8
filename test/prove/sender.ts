/** A sender of HubSpot deliveries that signs as HubSpot does, as many at once as it is told, and remembers what was acknowledged. */
import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { webhookSecret } from '../webhooks.ts'

export type Sender = {
  /** Ids of contacts of which an event was acknowledged with 2xx. */
  acknowledged: Set<number>
  /** Answers by status; 0 is a connection that broke. */
  answers: Map<number, number>
  /** Milliseconds that each answer took. */
  took: number[]
  stop: () => Promise<void>
}
/** `rate`: deliveries a second, or null for as fast as answers come. `events`: in each delivery. */
export type Sending = { url: string; publicUrl: string; lanes: number; rate: number | null; events: number; from: number }

export function startSender({ url, publicUrl, lanes, rate, events, from }: Sending): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes })
  const sender = { acknowledged: new Set<number>(), answers: new Map<number, number>(), took: [] as number[] }
  let next = from
  let running = true
  const began = performance.now()
  let sent = 0
  const lane = async (): Promise<void> => {
    while (running) {
      const due = rate === null ? 0 : began + (sent * 1_000) / rate - performance.now()
      sent++
      if (due > 0) await pause(due)
      const ids = Array.from({ length: events }, () => next++)
      const started = performance.now()
      const status = await deliver(agent, url, publicUrl, ids)
      sender.took.push(performance.now() - started)
      sender.answers.set(status, (sender.answers.get(status) ?? 0) + 1)
      if (status >= 200 && status < 300) for (const id of ids) sender.acknowledged.add(id)
      else await pause(20) // a service that is not there must not be asked a thousand times a second
    }
  }
  const done = Promise.all(Array.from({ length: lanes }, lane))
  return {
    ...sender,
    stop: async () => {
      running = false
      await done
      agent.destroy()
    },
  }
}

export function deliver(agent: Agent, url: string, publicUrl: string, ids: readonly number[]): Promise<number> {
  const now = Date.now()
  const body = JSON.stringify(
    ids.map((id) => ({
      eventId: id,
      subscriptionId: 1,
      portalId: 4400001,
      appId: 4400101,
      occurredAt: now,
      subscriptionType: 'contact.propertyChange',
      propertyName: 'email',
      attemptNumber: 0,
      objectId: id,
      changeSource: 'CRM',
    })),
  )
  const path = '/webhooks/hubspot'
  const signature = createHmac('sha256', webhookSecret).update(`POST${publicUrl}${path}${body}${now}`).digest('base64')
  return new Promise((resolve) => {
    const sending = request(
      url + path,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-hubspot-request-timestamp': String(now),
          'x-hubspot-signature-v3': signature,
        },
      },
      (response) => {
        response.resume()
        response.once('end', () => resolve(response.statusCode ?? 0))
        response.once('error', () => resolve(0))
      },
    )
    sending.once('error', () => resolve(0))
    sending.end(body)
  })
}

/**
 * Hears what the CRMs tell us: raw bytes, verify, store, and only then an answer. Plain node:http: a framework in front of it takes two thirds of the
 * rate (3,300 against 10,100 requests/s, measured with one event each).
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connector, CrmEvent, Opened } from '../connectors/connector.ts'
import type { HeardEvent } from '../store/inbox.ts'
import type { Hearing } from '../store/hearing.ts'
import { codeOf } from '../store/pool.ts'

export type WebhookLog = (event: string, facts: Readonly<Record<string, string | number>>) => void
/** `objects`: those that are mapped; events of others are acknowledged and left. */
export type Heard = { connector: Pick<Connector, 'webhooks'>; objects: ReadonlySet<string> }
export type ReceiverParts = {
  connections: ReadonlyMap<string, Heard>
  hearing: Hearing
  onAnswer: (connection: string, status: number) => void
  log: WebhookLog
}
export type Receiver = {
  /** `/webhooks/CONNECTION`, with what a connector wants behind it; answers whether the request was its to answer. */
  receive: (request: IncomingMessage, response: ServerResponse) => boolean
}

/** A hundred events of HubSpot take 60 kB, a hundred notifications of Salesforce 200. */
const LARGEST_BODY = 1024 * 1024
/** More than that at once is refused for a moment rather than kept in memory: so many deliveries, and so many bytes of all of them. */
const MOST_WAITING = 1_000
const MOST_HELD = 64 * LARGEST_BODY
/** The database is given this long; then the sender is told to come back. */
const PATIENCE_MS = 1_500

type Answer = { status: number; contentType: string; body: string; headers?: Readonly<Record<string, string>> }

/** `mostHeld`: bytes of bodies at any one time. Nobody knows yet who sent them: a signature covers the whole of its body. */
export function createReceiver(parts: ReceiverParts, mostHeld = MOST_HELD): Receiver {
  const answer = answering(parts, mostHeld)
  return {
    receive: (request, response) => {
      const connection = /^\/webhooks\/([^/?]+)/.exec(request.url ?? '')?.[1]
      if (connection === undefined) return false
      const name = decodeName(connection)
      void answer(name, request)
        .catch((error: unknown) => {
          parts.log('webhook.failed', { connection: known(parts, name), error: codeOf(error) })
          return busy('temporarily unavailable')
        })
        .then((given) => {
          parts.onAnswer(known(parts, name), given.status)
          response.writeHead(given.status, {
            'content-type': given.contentType,
            'content-length': Buffer.byteLength(given.body),
            ...given.headers,
          })
          response.end(given.body)
        })
      return true
    },
  }
}

function answering(parts: ReceiverParts, mostHeld: number): (connection: string, request: IncomingMessage) => Promise<Answer> {
  let waiting = 0
  let held = 0
  return async (connection, request) => {
    const heard = parts.connections.get(connection)
    if (!heard?.connector.webhooks) return refusal(404, 'no such connection, or none that is set up for webhooks')
    if (request.method !== 'POST') return { ...refusal(405, 'webhooks are POSTed'), headers: { allow: 'POST' } }
    if (request.headers['content-encoding'] !== undefined) return refusal(415, 'send the body as it is, without a content encoding')
    if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) return broken(tooLong)
    if (waiting >= MOST_WAITING) return busy('too many deliveries at once')
    waiting++
    let own = 0
    try {
      const body = await readBody(request, (bytes) => {
        own += bytes
        held += bytes
        return held <= mostHeld
      })
      if (body === 'too long') return broken(tooLong)
      if (body === 'too much') return broken(busy('too many deliveries at once'))
      const delivery = { method: request.method, path: request.url ?? '/', headers: request.headers, body }
      return await take(parts, connection, heard, heard.connector.webhooks.open(delivery))
    } finally {
      waiting--
      held -= own
    }
  }
}

async function take(parts: ReceiverParts, connection: string, { objects }: Heard, opened: Opened): Promise<Answer> {
  switch (opened.outcome) {
    case 'refused':
      parts.log('webhook.refused', { connection, status: opened.status, reason: opened.reason })
      return refusal(opened.status, opened.reason)
    case 'unready':
      parts.log('webhook.unready', { connection, reason: opened.reason })
      return busy('temporarily unavailable')
    case 'genuine': {
      const events = opened.events.flatMap((event) => heardEvents(connection, objects, event))
      if (events.length > 0) {
        await within(parts.hearing.add(events), PATIENCE_MS)
      }
      return { status: 200, ...opened.reply }
    }
  }
}

/** A merge wakes both: the one that went, and the one that inherits. */
function heardEvents(connection: string, objects: ReadonlySet<string>, { key, kind, ref, at, into }: CrmEvent): HeardEvent[] {
  const rung = into && into.id !== ref.id ? [ref, into] : [ref]
  return rung.flatMap(({ object, id }, index) =>
    objects.has(object) ? [{ key: index === 0 ? key : `${key} into`, connection, object, id, kind, at }] : [],
  )
}

/** `hold`: is there room for so many bytes more? Rejects when the sender hangs up. */
async function readBody(request: IncomingMessage, hold: (bytes: number) => boolean): Promise<Buffer | 'too long' | 'too much'> {
  const chunks: Buffer[] = []
  let length = 0
  // Left half-read it is not torn down: the sender shall hear why.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LARGEST_BODY) return 'too long'
    if (!hold(chunk.length)) return 'too much'
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), ms)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function refusal(status: number, reason: string): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify({ error: reason }) }
}

const tooLong = refusal(413, `a delivery has at most ${LARGEST_BODY} bytes`)

/** Answered before all of it was read: the connection serves no other. */
function broken(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, connection: 'close' } }
}

/** A fault of ours: the sender shall come back. Never a 4xx, which some of them take as the last word. */
function busy(reason: string): Answer {
  return { ...refusal(503, reason), headers: { 'retry-after': '2' } }
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return '' // no connection has such a name
  }
}

/** Names from outside go into no log and no metric. */
function known(parts: ReceiverParts, name: string): string {
  return parts.connections.has(name) ? name : 'unknown'
}

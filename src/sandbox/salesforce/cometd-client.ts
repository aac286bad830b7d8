/** The CometD clients of an org: what each subscribed to, what waits for it, and the poll it holds open. */
import { createHash } from 'node:crypto'
import { createEventBus, isOnChannel, refreshSelection } from './event-bus.ts'
import { DAY } from './text.ts'
import type { EventBus, KeptEvent } from './event-bus.ts'
import type { Org } from './org.ts'
import type { Session } from './session.ts'

/** One Bayeux message. Bayeux protocol 1.0. */
export type Message = Record<string, unknown>
export type CometdClient = {
  readonly id: string
  session: Session
  readonly subscriptions: Set<string>
  readonly queue: Message[]
  connected: boolean
  /** Answers the poll that is held open, if one is. */
  wake: (() => void) | undefined
  /** Monotonic milliseconds of real time at which the org forgets a client that has no poll open. */
  deadline: number
}
export type Streams = {
  readonly bus: EventBus
  readonly clients: Map<string, CometdClient>
  /** How long a poll is held, milliseconds of real time. */
  timeoutMs: number
  /** Salesforce docs: delivered events a day, and clients at a time, for Enterprise Edition. */
  dailyLimit: number
  clientLimit: number
  requireCookie: boolean
  made: number
  /** When events were delivered, on the sandbox clock, with how many. */
  delivered: { at: number; count: number }[]
}

export const POLL_MS = 110_000
/** A client that does not poll again within this time of an answer is forgotten. Salesforce docs: Streaming API, timeouts. */
const IDLE_MS = 40_000
const DEFAULTS = { timeoutMs: POLL_MS, dailyLimit: 25_000, clientLimit: 1_000, requireCookie: false }

export function createStreams(org: Org): Streams {
  const streams: Streams = { bus: createEventBus(org), clients: new Map(), ...DEFAULTS, made: 0, delivered: [] }
  streams.bus.subscribers.add((kept) => deliver(streams, kept))
  refreshSelection(streams.bus)
  return streams
}

export function addClient(streams: Streams, session: Session): CometdClient {
  for (const [id, client] of streams.clients) if (isForgotten(client)) streams.clients.delete(id)
  streams.made += 1
  const id = BigInt(`0x${createHash('sha256').update(`client ${streams.made} ${session.token}`).digest('hex').slice(0, 34)}`).toString(36)
  const client: CometdClient = {
    id,
    session,
    subscriptions: new Set(),
    queue: [],
    connected: false,
    wake: undefined,
    deadline: performance.now() + IDLE_MS,
  }
  streams.clients.set(id, client)
  return client
}

const isForgotten = (client: CometdClient): boolean => client.wake === undefined && performance.now() > client.deadline

export function findClient(streams: Streams, id: unknown): CometdClient | undefined {
  const client = typeof id === 'string' ? streams.clients.get(id) : undefined
  if (client === undefined || !isForgotten(client)) return client
  streams.clients.delete(client.id)
  return undefined
}

export function removeClient(streams: Streams, client: CometdClient): void {
  streams.clients.delete(client.id)
  client.wake?.()
}

/** Lost server state: the next word of any client is answered with "Unknown client". */
export function forgetClients(streams: Streams): number {
  const count = streams.clients.size
  const clients = [...streams.clients.values()]
  streams.clients.clear()
  for (const client of clients) client.wake?.()
  return count
}

/** Waits until there is something to tell, the poll's time is over, or the client went away. */
export function holdPoll(streams: Streams, client: CometdClient, gone: (listener: () => void) => void): Promise<void> {
  // A second poll ends the first one.
  client.wake?.()
  return new Promise((resolve) => {
    const timer = setTimeout(() => wake(), streams.timeoutMs)
    const wake = (): void => {
      clearTimeout(timer)
      if (client.wake === wake) client.wake = undefined
      client.deadline = performance.now() + IDLE_MS
      resolve()
    }
    client.wake = wake
    gone(wake)
  })
}

export const eventMessage = (channel: string, { event, replayId }: KeptEvent): Message => ({
  data: { ...event, event: { replayId } },
  channel,
})

function deliver(streams: Streams, kept: KeptEvent): void {
  for (const client of streams.clients.values()) {
    const queued = client.queue.length
    for (const channel of client.subscriptions) {
      if (isOnChannel(streams.bus, channel, kept.entity)) client.queue.push(eventMessage(channel, kept))
    }
    if (client.queue.length > queued) client.wake?.()
  }
}

/** Counts what one answer delivers against the day's allowance; false where that is spent. */
export function spendDeliveries(streams: Streams, count: number, enforced: boolean): boolean {
  const now = streams.bus.org.clock.now()
  streams.delivered = streams.delivered.filter(({ at }) => at > now - DAY)
  const used = streams.delivered.reduce((sum, each) => sum + each.count, 0)
  if (enforced && used + count > streams.dailyLimit) return false
  const last = streams.delivered.at(-1)
  if (last?.at === now) last.count += count
  else streams.delivered.push({ at: now, count })
  return true
}

export function resetStreams(streams: Streams): void {
  forgetClients(streams)
  Object.assign(streams, DEFAULTS, { delivered: [] })
}

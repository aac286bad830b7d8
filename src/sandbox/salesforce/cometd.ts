/** /cometd/{version}: Bayeux over long polling with the replay extension. Salesforce docs: Streaming API, Message Durability, Error Codes. */
import { addClient, eventMessage, findClient, holdPoll, POLL_MS, removeClient, spendDeliveries } from './cometd-client.ts'
import { channelExists, eventsAfter, isOnChannel } from './event-bus.ts'
import { Fault } from './fault.ts'
import { isObject } from './call.ts'
import { parseJson } from '../http.ts'
import { sessionOf } from './session.ts'
import type { CometdClient, Message, Streams } from './cometd-client.ts'
import type { Reply, World } from './call.ts'
import type { Session } from './session.ts'

export type StreamRequest = {
  method: string
  /** Segments after `cometd`. */
  path: readonly string[]
  headers: Readonly<Record<string, string | undefined>>
  body: Buffer
  /** Calls back when the client goes away. */
  gone(listener: () => void): void
}

const OLDEST_VERSION = 37
const MOST_PER_ANSWER = 200
const COOKIE = 'BAYEUX_BROWSER'
const ADVICE = { interval: 0, timeout: POLL_MS, reconnect: 'retry' }
/** unverified: the words that refuse a client which publishes. */
const PUBLISH_REFUSED = '403::Publishing to this channel is not allowed'
const AUTHENTICATION_INVALID = '401::Authentication invalid'
const AUTHENTICATION_MISSING = '401::Request requires authentication'

export async function cometdReply(world: World, request: StreamRequest): Promise<Reply> {
  // Clients probe for a WebSocket with a GET that has no body.
  if (request.method !== 'POST') return bayeux(400, [{ error: '400::Only long-polling by POST is supported', successful: false }])
  const messages = readMessages(request.body)
  if (messages === undefined) return bayeux(400, [{ error: '400::The request holds no Bayeux message', successful: false }])
  const refusal = versionError(request.path[0])
  if (refusal !== undefined)
    return bayeux(
      200,
      messages.map((message) => failure(message, refusal)),
    )
  const { session, problem } = authenticate(world, request)
  const answers: Message[] = []
  let cookie = false
  for (const message of messages) {
    const { channel } = message
    if (channel === '/meta/handshake') {
      answers.push(handshake(world.push.streams, message, session, problem))
      cookie = session !== undefined
    } else answers.push(...(await answerMessage(world, request, message, session, problem, messages.length === 1)))
  }
  return bayeux(
    200,
    answers,
    cookie ? { 'Set-Cookie': `${COOKIE}=${String(world.push.streams.made).padStart(8, '0')}; Path=/; HttpOnly` } : {},
  )
}

const bayeux = (status: number, messages: readonly Message[], headers: Record<string, string> = {}): Reply => ({
  status,
  kind: 'text',
  text: JSON.stringify(messages),
  type: 'application/json;charset=UTF-8',
  headers,
})

function readMessages(body: Buffer): Message[] | undefined {
  try {
    const value: unknown = parseJson(body.toString('utf8'))
    const messages = Array.isArray(value) ? value : [value]
    return messages.length > 0 && messages.every(isObject) ? messages : undefined
  } catch {
    // No JSON, no message: the caller says so.
    return undefined
  }
}

function versionError(version: string | undefined): string | undefined {
  const form = "URI format: '/cometd/67.0'"
  const number = /^(\d{2,3})\.0$/.exec(version ?? '')?.[1]
  if (number === undefined) return `400::API version in the URI is mandatory. ${form}`
  if (Number(number) >= OLDEST_VERSION) return undefined
  return `400::Unsupported API version. Only API versions '${OLDEST_VERSION}.0' and above are supported. ${form}`
}

function authenticate(world: World, { headers }: StreamRequest): { session: Session | undefined; problem: string } {
  if (headers.authorization === undefined) return { session: undefined, problem: AUTHENTICATION_MISSING }
  try {
    return { session: sessionOf(world.org, world.sessions, headers.authorization), problem: '' }
  } catch (error) {
    if (error instanceof Fault) return { session: undefined, problem: AUTHENTICATION_INVALID }
    throw error
  }
}

const withId = (message: Message): Message => (message.id === undefined ? {} : { id: message.id })
const failure = (message: Message, error: string, more: Message = {}): Message => ({
  ...more,
  ...(typeof message.clientId === 'string' ? { clientId: message.clientId } : {}),
  channel: message.channel ?? null,
  ...withId(message),
  error,
  successful: false,
})

function handshake(streams: Streams, message: Message, session: Session | undefined, problem: string): Message {
  if (session === undefined) {
    const ext = { sfdc: { failureReason: problem }, replay: true, 'payload.format': true }
    return failure(message, '403::Handshake denied', { ext, advice: { reconnect: 'none' } })
  }
  const types = Array.isArray(message.supportedConnectionTypes) ? message.supportedConnectionTypes : ['long-polling']
  if (!types.includes('long-polling'))
    return failure(message, `400::Invalid connection type ${types.join()}`, { advice: { reconnect: 'none' } })
  if (streams.clients.size >= streams.clientLimit) {
    return failure(message, '403::Handshake denied', {
      ext: { sfdc: { failureReason: '403::Organization concurrent user limit exceeded' }, replay: true, 'payload.format': true },
      advice: { reconnect: 'none' },
    })
  }
  const client = addClient(streams, session)
  return {
    ext: { replay: true, 'payload.format': true },
    minimumVersion: '1.0',
    clientId: client.id,
    supportedConnectionTypes: ['long-polling'],
    channel: '/meta/handshake',
    ...withId(message),
    version: '1.0',
    successful: true,
  }
}

async function answerMessage(
  world: World,
  request: StreamRequest,
  message: Message,
  session: Session | undefined,
  problem: string,
  alone: boolean,
): Promise<Message[]> {
  const { streams } = world.push
  if (session === undefined) return [failure(message, problem, { advice: { reconnect: 'none', interval: 0 } })]
  const client = findClient(streams, message.clientId)
  if (client === undefined)
    return [
      {
        advice: { interval: 0, reconnect: 'handshake' },
        channel: message.channel ?? null,
        ...withId(message),
        error: '403::Unknown client',
        successful: false,
      },
    ]
  if (streams.requireCookie && !(request.headers.cookie ?? '').includes(COOKIE))
    return [failure(message, `400::Client ${client.id} has established a session, but no ${COOKIE} cookie present`)]
  client.session = session
  switch (message.channel) {
    case '/meta/connect':
      return connect(world, request, client, message, alone)
    case '/meta/subscribe':
      return listOf(message.subscription).map((channel) => subscribe(streams, client, message, channel))
    case '/meta/unsubscribe':
      for (const channel of listOf(message.subscription)) if (typeof channel === 'string') client.subscriptions.delete(channel)
      return [reply(client, message, { subscription: message.subscription ?? null })]
    case '/meta/disconnect':
      removeClient(streams, client)
      return [reply(client, message)]
    default:
      return [failure(message, typeof message.channel === 'string' ? PUBLISH_REFUSED : '400::Channel name not specified')]
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])
const reply = (client: CometdClient, message: Message, more: Message = {}): Message => ({
  clientId: client.id,
  ...more,
  channel: message.channel,
  ...withId(message),
  successful: true,
})

async function connect(world: World, request: StreamRequest, client: CometdClient, message: Message, alone: boolean): Promise<Message[]> {
  const { streams } = world.push
  if (message.connectionType !== 'long-polling') return [failure(message, `400::Invalid connection type ${String(message.connectionType)}`)]
  const first = !client.connected
  client.connected = true
  const asked = isObject(message.advice) && message.advice.timeout === 0
  if (!first && !asked && alone && client.queue.length === 0) await holdPoll(streams, client, request.gone)
  client.deadline = Math.max(client.deadline, performance.now() + 40_000)
  if (!streams.clients.has(client.id)) return [failure(message, '403::Unknown client', { advice: { interval: 0, reconnect: 'handshake' } })]
  if (client.session.expiresAt <= world.org.clock.now() || !world.sessions.byToken.has(client.session.token))
    return [failure(message, AUTHENTICATION_INVALID, { advice: { reconnect: 'none', interval: 0 } })]
  // Salesforce keeps the session of a connected client alive.
  client.session.expiresAt = Math.max(client.session.expiresAt, world.org.clock.now() + world.sessions.lifetime)
  const events = client.queue.slice(0, MOST_PER_ANSWER)
  if (events.length > 0 && !spendDeliveries(streams, events.length, world.org.rateLimit))
    return [failure(message, '403::Organization total events daily limit exceeded', { advice: { reconnect: 'none', interval: 0 } })]
  client.queue.splice(0, events.length)
  return [...events, reply(client, message, first || asked ? { advice: ADVICE } : {})]
}

function subscribe({ bus }: Streams, client: CometdClient, message: Message, channel: unknown): Message {
  const refuse = (error: string): Message => failure(message, error, { subscription: channel ?? null })
  if (typeof channel !== 'string' || channel === '') return refuse('400::Channel name not specified')
  if (!channel.startsWith('/')) return refuse("400::Channel subscriptions must start with a leading '/'")
  if (!channelExists(bus, channel)) return refuse(`400::The channel you requested to subscribe to does not exist {${channel}}`)
  const from = replayFrom(message, channel)
  const missed = eventsAfter(bus, from)
  if (missed === undefined) {
    const advice = 'Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.'
    return refuse(`400::The replayId {${from}} you provided was invalid.  ${advice}`)
  }
  client.subscriptions.add(channel)
  for (const kept of missed) if (isOnChannel(bus, channel, kept.entity)) client.queue.push(eventMessage(channel, kept))
  if (client.queue.length > 0) client.wake?.()
  return reply(client, message, { subscription: channel })
}

/** `ext: {replay: {CHANNEL: ID}}`; without it only new events. */
function replayFrom(message: Message, channel: string): number {
  const replay = isObject(message.ext) ? message.ext.replay : undefined
  const from = isObject(replay) ? replay[channel] : undefined
  if (from === undefined || from === null) return -1
  const number = typeof from === 'number' || typeof from === 'string' ? Number(from) : Number.NaN
  return Number.isSafeInteger(number) ? number : 0
}

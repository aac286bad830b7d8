/**
 * One CometD session over long polling: handshake, subscribe, connect. Salesforce docs: "Streaming API", "Client Connection Considerations".
 *
 * Own exchange on `send`: the Faye client behind jsforce asks for the next events before the last ones are stored, goes on shaking hands after an abort,
 * and probes for a WebSocket that Salesforce does not have.
 */
import { z } from 'zod'
import { ConnectorError } from '../connector.ts'
import { NoAnswer, send } from '../http.ts'
import { parseJson } from './fault.ts'
import type { Access } from './session.ts'

const Advice = z.object({ reconnect: z.string().optional(), interval: z.number().min(0).optional(), timeout: z.number().min(0).optional() })
const Message = z.object({
  channel: z.nullish(z.string()),
  clientId: z.string().optional(),
  successful: z.boolean().optional(),
  error: z.string().optional(),
  ext: z.object({ sfdc: z.object({ failureReason: z.string().optional() }).optional() }).optional(),
  advice: Advice.nullish(),
  data: z.optional(z.unknown()),
})
export type Message = z.output<typeof Message>
const Messages = z.array(Message)

/** What made a session end: its token, or the server's forgetting it. Everything else is a `ConnectorError`. */
export class SessionEnded extends Error {
  override name = 'SessionEnded'
  readonly why: 'unauthenticated' | 'forgotten'
  constructor(why: 'unauthenticated' | 'forgotten') {
    super(`the streaming session is ${why}`)
    this.why = why
  }
}

export interface Session {
  /** From after that replay id; -1: new events only, -2: all that are kept. Events may come with the answer. */
  subscribe(channel: string, replayId: number, signal: AbortSignal): Promise<readonly Message[]>
  /** Waits for events, up to two minutes; none is an answer too. */
  connect(signal: AbortSignal): Promise<readonly Message[]>
  /** Lets the server forget us at once. Never rejects. */
  disconnect(): Promise<void>
}

/** Salesforce docs: a poll is held for 110 seconds. */
const pollMs = 110_000
const marginMs = 20_000
const answerMs = 30_000
const goodbyeMs = 2_000
/** Limits of the org are per day or on clients at a time: neither passes in seconds. */
const limitPauseMs = 15 * 60_000

export async function openSession(access: Access, apiVersion: string, sleep: Sleep, signal: AbortSignal): Promise<Session> {
  const line: Line = { access, url: `${access.instanceUrl}/cometd/${apiVersion}`, cookies: new Map(), sent: 0, clientId: undefined }
  const hello = { channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'] }
  const shaken = await exchange(line, hello, answerMs, signal)
  line.clientId = shaken.reply.clientId
  if (line.clientId === undefined) throw new ConnectorError('unexpected-shape', "Salesforce's streaming handshake names no client")
  let advice: z.output<typeof Advice> = {}
  return {
    async subscribe(channel, replayId, aborted) {
      const ext = { replay: { [channel]: replayId } }
      return (await exchange(line, { channel: '/meta/subscribe', subscription: channel, ext }, answerMs, aborted)).events
    },
    async connect(aborted) {
      if (advice.interval) await sleep(Math.min(advice.interval, pollMs), aborted)
      const poll = { channel: '/meta/connect', connectionType: 'long-polling' }
      const { reply, events } = await exchange(line, poll, (advice.timeout ?? pollMs) + marginMs, aborted)
      advice = { ...advice, ...reply.advice }
      return events
    },
    async disconnect() {
      // Without it, the org counts this client for another 40 seconds.
      await exchange(line, { channel: '/meta/disconnect' }, goodbyeMs, new AbortController().signal).catch(() => undefined)
    },
  }
}

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>
type Line = {
  readonly access: Access
  readonly url: string
  readonly cookies: Map<string, string>
  sent: number
  clientId: string | undefined
}

/** Sends one message. Throws when its reply is a refusal. */
async function exchange(
  line: Line,
  message: Record<string, unknown> & { channel: string },
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ reply: Message; events: Message[] }> {
  const cookie = [...line.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const headers = {
    authorization: `OAuth ${line.access.token}`,
    'content-type': 'application/json',
    ...(cookie !== '' && { cookie }),
  }
  const body = JSON.stringify([{ ...message, id: String(++line.sent), ...(line.clientId !== undefined && { clientId: line.clientId }) }])
  const answer = await send({ method: 'POST', url: line.url, headers, body }, timeoutMs, signal)
  if (answer.status === 401) throw new SessionEnded('unauthenticated')
  if (answer.status >= 500 || answer.status === 429) throw new NoAnswer(`Salesforce's streaming API answered with ${answer.status}`)
  for (const set of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=;\s]+)=([^;]*)/.exec(set) ?? []
    if (name !== undefined) line.cookies.set(name, value ?? '')
  }
  const parsed = Messages.safeParse(parseJson(answer.body))
  const reply = parsed.data?.find(({ channel, successful }) => channel === message.channel && successful !== undefined)
  if (!reply)
    throw new ConnectorError('unexpected-shape', `Salesforce answered ${message.channel} with HTTP ${answer.status} and no reply to it`)
  if (reply.successful !== true) throw refusalOf(reply)
  return { reply, events: parsed.data!.filter(({ data }) => data !== undefined) }
}

/** Salesforce docs: "Streaming API Error Codes". The code stands before `::`; the words may hold what we sent, and are not passed on. */
function refusalOf({ channel, error = '', ext, advice }: Message): Error {
  const reason = ext?.sfdc?.failureReason ?? error
  const code = Number(/^(\d{3})::/.exec(reason)?.[1] ?? 0)
  if (code === 401) return new SessionEnded('unauthenticated')
  if (advice?.reconnect === 'handshake' || reason.includes('Unknown client')) return new SessionEnded('forgotten')
  if (code === 400 && reason.includes('replayId'))
    return new ConnectorError('bad-cursor', 'Salesforce no longer keeps the events after the stored replay id')
  if (code === 400 && channel === '/meta/subscribe')
    return new ConnectorError('refused', 'Salesforce has no such change events; select the objects for Change Data Capture in Setup')
  if (code === 403)
    return new ConnectorError('throttled', 'Salesforce lets no more change events or streaming clients through for now', {
      retryAfterMs: limitPauseMs,
    })
  return new ConnectorError('refused', `Salesforce refused ${channel ?? 'a message'} of the streaming API (${code})`)
}

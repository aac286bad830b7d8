/** Sends outbound messages: up to 100 notifications each, again until acknowledged. */
import { armTimer, noCounts, putBack, takeDue } from './outbound.ts'
import { createRandom } from '../random.ts'
import { envelope, isAcknowledged, MOST_NOTIFICATIONS } from './outbound-envelope.ts'
import { issueToken } from './session.ts'
import type { Counts, Notification, Outbound } from './outbound.ts'
import type { Sessions } from './session.ts'

export type Sender = { deliver(): Promise<Counts & { waiting: number }>; stop(): void }

/** unverified: content type and SOAPAction of an outbound message. */
const HEADERS = { 'content-type': 'text/xml; charset=utf-8', soapaction: '""', 'cache-control': 'no-cache', pragma: 'no-cache' }
/** The longest answer of a receiver that is read. */
const ANSWER_LIMIT = 64 * 1024

export function createSender(queue: Outbound, sessions: Sessions, instance: () => string, seed: number): Sender {
  const random = createRandom(seed)
  const stopped = new AbortController()

  async function deliverOnce(): Promise<Counts & { waiting: number }> {
    const counts = noCounts()
    const { due, dropped } = takeDue(queue)
    counts.dropped = dropped
    for (const message of batches(queue.disorder ? shuffled(due, random) : due)) {
      // A rule that went meanwhile sends nothing more.
      if (queue.rules.get(message[0]!.rule.name) !== message[0]!.rule) continue
      await send(message, counts)
    }
    for (const name of Object.keys(counts) as (keyof Counts)[]) queue.counts[name] += counts[name]
    if (!stopped.signal.aborted) armTimer(queue)
    return { ...counts, waiting: queue.queue.length }
  }

  async function send(message: readonly Notification[], counts: Counts): Promise<void> {
    const { rule } = message[0]!
    const sessionId = rule.includeSession ? issueToken(queue.org, sessions, 'outbound').token : null
    counts.messages += 1
    if (await post(rule.url, envelope(queue.org, rule, message, instance(), sessionId), queue.timeoutMs, stopped.signal)) {
      counts.acknowledged += message.length
      const again = message.filter(() => random() < queue.duplicates)
      counts.duplicated += again.length
      queue.queue.push(...again.map((notification) => ({ ...notification, dueAt: queue.org.clock.now() })))
      return
    }
    counts.refused += message.length
    for (const notification of message) putBack(queue, notification)
  }

  function deliver(): Promise<Counts & { waiting: number }> {
    const done = queue.running.then(deliverOnce)
    queue.running = done
    return done
  }

  queue.wake = () => void deliver()
  return {
    deliver,
    stop() {
      stopped.abort()
      queue.cancelTimer()
    },
  }
}

function batches(due: readonly Notification[]): Notification[][] {
  const open = new Map<string, Notification[]>()
  const all: Notification[][] = []
  for (const notification of due) {
    const key = notification.rule.name
    let batch = open.get(key)
    if (batch === undefined || batch.length >= MOST_NOTIFICATIONS) {
      batch = []
      open.set(key, batch)
      all.push(batch)
    }
    batch.push(notification)
  }
  return all
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const copy = [...list]
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    ;[copy[at], copy[other]] = [copy[other]!, copy[at]!]
  }
  return copy
}

/** True when the receiver answers 200 with an Ack that is true. Whatever else happens is a refusal. */
async function post(url: string, body: string, timeoutMs: number, stopped: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: HEADERS,
      body,
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopped]),
    })
    const text = await readSome(response)
    return response.status === 200 && isAcknowledged(text)
  } catch {
    // Nobody there, too slow, or gone in the middle: sent again later, as a refusal is.
    return false
  }
}

async function readSome(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length > ANSWER_LIMIT) break
  }
  return text
}

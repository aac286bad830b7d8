/** Change Data Capture: hears of changes, and remembers per object where it was. Salesforce docs: "Change Data Capture Developer Guide". */
import { z } from 'zod'
import { ConnectorError, type CrmEvent, type EventStream } from '../connector.ts'
import { NoAnswer } from '../http.ts'
import { openSession, SessionEnded, type Message, type Session } from './bayeux.ts'
import { channelOf, eventsOf } from './change-event.ts'
import type { Org } from './org.ts'

type Request = Parameters<EventStream['listen']>[0]
/** Object → replay id of the last event that was stored. */
type Positions = Map<string, number>

const onlyNew = -1
/** Salesforce keeps events for three days. */
const allKept = -2
const retryLimits = { attempts: 6, baseMs: 1_000, maxMs: 30_000 }

export async function listen(org: Org, request: Request, signal: AbortSignal): Promise<void> {
  const positions = positionsOf(request.since)
  // `heard`: something was received since the last trouble. A session that is given and never works is no reason to ask for ever.
  const state = { heard: true, refused: false, failures: 0 }
  while (!signal.aborted) {
    try {
      await hear(org, request, positions, state, signal)
    } catch (error) {
      if (signal.aborted) return
      await recover(org, error, state, signal)
    }
  }
}

type State = { heard: boolean; refused: boolean; failures: number }

/** One session, until it ends. What was received is stored before more is asked for, so nothing waits in memory and nothing can get lost there. */
async function hear(org: Org, request: Request, positions: Positions, state: State, signal: AbortSignal): Promise<void> {
  const access = await org.client.access(signal)
  let session: Session | undefined
  try {
    session = await openSession(access, org.settings.apiVersion, org.deps.sleep, signal)
    const from = positions.size === 0 ? 'now' : 'position'
    for (const object of request.objects) {
      const messages = await session.subscribe(channelOf(object), startOf(object, positions), signal)
      await pass(messages, request, positions)
    }
    org.deps.log('salesforce.stream.listening', { objects: request.objects.length })
    await request.onListening(from)
    for (;;) {
      const messages = await session.connect(signal)
      Object.assign(state, { heard: true, refused: false, failures: 0 })
      await pass(messages, request, positions)
    }
  } catch (error) {
    if (error instanceof SessionEnded && error.why === 'unauthenticated') org.client.expired(access)
    throw error
  } finally {
    await session?.disconnect()
  }
}

/** An object that never told anything while others did may have done so while we were away; one of a first start may not. */
function startOf(object: string, positions: Positions): number {
  return positions.get(object) ?? (positions.size === 0 ? onlyNew : allKept)
}

async function pass(messages: readonly Message[], request: Request, positions: Positions): Promise<void> {
  const events: CrmEvent[] = []
  const reached = new Map(positions)
  let named = true
  for (const { channel, data } of messages) {
    const object = request.objects.find((one) => channelOf(one) === channel)
    if (object === undefined) continue
    const read = eventsOf(data)
    named = read !== null
    if (read === null) break
    events.push(...read.events)
    reached.set(object, read.replayId)
  }
  if (events.length > 0) {
    await request.onEvents(events, JSON.stringify(Object.fromEntries(reached)))
    for (const [object, replayId] of reached) positions.set(object, replayId)
  }
  if (!named) throw new ConnectorError('bad-cursor', 'Salesforce told of changes without naming the records; a sweep finds them')
}

/** Waits, or throws what waiting does not mend. */
async function recover(org: Org, error: unknown, state: State, signal: AbortSignal): Promise<void> {
  const { deps } = org
  if (error instanceof SessionEnded) {
    deps.log('salesforce.stream.ended', { why: error.why })
    if (error.why === 'unauthenticated') {
      if (state.refused) throw org.client.refused()
      state.refused = true
      return
    }
    if (state.heard) {
      state.heard = false
      return
    }
  } else if (error instanceof NoAnswer) deps.log('salesforce.stream.no-answer', {})
  else throw error
  if (++state.failures >= retryLimits.attempts) throw new ConnectorError('unavailable', "Salesforce's streaming API cannot be reached")
  const backOff = Math.min(retryLimits.maxMs, retryLimits.baseMs * 2 ** (state.failures - 1))
  // An abort during the wait ends the loop, like any other.
  await deps.sleep(backOff / 2 + (backOff / 2) * deps.random(), signal).catch((reason: unknown) => {
    if (!signal.aborted) throw reason
  })
}

const Stored = z.record(z.string(), z.int())

function positionsOf(since: string | null): Positions {
  if (since === null) return new Map()
  try {
    return new Map(Object.entries(Stored.parse(JSON.parse(since))))
  } catch (cause) {
    throw new ConnectorError('bad-cursor', 'the stored position of the change events cannot be read', { cause })
  }
}

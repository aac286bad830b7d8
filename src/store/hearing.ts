/** Takes deliveries in: those that wait share one commit, and a storm of them shares one bell. */
import type { Kysely, Transaction } from 'kysely'
import { HEARING_MS, MOST_EVENTS_WAITING } from './bounds.ts'
import { StoreError } from './error.ts'
import { storeEvents, type HeardEvent } from './inbox.ts'
import type { Tables } from './tables.ts'

export type Hearing = {
  /** Ends when the events are safe on disk. Rejects when they may not be: then nothing must be acknowledged. */
  add: (events: readonly HeardEvent[]) => Promise<void>
  /** Rings what is still to be rung. */
  stop: () => Promise<void>
}
export type Bells = {
  ring: (trx: Transaction<Tables> | Kysely<Tables>, connection: string) => Promise<void>
  /** After the bell is there to be seen. */
  onRung: () => void
  onFailure: (error: unknown) => void
}
type Waiting = { events: readonly HeardEvent[]; done: () => void; failed: (reason: unknown) => void }

/** `commitMs`: a commit that takes longer has failed, for all we know. `events`: how many may wait for one. */
export type HearingBounds = { commitMs: number; events: number }
const usual: HearingBounds = { commitMs: HEARING_MS, events: MOST_EVENTS_WAITING }

/**
 * The first event rings in its own transaction. Those of the next moments are stored in one statement each commit, and ring together at its end: a
 * storm would otherwise pay four round trips a commit. Should the process die in between, whoever looks for open work finds them.
 */
const TOGETHER_MS = 150

export function createHearing(db: Kysely<Tables>, bells: Bells, bounds = usual): Hearing {
  const shared = createSharedBells(db, bells)
  const store = async (events: readonly HeardEvent[]): Promise<void> => {
    if (events.every((one) => shared.isOpen(one.connection))) {
      for (const connection of await storeEvents(db, events)) shared.join(connection)
      return
    }
    const news = await db.transaction().execute(async (trx) => {
      const connections = await storeEvents(trx, events)
      for (const connection of connections.sort()) await bells.ring(trx, connection)
      return connections
    })
    for (const connection of news) shared.open(connection)
    if (news.length > 0) bells.onRung()
  }
  return { add: sharedCommits(store, bounds), stop: shared.stop }
}

/** Whoever comes while a commit is under way joins the next one. */
function sharedCommits(store: (events: readonly HeardEvent[]) => Promise<void>, bounds: HearingBounds): Hearing['add'] {
  let waiting: Waiting[] = []
  let count = 0
  let busy = false
  const commit = async (): Promise<void> => {
    busy = true
    while (waiting.length > 0) {
      const together = waiting
      waiting = []
      count = 0
      try {
        await within(store(together.flatMap((one) => one.events)), bounds.commitMs)
        for (const one of together) one.done()
      } catch (error) {
        for (const one of together) one.failed(error)
      }
    }
    busy = false
  }
  return (events) =>
    new Promise((done, failed) => {
      if (count + events.length > bounds.events)
        return void failed(new StoreError('unreachable', 'more events wait for the database than it takes'))
      count += events.length
      waiting.push({ events, done, failed })
      if (!busy) void commit()
    })
}

/** What is late may still be stored: events have keys, so that the sender's repetition does no harm. */
async function within(work: Promise<void>, ms: number): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new StoreError('unreachable', 'the database does not answer')), ms)
  try {
    await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

type SharedBells = {
  /** The bell of this connection was rung a moment ago; another will follow if somebody joins. */
  isOpen: (connection: string) => boolean
  open: (connection: string) => void
  join: (connection: string) => void
  stop: () => Promise<void>
}

function createSharedBells(db: Kysely<Tables>, bells: Bells): SharedBells {
  const moments = new Map<string, { joined: boolean; timer: NodeJS.Timeout }>()
  const ringing = new Set<Promise<void>>()
  const ring = async (connection: string): Promise<void> => {
    try {
      await bells.ring(db, connection)
      bells.onRung()
    } catch (error) {
      bells.onFailure(error)
    }
  }
  const ringNow = (connection: string): void => {
    const rung: Promise<void> = ring(connection).finally(() => ringing.delete(rung))
    ringing.add(rung)
  }
  const open = (connection: string): void => {
    clearTimeout(moments.get(connection)?.timer)
    moments.set(connection, { joined: false, timer: setTimeout(() => close(connection), TOGETHER_MS) })
  }
  const close = (connection: string): void => {
    const { joined } = moments.get(connection)!
    moments.delete(connection)
    if (!joined) return
    open(connection)
    ringNow(connection)
  }
  return {
    isOpen: (connection) => moments.has(connection),
    open,
    join: (connection) => {
      const moment = moments.get(connection)
      if (moment) moment.joined = true
      else ringNow(connection) // its moment passed while the events were stored
    },
    stop: async () => {
      for (const [connection, { joined, timer }] of moments) {
        clearTimeout(timer)
        if (joined) ringNow(connection)
      }
      moments.clear()
      await Promise.all(ringing)
    },
  }
}

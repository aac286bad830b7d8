import type { SandboxClock } from '../crm.ts'
import type { App, Target } from './webhook-app.ts'
import type { Behaviour } from './webhook-behaviour.ts'
import { isDelivered } from './webhook-log.ts'
import type { DeliveryLog } from './webhook-log.ts'
import type { Notification } from './webhook-event.ts'
import { post } from './webhook-post.ts'
import type { Outcome, Posting } from './webhook-post.ts'
import { signedHeaders } from './webhook-sign.ts'

export type Waiting = {
  app: App
  dueAt: number
  /** Goes into another POST than what it fell due with. */ apart: boolean
  notification: Notification
}

/** What `deliver` tells: POSTs by status since it was last asked, the events in them, and what is left. */
export type Delivered = {
  requests: Record<string, number>
  events: { delivered: number; failed: number; abandoned: number }
  pending: number
  nextDueAt: string | null
}

export type Queue = {
  add(event: Waiting): void
  /** Sends what is due, again and again, until nothing is. */
  deliver(): Promise<Delivered>
  /** Events that wait or are under way, and those that found the queue full. */
  counts(): { pending: number; shed: number }
  /** Drops all that waits, and breaks off what is under way. */
  clear(): void
}

type Batch = { app: App; notifications: Notification[]; attempt: number; firstAt: number; dueAt: number }

export type QueueOptions = {
  clock: SandboxClock
  random: () => number
  behaviour: () => Behaviour
  /** Where an app's events go now; null: nowhere, they are dropped. */
  target: (app: App) => Target | null
  log: DeliveryLog
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** unverified: HubSpot tells ten retries within 24 hours with random spread, not their times. From the first attempt. */
const RETRY_AFTER_MS: readonly number[] = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  16 * HOUR,
  23 * HOUR,
]
const RETRY_SPREAD = 0.04
/** A receiver that writes back what it is told about must not keep `deliver` for ever. */
const ROUNDS_MOST = 100_000

type State = QueueOptions & {
  fresh: Waiting[]
  batches: Batch[]
  underWay: Map<Batch, Posting>
  /** Events in all three. */
  waiting: number
  shed: number
  told: Pick<Delivered, 'requests' | 'events'>
  waking: { at: number; forget: () => void } | undefined
}

export function createQueue(options: QueueOptions): Queue {
  const state: State = {
    ...options,
    fresh: [],
    batches: [],
    underWay: new Map(),
    waiting: 0,
    shed: 0,
    told: newTally(),
    waking: undefined,
  }
  return {
    add: (event) => add(state, event),
    deliver: () => deliver(state),
    counts: () => ({ pending: state.waiting, shed: state.shed }),
    clear() {
      state.fresh = []
      state.batches = []
      for (const posting of state.underWay.values()) posting.abort()
      state.underWay.clear()
      state.waiting = 0
      state.shed = 0
      state.told = newTally()
      wakeAt(state, undefined)
    },
  }
}

function add(state: State, event: Waiting): void {
  if (state.waiting >= state.behaviour().queueMost) {
    state.shed++
    return
  }
  state.waiting++
  state.fresh.push(event)
  if (state.waking === undefined || event.dueAt < state.waking.at) wakeAt(state, event.dueAt)
}

function newTally(): State['told'] {
  return { requests: {}, events: { delivered: 0, failed: 0, abandoned: 0 } }
}

async function deliver(state: State): Promise<Delivered> {
  pump(state)
  for (let round = 0; state.underWay.size > 0 && round < ROUNDS_MOST; round++) {
    await Promise.race([...state.underWay.values()].map((posting) => posting.done))
    pump(state)
  }
  const { told } = state
  state.told = newTally()
  const next = nextDue(state)
  return { ...told, pending: state.waiting, nextDueAt: next === undefined ? null : new Date(next).toISOString() }
}

/** Makes batches of what fell due, sends as many as may be under way, and sees to it that the next one is not forgotten. */
function pump(state: State): void {
  const now = state.clock.now()
  const due = state.fresh.filter((event) => event.dueAt <= now)
  if (due.length > 0) {
    state.fresh = state.fresh.filter((event) => event.dueAt > now)
    const { reorder, batchMost } = state.behaviour()
    if (reorder) shuffle(due, state.random)
    state.batches.push(...formBatches(due, now, batchMost))
  }
  for (const batch of state.batches.filter((waiting) => waiting.dueAt <= now)) if (hasRoom(state, batch.app)) start(state, batch, now)
  wakeAt(state, nextDue(state))
}

function hasRoom(state: State, app: App): boolean {
  const most = state.target(app)?.maxConcurrentRequests ?? Infinity
  let used = 0
  for (const { app: other } of state.underWay.keys()) if (other.id === app.id) used++
  return used < most
}

function start(state: State, batch: Batch, now: number): void {
  state.batches = state.batches.filter((waiting) => waiting !== batch)
  const receiver = state.target(batch.app)
  if (receiver === null) {
    state.waiting -= batch.notifications.length
    return
  }
  const settings = state.behaviour()
  const body = Buffer.from(JSON.stringify(batch.notifications.map((one) => ({ ...one, attemptNumber: batch.attempt }))))
  const stamp = settings.timestamps === 'machine' ? Date.now() : now
  const posting = post(receiver.url, signedHeaders(batch.app.secret, receiver.url, body, stamp, settings.signature), body, settings)
  state.underWay.set(batch, posting)
  void posting.done.then((outcome) => settle(state, batch, outcome))
}

function settle(state: State, batch: Batch, outcome: Outcome): void {
  if (!state.underWay.delete(batch)) return
  const last = batch.attempt >= RETRY_AFTER_MS.length
  const now = state.clock.now()
  for (const one of batch.notifications) state.log.note(one, now, batch.attempt, outcome, last, state.behaviour().keepValues)
  const { requests, events } = state.told
  requests[outcome] = (requests[outcome] ?? 0) + 1
  events[isDelivered(outcome) ? 'delivered' : last ? 'abandoned' : 'failed'] += batch.notifications.length
  if (isDelivered(outcome) || last) state.waiting -= batch.notifications.length
  else {
    const after = RETRY_AFTER_MS[batch.attempt]! * (1 + RETRY_SPREAD * state.random())
    state.batches.push({ ...batch, attempt: batch.attempt + 1, dueAt: Math.round(batch.firstAt + after) })
  }
  pump(state)
}

/** What is due but has no room is not awaited: the end of another POST looks after it. */
function nextDue(state: State): number | undefined {
  let next = Infinity
  for (const event of state.fresh) next = Math.min(next, event.dueAt)
  for (const batch of state.batches) if (batch.dueAt < next && hasRoom(state, batch.app)) next = batch.dueAt
  return next === Infinity ? undefined : next
}

/** When that time has passed: as long as the clock stands still, only `deliver` sends. */
function wakeAt(state: State, at: number | undefined): void {
  if (state.waking?.at === at) return
  state.waking?.forget()
  const run = (): void => {
    state.waking = undefined
    pump(state)
  }
  state.waking = at === undefined ? undefined : { at, forget: state.clock.at(at + 1, run) }
}

function shuffle(events: Waiting[], random: () => number): void {
  for (let last = events.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const event = events[last]!
    events[last] = events[other]!
    events[other] = event
  }
}

/** By app, in order, what shall stand apart in POSTs of its own behind the others. */
function formBatches(due: readonly Waiting[], now: number, most: number): Batch[] {
  const groups = new Map<string, Waiting[]>()
  for (const event of due) {
    const key = `${event.app.id} ${event.apart}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [event])
    else group.push(event)
  }
  return [...groups.values()].flatMap((events) => {
    const parts = Array.from({ length: Math.ceil(events.length / most) }, (_, part) => events.slice(part * most, (part + 1) * most))
    return parts.map((part) => ({
      app: part[0]!.app,
      notifications: part.map((one) => one.notification),
      attempt: 0,
      firstAt: now,
      dueAt: now,
    }))
  })
}

/**
 * A ring of slots, one for each request that may fall into a window; and the rules by which slots are given. A slot is leased, used, and free
 * again one window after its request was *answered*: the vendor counts a request when it arrives, which is never later, so jitter (a first TLS
 * handshake, say) cannot push two windows together, and no safety margin is lost (2.4 % at 10.25 s for a window of 10 s).
 *
 * There are two rings that obey the same rules: one in memory (memory-ring.ts) and one in Postgres (store/slots.ts), for many workers.
 */
import type { Ask, Taken } from '../core/call-ring.ts'
import type { Bucket, Urgency } from './connector.ts'

/** A slot that is free in `freeInMs`; `used` false: it was not needed after all. */
export type Return = { slot: number; lease: number; freeInMs: number; used: boolean }
export type Report = { remaining: number; limit: number; agoMs: number }

export interface Ring {
  take(ask: Ask): Promise<Taken>
  /** What became of slots and what the vendor said of its day meanwhile are heard at once: what is counted in neither could be given twice. */
  settle(returns: readonly Return[], day: Report | null): Promise<void>
  /** What the vendor counted of the window: slots that others must have used are marked as taken. */
  observe(report: Report, ask: Pick<Ask, 'size' | 'windowMs'>): Promise<void>
  refused(waitMs: number, what: 'window' | 'day'): Promise<void>
}

export const arriveMs = 3_000
/** When the day's calls are used up, how long until one request looks again. */
export const lookAgainMs = 15 * 60_000
/** An observation that says more is left than an earlier one did is believed when it is this much younger: a new day has begun. */
export const newDayMs = 30_000

/** Of our part of a day, what sweeps leave to more urgent work. */
const daySlice = 0.02
/**
 * How much of the window the requests of a sweep are spread over, so that what is urgent waits for the next slot, not for the next window. Alone, a
 * sweep keeps some of it to catch up in.
 */
const spread = { alone: 0.8, withUrgent: 0.97 }

export function sizeOf(bucket: Bucket, limit: number): number {
  return Math.max(1, Math.floor(limit * bucket.share))
}

/** How many of the slots, the last ones, are for sweeps first: what is urgent does not starve them for ever. */
export function keptOf(size: number): number {
  return size < 4 ? 0 : Math.ceil(size / 10)
}

export function askFor(bucket: Bucket, size: number, urgency: Urgency, count: number, exempt: boolean): Ask {
  const { windowMs } = bucket
  const soon = Math.max(100, windowMs / 10)
  const aheadMs = { rights: windowMs, live: Math.max(2 * soon, windowMs / 4), sweep: soon }[urgency]
  const sweep = urgency === 'sweep'
  return {
    count,
    size,
    windowMs,
    arriveMs,
    aheadMs,
    sweep,
    spacingMs: (windowMs / size) * spread.alone,
    evenMs: (windowMs / size) * spread.withUrgent,
    reserved: Math.floor(size / 50),
    urgentMs: 60_000,
    kept: keptOf(size),
    idleMs: soon,
    day: { share: bucket.share, reserve: bucket.dailyReserve, part: sweep ? 1 - daySlice : 1, exempt },
  }
}

/**
 * Gives places in a window to those who wait for them. Where slots come from is the ring's business: over a database they are leased some at a
 * time, a moment ahead, so that a sweep does not pay a round trip for each call.
 */
import { ConnectorError, type Bucket, type Deps, type Permits, type Place, type Seen, type Urgency } from './connector.ts'
import type { Lease } from '../core/call-ring.ts'
import { askFor, keptOf, newDayMs, sizeOf, type Report, type Return, type Ring } from './ring.ts'
import { createWaiters, rankOf, type Waiter } from './waiters.ts'

/** `remote`: the ring costs a round trip. `now` never jumps. */
export type PermitsOptions = Pick<Deps, 'now' | 'sleep' | 'log'> & { remote: boolean }
export type ClosablePermits = Permits & { close(): Promise<void> }

/** `rank`: for whom it was leased; it is given to whoever is first. */
type Held = Lease & { startAt: number; rank: number }
type Asker = { urgency: Urgency; count: number; at: number }

/** A lease that nobody needs is given back after this long, well before anybody else could think its holder dead. */
const unusedMs = 500
/** Slots come back a window later anyway: to say so once a second is soon enough, unless the window is no longer than that. */
const settleEveryMs = (windowMs: number): number => Math.min(1_000, windowMs / 10)
const mostAhead = 32
/** Who is urgent would rather ask than wait longer than this for a slot that was leased for a sweep. */
const soonMs = 50
/** Why a rest ends early. One for all: without a reason of ours each call would make an error of its own, with the stack that it came from. */
const woken = new Error('somebody came or left')
/** A timer takes no more. */
const longestRestMs = 60_000

export function createPermits(bucket: Bucket, ring: Ring, options: PermitsOptions): ClosablePermits {
  return new SlotPermits(bucket, ring, options)
}

class SlotPermits implements ClosablePermits {
  readonly #bucket: Bucket
  readonly #ring: Ring
  readonly #options: PermitsOptions
  readonly #waiting = createWaiters<Held>()
  readonly #closed = new AbortController()
  /** When those of an urgency may ask the ring again. */
  readonly #askAt = new Map<Urgency, number>()
  /** Ready to be used, the next one first. */
  #leases: Held[] = []
  #returns: (Omit<Return, 'freeInMs'> & { freeAt: number })[] = []
  #seen: { window: Seen | null; day: Seen | null } = { window: null, day: null }
  #dayTold = false
  /** When places were given lately. */
  #recent: number[] = []
  #vendorLimit: number
  #alarm = new AbortController()
  #serving = false
  #tending: Promise<void> | null = null

  constructor(bucket: Bucket, ring: Ring, options: PermitsOptions) {
    this.#bucket = bucket
    this.#ring = ring
    this.#options = options
    this.#vendorLimit = bucket.limit
  }

  now(): number {
    return this.#options.now()
  }

  take({ urgency, exempt }: { urgency: Urgency; exempt: boolean }, signal: AbortSignal): Promise<Place> {
    return new Promise<Place>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      const leave = (): void => {
        this.#waiting.remove((one) => one === waiter)
        reject(signal.reason as Error)
        this.#alarm.abort(woken)
      }
      const waiter: Waiter<Held> = {
        urgency,
        exempt,
        give: (lease) => {
          signal.removeEventListener('abort', leave)
          resolve({ answered: () => this.#giveBack(lease, this.now() + this.#bucket.windowMs, true) })
        },
        fail: (error) => {
          signal.removeEventListener('abort', leave)
          reject(error as Error)
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.add(waiter)
      this.#alarm.abort(woken)
      void this.#serve()
    })
  }

  observe(seen: Seen): void {
    // The request itself took one: an allowance of which nothing is gone is not counted, so it binds nobody.
    if (seen.remaining >= seen.limit) return
    this.#vendorLimit = Math.min(this.#bucket.limit, seen.limit)
    // As long as more is left than we could use, there is room for all.
    if (seen.remaining < this.#size()) this.#seen.window = seen
    if (!this.#options.remote) void this.#settle()
  }

  observeDay(seen: Seen): void {
    this.#seen.day = laterOfDay(this.#seen.day, seen)
    if (!this.#options.remote) void this.#settle()
  }

  refused(waitMs: number, what: 'window' | 'day'): void {
    void this.#ring.refused(waitMs, what).catch((error: unknown) => this.#logUnsettled(error))
  }

  async close(): Promise<void> {
    this.#closed.abort()
    await this.#tending
    for (const lease of this.#leases.splice(0)) this.#returns.push({ ...lease, freeAt: lease.startAt, used: false })
    await this.#settle()
  }

  #size(): number {
    return sizeOf(this.#bucket, this.#vendorLimit)
  }

  async #serve(): Promise<void> {
    if (this.#serving) return
    this.#serving = true
    try {
      while (this.#waiting.length > 0) {
        this.#dropStale()
        const first = this.#leases[0]
        const asker = this.#nextAsker()
        if (first && first.startAt <= this.now()) this.#hand()
        else if (asker && asker.at <= this.now()) await this.#refill(asker)
        else await this.#rest(Math.min(first?.startAt ?? Infinity, asker?.at ?? Infinity))
      }
    } catch (cause) {
      const error = new ConnectorError('unavailable', 'the shared request budget cannot be asked; is the database there?', { cause })
      for (const waiter of this.#waiting.remove(() => true)) waiter.fail(error)
    } finally {
      this.#serving = false
      this.#tend()
    }
  }

  #hand(): void {
    this.#recent.push(this.now())
    const lease = this.#leases.shift()!
    const size = this.#size()
    this.#waiting.next(lease.slot >= size - keptOf(size) ? 'sweep' : null)!.give(lease)
  }

  /** The most urgent who lack a slot and may ask; or whoever may ask soonest. */
  #nextAsker(): Asker | null {
    let next: Asker | null = null
    for (const { urgency, rank, mine, upToMine } of this.#waiting.counts()) {
      const usable = this.#leases.filter((lease) => lease.rank <= rank || lease.startAt <= this.now() + soonMs).length
      const count = Math.min(mine, upToMine - usable)
      const at = this.#askAt.get(urgency) ?? -Infinity
      if (count > 0 && (next === null || (next.at > this.now() && at < next.at))) next = { urgency, count, at }
    }
    return next
  }

  async #refill({ urgency, count }: Asker): Promise<void> {
    const { remote } = this.#options
    const grouped = remote && urgency === 'sweep'
    this.#recent = this.#recent.filter((time) => time >= this.now() - unusedMs)
    const group = grouped ? Math.max(count, Math.min(mostAhead, this.#recent.length)) : count
    const exempt = this.#waiting.of(urgency).every((waiter) => waiter.exempt)
    // What was used comes back a window later, and can wait to be told; what was not needed may be what is asked for.
    if (this.#returns.some((one) => !one.used)) await this.#settle()
    const ask = askFor(this.#bucket, this.#size(), urgency, group, exempt)
    // In one process whoever is first in line goes first, and nothing has to be taken early.
    const taken = await this.#ring.take(remote ? ask : { ...ask, aheadMs: 0 })
    if (taken.spent) return this.#refuse(urgency, taken.retryMs)
    const rank = rankOf(urgency)
    for (const lease of taken.leases) this.#leases.push({ ...lease, startAt: this.now() + lease.waitMs, rank })
    this.#leases.sort((a, b) => a.startAt - b.startAt)
    if (taken.leases.length >= count) return
    // Slots may be taken a while before they are free, so a sweep may ask a little late, and for several at once.
    const later = grouped ? ask.aheadMs / 2 : 0
    this.#askAt.set(urgency, this.now() + Math.min(this.#bucket.windowMs, Math.max(1, taken.retryMs + later)))
  }

  /** Nothing is left of the day for those of this urgency; the exempt among them ask again. */
  #refuse(urgency: Urgency, retryAfterMs: number): void {
    const message = 'our part of the daily API calls is used up (share and dailyReserve in connections.yaml)'
    for (const waiter of this.#waiting.remove((one) => one.urgency === urgency && !one.exempt))
      waiter.fail(new ConnectorError('throttled', message, { retryAfterMs }))
  }

  /** Until then, or until somebody comes or leaves. */
  async #rest(until: number): Promise<void> {
    this.#alarm = new AbortController()
    const { signal } = this.#alarm
    try {
      await this.#options.sleep(Math.min(Math.max(0, until - this.now()), longestRestMs), signal)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  #dropStale(): void {
    while (this.#leases[0] && this.#leases[0].startAt + unusedMs < this.now()) this.#drop(this.#leases.shift()!)
  }

  #drop(unused: Held): void {
    this.#askAt.clear()
    this.#giveBack(unused, unused.startAt, false)
  }

  #giveBack({ slot, lease }: Held, freeAt: number, used: boolean): void {
    this.#returns.push({ slot, lease, freeAt, used })
    if (this.#options.remote) this.#tend()
    if (!this.#options.remote || this.#isDayUrgent()) void this.#settle()
  }

  /** The first that is heard of the day, and its last calls, are told at once: all that is given meanwhile could be too much. */
  #isDayUrgent(): boolean {
    const { day } = this.#seen
    return day !== null && (!this.#dayTold || day.remaining < 2 * this.#size())
  }

  /** Looks after what is left over, as long as there is something. */
  #tend(): void {
    if (!this.#options.remote) {
      while (this.#leases.length > this.#waiting.length) this.#drop(this.#leases.pop()!)
      return
    }
    const { signal } = this.#closed
    if (this.#tending || signal.aborted) return
    const tend = async (): Promise<void> => {
      while (this.#returns.length > 0 || this.#leases.length > 0) {
        await this.#options.sleep(settleEveryMs(this.#bucket.windowMs), signal)
        if (this.#waiting.length === 0) this.#dropStale()
        await this.#settle()
      }
    }
    this.#tending = tend()
      .catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
      .finally(() => (this.#tending = null))
  }

  /** The ring hears what became of its slots; when it cannot, they come back by themselves. */
  async #settle(): Promise<void> {
    const { window, day } = this.#seen
    this.#seen = { window: null, day: null }
    this.#dayTold ||= day !== null
    const settled = this.#returns.map(({ freeAt, ...slot }) => ({ ...slot, freeInMs: Math.max(0, freeAt - this.now()) }))
    this.#returns = []
    const report = ({ remaining, limit, sentAt }: Seen): Report => ({ remaining, limit, agoMs: this.now() - sentAt })
    try {
      if (settled.length > 0 || day) await this.#ring.settle(settled, day && report(day))
      if (window) await this.#ring.observe(report(window), { size: this.#size(), windowMs: this.#bucket.windowMs })
    } catch (error) {
      this.#logUnsettled(error)
    }
  }

  #logUnsettled(error: unknown): void {
    this.#options.log('permits.unsettled', { bucket: this.#bucket.name, error: error instanceof Error ? error.name : 'unknown' })
  }
}

/** Answers overtake each other: of one day, what leaves less was counted later. */
function laterOfDay(before: Seen | null, seen: Seen): Seen {
  const isLate =
    before !== null && before.limit === seen.limit && seen.remaining > before.remaining && seen.sentAt < before.sentAt + newDayMs
  return isLate ? before : seen
}

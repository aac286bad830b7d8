/** The ring of one process: exact, and of nobody else's concern. The embedded database has no second process. */
import type { Ask, Lease, Taken } from '../core/call-ring.ts'
import type { Ring } from './ring.ts'
import type { MemoryDay } from './memory-day.ts'

type Slot = { freeAt: number; lease: number; held: boolean }

/** Nobody's vendor grants more in a window: whoever sets more wants no ring (slots of 0), only pauses and the day. */
export const mostSlots = 1_000

type State = { slots: Slot[]; pausedUntil: number; urgentAt: number; lastSweep: number }

export function memoryRing(day: MemoryDay, now: () => number): Ring {
  const state: State = { slots: [], pausedUntil: -Infinity, urgentAt: -Infinity, lastSweep: -Infinity }
  return {
    async take(ask) {
      const time = now()
      if (!ask.sweep) state.urgentAt = time
      const room = ask.day.exempt ? ask.count : day.room(ask.count, ask.day)
      if (room === 0) return { leases: [], retryMs: day.retryMs(), spent: true }
      const taken = ask.size > mostSlots ? unlimited(room, state.pausedUntil - time) : give(state, room, time, ask)
      day.grant(taken.leases.length)
      return taken
    },
    async settle(returns, report) {
      const time = now()
      for (const { slot, lease, freeInMs, used } of returns) {
        day.settle(used ? 1 : 0, used ? 0 : 1)
        const held = state.slots[slot]
        if (held?.lease !== lease) continue
        held.held = false
        held.freeAt = Math.min(held.freeAt, time + freeInMs)
      }
      if (report) day.observe(report)
    },
    async observe({ remaining, agoMs }, { size, windowMs }) {
      const time = now()
      const ours = state.slots.slice(0, size)
      const occupied = ours.filter((slot) => slot.held || slot.freeAt > time - agoMs).length
      const soonest = ours.filter((slot) => !slot.held).sort((a, b) => a.freeAt - b.freeAt)
      for (const slot of soonest.slice(0, Math.max(0, size - remaining - occupied))) slot.freeAt = Math.max(slot.freeAt, time + windowMs)
    },
    async refused(waitMs, what) {
      if (what === 'day') day.refused()
      else state.pausedUntil = Math.max(state.pausedUntil, now() + waitMs)
    },
  }
}

function give(state: State, room: number, time: number, ask: Ask): Taken {
  const { slots } = state
  while (slots.length < ask.size) slots.push({ freeAt: -Infinity, lease: 0, held: false })
  const askable = slots.slice(0, ask.size).map((slot, index) => ({ slot, index, at: askableAt(state, index, ask) }))
  const busy = askable.filter(({ slot }) => slot.freeAt > time).length * 2 > ask.size
  const due = askable.filter(({ at }) => at <= time).sort((a, b) => a.slot.freeAt - b.slot.freeAt)
  const urgent = time - state.urgentAt < ask.urgentMs
  const gap = urgent ? ask.evenMs : ask.spacingMs
  const leases: Lease[] = []
  let first = ask.sweep && (busy || urgent) ? Math.max(time, state.lastSweep + gap) : -Infinity
  let retryAt = Math.min(...askable.map(({ at }) => (at > time ? at : Infinity)))
  for (const { slot, index } of due.slice(0, room)) {
    const startAt = Math.max(slot.freeAt, state.pausedUntil, time, first)
    if (startAt > time + ask.aheadMs) {
      retryAt = Math.min(retryAt, startAt - ask.aheadMs)
      break
    }
    first += gap
    if (ask.sweep) state.lastSweep = Math.max(state.lastSweep, startAt)
    Object.assign(slot, { freeAt: startAt + ask.arriveMs + ask.windowMs, lease: slot.lease + 1, held: true })
    leases.push({ slot: index, lease: slot.lease, waitMs: startAt - time })
  }
  return { leases, retryMs: retryAt - time, spent: false }
}

/** When a slot may be asked for; by a sweep not while it is reserved for the urgent. */
function askableAt({ slots, pausedUntil, urgentAt }: State, index: number, ask: Ask): number {
  const at = Math.max(slots[index]!.freeAt, pausedUntil)
  if (ask.sweep) return Math.max(at - ask.aheadMs, index < ask.reserved ? urgentAt + ask.urgentMs : -Infinity)
  return index >= ask.size - ask.kept ? at + ask.idleMs : at - ask.aheadMs
}

function unlimited(count: number, waitMs: number): Taken {
  const leases = Array.from({ length: count }, () => ({ slot: -1, lease: 0, waitMs: Math.max(0, waitMs) }))
  return { leases, retryMs: 0, spent: false }
}

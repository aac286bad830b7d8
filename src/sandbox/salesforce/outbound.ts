/** Outbound messages: which changes make one, and what waits to be sent. Salesforce docs: Outbound Messaging, Workflow Outbound Messages. */
import { DAY } from './text.ts'
import { listenToChanges, stopListening } from './changes.ts'
import { LIVE, readerOf } from './table.ts'
import { nextId } from './org.ts'
import type { Change, Commit } from './changes.ts'
import type { Cell } from './column.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

export type OutboundRule = {
  name: string
  actionId: string
  table: Table
  url: string
  fields: readonly string[]
  /** `change`: only when one of `changed` changes, or any field where that is empty. */
  when: 'create' | 'change' | 'create-or-change'
  changed: readonly string[]
  /** Field → value (as text) that the record must have after the change. */
  where: ReadonlyMap<string, string | null>
  includeSession: boolean
  apiVersion: string
}
export type Notification = { id: string; rule: OutboundRule; row: number; madeAt: number; dueAt: number; attempts: number }
export type Outbound = {
  readonly org: Org
  readonly rules: Map<string, OutboundRule>
  queue: Notification[]
  /** Users (by id) whose changes send nothing: "Send Outbound Messages" is off on their profile. */
  readonly silent: Set<string>
  /** Whether what is due is sent by itself, or only by the lever. */
  automatic: boolean
  /** Share of acknowledged notifications that are sent again, share of due ones that swap places; drawn from the random seed. */
  duplicates: number
  disorder: boolean
  timeoutMs: number
  readonly listener: (commit: Commit) => void
  cancelTimer: () => void
  /** Delivers what is due. */
  wake: () => void
  /** The delivery under way: two never run at once. */
  running: Promise<unknown>
  counts: Counts
}
/** Notifications, except `messages`: POSTs. */
export type Counts = { messages: number; acknowledged: number; refused: number; dropped: number; duplicated: number }

export const noCounts = (): Counts => ({ messages: 0, acknowledged: 0, refused: 0, dropped: 0, duplicated: 0 })

/** Salesforce docs: a message is tried for 24 hours, at intervals that grow to two hours. */
const KEPT_MS = DAY
const LONGEST_WAIT = 2 * 3_600_000
/** unverified: the first wait; it doubles from there. */
const FIRST_WAIT = 15_000

const DEFAULTS = { automatic: true, duplicates: 0, disorder: false, timeoutMs: 10_000 }

/** A sender sets `wake`. */
export function createOutbound(org: Org): Outbound {
  const outbound: Outbound = {
    org,
    rules: new Map(),
    queue: [],
    silent: new Set(),
    ...DEFAULTS,
    listener: (commit) => {
      enqueue(outbound, commit)
      armTimer(outbound)
    },
    cancelTimer: () => undefined,
    wake: () => undefined,
    running: Promise.resolve(),
    counts: noCounts(),
  }
  return outbound
}

export function setRule(outbound: Outbound, rule: OutboundRule): void {
  if (outbound.rules.size === 0) listenToChanges(outbound.org, outbound.listener)
  outbound.rules.set(rule.name, rule)
}

/** Its waiting notifications go with it. */
export function dropRule(outbound: Outbound, name: string): boolean {
  const had = outbound.rules.delete(name)
  outbound.queue = outbound.queue.filter(({ rule }) => rule.name !== name)
  if (outbound.rules.size === 0) stopListening(outbound.org, outbound.listener)
  return had
}

function enqueue(outbound: Outbound, { changes, userId, at }: Commit): void {
  if (outbound.silent.has(userId)) return
  for (const rule of outbound.rules.values()) {
    for (const change of changes) {
      if (change.table !== rule.table || !applies(rule, change)) continue
      outbound.queue.push({ id: nextId(outbound.org, '04l'), rule, row: change.row, madeAt: at, dueAt: at, attempts: 0 })
    }
  }
}

/** unverified: a delete sends no message, as no workflow runs on one. */
function applies(rule: OutboundRule, { table, row, type, former }: Change): boolean {
  if (type === 'DELETE' || type === 'UNDELETE') return false
  if (type === 'CREATE' && rule.when === 'change') return false
  if (type === 'UPDATE' && rule.when === 'create') return false
  if (type === 'UPDATE' && rule.changed.length > 0 && !rule.changed.some((name) => former.has(name))) return false
  return [...rule.where].every(([name, wanted]) => {
    const field = table.object.byName.get(name.toLowerCase())
    return field !== undefined && textOf(readerOf(table, field)(row)) === wanted
  })
}

const textOf = (cell: Cell): string | null => (cell === null ? null : String(cell))

/** What is due now, and what became too old to be sent at all. */
export function takeDue(outbound: Outbound): { due: Notification[]; dropped: number } {
  const now = outbound.org.clock.now()
  const due: Notification[] = []
  const waiting: Notification[] = []
  let dropped = 0
  for (const notification of outbound.queue) {
    const { rule, row } = notification
    if (notification.madeAt + KEPT_MS <= now) dropped += 1
    // What was deleted meanwhile has no values left to tell.
    else if (rule.table.stages[row] !== LIVE) continue
    else if (notification.dueAt <= now) due.push(notification)
    else waiting.push(notification)
  }
  outbound.queue = waiting
  return { due, dropped }
}

export function putBack(outbound: Outbound, notification: Notification): void {
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** notification.attempts)
  outbound.queue.push({ ...notification, attempts: notification.attempts + 1, dueAt: outbound.org.clock.now() + wait })
}

/** Wakes at the earliest time at which something is due. */
export function armTimer(outbound: Outbound): void {
  outbound.cancelTimer()
  outbound.cancelTimer = () => undefined
  if (!outbound.automatic || outbound.queue.length === 0) return
  const first = outbound.queue.reduce((earliest, { dueAt }) => Math.min(earliest, dueAt), Number.POSITIVE_INFINITY)
  outbound.cancelTimer = outbound.org.clock.at(first, () => outbound.wake())
}

export function resetOutbound(outbound: Outbound): void {
  outbound.cancelTimer()
  stopListening(outbound.org, outbound.listener)
  outbound.rules.clear()
  outbound.silent.clear()
  Object.assign(outbound, DEFAULTS, { queue: [], counts: noCounts() })
}

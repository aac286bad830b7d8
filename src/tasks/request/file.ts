/** One change of a request: decided on what is stored at that moment, and stored with its ledger entries in the same transaction. */
import type { Calendar } from '../../core/request/deadline.ts'
import { evolve as evolveChange } from '../../core/request/change-evolve.ts'
import type { Change as Work } from '../../core/request/change.ts'
import { nextDue } from '../../core/request/due.ts'
import { evolve as evolveErasure } from '../../core/erasure/evolve.ts'
import type { Erasure } from '../../core/erasure/erasure.ts'
import { decide } from '../../core/request/decide.ts'
import { evolve as evolveRequest } from '../../core/request/evolve.ts'
import type { Request } from '../../core/request/request.ts'
import { appendBlock } from '../../store/ledger.ts'
import { endMailsOf } from '../../store/mails.ts'
import { nextNoticeOf } from '../../store/notices.ts'
import { waitUntil } from '../../store/request-turns.ts'
import { loadRequest, saveRequest, type RequestEntry, type StoredRequest, type Vault } from '../../store/requests.ts'
import { ends, readPersonAgain } from './freeze.ts'
import { inTurn, type TurnShell } from '../turn.ts'
import type { Shell } from '../shell.ts'

/** `vault`: a new one, or null to destroy it. `entries`: further lines for the ledger. */
export type Change = { events: readonly RequestEntry[]; vault?: Vault | null; entries?: readonly string[] }
/** `refused`: nothing was stored; the message is for people. */
export type Changed = { outcome: 'changed'; file: StoredRequest } | { outcome: 'refused'; message: string }

/** How long after a recipient's next turn the end is tried again. */
const NOTICE_MS = 60_000

/** `decide` is called with the row locked; what it answers is stored, or said. */
export function changeRequest(
  shell: Shell,
  id: string,
  decide: (file: StoredRequest, turn: TurnShell) => Promise<Change | { message: string }>,
): Promise<Changed> {
  return inTurn(shell, async (turn): Promise<Changed> => {
    const file = await loadRequest(turn.db, id, 'for update')
    if (file === null) return { outcome: 'refused', message: 'there is no such request' }
    const change = await decide(file, turn)
    if ('message' in change) return { outcome: 'refused', message: change.message }
    return { outcome: 'changed', file: await store(turn, file, change) }
  })
}

/** Closes a request: its file stays as proof, the key to who asked is destroyed. `last` runs while that key still exists and returns ledger entries. */
export function closeRequest(
  { shell, calendar }: { shell: Shell; calendar: Calendar },
  id: string,
  last: (turn: TurnShell, file: StoredRequest) => Promise<readonly string[]> = async () => [],
): Promise<Changed> {
  return changeRequest(shell, id, async (file, turn) => {
    const decided = decide(file.request, { type: 'close' }, { now: turn.now(), calendar })
    if (!decided.ok) return { message: decided.message }
    const waits = await nextNoticeOf(turn.db, id)
    if (waits !== null) {
      // GDPR art. 19: after closing, nobody could tell the recipients whom it is about.
      await waitUntil(turn.db, id, new Date(Math.max(waits, turn.now()) + NOTICE_MS).toISOString())
      return { message: 'recipients are still to be told' }
    }
    return { events: asRequest(decided.events), vault: null, entries: decided.events.length > 0 ? await last(turn, file) : [] }
  })
}

export async function store(
  turn: TurnShell,
  file: StoredRequest,
  { events, vault, entries: further = [] }: Change,
): Promise<StoredRequest> {
  const now = turn.now()
  const at = new Date(now).toISOString()
  const { request, erasure, change } = after(file, events)
  const closed = request.status === 'closed'
  const due = nextDue(request, { erasure, change })
  const dueAt = due === 'now' ? now : due
  const left = closed ? null : vault
  if (events.length > 0 || vault !== undefined) {
    const state = { request, erasure, change, vault: left, dueAt: dueAt === null ? null : new Date(dueAt).toISOString() }
    await saveRequest(turn.db, { id: file.id, version: file.version, ...state, closedAt: closed ? at : null }, events, at)
  }
  if (closed && file.request.status !== 'closed') {
    await endMailsOf(turn.db, file.id, at)
    turn.note({ act: 'closed', request: file.id })
  }
  if (ends(file.request.status, request.status) && file.vault !== null) await readPersonAgain(turn, file)
  const entries = [...entriesOf(file, events), ...further]
  if (entries.length > 0) await appendBlock(turn.db, entries, at)
  const version = file.version + events.length
  return { ...file, version, request, erasure, change, dueAt, vault: left === undefined ? file.vault : left, attempts: 0, fault: null }
}

/** What the ledger says of them. */
export function entriesOf({ id, version }: Pick<StoredRequest, 'id' | 'version'>, events: readonly RequestEntry[]): string[] {
  return events.map(({ stream, event }, index) => JSON.stringify(['request', id, version + index + 1, stream, event]))
}

export function after(
  file: Pick<StoredRequest, 'request' | 'erasure' | 'change'>,
  events: readonly RequestEntry[],
): { request: Request; erasure: Erasure; change: Work } {
  let { request, erasure, change } = file
  for (const entry of events) {
    if (entry.stream === 'request') request = evolveRequest(request, entry.event)
    else if (entry.stream === 'erasure') erasure = evolveErasure(erasure, entry.event)
    else change = evolveChange(change, entry.event)
  }
  return { request, erasure, change }
}

export function asRequest(events: readonly (RequestEntry & { stream: 'request' })['event'][]): RequestEntry[] {
  return events.map((event) => ({ stream: 'request', event }))
}

export function asErasure(events: readonly (RequestEntry & { stream: 'erasure' })['event'][]): RequestEntry[] {
  return events.map((event) => ({ stream: 'erasure', event }))
}

export function asChange(events: readonly (RequestEntry & { stream: 'change' })['event'][]): RequestEntry[] {
  return events.map((event) => ({ stream: 'change', event }))
}

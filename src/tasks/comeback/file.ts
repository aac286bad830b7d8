/** One change of a case: decided on what is stored at that moment, stored with its ledger entries in the same transaction. */
import { randomUUID } from 'node:crypto'
import { decide, evolve, type ComebackCommand, type ComebackEvent } from '../../core/erasure/comeback.ts'
import type { ErasureEvent } from '../../core/erasure/erasure.ts'
import { appendBlock } from '../../store/ledger.ts'
import { comebacksOf, loadComeback, openComeback, postponeComeback, saveComeback, type StoredComeback } from '../../store/comebacks.ts'
import { assignReappearances } from '../../store/reappearances.ts'
import type { Shell } from '../shell.ts'
import type { TurnShell } from '../turn.ts'

export type Settled =
  | { readonly outcome: 'changed'; readonly file: StoredComeback; readonly events: readonly ComebackEvent[] }
  | { readonly outcome: 'refused'; readonly message: string }

/** Opens the case of this person, or adds to the open one. Answers the ledger's entries, which the caller's transaction appends. */
export async function seeAgain(
  trx: Pick<Shell, 'db' | 'now'>,
  request: string,
  { source, ids, keys }: { source: number; ids: readonly string[]; keys: readonly string[] },
): Promise<{ id: string; opened: boolean; entries: string[] }> {
  const file = await openComeback(trx.db, request, randomUUID())
  const decided = decide(file.state, { type: 'see', request, keys }, trx.now())
  const events = decided.ok ? decided.events : []
  await assignReappearances(trx.db, source, ids, { request, comeback: file.id })
  // Looked at live at once: how it came back decides what follows.
  await save(trx, file, events, trx.now())
  return { id: file.id, opened: file.version === 0, entries: entriesOf(file, events) }
}

/** Once an erasure is proved, whoever was to go by it is no longer back; of anybody else the records are looked at again. */
export async function endComebacks(
  turn: TurnShell,
  erasures: readonly { readonly request: string; readonly events: readonly ErasureEvent[] }[],
): Promise<void> {
  const proved = erasures.filter(({ events }) => events.some((event) => event.type === 'settled' && event.standing !== 'not-proved'))
  if (proved.length === 0) return
  const requests = new Set(proved.map(({ request }) => request))
  for (const { id, state } of await comebacksOf(turn.db, [...requests])) {
    if (state.status === 'open' && state.again !== null && requests.has(state.again))
      await changeComeback(turn, id, { type: 'end', ended: 'erased' })
    else await postponeComeback(turn.db, id, iso(turn.now()), null)
  }
}

/** `dueAt`: when the records are to be looked at again, null for never. */
export async function changeComeback(turn: TurnShell, id: string, command: ComebackCommand, dueAt: number | null = null): Promise<Settled> {
  const file = await loadComeback(turn.db, id, 'for update')
  if (file === null) return { outcome: 'refused', message: 'there is no such case' }
  const decided = decide(file.state, command, turn.now())
  if (!decided.ok) return { outcome: 'refused', message: decided.message }
  const after = await save(turn, file, decided.events, dueAt)
  const entries = entriesOf(file, decided.events)
  if (entries.length > 0) await appendBlock(turn.db, entries, iso(turn.now()))
  return { outcome: 'changed', file: after, events: decided.events }
}

async function save(
  { db, now }: Pick<Shell, 'db' | 'now'>,
  file: StoredComeback,
  events: readonly ComebackEvent[],
  dueAt: number | null,
): Promise<StoredComeback> {
  const state = events.reduce(evolve, file.state)
  if (state.status === 'none') return file
  const due = state.status === 'closed' ? null : dueAt
  const after = { ...file, state, version: file.version + events.length, dueAt: due }
  await saveComeback(db, { ...after, dueAt: due === null ? null : iso(due) }, iso(now()))
  return after
}

function entriesOf({ id, version }: StoredComeback, events: readonly ComebackEvent[]): string[] {
  return events.map((event, index) => JSON.stringify(['comeback', id, version + index + 1, event]))
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

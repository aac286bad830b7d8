/** One change of a retention list: decided on what is stored at that moment, and stored with its ledger entries in the same transaction. */
import { evolve as evolveErasure } from '../core/erasure-evolve.ts'
import { dueSteps, nextCheck, type Erasure, type ErasureEvent } from '../core/erasure.ts'
import { evolve, evolveCase } from '../core/retention-act-evolve.ts'
import type { CaseEvent, Retention, RetentionEvent } from '../core/retention-act.ts'
import { appendBlock } from '../store/ledger.ts'
import type { Vault } from '../store/requests.ts'
import { loadCase, loadList, saveCase, saveList, type ListEvent, type StoredCase, type StoredList } from '../store/retention-lists.ts'
import type { RetentionDesk } from './retention-desk.ts'
import { inTurn, type TurnShell } from './turn.ts'

/** `vault`: a new one, or null to destroy it. `proof`: what is kept of the end, for the ledger. */
export type CaseChange = {
  n: number
  events?: readonly CaseEvent[]
  erasure?: readonly ErasureEvent[]
  vault?: Vault | null
  proof?: unknown
}
export type ListChange = { events?: readonly RetentionEvent[]; cases?: readonly CaseChange[]; shown?: StoredList['shown'] }
/** `refused`: nothing was stored; the message is for people. */
export type ListChanged = { outcome: 'changed'; list: StoredList } | { outcome: 'refused'; message: string }

/** `decide` is called with the row locked; what it answers is stored, or said. */
export function changeList(
  desk: RetentionDesk,
  id: string,
  decide: (list: StoredList, turn: TurnShell) => Promise<ListChange | { message: string }>,
): Promise<ListChanged> {
  return inTurn(desk.shell, async (turn): Promise<ListChanged> => {
    const list = await loadList(turn.db, id, 'for update')
    if (list === null) return { outcome: 'refused', message: 'there is no such list' }
    const change = await decide(list, turn)
    if ('message' in change) return { outcome: 'refused', message: change.message }
    return { outcome: 'changed', list: await storeList(turn, list, change) }
  })
}

export async function storeList(turn: TurnShell, list: StoredList, { events = [], cases = [], shown }: ListChange): Promise<StoredList> {
  const now = turn.now()
  const at = new Date(now).toISOString()
  const retention = events.reduce(evolve, list.retention)
  const told: ListEvent[] = events.map((event) => ({ person: null, event }))
  const proofs: string[] = []
  for (const change of cases) {
    const file = await loadCase(turn.db, list.id, change.n)
    if (file === null) throw new Error(`list ${list.id} has no person ${change.n}`)
    await storeCase(turn, file, change, at)
    told.push(...(change.events ?? []).map((event): ListEvent => ({ person: change.n, event: { stream: 'case', event } })))
    told.push(...(change.erasure ?? []).map((event): ListEvent => ({ person: change.n, event: { stream: 'erasure', event } })))
    if (change.proof !== undefined) proofs.push(JSON.stringify(['retention-proof', list.id, change.n, change.proof]))
  }
  const next = { ...list, retention, shown: shown ?? list.shown, dueAt: dueOf(list, retention, now) }
  if (told.length > 0) await saveList(turn.db, next, told, at)
  const entries = told.map(({ person, event }, index) => JSON.stringify(['retention', list.id, list.version + index + 1, person, event]))
  if (entries.length + proofs.length > 0) await appendBlock(turn.db, [...entries, ...proofs], at)
  return { ...next, version: list.version + told.length, attempts: 0, fault: null }
}

/** When it is to be looked at next: whoever works on it says so anew at the end. */
function dueOf({ retention: before, dueAt }: StoredList, after: Retention, now: number): number | null {
  if (after.status === 'released' && before.status !== 'released') return after.from
  if (after.status === 'ended' && before.status !== 'ended') return now
  return dueAt
}

async function storeCase(turn: TurnShell, file: StoredCase, { events = [], erasure = [], vault }: CaseChange, at: string): Promise<void> {
  const state = events.reduce(evolveCase, file.case)
  const next = erasure.reduce(evolveErasure, file.erasure)
  const begun = events.some(({ type }) => type === 'begun')
  await saveCase(turn.db, {
    list: file.list,
    n: file.n,
    case: state,
    erasure: next,
    dueAt: caseDue(state, next, turn.now()),
    ...(vault === undefined ? {} : { vault }),
    ...(begun ? { begunAt: at } : {}),
  })
}

/** When there is something to be done for this person, the list's own word aside. */
export function caseDue(state: StoredCase['case'], erasure: Erasure, now: number): number | null {
  switch (state.status) {
    case 'waiting':
      return state.notBefore
    case 'asked':
      return state.until
    case 'begun':
      return dueSteps(erasure).length > 0 ? now : (nextCheck(erasure)?.at ?? now)
    case 'dropped':
    case 'closed':
      return null
    default:
      return state satisfies never
  }
}

/** One change of a retention list: decided on what is stored at that moment, and stored with its ledger entries in the same transaction. */
import { evolve as evolveErasure } from '../../core/erasure/evolve.ts'
import { nextCheck, type Erasure, type ErasureEvent } from '../../core/erasure/erasure.ts'
import { dueSteps } from '../../core/erasure/steps.ts'
import { evolve, evolveCase } from '../../core/retention/act-evolve.ts'
import type { CaseEvent, Retention, RetentionEvent } from '../../core/retention/act.ts'
import { appendBlock } from '../../store/ledger.ts'
import type { Vault } from '../../store/requests.ts'
import {
  loadCases,
  loadList,
  saveCases,
  saveList,
  type CaseState,
  type ListEvent,
  type StoredCase,
  type StoredList,
} from '../../store/retention-lists.ts'
import type { RetentionDeps } from './deps.ts'
import { inTurn, type TurnShell } from '../turn.ts'

/** `vault`: a new one, or null to destroy it. `proof`: what is kept of the end, for the ledger. */
export type CaseChange = {
  n: number
  events?: readonly CaseEvent[]
  erasure?: readonly ErasureEvent[]
  vault?: Vault | null
  proof?: unknown
}
/** `cases`: each person once. */
export type ListChange = { events?: readonly RetentionEvent[]; cases?: readonly CaseChange[]; shown?: StoredList['shown'] }
/** `refused`: nothing was stored; the message is for people. */
export type ListChanged = { outcome: 'changed'; list: StoredList } | { outcome: 'refused'; message: string }

/** `decide` is called with the row locked; what it answers is stored, or said. */
export function changeList(
  deps: Pick<RetentionDeps, 'shell'>,
  id: string,
  decide: (list: StoredList, turn: TurnShell) => Promise<ListChange | { message: string }>,
): Promise<ListChanged> {
  return inTurn(deps.shell, async (turn): Promise<ListChanged> => {
    const list = await loadList(turn.db, id, 'for update')
    if (list === null) return { outcome: 'refused', message: 'there is no such list' }
    const change = await decide(list, turn)
    if ('message' in change) return { outcome: 'refused', message: change.message }
    return { outcome: 'changed', list: await storeList(turn, list, change) }
  })
}

export async function storeList(turn: TurnShell, list: StoredList, { events = [], cases = [], shown }: ListChange): Promise<StoredList> {
  const now = turn.now()
  const at = iso(now)
  const retention = events.reduce(evolve, list.retention)
  const told: ListEvent[] = events.map((event) => ({ person: null, event }))
  const proofs: string[] = []
  const files = new Map(
    (
      await loadCases(
        turn.db,
        list.id,
        cases.map(({ n }) => n),
      )
    ).map((file) => [file.n, file]),
  )
  const states = cases.map((change): CaseState => {
    const file = files.get(change.n)
    if (file === undefined) throw new Error(`list ${list.id} has no person ${change.n}`)
    told.push(...(change.events ?? []).map((event): ListEvent => ({ person: change.n, event: { stream: 'case', event } })))
    told.push(...(change.erasure ?? []).map((event): ListEvent => ({ person: change.n, event: { stream: 'erasure', event } })))
    if (change.proof !== undefined) proofs.push(JSON.stringify(['retention-proof', list.id, change.n, change.proof]))
    return stateOf(file, change, now)
  })
  await saveCases(turn.db, list.id, states)
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

function stateOf(file: StoredCase, { events = [], erasure = [], vault }: CaseChange, now: number): CaseState {
  const state = events.reduce(evolveCase, file.case)
  const next = erasure.reduce(evolveErasure, file.erasure)
  const begun = events.some(({ type }) => type === 'begun')
  return {
    n: file.n,
    case: state,
    erasure: next,
    dueAt: caseDue(state, next, now),
    ...(vault === undefined ? {} : { vault }),
    ...(begun ? { begunAt: iso(now) } : {}),
  }
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

function iso(at: number): string {
  return new Date(at).toISOString()
}

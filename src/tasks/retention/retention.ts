/** Carries approved lists on as far as they go. What is due stands in our own tables; what was shown is never enough: each person is looked at again first. */
import { ConnectorError } from '../../connectors/connector.ts'
import { loadCases, loadList, type StoredCase } from '../../store/retention-lists.ts'
import { claimList, postponeList, releaseList } from '../../store/retention-turns.ts'
import { TOGETHER } from '../request/advance.ts'
import { CONTRADICTED } from '../request/contradicted.ts'
import type { Began } from './begin.ts'
import { faultFacts, INTERNAL } from '../fault.ts'
import { putOffPerson, tellOfList } from '../worker/put-off.ts'
import { waitOf } from '../request/postpone.ts'
import type { JudgingWorld, RetentionDeps } from './deps.ts'
import { beginEach, carryEach, type Failed } from './each.ts'
import { caseDue, changeList, type ListChanged } from './file.ts'
import { checkGuards } from './guard.ts'
import { endList } from './what-if.ts'

/** `busy`: somebody else is at work on it, or nothing is due. `stopped`: by clock, fields or brake, or by what somebody asks for, in words. */
export type AdvancedList =
  | { outcome: 'done' | 'busy' }
  | { outcome: 'stopped'; why: string }
  | { outcome: 'postponed'; fault: string; until: number }

/** Who is stopped is looked at again this often: what stops it is for people to mend. */
const STOPPED_MS = 3_600_000

export async function advanceList(deps: RetentionDeps, id: string, signal: AbortSignal): Promise<AdvancedList> {
  const { shell } = deps
  const claim = await shell.claims.take()
  try {
    const mine = { now: iso(shell.now()), claim: claim.id, living: shell.claims.living }
    if (!(await claimList(shell.db, id, mine))) return { outcome: 'busy' }
    try {
      return await advanceOrPutOff(deps, id, AbortSignal.any([signal, claim.lost]))
    } finally {
      await releaseList(shell.db, id, claim.id)
    }
  } finally {
    await claim.release()
  }
}

/** What fails for the list as a whole puts it off, and keeps no other list from its turn. */
async function advanceOrPutOff(deps: RetentionDeps, id: string, signal: AbortSignal): Promise<AdvancedList> {
  try {
    return await advance(deps, id, signal)
  } catch (error) {
    if (signal.aborted) throw error
    deps.shell.log('retention.failed', { list: id, ...faultFacts(error) })
    const list = await loadList(deps.shell.db, id)
    if ((list?.attempts ?? 0) > 0) await tellOfList(deps.shell, id)
    return postpone(deps, id, list?.attempts ?? 0, INTERNAL)
  }
}

async function advance(deps: RetentionDeps, id: string, signal: AbortSignal): Promise<AdvancedList> {
  const { shell } = deps
  const now = shell.now()
  const due = (await loadCases(shell.db, id)).filter(
    (person) => isOpen(person) && (caseDue(person.case, person.erasure, now) ?? now) <= now && (person.heldUntil ?? 0) <= now,
  )
  const world = once(() => deps.prepare(signal))
  const guards = once(() => checkGuards(deps, signal))
  let fault: string | null = null
  let stop: string | null = null
  const waiting = new Set<number>()
  for (let from = 0; from < due.length; from += TOGETHER) {
    const group = due.slice(from, from + TOGETHER)
    signal.throwIfAborted()
    // One that met a stop ends the beginnings of this turn; what has begun goes on.
    const began: Began & { failed: Failed } =
      stop === null ? await begin(deps, { world, guards }, { list: id, group }, signal) : nobodyBegan
    stop ??= began.stop
    try {
      // With whom something failed just now, nothing is tried again at once.
      const numbers = group.flatMap(({ n }) => (began.failed.has(n) ? [] : [n]))
      const { faults, still, failed } = await carryEach(deps, world, { list: id, numbers }, signal)
      for (const person of group) {
        const error = began.failed.get(person.n) ?? failed.get(person.n)
        if (error !== undefined) await putOffPerson(shell, person, error)
      }
      for (const n of still) waiting.add(n)
      for (const { kind } of [...began.faults, ...faults]) {
        shell.log('retention.held-up', { list: id, fault: kind })
        fault = kind
      }
    } finally {
      // What was destroyed, and with whose word, is not to be cut off the end of the ledger.
      await shell.sign()
    }
  }
  return settleTurn(deps, id, { fault, stop, waiting })
}

function isOpen({ case: one }: StoredCase): boolean {
  return one.status !== 'dropped' && one.status !== 'closed'
}

const nobodyBegan: Began & { failed: Failed } = { stop: null, faults: [], failed: new Map() }
type Guarded = { world: () => Promise<JudgingWorld>; guards: () => Promise<readonly string[]> }

/** Those of the group who have not begun, if the list lets them go. */
async function begin(
  deps: RetentionDeps,
  { world, guards }: Guarded,
  { list: id, group }: { list: string; group: readonly StoredCase[] },
  signal: AbortSignal,
): Promise<Began & { failed: Failed }> {
  const waiting = group.filter(({ case: one }) => one.status === 'waiting' || one.status === 'asked')
  const { retention } = (await loadList(deps.shell.db, id))!
  if (waiting.length === 0 || retention.status !== 'released' || deps.shell.now() < retention.from) return nobodyBegan
  try {
    const [first] = await guards()
    if (first !== undefined) return { ...nobodyBegan, stop: first }
    return await beginEach(deps, await world(), { list: id, group: waiting }, signal)
  } catch (error) {
    if (!(error instanceof ConnectorError) || signal.aborted) throw error
    return { ...nobodyBegan, faults: [error] }
  }
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | null = null
  return () => (made ??= make())
}

async function settleTurn(
  deps: RetentionDeps,
  id: string,
  { fault, stop, waiting }: { fault: string | null; stop: string | null; waiting: ReadonlySet<number> },
): Promise<AdvancedList> {
  const { shell } = deps
  const list = (await loadList(shell.db, id))!
  const cases = await loadCases(shell.db, id)
  const open = cases.filter(isOpen)
  if (open.length === 0 && list.retention.status !== 'ended') {
    await changeListToEnd(deps, id)
    await postponeList(shell.db, id, { dueAt: null, fault: null })
    return { outcome: 'done' }
  }
  const now = shell.now()
  const released = list.retention.status === 'released' ? list.retention.from : null
  const dues = open.flatMap(({ n, case: one, erasure, heldUntil }) => {
    const held = heldUntil ?? 0
    if (one.status === 'begun') return Math.max(caseDue(one, erasure, now) ?? now, waiting.has(n) ? now + STOPPED_MS : now, held)
    if (released === null) return []
    return Math.max(released, caseDue(one, erasure, now) ?? released, stop === null ? 0 : now + STOPPED_MS, held)
  })
  if (fault !== null) return postpone(deps, id, list.attempts, fault)
  const contradicted = waiting.size > 0 ? CONTRADICTED : null
  const next = dues.length === 0 ? null : Math.min(...dues)
  const failing = open.some(({ heldUntil }) => (heldUntil ?? 0) > now)
  await postponeList(shell.db, id, { dueAt: next === null ? null : iso(next), fault: contradicted ?? (failing ? INTERNAL : null) })
  const why =
    stop ?? (contradicted === null ? null : `${waiting.size} who are under way have asked for something that is open, or are restricted`)
  if (why !== null) return { outcome: 'stopped', why }
  return failing && next !== null ? { outcome: 'postponed', fault: INTERNAL, until: next } : { outcome: 'done' }
}

async function postpone({ shell }: RetentionDeps, id: string, attempts: number, fault: string): Promise<AdvancedList> {
  const until = shell.now() + waitOf(attempts)
  await postponeList(shell.db, id, { dueAt: iso(until), fault })
  return { outcome: 'postponed', fault, until }
}

function changeListToEnd(deps: RetentionDeps, id: string): Promise<ListChanged> {
  return changeList(deps, id, async (list, turn) => {
    await endList(turn, list, { because: 'carried-out', by: null })
    return {}
  })
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/** Carries approved lists on as far as they go. What is due stands in our own tables; what was shown is never enough: each person is looked at again first. */
import { ConnectorError } from '../connectors/connector.ts'
import { loadCases, loadList, type StoredCase } from '../store/retention-lists.ts'
import { claimList, postponeList, releaseList } from '../store/retention-turns.ts'
import { TOGETHER } from './request-advance.ts'
import { CONTRADICTED } from './request-contradicted.ts'
import { beginPersons, type Began } from './retention-begin.ts'
import { carryOn } from './retention-carry.ts'
import type { JudgingWorld, RetentionDesk } from './retention-desk.ts'
import { caseDue, changeList, type ListChanged } from './retention-file.ts'
import { checkGuards } from './retention-guard.ts'
import { endList } from './retention-what-if.ts'

/** `busy`: somebody else is at work on it, or nothing is due. `stopped`: by clock, fields or brake, or by what somebody asks for, in words. */
export type AdvancedList =
  | { outcome: 'done' | 'busy' }
  | { outcome: 'stopped'; why: string }
  | { outcome: 'postponed'; fault: string; until: number }

const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 6 * 3_600_000
/** Who is stopped is looked at again this often: what stops it is for people to mend. */
const STOPPED_MS = 3_600_000

export async function advanceList(desk: RetentionDesk, id: string, signal: AbortSignal): Promise<AdvancedList> {
  const { shell } = desk
  const claim = await shell.claims.take()
  try {
    const mine = { now: iso(shell.now()), claim: claim.id, living: shell.claims.living }
    if (!(await claimList(shell.db, id, mine))) return { outcome: 'busy' }
    try {
      return await advance(desk, id, AbortSignal.any([signal, claim.lost]))
    } finally {
      await releaseList(shell.db, id, claim.id)
    }
  } finally {
    await claim.release()
  }
}

async function advance(desk: RetentionDesk, id: string, signal: AbortSignal): Promise<AdvancedList> {
  const { shell } = desk
  const now = shell.now()
  const due = (await loadCases(shell.db, id)).filter(
    (person) => isOpen(person) && (caseDue(person.case, person.erasure, now) ?? now) <= now,
  )
  const world = once(() => desk.prepare(signal))
  const guards = once(() => checkGuards(desk, signal))
  let fault: string | null = null
  let stop: string | null = null
  const waiting = new Set<number>()
  for (let from = 0; from < due.length; from += TOGETHER) {
    const group = due.slice(from, from + TOGETHER)
    signal.throwIfAborted()
    // One that met a stop ends the beginnings of this turn; what has begun goes on.
    const began: Began = stop === null ? await begin(desk, { world, guards }, { list: id, group }, signal) : nobodyBegan
    stop ??= began.stop
    try {
      const { faults, still } = await carryOn(desk, world, { list: id, numbers: group.map(({ n }) => n) }, signal)
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
  return settleTurn(desk, id, { fault, stop, waiting })
}

function isOpen({ case: one }: StoredCase): boolean {
  return one.status !== 'dropped' && one.status !== 'closed'
}

const nobodyBegan: Began = { stop: null, faults: [] }
type Guarded = { world: () => Promise<JudgingWorld>; guards: () => Promise<readonly string[]> }

/** Those of the group who have not begun, if the list lets them go. */
async function begin(
  desk: RetentionDesk,
  { world, guards }: Guarded,
  { list: id, group }: { list: string; group: readonly StoredCase[] },
  signal: AbortSignal,
): Promise<Began> {
  const waiting = group.filter(({ case: one }) => one.status === 'waiting' || one.status === 'asked')
  const { retention } = (await loadList(desk.shell.db, id))!
  if (waiting.length === 0 || retention.status !== 'released' || desk.shell.now() < retention.from) return nobodyBegan
  try {
    const [first] = await guards()
    return first === undefined ? await beginPersons(desk, await world(), id, waiting, signal) : { stop: first, faults: [] }
  } catch (error) {
    if (!(error instanceof ConnectorError) || signal.aborted) throw error
    return { stop: null, faults: [error] }
  }
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | null = null
  return () => (made ??= make())
}

async function settleTurn(
  desk: RetentionDesk,
  id: string,
  { fault, stop, waiting }: { fault: string | null; stop: string | null; waiting: ReadonlySet<number> },
): Promise<AdvancedList> {
  const { shell } = desk
  const list = (await loadList(shell.db, id))!
  const cases = await loadCases(shell.db, id)
  const open = cases.filter(isOpen)
  if (open.length === 0 && list.retention.status !== 'ended') {
    await changeListToEnd(desk, id)
    await postponeList(shell.db, id, { dueAt: null, fault: null })
    return { outcome: 'done' }
  }
  const now = shell.now()
  const released = list.retention.status === 'released' ? list.retention.from : null
  const dues = open.flatMap(({ n, case: one, erasure }) => {
    if (one.status === 'begun') return Math.max(caseDue(one, erasure, now) ?? now, waiting.has(n) ? now + STOPPED_MS : now)
    if (released === null) return []
    return Math.max(released, caseDue(one, erasure, now) ?? released, stop === null ? 0 : now + STOPPED_MS)
  })
  if (fault !== null) {
    const until = now + Math.min(FIRST_WAIT_MS * 2 ** Math.min(list.attempts, 12), LONGEST_WAIT_MS)
    await postponeList(shell.db, id, { dueAt: iso(until), fault })
    return { outcome: 'postponed', fault, until }
  }
  const contradicted = waiting.size > 0 ? CONTRADICTED : null
  await postponeList(shell.db, id, { dueAt: dues.length === 0 ? null : iso(Math.min(...dues)), fault: contradicted })
  const why =
    stop ?? (contradicted === null ? null : `${waiting.size} who are under way have asked for something that is open, or are restricted`)
  return why === null ? { outcome: 'done' } : { outcome: 'stopped', why }
}

function changeListToEnd(desk: RetentionDesk, id: string): Promise<ListChanged> {
  return changeList(desk, id, async (list, turn) => {
    await endList(turn, list, { because: 'carried-out', by: null })
    return {}
  })
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/** Carries approved lists on as far as they go. What is due stands in our own tables; what was shown is never enough: each person is looked at again first. */
import { decide as decideErasure } from '../core/erasure-decide.ts'
import { dueSteps, nextCheck, type ErasureEvent, type Report, type Step } from '../core/erasure.ts'
import { decideCase } from '../core/retention-act-decide.ts'
import type { CaseEvent } from '../core/retention-act.ts'
import { ConnectorError } from '../connectors/connector.ts'
import { loadCase, loadCases, loadList, type StoredCase } from '../store/retention-lists.ts'
import { claimList, forgetAsked, postponeList, releaseList } from '../store/retention-turns.ts'
import { readAgain } from './request-progress.ts'
import { openPerson, type PersonFile } from './erase-desk.ts'
import { carryOut, look } from './erasure-step.ts'
import { beginPerson, caseId } from './retention-begin.ts'
import type { JudgingWorld, RetentionDesk } from './retention-desk.ts'
import { caseDue, changeList, type CaseChange, type ListChanged } from './retention-file.ts'
import { checkGuards } from './retention-guard.ts'
import { endList } from './retention-what-if.ts'

/** `busy`: somebody else is at work on it, or nothing is due. `stopped`: by clock, fields or brake, in words. */
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
    const mine = { now: iso(shell.now()), claim: claim.id, living: await shell.claims.living() }
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
  let fault: string | null = null
  let stop: string | null = null
  const world = once(() => desk.prepare(signal))
  const guards = once(() => checkGuards(desk, signal))
  for (const { n } of await loadCases(shell.db, id)) {
    signal.throwIfAborted()
    const list = (await loadList(shell.db, id))!
    const person = (await loadCase(shell.db, id, n))!
    const due = caseDue(person.case, person.erasure, shell.now()) ?? -Infinity
    if (due > shell.now()) continue
    try {
      if (person.case.status === 'waiting' || person.case.status === 'asked') {
        // One that met a stop ends the beginnings of this turn; what has begun goes on.
        if (stop !== null || list.retention.status !== 'released' || shell.now() < list.retention.from) continue
        stop = await guarded(desk, { world, guards }, { list, person }, signal)
      }
      await carryOn(desk, id, n, signal)
    } catch (error) {
      if (!(error instanceof ConnectorError) || signal.aborted) throw error
      shell.log('retention.held-up', { list: id, fault: error.kind })
      fault = error.kind
    }
  }
  // What was destroyed, and with whose word, is not to be cut off the end of the ledger.
  await shell.sign()
  return settleTurn(desk, id, { fault, stop })
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | null = null
  return () => (made ??= make())
}

/** Answers what stops it, in words. */
async function guarded(
  desk: RetentionDesk,
  { world, guards }: { world: () => Promise<JudgingWorld>; guards: () => Promise<readonly string[]> },
  who: Parameters<typeof beginPerson>[2],
  signal: AbortSignal,
): Promise<string | null> {
  const [first] = await guards()
  if (first !== undefined) return first
  const changed = await beginPerson(desk, await world(), who, signal)
  return changed.outcome === 'refused'
    ? changed.message
    : changed.list.retention.status === 'shown'
      ? 'the brake: more people approve it, or a newer list'
      : null
}

async function settleTurn(
  desk: RetentionDesk,
  id: string,
  { fault, stop }: { fault: string | null; stop: string | null },
): Promise<AdvancedList> {
  const { shell } = desk
  const list = (await loadList(shell.db, id))!
  const cases = await loadCases(shell.db, id)
  const open = cases.filter(({ case: one }) => one.status !== 'dropped' && one.status !== 'closed')
  if (open.length === 0 && list.retention.status !== 'ended') {
    await changeListToEnd(desk, id)
    await postponeList(shell.db, id, { dueAt: null, fault: null })
    return { outcome: 'done' }
  }
  const now = shell.now()
  const released = list.retention.status === 'released' ? list.retention.from : null
  const dues = open.flatMap(({ case: one, erasure }) => {
    if (one.status === 'begun') return Math.max(caseDue(one, erasure, now) ?? now, now)
    if (released === null) return []
    return Math.max(released, caseDue(one, erasure, now) ?? released, stop === null ? 0 : now + STOPPED_MS)
  })
  if (fault !== null) {
    const until = now + Math.min(FIRST_WAIT_MS * 2 ** Math.min(list.attempts, 12), LONGEST_WAIT_MS)
    await postponeList(shell.db, id, { dueAt: iso(until), fault })
    return { outcome: 'postponed', fault, until }
  }
  await postponeList(shell.db, id, { dueAt: dues.length === 0 ? null : iso(Math.min(...dues)), fault: null })
  return stop === null ? { outcome: 'done' } : { outcome: 'stopped', why: stop }
}

function changeListToEnd(desk: RetentionDesk, id: string): Promise<ListChanged> {
  return changeList(desk, id, async (list, turn) => {
    await endList(turn, list, { because: 'carried-out', by: null })
    return {}
  })
}

/** Steps and looks of one person who has begun, as far as they are due. */
async function carryOn(desk: RetentionDesk, list: string, n: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const person = await loadCase(desk.shell.db, list, n)
    if (person?.case.status !== 'begun') return
    const { erasure } = person
    if (erasure.status === 'running') {
      const steps = dueSteps(erasure)
      if (steps.length === 0) return
      for (const step of steps) await takeStep(desk, person, step, signal)
      continue
    }
    const next = nextCheck(erasure)
    if (next !== null && next.at > desk.shell.now()) return
    if (erasure.status === 'settled' && next !== null) await takeLook(desk, person, next.check, signal)
    else return void (await close(desk, person))
  }
}

/** Acts at the CRM first, then stores what came of it: whoever dies in between does it again, which no step minds. */
async function takeStep(desk: RetentionDesk, person: StoredCase, step: Step, signal: AbortSignal): Promise<void> {
  if (person.erasure.status !== 'running') return
  const { subject } = fileOf(desk, person)
  const world = { sides: desk.erase.sides, homeCountry: desk.policy.organisation.country, suppress: async () => undefined }
  const report = await carryOut(world, person.erasure, step, subject, signal)
  await note(
    desk,
    person,
    report,
    (now, told) => decideErasure(now.erasure, { type: 'report', step, report: told }, desk.shell.now()),
    step,
  )
}

async function takeLook(
  desk: RetentionDesk,
  person: StoredCase,
  check: Parameters<typeof nextLook>[1],
  signal: AbortSignal,
): Promise<void> {
  if (person.erasure.status !== 'settled') return
  const { erasure } = person
  const { subject } = fileOf(desk, person)
  const reports: Report[] = []
  for (const connection of erasure.plan.connections) {
    const side = desk.erase.sides.find((one) => one.connection === connection)
    if (side === undefined)
      throw new ConnectorError('refused', `there is no connection ${connection} any more; what it holds cannot be looked at`)
    reports.push(await look({ sides: desk.erase.sides, homeCountry: desk.policy.organisation.country }, side, erasure, subject, signal))
  }
  const report: Report = {
    deeds: [],
    around: [],
    sights: reports.flatMap(({ sights }) => sights),
    returned: reports.flatMap(({ returned }) => returned),
  }
  await note(desk, person, report, (now, told) => decideErasure(now.erasure, nextLook(told, check), desk.shell.now()), null)
}

function nextLook({ sights, returned }: Report, check: NonNullable<ReturnType<typeof nextCheck>>['check']) {
  return { type: 'check', check, sights, returned } as const
}

function fileOf({ shell }: RetentionDesk, person: StoredCase): PersonFile {
  return openPerson(shell, { id: caseId(person), vault: person.vault })
}

type DecideOn = (now: StoredCase, told: Report) => ReturnType<typeof decideErasure>

/**
 * A record of the person that was not in the list is no part of this: it is told, judged by the next sweep like any other, and goes by the next list if it is
 * due. Nothing is ever erased here that nobody was shown.
 */
async function note(desk: RetentionDesk, { list, n }: StoredCase, report: Report, decideOn: DecideOn, step: Step | null): Promise<void> {
  const changed = await changeList(desk, list, async (_, turn) => {
    const now = (await loadCase(turn.db, list, n))!
    const decided = decideOn(now, { ...report, returned: [] })
    if (!decided.ok) return { message: decided.message }
    const again = decideCase(now.case, { type: 'see-again', keys: report.returned.map(({ key }) => key) }, turn.now())
    const seen: readonly CaseEvent[] = again.ok ? again.events : []
    if (step?.act === 'erase' && decided.events.length > 0 && 'items' in now.erasure)
      await readAgain(
        turn,
        now.erasure.items.filter(({ connection }) => connection === step.connection),
      )
    warn(desk, { list, n }, decided.events, seen)
    return { cases: [{ n, events: seen, erasure: decided.events }] satisfies CaseChange[] }
  })
  if (changed.outcome === 'refused') throw new Error(changed.message)
}

function warn(
  { shell }: RetentionDesk,
  who: { list: string; n: number },
  events: readonly ErasureEvent[],
  seen: readonly CaseEvent[],
): void {
  for (const event of events)
    if ((event.type === 'settled' || event.type === 'checked') && event.standing === 'not-proved')
      shell.log('retention.not-proved', { list: who.list, person: who.n })
  if (seen.length > 0) shell.log('retention.seen-again', { list: who.list, person: who.n })
}

/** The end: who it was is forgotten, and the ledger keeps what was done, by which rule and with whose word. */
async function close(desk: RetentionDesk, { list, n }: StoredCase): Promise<void> {
  const changed = await changeList(desk, list, async ({ retention }, turn) => {
    const now = (await loadCase(turn.db, list, n))!
    if (now.erasure.status !== 'settled') return { message: 'this person is not looked at yet' }
    const { standing, items, around, checksDone, settledAt } = now.erasure
    const closed = decideCase(now.case, { type: 'close', standing }, turn.now())
    if (!closed.ok) return { message: closed.message }
    if (standing !== 'not-proved')
      await forgetAsked(
        turn.db,
        items.map(({ key }) => key),
      )
    const rules = new Map(now.entry.records.map(({ key, rule, dueOn }) => [key, { rule, dueOn }]))
    const proof = {
      digest: retention.status === 'none' ? null : retention.shown.digest,
      approvals: retention.status === 'none' ? [] : retention.approvals,
      standing,
      records: items.map(({ key, action, outcome, reason, trace }) => ({ key, ...rules.get(key), action, outcome, reason, trace })),
      around,
      looks: { first: iso(settledAt), later: checksDone },
      again: now.case.status === 'begun' ? now.case.again : [],
    }
    return { cases: [{ n, events: closed.events, vault: null, proof }] }
  })
  if (changed.outcome === 'refused') throw new Error(changed.message)
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

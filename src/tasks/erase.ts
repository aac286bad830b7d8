/** Carries requests on as far as they go without anybody's word. What is due stands in our own tables, so that nothing depends on a queue or on who began. */
import { decide as decideErasure } from '../core/erasure-decide.ts'
import { checks, dueSteps, nextCheck, type CheckId, type Erasure, type ErasureEvent, type Step } from '../core/erasure.ts'
import { decide as decideRequest } from '../core/request-decide.ts'
import { ConnectorError } from '../connectors/connector.ts'
import { saveRechecks } from '../store/outbox.ts'
import { saveMentions } from '../store/request-mentions.ts'
import { claimRequest, postponeRequest, releaseRequest } from '../store/request-turns.ts'
import { loadRequest, type StoredRequest } from '../store/requests.ts'
import { findSource } from '../store/sources.ts'
import { suppressForRequest } from '../store/suppressions.ts'
import { openPerson, type EraseDesk } from './erase-desk.ts'
import { actOn, lookAgain, type Acted, type Scan } from './erase-act.ts'
import { hashesOf } from './erase-suppress.ts'
import { asErasure, asRequest, changeRequest, type Change, type Changed } from './request-file.ts'
import type { TurnShell } from './turn.ts'

/** One thing to be done: a step of the erasure, a later look, or the end. */
export type Due = { do: 'step'; step: Step } | { do: 'check'; check: CheckId } | { do: 'close' }
/** `busy`: somebody else is at work on it, or nothing is due. */
export type Advanced = { outcome: 'done' | 'busy' } | { outcome: 'postponed'; fault: string; until: number }

const lastCheck = checks.at(-1)!.id
const FIRST_WAIT_MS = 60_000
const LONGEST_WAIT_MS = 6 * 3_600_000

/** Until nothing is due, or a CRM is in the way: then later again, however long it takes. */
export async function advanceRequest(desk: EraseDesk, id: string, signal: AbortSignal): Promise<Advanced> {
  const { shell } = desk
  const claim = await shell.claims.take()
  try {
    const mine = { now: iso(shell.now()), claim: claim.id, living: await shell.claims.living() }
    if (!(await claimRequest(shell.db, id, mine))) return { outcome: 'busy' }
    try {
      return await advance(desk, id, AbortSignal.any([signal, claim.lost]))
    } finally {
      await releaseRequest(shell.db, id, claim.id)
    }
  } finally {
    await claim.release()
  }
}

async function advance(desk: EraseDesk, id: string, signal: AbortSignal): Promise<Advanced> {
  for (;;) {
    const file = await loadRequest(desk.shell.db, id)
    const due = file === null ? [] : dueOf(file, desk.shell.now())
    if (file === null || due.length === 0) return { outcome: 'done' }
    let fault: string | null = null
    // One CRM that is away does not keep the others from their part of the same phase.
    for (const one of due) {
      signal.throwIfAborted()
      try {
        await perform(desk, file, one, signal)
      } catch (error) {
        if (!(error instanceof ConnectorError) || signal.aborted) throw error
        desk.shell.log('erasure.held-up', {
          request: id,
          fault: error.kind,
          what: one.do === 'step' ? `${one.step.act} ${one.step.connection}` : one.do,
        })
        fault = error.kind
      }
    }
    if (fault !== null) return postpone(desk, id, fault)
  }
}

async function postpone({ shell }: EraseDesk, id: string, fault: string): Promise<Advanced> {
  const attempts = (await loadRequest(shell.db, id))?.attempts ?? 0
  const until = shell.now() + Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempts, 12), LONGEST_WAIT_MS)
  await postponeRequest(shell.db, id, { dueAt: iso(until), fault })
  return { outcome: 'postponed', fault, until }
}

/** What can be done now, side by side. */
export function dueOf({ request, erasure, dueAt }: Pick<StoredRequest, 'request' | 'erasure' | 'dueAt'>, now: number): readonly Due[] {
  if (dueAt === null || dueAt > now) return []
  const steps = request.status === 'withdrawn' || request.status === 'refused' ? [] : dueSteps(erasure)
  if (steps.length > 0) return steps.map((step) => ({ do: 'step', step }))
  const next = nextCheck(erasure)
  if (next !== null && request.status !== 'withdrawn' && request.status !== 'refused') return [{ do: 'check', check: next.check }]
  return [{ do: 'close' }]
}

/** Acts at the CRM first, then stores what came of it: exported in two parts so that a test can die in between. */
export async function perform(desk: EraseDesk, file: StoredRequest, due: Due, signal: AbortSignal): Promise<Changed> {
  if (due.do === 'close') return close(desk, file.id)
  if (due.do === 'check') return check(desk, file, due.check, signal)
  return settle(desk, file.id, due.step, await actOn(desk, file, due.step, signal))
}

export function settle(desk: EraseDesk, id: string, step: Step, { report, scan }: Acted): Promise<Changed> {
  return changeRequest(desk.shell, id, async (file, turn) => {
    const decided = decideErasure(file.erasure, { type: 'report', step, report }, turn.now())
    if (!decided.ok) return { message: decided.message }
    // Done before by somebody else: their outcome stands.
    if (decided.events.length === 0) return { events: [] }
    if (step.act === 'suppress') await suppressForRequest(turn.db, id, hashesOf(turn, openPerson(turn, file), desk.policy), iso(turn.now()))
    if (step.act === 'erase') await readAgain(turn, file.erasure, step.connection)
    if (scan !== null) await saveScan(turn, id, scan)
    warn(desk, file.id, decided.events)
    return { events: asErasure(decided.events) }
  })
}

function saveScan(turn: TurnShell, id: string, { connection, mentions }: Scan): Promise<void> {
  return saveMentions(turn.db, id, connection, mentions, iso(turn.now()))
}

/** Our own tables forget these records as they forget all that are gone. */
async function readAgain(turn: TurnShell, erasure: Erasure, connection: string | null): Promise<void> {
  const items =
    erasure.status === 'running' ? erasure.items.filter((item) => item.connection === connection && item.action === 'erase') : []
  const sources = new Set<number>()
  for (const { object, id } of items) {
    const source = await findSource(turn.db, connection!, object)
    if (source === null) continue
    sources.add(source.id)
    await saveRechecks(turn.db, [{ source: source.id, id, reason: 'heard' }])
  }
  await turn.ring(turn.db, { rechecks: sources, anywhere: false, patches: null })
}

async function check(desk: EraseDesk, file: StoredRequest, id: CheckId, signal: AbortSignal): Promise<Changed> {
  const { erasure } = file
  if (erasure.status !== 'settled') return { outcome: 'refused', message: 'there is nothing to be looked at again' }
  const looks = await lookAgain(desk, erasure, openPerson(desk.shell, file), { reading: id === lastCheck }, signal)
  const sights = looks.flatMap((one) => one.report.sights)
  const returned = looks.flatMap((one) => one.report.returned)
  return changeRequest(desk.shell, file.id, async (now, turn): Promise<Change | { message: string }> => {
    const decided = decideErasure(now.erasure, { type: 'check', check: id, sights, returned }, turn.now())
    if (!decided.ok) return { message: decided.message }
    if (decided.events.length === 0) return { events: [] }
    for (const { scan } of looks) if (scan !== null) await saveScan(turn, file.id, scan)
    warn(desk, file.id, decided.events)
    return { events: asErasure(decided.events) }
  })
}

/** The file is kept as proof; who asked is forgotten, and cannot be read out of it any more. */
function close(desk: EraseDesk, id: string): Promise<Changed> {
  return changeRequest(desk.shell, id, async ({ request }, turn) => {
    const decided = decideRequest(request, { type: 'close' }, { now: turn.now(), calendar: desk.calendar })
    return decided.ok ? { events: asRequest(decided.events), vault: null } : { message: decided.message }
  })
}

function warn({ shell }: EraseDesk, request: string, events: readonly ErasureEvent[]): void {
  for (const event of events) {
    if ((event.type === 'settled' || event.type === 'checked') && event.standing === 'not-proved')
      shell.log('erasure.not-proved', { request })
    if (event.type === 'returned') shell.log('erasure.returned', { request, records: event.returned.length })
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

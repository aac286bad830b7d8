/** Carries an erasure on: one step, a later look, or the end. */
import { decide as decideErasure } from '../core/erasure-decide.ts'
import { checks, dueSteps, nextCheck, type CheckId, type Erasure, type ErasureEvent, type Step } from '../core/erasure.ts'
import type { Outcome } from '../core/request.ts'
import { saveRechecks } from '../store/outbox.ts'
import { saveMentions } from '../store/request-mentions.ts'
import type { StoredRequest } from '../store/requests.ts'
import { findSource } from '../store/sources.ts'
import { suppressForRequest } from '../store/suppressions.ts'
import { openPerson, type EraseDesk } from './erase-desk.ts'
import { actOn, lookAgain, type Acted, type Scan } from './erase-act.ts'
import type { Carrier } from './carrier.ts'
import { hashesOf } from './erase-suppress.ts'
import { asErasure, changeRequest, closeRequest, type Change, type Changed } from './request-file.ts'
import type { TurnShell } from './turn.ts'

/** One thing to be done: a step of the erasure, a later look, or the end. */
export type Due = { do: 'step'; step: Step } | { do: 'check'; check: CheckId } | { do: 'close' }

const lastCheck = checks.at(-1)!.id

export const eraser: Carrier = {
  tasks: (desk, file) =>
    dueOf(file, desk.shell.now()).map((due) => ({
      what: due.do === 'step' ? `${due.step.act} ${due.step.connection}` : due.do,
      run: (signal) => perform(desk, file, due, signal),
    })),
  truth: ({ erasure }) => truthOf(erasure),
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
  if (due.do === 'close') return closeRequest(desk, file.id)
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

function truthOf(erasure: Erasure): { told: Outcome } | { message: string } {
  if (erasure.status === 'planned' && erasure.plan.items.length === 0) return { told: 'nothing-held' }
  if (erasure.status !== 'settled') return { message: 'there is nothing yet that could be told' }
  switch (erasure.standing) {
    case 'not-proved':
      return { message: 'the erasure is not proved: to say that it is done would not be true' }
    case 'held':
      return { told: 'part' }
    case 'proved':
    case 'pending-vendor-purge':
      return { told: 'full' }
    default:
      return erasure.standing satisfies never
  }
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

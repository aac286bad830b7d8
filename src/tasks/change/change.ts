/** Carries out the rights that change records and leave them there: an opt-out, a restriction and its end, a correction. */
import { ConnectorError } from '../../connectors/connector.ts'
import { decide as decideChange } from '../../core/request/change-decide.ts'
import {
  dueChanges,
  isOutdated,
  type Change as Work,
  type ChangeCommand,
  type ChangeEvent,
  type ChangeItem,
  type ChangeStep,
  type Deed,
  type Goal,
} from '../../core/request/change.ts'
import { liftAt, retryAt, wantedGoal } from '../../core/request/change-due.ts'
import type { ToldRight } from '../../core/request/recipients.ts'
import { decide as decideRequest } from '../../core/request/decide.ts'
import { isOpen, type Actor, type Outcome, type Request } from '../../core/request/request.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { loadLosses } from '../../store/connection-loss.ts'
import { alertDpo } from '../notify/alert.ts'
import type { Carrier, Task } from '../request/carrier.ts'
import { lookAtCorrections, writeCorrections } from './correct.ts'
import { forbidsLift } from './lift.ts'
import { lookAtMarks, writeMarks } from './mark.ts'
import { restrict, say } from './say.ts'
import { ownMarks } from '../erasure/suppress.ts'
import { announce, announceLift } from '../notify/notices.ts'
import { openPerson, personFrom, sealPerson, type ErasureDeps } from '../erasure/deps.ts'
import { keyOf, seek } from '../erasure/seek.ts'
import { asChange, asRequest, changeRequest, closeRequest, type Change, type Changed } from '../request/file.ts'
import type { TurnShell } from '../turn.ts'

const service: Actor = { kind: 'service' }

export const changer: Carrier = {
  tasks: (deps, file) => {
    const { id, request, change, dueAt } = file
    const now = deps.shell.now()
    if (dueAt === null || dueAt > now) return []
    const goal = wantedGoal(request, change) ?? againGoal(change, now)
    if (goal !== null) return [{ what: `begin ${goal}`, run: () => beginChange(deps, id, service, goal) }]
    const steps = dueChanges(change)
    if (steps.length > 0) return steps.map((step) => taskOf(deps, file, step))
    return [{ what: 'close', run: () => closeRequest(deps, id) }]
  },
  truth: ({ change, request }) =>
    isWeighed(request) && 'goal' in change && change.goal === 'restrict'
      ? { message: 'the objection is still to be weighed: accept it, or refuse it' }
      : truthOf(change),
}

function isWeighed(request: Request): boolean {
  return 'right' in request && request.right === 'objection' && request.scope === 'particular-situation'
}

/** The end of a restriction that somebody has decided, or another try of what was not proved. */
function againGoal(change: Work, now: number): Goal | null {
  if (change.status !== 'settled') return null
  const isDue = (at: number | null): boolean => at !== null && at <= now
  if (isDue(liftAt(change))) return 'lift'
  return change.standing === 'not-proved' && isDue(retryAt(change)) ? change.goal : null
}

function taskOf(deps: ErasureDeps, file: StoredRequest, step: ChangeStep): Task {
  switch (step.act) {
    case 'find':
      return { what: 'find', run: (signal) => find(deps, file, signal) }
    case 'write':
      return { what: `write ${step.connection}`, run: (signal) => write(deps, file, step.connection, signal) }
    case 'look':
      return { what: `look ${step.connection}`, run: (signal) => look(deps, file, step.connection, signal) }
    default:
      return step satisfies never
  }
}

/** With what it says to Accord itself in the same transaction: whatever becomes of the CRMs, it is heard. */
export function beginChange(deps: ErasureDeps, id: string, by: Actor, goal: Goal): Promise<Changed> {
  return changeRequest(deps.shell, id, async (file, turn): Promise<Change | { message: string }> => {
    const begun = decideChange(file.change, { type: 'begin', by, goal, losses: await loadLosses(turn.db) }, turn.now())
    if (!begun.ok) return { message: begun.message }
    if (begun.events.length === 0) return { events: [] }
    const untold = goal === 'lift' ? await forbidsLift(turn, file) : null
    if (untold !== null) return { message: untold }
    const moment = { now: turn.now(), calendar: deps.calendar }
    const request = isOpen(file.request.status)
      ? decideRequest(file.request, { type: 'begin', by }, moment)
      : { ok: true as const, events: [] }
    if (!request.ok) return { message: request.message }
    await say(deps, turn, file, goal)
    return { events: [...asRequest(request.events), ...asChange(begun.events)] }
  })
}

/** Live records that are the person's for certain: what is in a bin is used by nobody. */
async function find(deps: ErasureDeps, file: StoredRequest, signal: AbortSignal): Promise<Changed> {
  const { asked, ...rest } = openPerson(deps.shell, file)
  const { sightings, person, names } = await seek(deps.sides, personFrom(asked), signal)
  const items = sightings
    .filter(({ selection, record }) => selection.verdict === 'selected' && record.state === 'live')
    .map(({ side, record: { ref } }): ChangeItem => ({ key: keyOf(side, ref), connection: side.connection, ...ref, fields: [] }))
  const found = { ...rest, asked, subject: { person, names } }
  return report(deps, file.id, { type: 'find', items, gaps: deps.unable, sides: sidesOf(deps) }, async ({ change }, turn) => {
    if ('restricted' in change && change.restricted) await restrict(deps, turn, file.id, found)
    return sealPerson(turn, file.id, found)
  })
}

export function sidesOf({ sides }: ErasureDeps): string[] {
  return sides.map(({ connection }) => connection)
}

async function write(deps: ErasureDeps, file: StoredRequest, connection: string, signal: AbortSignal): Promise<Changed> {
  const { items, goal } = runOf(file, connection)
  if (goal === 'correct') return correct(deps, file, connection, signal)
  const side = deps.sides.find((one) => one.connection === connection)
  const refs = items.map(({ object, id }) => ({ object, id }))
  const opted = goal === 'opt-out' && side !== undefined ? await side.erasure.silence(refs, signal) : null
  const prepared = await deps.prepare(connection, signal)
  const marked = prepared === null ? null : await writeMarks(deps, prepared, items, signal)
  const deeds = items.map(({ key }, index): Deed => {
    const result = opted?.[index]
    if (result?.outcome === 'refused') return { key, outcome: 'refused', reason: result.reason }
    if (marked === null) return { key, outcome: 'refused', reason: 'not swept yet' }
    const { outcome, reason } = marked.get(key) ?? { outcome: 'left', reason: null }
    // An opt-out by the CRM's own means is a write, whether or not there was a mark to set beside it.
    return result?.outcome === 'silenced' && outcome === 'unchanged' ? { key, outcome: 'written', reason } : { key, outcome, reason }
  })
  return report(deps, file.id, { type: 'write', connection, deeds })
}

async function look(deps: ErasureDeps, file: StoredRequest, connection: string, signal: AbortSignal): Promise<Changed> {
  const run = runOf(file, connection)
  const prepared = await deps.prepare(connection, signal)
  const { corrections = {} } = openPerson(deps.shell, file)
  const sights =
    prepared === null
      ? []
      : run.goal === 'correct'
        ? await lookAtCorrections(deps, prepared, { ...run, corrections }, signal)
        : await lookAtMarks(deps, prepared, run, signal)
  return report(deps, file.id, { type: 'look', connection, sights })
}

/** The values first, and then what Accord writes about a record that reads otherwise now. */
async function correct(deps: ErasureDeps, file: StoredRequest, connection: string, signal: AbortSignal): Promise<Changed> {
  const { items } = runOf(file, connection)
  const { corrections = {}, seen = {} } = openPerson(deps.shell, file)
  const prepared = await deps.prepare(connection, signal)
  if (prepared === null) throw new ConnectorError('refused', `${connection} was never swept, so that nothing is known of its fields`)
  const deeds = await writeCorrections(deps, prepared, { items, corrections, seen }, signal)
  await writeMarks(deps, prepared, items, signal)
  return report(deps, file.id, { type: 'write', connection, deeds })
}

function runOf({ change }: StoredRequest, connection: string) {
  if (change.status !== 'running') throw new Error(`no step is due while a change is ${change.status}`)
  return { goal: change.goal, items: (change.items ?? []).filter((item) => item.connection === connection) }
}

type Beside = (file: StoredRequest, turn: TurnShell) => Promise<Change['vault']>

function report(deps: ErasureDeps, id: string, command: ChangeCommand, beside?: Beside): Promise<Changed> {
  return changeRequest(deps.shell, id, async (file, turn): Promise<Change | { message: string }> => {
    const decided = decideChange(file.change, command, turn.now())
    if (!decided.ok) return { message: decided.message }
    // Done before by somebody else: their outcome stands.
    if (decided.events.length === 0) return { events: [] }
    const vault = await beside?.(file, turn)
    await tellOf(deps, turn, file, decided.events)
    return { events: asChange(decided.events), ...(vault === undefined ? {} : { vault }) }
  })
}

/** Whom the law wants told of a correction or a restriction: GDPR art. 19. */
const announced: Readonly<Partial<Record<Goal, ToldRight>>> = { correct: 'rectification', restrict: 'restriction' }

/** In the transaction of the events. The DPO hears from the second try on, since what a CRM shows a minute late is no news; of what somebody has to look at anew at once. */
export async function tellOf(
  deps: Pick<ErasureDeps, 'policy' | 'recipients'>,
  turn: TurnShell,
  file: StoredRequest,
  events: readonly ChangeEvent[],
): Promise<void> {
  const { id, version, change } = file
  const right = 'goal' in change ? announced[change.goal] : undefined
  const done = file.vault !== null && events.some(isDone)
  if (done && right !== undefined && deps.recipients.length > 0)
    await announce(turn, deps.recipients, { request: id, right, person: ownMarks(openPerson(turn, file), deps.policy) })
  // An objection that is accepted ends the restriction that went with it; of any other opt-out nobody was told a restriction.
  if (done && 'goal' in change && (change.goal === 'lift' || change.goal === 'opt-out') && deps.recipients.length > 0)
    await announceLift(turn, deps.recipients, { request: id, person: ownMarks(openPerson(turn, file), deps.policy) })
  for (const event of events)
    if (
      event.type === 'settled' &&
      event.standing === 'not-proved' &&
      'round' in change &&
      (change.round > 1 || isOutdated(change.items ?? []))
    )
      await alertDpo(turn, { request: id, kind: 'not-proved', event: String(version) })
}

/** Also where nothing but a CRM that is gone for good was left to be seen. */
function isDone(event: ChangeEvent): boolean {
  return (event.type === 'settled' || event.type === 'lost') && event.standing !== null && event.standing !== 'not-proved'
}

function truthOf(change: Work): { told: Outcome } | { message: string } {
  if (change.status === 'planned' && change.unlooked !== undefined)
    return { message: `${change.unlooked.join(', ')} is back, and nobody has looked there: plan it anew` }
  if (change.status === 'planned' && change.plan.items.length === 0 && change.plan.suggestions.length === 0)
    return { told: change.lost === undefined ? 'nothing-held' : 'part' }
  if (change.status !== 'settled') return { message: 'there is nothing yet that could be told' }
  switch (change.standing) {
    case 'not-proved':
      return { message: 'what was asked for is not seen everywhere: to say that it is done would not be true' }
    case 'part':
      return { told: 'part' }
    case 'nothing-held':
      return { told: 'nothing-held' }
    case 'proved':
      return { told: 'full' }
    default:
      return change.standing satisfies never
  }
}

/** What becomes of somebody who was erased and is seen again: looked at, erased once more, or kept and taken off the list. */
import { ConnectorError } from '../../connectors/connector.ts'
import { decide as decideErasure } from '../../core/erasure/decide.ts'
import { toApprove, type Accepted } from '../../core/erasure/erasure.ts'
import type { Actor } from '../../core/request/request.ts'
import { loadComeback, postponeComeback, type StoredComeback } from '../../store/comebacks.ts'
import { appendBlock } from '../../store/ledger.ts'
import { packFacts, unpackFacts, unpackLastAct } from '../../store/facts.ts'
import { saveRechecks } from '../../store/outbox.ts'
import { loadByIds, saveRecords } from '../../store/records.ts'
import { loadCaseRecords, noteLooked, type CaseRecord } from '../../store/reappearances.ts'
import { loadRequest, type StoredRequest } from '../../store/requests.ts'
import { liftSuppressions } from '../../store/suppressions.ts'
import { alertDpo } from '../notify/alert.ts'
import { changeComeback, type Settled } from './file.ts'
import { lookAt, marksOf, type Marks } from './look.ts'
import { lookAgain } from '../erasure/act.ts'
import { openPerson, type ErasureDeps } from '../erasure/deps.ts'
import type { Planned } from '../erasure/plan.ts'
import { putOffComeback } from '../worker/put-off.ts'
import { acceptReturned, answerRequest, planRequest, withdrawRequest } from '../request/decisions.ts'
import { asErasure, changeRequest, type Changed } from '../request/file.ts'
import { receiveRequest } from '../request/receive.ts'
import { inTurn, type TurnShell } from '../turn.ts'

const refused = (message: string): { outcome: 'refused'; message: string } => ({ outcome: 'refused', message })
const staff = (user: string): Actor => ({ kind: 'staff', user })

/** Reads the records live: how they came back, and whether they are still there. Whoever came by a form of their own with a new consent is kept. */
export async function lookAtComeback(deps: ErasureDeps, id: string, signal: AbortSignal): Promise<Settled> {
  const file = await loadComeback(deps.shell.db, id)
  if (file === null || file.state.status !== 'open') return refused('this case is closed')
  const records = await loadCaseRecords(deps.shell.db, id)
  const looks = await lookAt(deps, records, signal)
  const marks = await marksOf(deps, erasuresOf(file), records, signal)
  const settled = await inTurn(deps.shell, async (turn) => {
    const changed = await changeComeback(turn, id, { type: 'look', records: looks })
    if (changed.outcome === 'refused') return changed
    await noteLooked(turn.db, id)
    await lift(turn, changed.file, records, marks)
    await readAgain(turn, records)
    if (changed.file.state.status === 'open') await alertDpo(turn, { request: file.request, kind: 'reappeared', event: id })
    return changed
  })
  if (settled.outcome === 'changed' && settled.file.state.status === 'open') {
    for (const { key, arrival } of looks)
      if (arrival !== null) deps.shell.log('erasure.seen-again', { case: id, record: key, way: arrival.way })
    await noticeEarly(deps, file.request, signal)
  }
  return settled
}

/** `user` has looked. Taken off the list are the addresses and numbers that the kept record shows; what is not on it stays on the list. */
export async function keepComeback(
  deps: ErasureDeps,
  id: string,
  { user, because }: { user: string; because: Accepted },
  signal: AbortSignal,
): Promise<Settled> {
  const file = await loadComeback(deps.shell.db, id)
  if (file === null || file.state.status !== 'open') return refused('this case is closed')
  const records = await loadCaseRecords(deps.shell.db, id)
  const marks = await marksOf(deps, erasuresOf(file), records, signal)
  const settled = await inTurn(deps.shell, async (turn) => {
    const changed = await changeComeback(turn, id, { type: 'keep', by: staff(user), because })
    if (changed.outcome === 'changed') {
      await lift(turn, changed.file, records, marks)
      await readAgain(turn, records)
    }
    return changed
  })
  if (settled.outcome === 'refused') return settled
  const { request } = file
  const { again } = file.state
  if ((await loadRequest(deps.shell.db, request))?.erasure.status === 'returned') await acceptReturned(deps, request, { user, because })
  if (again !== null && again !== request) await withdrawRequest(deps, again)
  return settled
}

/** `request`: where the erasure waits for its approval. `planned` null: by the request that is still open, with what has come back. */
export type ToErase = { outcome: 'changed'; request: StoredRequest; planned: Planned | null } | { outcome: 'refused'; message: string }

/**
 * Prepares one more erasure, to be approved by what it shows. While the first request is open it knows the person; later only the records do, and what is read
 * off them is sealed with a request of its own.
 */
export async function eraseAgain(deps: ErasureDeps, id: string, user: string, signal: AbortSignal): Promise<ToErase> {
  const file = await loadComeback(deps.shell.db, id)
  if (file === null || file.state.status !== 'open') return refused('this case is closed')
  const first = await noticeEarly(deps, file.request, signal)
  if (first !== null && toApprove(first.erasure) !== null) {
    const noted = await toBeErased(deps, id, user, first.id)
    return noted.outcome === 'refused' ? noted : { outcome: 'changed', request: first, planned: null }
  }
  if (first !== null && first.vault !== null && first.request.status !== 'withdrawn')
    return refused(
      'the erasure that is still under way does not take these records for the same person: look at them, and keep them or add them by hand',
    )
  return file.state.again === null ? askAgain(deps, file, user, signal) : planAgain(deps, file.state.again, signal)
}

async function askAgain(deps: ErasureDeps, file: StoredComeback, user: string, signal: AbortSignal): Promise<ToErase> {
  const marks = await marksOf(deps, erasuresOf(file), await loadCaseRecords(deps.shell.db, file.id), signal)
  if (marks.size === 0) return refused('these records are gone: there is nothing to erase')
  const each = [...marks.values()]
  const asked = {
    emails: [...new Set(each.flatMap(({ emails }) => emails))],
    phones: [...new Set(each.flatMap(({ phones }) => phones))],
    records: [...marks.keys()],
  }
  const received = await receiveRequest(deps, { asked, right: 'erasure', scope: 'all', origin: 'suppression', at: deps.shell.now(), user })
  if (received.outcome === 'refused') return received
  const noted = await toBeErased(deps, file.id, user, received.file.id)
  return noted.outcome === 'refused' ? noted : planAgain(deps, received.file.id, signal)
}

async function planAgain(deps: ErasureDeps, request: string, signal: AbortSignal): Promise<ToErase> {
  const { changed, planned } = await planRequest(deps, request, [], signal)
  if (changed.outcome === 'refused') return changed
  if (planned!.plan.items.length > 0) return { outcome: 'changed', request: changed.file, planned }
  // Gone meanwhile: nothing waits for anybody.
  const ended: Changed = await answerRequest(deps, request, 'accord')
  return ended.outcome === 'refused' ? ended : refused('these records are gone: there is nothing to erase')
}

function toBeErased(deps: ErasureDeps, id: string, user: string, request: string): Promise<Settled> {
  return inTurn(deps.shell, (turn) => changeComeback(turn, id, { type: 'erase', by: staff(user), request }))
}

/** The next look of the first request, brought forward. Null once it is closed. */
async function noticeEarly(deps: ErasureDeps, request: string, signal: AbortSignal): Promise<StoredRequest | null> {
  const file = await loadRequest(deps.shell.db, request)
  if (file === null || file.vault === null || file.request.status === 'closed') return null
  if (file.erasure.status !== 'settled') return file
  const looks = await lookAgain(deps, file.erasure, openPerson(deps.shell, file), { reading: false }, signal)
  const returned = looks.flatMap((one) => one.report.returned)
  const changed = await changeRequest(deps.shell, request, async ({ erasure }, turn) => {
    const decided = decideErasure(erasure, { type: 'notice', returned }, turn.now())
    return decided.ok ? { events: asErasure(decided.events) } : decided
  })
  if (changed.outcome === 'changed' && changed.file.erasure.status === 'returned')
    deps.shell.log('erasure.returned', { request, records: changed.file.erasure.returned.length })
  return changed.outcome === 'changed' ? changed.file : file
}

/** Those by which this person may be on the suppression list: the newest puts them there. */
function erasuresOf({ request, state }: StoredComeback): readonly string[] {
  return 'again' in state && state.again !== null ? [request, state.again] : [request]
}

/** A case that ended with somebody who is kept: what the kept records show is no longer on the list. */
async function lift(
  turn: TurnShell,
  file: StoredComeback,
  records: readonly CaseRecord[],
  marks: ReadonlyMap<string, Marks>,
): Promise<void> {
  const { id, request, state } = file
  if (state.status !== 'closed' || state.ended !== 'kept') return
  const kept = state.proof === null ? [...marks.values()] : [marks.get(state.proof.key)].filter((one) => one !== undefined)
  const requests = erasuresOf(file)
  const hashes = kept.flatMap((one) => one.hashes)
  const { lifted, since } = await liftSuppressions(turn.db, requests, hashes)
  if (lifted > 0) turn.note({ act: 'lifted', requests, hashes: hashes.map((hash) => hash.toString('hex')) })
  if (state.because === 'somebody-else') await forgetErasure(turn, records, since)
  const entry = ['suppression-lifted', id, request, state.because, state.by, lifted]
  await appendBlock(turn.db, [JSON.stringify(entry)], new Date(turn.now()).toISOString())
  turn.log('erasure.kept', { case: id, request, because: state.because, by: state.by.kind })
}

/** The no of an erasure was somebody else's: their records no longer remember it. Opt-outs that it has set in the CRM stay, as every no does. */
async function forgetErasure(turn: TurnShell, records: readonly CaseRecord[], since: ReadonlySet<number>): Promise<void> {
  const rows = await loadByIds(
    turn.db,
    records.map(({ source }) => source),
    records.map(({ id }) => id),
  )
  const { factKinds, factKindIds } = turn.dictionary
  await saveRecords(
    turn.db,
    rows.map((row) => {
      const facts = unpackFacts(row.facts, factKinds).filter(
        ({ purpose, channel, at }) => !(purpose === '*' && channel === '*' && since.has(at ?? -1)),
      )
      return { ...row, facts: packFacts(facts, (fact) => factKindIds.get(fact)!, unpackLastAct(row.facts)) }
    }),
  )
}

async function readAgain(turn: TurnShell, records: readonly CaseRecord[]): Promise<void> {
  await saveRechecks(
    turn.db,
    records.map(({ source, id }) => ({ source, id, reason: 'heard' })),
  )
  await turn.ring(turn.db, { rechecks: new Set(records.map(({ source }) => source)), anywhere: false, patches: null })
}

/** Tried again after this long when a CRM is in the way. */
const AGAIN_MS = 15 * 60_000

/** The look itself, for the worker: a CRM that fails puts it off, and so does an error of our own. */
export async function lookOrPostpone(deps: ErasureDeps, id: string, signal: AbortSignal): Promise<void> {
  try {
    await lookAtComeback(deps, id, signal)
  } catch (error) {
    if (signal.aborted) throw error
    if (!(error instanceof ConnectorError)) return putOffComeback(deps.shell, id, error)
    deps.shell.log('erasure.look-held-up', { case: id, fault: error.kind })
    await postponeComeback(deps.shell.db, id, new Date(deps.shell.now() + AGAIN_MS).toISOString(), error.kind)
  }
}

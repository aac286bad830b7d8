/** What people decide about a request that changes records: approve it, accept an objection, end a restriction. */
import { decide as decideChange } from '../../core/request/change-decide.ts'
import { asksAnew, toApprove } from '../../core/request/change.ts'
import type { Corrections } from '../../core/request/corrections.ts'
import { decide as decideRequest } from '../../core/request/decide.ts'
import type { Actor } from '../../core/request/request.ts'
import { loadLosses } from '../../store/connection-loss.ts'
import { loadRequest } from '../../store/requests.ts'
import { addressToConfirm } from '../request/address-link.ts'
import { beginChange, sidesOf } from './change.ts'
import { isSuppressed } from './address.ts'
import { say } from './say.ts'
import { draftCorrection, type Shown } from './correct.ts'
import { openPerson, sealPerson, type ErasureDeps } from '../erasure/deps.ts'
import { leaveMail } from '../notify/leave-mail.ts'
import { asChange, asRequest, changeRequest, type Change, type Changed } from '../request/file.ts'
import { mayTakeTurn } from '../request/turn.ts'

const staff = (user: string): Actor => ({ kind: 'staff', user })
const refused = (message: string): { outcome: 'refused'; message: string } => ({ outcome: 'refused', message })

/** A person who is told today may still say something against it tomorrow. */
const NOTICE_MS = 24 * 3_600_000

/** Looks everywhere and stores what would be corrected; `shown` is for the user's eyes alone. `corrections` null: as they were given before. */
export async function planCorrection(
  deps: ErasureDeps,
  id: string,
  { corrections, confirm }: { corrections: Corrections | null; confirm: readonly string[] },
  signal: AbortSignal,
): Promise<{ changed: Changed; shown: readonly Shown[] }> {
  const no = (message: string) => ({ changed: refused(message), shown: [] })
  const file = await loadRequest(deps.shell.db, id)
  if (file === null) return no('there is no such request')
  if (file.kind !== 'rectification') return no(`this is a request for ${file.kind}: there is nothing to correct`)
  const { change: work } = file
  const isOpen = work.status === 'none' || work.status === 'planned' || (work.status === 'settled' && asksAnew(work))
  if (!isOpen) return no('this correction is under way, or over: its plan stands')
  if (file.vault === null) return no('this request is closed')
  const { asked, corrections: before, proved } = openPerson(deps.shell, file)
  const wanted = corrections ?? before
  if (wanted === undefined) return no('say what is to be corrected, and how it is to read')
  if (typeof wanted.email === 'string' && (await isSuppressed(deps.shell, wanted.email)))
    return no('the new address is on the suppression list: somebody was erased under it, or wants to be left alone; settle that first')
  const records = [...new Set([...asked.records, ...confirm])]
  const drafted = await draftCorrection(deps, { asked: { ...asked, records } }, wanted, signal)
  const { correction, shown } = drafted
  const person = { ...drafted.person, ...(proved === undefined ? {} : { proved }) }
  const changed = await changeRequest(deps.shell, id, async ({ request, change }, turn) => {
    const plan = { ...correction, address: addressToConfirm(turn, request, person) }
    const decided = decideChange(change, { type: 'plan', plan, sides: sidesOf(deps), losses: await loadLosses(turn.db) }, turn.now())
    return decided.ok ? { events: asChange(decided.events), vault: sealPerson(turn, id, person) } : { message: decided.message }
  })
  return { changed, shown }
}

/** A correction as it was shown, or another try of what is not proved. */
export function approveChange(deps: ErasureDeps, id: string, { user, digest }: { user: string; digest: string }): Promise<Changed> {
  return changeRequest(deps.shell, id, async (file, turn): Promise<Change | { message: string }> => {
    const wait = await mayTakeTurn(turn.db, file)
    if (wait !== null) return { message: wait }
    const shown = toApprove(file.change)
    if (shown === null)
      return 'unlooked' in file.change || (file.change.status === 'settled' && asksAnew(file.change))
        ? {
            message:
              'somebody else has written it, or a CRM is back, since it was looked at: "accord request correct" shows what it reads now',
          }
        : { message: 'nothing waits for an approval' }
    if (shown.digest !== digest) return { message: 'something else was approved than what is planned now: look at it again' }
    if (shown.records === 0 && file.change.status === 'planned')
      return {
        message: `nothing was found: the answer is ${'lost' in file.change ? '"part", since a CRM is lost' : 'that nothing is held'}`,
      }
    const goal = 'goal' in file.change ? file.change.goal : 'correct'
    const begun = decideChange(file.change, { type: 'begin', by: staff(user), goal, losses: await loadLosses(turn.db) }, turn.now())
    if (!begun.ok) return { message: begun.message }
    // Once more after the answer, or while it is being carried out: the request itself has begun before.
    const moment = { now: turn.now(), calendar: deps.calendar }
    const request =
      file.request.status === 'answered'
        ? { ok: true as const, events: [] }
        : decideRequest(file.request, { type: 'begin', by: staff(user) }, moment)
    if (!request.ok) return { message: request.message }
    if (begun.events.length > 0) await say(deps, turn, file, goal)
    return { events: [...asRequest(request.events), ...asChange(begun.events)] }
  })
}

/** An objection for reasons of the person's situation that nobody can outweigh: what it is about ends (GDPR art. 21(1)). */
export async function acceptObjection(deps: ErasureDeps, id: string, user: string): Promise<Changed> {
  const file = await loadRequest(deps.shell.db, id)
  if (file === null) return refused('there is no such request')
  if (file.request.status !== 'in-progress' || file.kind !== 'objection')
    return refused('only an objection that is being weighed is accepted')
  return beginChange(deps, id, staff(user), 'opt-out')
}

/**
 * The restriction ends, after the person was told (GDPR art. 18(3)): by a mail that leaves now, a day before the end, or otherwise, as a user says.
 * `told` `by-mail` needs a service that can send mail.
 */
export function decideLift(
  deps: ErasureDeps,
  id: string,
  { user, told }: { user: string; told: 'by-mail' | 'otherwise' },
): Promise<Changed> {
  return changeRequest(deps.shell, id, async (file, turn): Promise<Change | { message: string }> => {
    if (file.kind !== 'restriction') return { message: 'only a restriction is lifted; one that accompanies an objection ends with it' }
    const effectiveAt = told === 'otherwise' ? turn.now() : turn.now() + NOTICE_MS
    const decided = decideChange(file.change, { type: 'decide-lift', by: staff(user), effectiveAt, told }, turn.now())
    if (!decided.ok) return { message: decided.message }
    const [to] = openPerson(turn, file).asked.emails
    if (told === 'by-mail' && to === undefined) return { message: 'the request names no address: tell the person otherwise' }
    if (told === 'by-mail' && decided.events.length > 0) {
      const facts = { effectiveAt: new Date(effectiveAt).toISOString(), request: id }
      await leaveMail(turn, { template: 'notice', confirmation: null, link: null, language: file.language, facts, to: to ?? null })
    }
    return { events: asChange(decided.events) }
  })
}

/** Who asks, settled by a link that goes to the very address whose records are asked for: whoever reads that mailbox is known, and nobody else. */
import { randomBytes } from 'node:crypto'
import { LINK_ID_BYTES } from '../../core/consent/confirm-link.ts'
import { suppressionForm } from '../../core/identity/email.ts'
import { decide } from '../../core/request/decide.ts'
import { isOpen } from '../../core/request/request.ts'
import { countLinks, forgetLinks, insertLink, settleLink, type LinkStatus, type RequestLink } from '../../store/request-links.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { alertDpo } from '../notify/alert.ts'
import { openPerson, type ErasureDeps } from '../erasure/deps.ts'
import { leaveMail } from '../notify/leave-mail.ts'
import { inLinkedTurn, loadLinked } from './linked-request.ts'
import { asRequest, changeRequest, store, type Changed } from './file.ts'
import type { TurnShell } from '../turn.ts'

const DAY_MS = 24 * 3_600_000
/** Well within the month that the answer may take. */
export const LINK_LIFE_MS = 7 * DAY_MS
/** The same link again within that time is the mail that is on its way; more a day is somebody who plays with the form. */
const SAME_MAIL_MS = 10 * 60_000
export const MAILS_PER_DAY = 5

/** ISO 8601: since when mails of a day count, and those that are on their way. */
export function linkTimes(now: number): { day: string; moment: string } {
  return { day: iso(now - DAY_MS), moment: iso(now - SAME_MAIL_MS) }
}

/** In the transaction that has the turn. Says nothing of whether anybody knows the address; neither does the mail. False: enough were sent. */
export async function leaveLink(turn: TurnShell, file: StoredRequest): Promise<boolean> {
  const [to] = openPerson(turn, file).asked.emails
  if (to === undefined) return false
  const now = turn.now()
  const person = Buffer.from(turn.hasher.suppression('email', suppressionForm(to)))
  const times = linkTimes(now)
  await forgetLinks(turn.db, times.day)
  const sent = await countLinks(turn.db, { person, request: file.id }, times)
  if (sent.justNow || sent.today >= MAILS_PER_DAY) return false
  const link = { id: randomBytes(LINK_ID_BYTES), request: file.id, person, address: null, expiresAt: now + LINK_LIFE_MS }
  await insertLink(turn.db, link, iso(now))
  const { language, kind } = file
  await leaveMail(turn, { template: 'identify', confirmation: null, link: link.id, language, facts: { right: kind }, to })
  return true
}

/** Once more, or for the first time, because a user says so. */
export function sendLink({ shell }: ErasureDeps, id: string): Promise<Changed> {
  return changeRequest(shell, id, async (file, turn) => {
    const { status } = file.request
    if (status !== 'received' && status !== 'identity-check') return { message: 'nobody asks any more who this is' }
    return (await leaveLink(turn, file))
      ? { events: [] }
      : { message: 'a link is on its way already, or five were sent to this address today; or the request names no address' }
  })
}

/** How a link stands; null: we made no such link. */
export type LinkShown = Pick<RequestLink, 'right' | 'language' | 'receivedAt'> & { status: LinkStatus }

/** Looking changes nothing: mail scanners open every link. */
export async function lookAtRequestLink({ shell }: ErasureDeps, token: string): Promise<LinkShown | null> {
  const linked = await loadLinked(shell, 'identify', token)
  return linked && { ...linked.link, status: statusAt(linked.link, linked.file, shell.now()) }
}

/** Answers how the link stood when it was used: `pending` means that it counted, now, and once. */
export function useRequestLink(deps: ErasureDeps, token: string): Promise<LinkShown | null> {
  const { shell, calendar } = deps
  return inLinkedTurn(shell, 'identify', token, async (turn, { link: found, file }) => {
    const now = turn.now()
    const status = statusAt(found, file, now)
    if (status !== 'pending') return { ...found, status }
    const known = decide(file.request, { type: 'identify', by: { kind: 'person' }, proof: { by: 'signed-link' } }, { now, calendar })
    await settleLink(turn.db, found.id, known.ok ? 'confirmed' : 'cancelled', iso(now))
    // A doubt about the mailbox itself is not settled by the mailbox.
    if (!known.ok) return { ...found, status: 'cancelled' }
    await store(turn, file, { events: asRequest(known.events) })
    if (known.events.length > 0) await alertDpo(turn, { request: file.id, kind: 'identified', event: '' })
    return { ...found, status }
  })
}

function statusAt({ status, expiresAt }: RequestLink, { request }: StoredRequest, now: number): LinkStatus {
  if (status !== 'pending') return status
  if (!isOpen(request.status)) return 'cancelled'
  return expiresAt <= now ? 'expired' : 'pending'
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

/**
 * A new e-mail address is confirmed before it is written: by a link to that very address, or by a user who says how it is known. Otherwise a request could
 * give somebody else's mailbox, or none, to a person, and every later message and link with it (GDPR art. 5(1)(d), 32).
 */
import { createHmac, randomBytes } from 'node:crypto'
import { decide } from '../../core/request/change-decide.ts'
import type { AddressGround } from '../../core/request/change.ts'
import { LINK_ID_BYTES } from '../../core/consent/confirm-link.ts'
import { suppressionForm } from '../../core/identity/email.ts'
import { isOpen, type Actor, type Request } from '../../core/request/request.ts'
import { countLinks, forgetLinks, insertLink, settleLink, type LinkStatus, type RequestLink } from '../../store/request-links.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { alertDpo } from '../notify/alert.ts'
import { openPerson, sealPerson, type ErasureDeps, type PersonFile } from '../erasure/deps.ts'
import { leaveMail } from '../notify/leave-mail.ts'
import { inLinkedTurn, loadLinked } from './linked-request.ts'
import { asChange, changeRequest, store, type Change, type Changed } from './file.ts'
import { LINK_LIFE_MS, linkTimes, MAILS_PER_DAY, type LinkShown } from './link.ts'
import type { Shell } from '../shell.ts'
import type { TurnShell } from '../turn.ts'

/** Keyed: the plan and the link name the address by it. Null: nothing is to be confirmed, since there is no new address, or it is known to be theirs. */
export function addressToConfirm(
  { hashKey }: Pick<Shell, 'hashKey'>,
  request: Request,
  { asked, corrections, proved }: Pick<PersonFile, 'asked' | 'corrections' | 'proved'>,
): string | null {
  const fresh = corrections?.email
  if (typeof fresh !== 'string' || fresh === proved) return null
  // The link by which they showed who they are went to the first address of the request.
  const byLink = 'proof' in request && request.proof?.by === 'signed-link'
  return byLink && asked.emails[0] === fresh ? null : hashOf(hashKey, fresh).toString('hex')
}

function hashOf(hashKey: Shell['hashKey'], email: string): Buffer {
  return createHmac('sha256', hashKey).update(`new-address:${email}`).digest()
}

/** Sent because a user says so, once the person is known: to the new address, and saying nothing of the old one. */
export function sendAddressLink({ shell }: ErasureDeps, id: string): Promise<Changed> {
  return changeRequest(shell, id, async (file, turn): Promise<Change | { message: string }> => {
    const to = waitingFor(turn, file)
    if (to === null) return { message: 'no new address waits to be confirmed' }
    if (file.request.status !== 'identified' && file.request.status !== 'in-progress')
      return { message: 'it is not settled yet who asks: nobody is written to at another address before' }
    const now = turn.now()
    const person = Buffer.from(turn.hasher.suppression('email', suppressionForm(to)))
    const { day, moment } = linkTimes(now)
    await forgetLinks(turn.db, day)
    const sent = await countLinks(turn.db, { person, request: id }, { day, moment })
    if (sent.justNow || sent.today >= MAILS_PER_DAY)
      return { message: 'a link is on its way already, or five were sent to this address today' }
    const link = { id: randomBytes(LINK_ID_BYTES), request: id, person, address: hashOf(turn.hashKey, to), expiresAt: now + LINK_LIFE_MS }
    await insertLink(turn.db, link, new Date(now).toISOString())
    await leaveMail(turn, { template: 'address', confirmation: null, link: link.id, language: file.language, facts: {}, to })
    return { events: [] }
  })
}

/** How else a user knows it: that stands in the ledger with their name. */
export function vouchForAddress({ shell }: ErasureDeps, id: string, { user, how }: { user: string; how: AddressGround }): Promise<Changed> {
  return changeRequest(shell, id, async (file, turn): Promise<Change | { message: string }> => {
    if (waitingFor(turn, file) === null) return { message: 'no new address waits to be confirmed' }
    return proveAddress(turn, file, { kind: 'staff', user }, how)
  })
}

function waitingFor(shell: Pick<Shell, 'hashKey'>, file: StoredRequest): string | null {
  if (file.vault === null || file.change.status !== 'planned' || file.change.plan.address === null) return null
  return openPerson(shell, file).corrections?.email ?? null
}

/** Kept with who it is, sealed: whatever is shown anew, nobody is asked twice for the same address. */
function proveAddress(turn: TurnShell, file: StoredRequest, by: Actor, how: AddressGround | 'signed-link'): Change | { message: string } {
  const decided = decide(file.change, { type: 'prove-address', by, how }, turn.now())
  if (!decided.ok) return { message: decided.message }
  const person = openPerson(turn, file)
  const proved = person.corrections?.email ?? undefined
  return { events: asChange(decided.events), vault: sealPerson(turn, file.id, { ...person, ...(proved === undefined ? {} : { proved }) }) }
}

/** Looking changes nothing: mail scanners open every link. Null: we made no such link. */
export async function lookAtAddressLink({ shell }: ErasureDeps, token: string): Promise<LinkShown | null> {
  const linked = await loadLinked(shell, 'address', token)
  return linked && { ...linked.link, status: statusAt(linked.link, linked.file, shell.now()) }
}

/** `pending` means that it counted, now, and once. */
export function useAddressLink({ shell }: ErasureDeps, token: string): Promise<LinkShown | null> {
  return inLinkedTurn(shell, 'address', token, async (turn, { link: found, file }) => {
    const now = turn.now()
    const status = statusAt(found, file, now)
    if (status !== 'pending') return { ...found, status }
    const proved = proveAddress(turn, file, { kind: 'person' }, 'signed-link')
    const counts = !('message' in proved)
    await settleLink(turn.db, found.id, counts ? 'confirmed' : 'cancelled', new Date(now).toISOString())
    if (!counts) return { ...found, status: 'cancelled' }
    await store(turn, file, proved)
    await alertDpo(turn, { request: file.id, kind: 'identified', event: 'address' })
    return { ...found, status }
  })
}

/** A link for an address that is no longer the one that was asked for confirms nothing. */
function statusAt({ status, expiresAt, address }: RequestLink, { request, change }: StoredRequest, now: number): LinkStatus {
  if (status !== 'pending') return status
  const waits = change.status === 'planned' && address !== null && change.plan.address === address.toString('hex')
  if (!waits || !isOpen(request.status)) return 'cancelled'
  return expiresAt <= now ? 'expired' : 'pending'
}

/**
 * The end of an erasure in our own tables. What the person said to Accord stands in the ledger under a key of theirs: it is destroyed here, with the proofs
 * and records that go by a keyed name of their address. What stays is the suppression list, which art. 21(3) needs, and the file of the request.
 */
import { mailboxReaderOf } from '../core/policy/audience.ts'
import type { Erasure, ItemState } from '../core/erasure/erasure.ts'
import { suppressionForm } from '../core/identity/email.ts'
import { ringMailboxes } from '../store/mailboxes.ts'
import type { StoredRequest } from '../store/requests.ts'
import { clearGraves, findSpeaker, isSharedWithOthers, shredSpeakers, type Speaker } from '../store/shred.ts'
import { loadSuppressed, suppressForRequests } from '../store/suppressions.ts'
import { openPerson, type ErasureDeps } from './erasure/deps.ts'
import { hashesOf } from './erasure/suppress.ts'
import type { TurnShell } from './turn.ts'

/** Answers lines for the ledger: `["shredded", request, keys, statements, kept]`. To be called while the person can still be opened. */
export async function shredPerson({ policy }: Pick<ErasureDeps, 'policy'>, turn: TurnShell, file: StoredRequest): Promise<string[]> {
  const { id, request, erasure } = file
  if (request.status !== 'answered' || !isErased(erasure)) return []
  const settledAt = erasure.status === 'settled' ? new Date(erasure.settledAt).toISOString() : null
  const person = openPerson(turn, file)
  const [gone, kept]: [Speaker[], Speaker[]] = [[], []]
  const addresses: string[] = []
  const holders: string[] = []
  for (const mailbox of mailboxesOf(turn, person.subject.person, policy)) {
    const speaker = await findSpeaker(turn.db, mailbox, settledAt)
    const own = [...new Set([...mailbox.addresses, ...speaker.records.flatMap(({ email }) => email ?? [])])]
    const stays = isClaimed(erasure) || speaker.spokeAgain || (await isSharedWithOthers(turn.db, id, own))
    if (!stays) addresses.push(...own)
    if (!stays && speaker.key !== null) holders.push(mailbox.holder.toString('hex'))
    if (speaker.key !== null || speaker.records.length > 0) (stays ? kept : gone).push(speaker)
  }
  const statements = await shredSpeakers(turn.db, gone)
  await clearGraves(turn.db, addresses)
  await ringMailboxes(turn.db, addresses, [])
  if (addresses.length > 0) await turn.ring(turn.db, { rechecks: new Set(), anywhere: true, patches: null })
  // Of somebody whom no CRM had, what they refused was remembered here alone.
  if (erasure.status === 'planned' && gone.length > 0) {
    const hashes = hashesOf(turn, person, policy)
    // An earlier erasure goes on being what they are known by: this one has erased nobody.
    const listed = await loadSuppressed(turn.db, hashes)
    const fresh = hashes.filter((hash) => !listed.has(hash.toString('hex')))
    await suppressForRequests(turn.db, [{ request: id, hashes: fresh }], new Date(turn.now()).toISOString())
    if (fresh.length > 0) turn.note({ act: 'suppressed', request: id, hashes: fresh.map((hash) => hash.toString('hex')) })
  }
  if (holders.length > 0) turn.note({ act: 'shredded', request: id, holders })
  return [JSON.stringify(['shredded', id, gone.length, statements, kept.length])]
}

/** Carried out as far as it goes, or nothing to be carried out in any CRM. */
function isErased(erasure: Erasure): boolean {
  if (erasure.status === 'planned') return erasure.plan.items.length === 0
  return erasure.status === 'settled' && erasure.standing !== 'not-proved'
}

/** A dispute that is pending needs its evidence (art. 17(3)(e)); a contract or an invoice that is kept does not need that of a newsletter. */
function isClaimed(erasure: Erasure): boolean {
  const items: readonly Pick<ItemState, 'holds'>[] = 'items' in erasure ? erasure.items : []
  return items.some(({ holds }) =>
    holds.some(({ because: { kind }, ground }) => ground === '17(3)(e)' && (kind === 'legal-hold' || kind === 'by-hand')),
  )
}

type Mailbox = { holder: Buffer; object: 'email' | 'phone'; id: string; addresses: readonly string[] }

/** What the suppression list takes is the person's own, and nothing else is: see `hashesOf`. */
function mailboxesOf(
  { hasher }: TurnShell,
  { emails, phones }: { emails: readonly string[]; phones: readonly string[] },
  policy: ErasureDeps['policy'],
): Mailbox[] {
  const mailboxOf = mailboxReaderOf(policy)
  const own = emails.filter((email) => mailboxOf(email)?.shared === false)
  return [
    ...own.map((email): Mailbox => ({
      holder: Buffer.from(hasher.holder('email', suppressionForm(email))),
      object: 'email',
      id: hasher.voice('email', email),
      addresses: [hasher.identifier('email', email)],
    })),
    ...phones.map((phone): Mailbox => ({
      holder: Buffer.from(hasher.holder('phone', phone)),
      object: 'phone',
      id: hasher.voice('phone', phone),
      addresses: [],
    })),
  ]
}

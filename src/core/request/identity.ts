/** Who asks? GDPR art. 12(2), 12(6) and 11(2): no more is asked than a reasonable doubt needs, and the copy of an identity document never by default. */
import type { Actor, Asked } from './request.ts'
import { isImmediate } from './request.ts'

/**
 * How a request came in. `session`: through an account that the person had signed in to. `signed-link`: by a link that went to an address on record.
 * `suppression`: nobody asked anew; somebody who was erased is seen again, and their request still stands.
 */
export type Origin = 'session' | 'signed-link' | 'form' | 'email' | 'phone' | 'post' | 'in-person' | 'representative' | 'suppression'

/** What tells who somebody is. The document itself is never kept, nor are its details: that it was seen, when, and by whom. */
export type Detail =
  | 'signed-link'
  | 'reply-from-known-address'
  | 'customer-number'
  | 'order-reference'
  | 'call-back'
  | 'mandate'
  | 'identity-document'

export type Proof =
  | { readonly by: 'session' }
  | { readonly by: 'signed-link' }
  /** By the keyed hash of an address that an earlier request of theirs has put on the suppression list. */
  | { readonly by: 'suppression' }
  /** Checked by somebody of the company, after a doubt had been recorded and these details asked for. */
  | { readonly by: 'details'; readonly details: readonly Detail[] }

export type Doubt =
  | 'address-not-on-record'
  | 'mailbox-shared'
  | 'details-contradict'
  | 'someone-else-writes'
  | 'account-taken-over'
  /** What was asked for last time did not settle it. */
  | 'still-unclear'

/** A way in that proves the person by itself leaves room for two doubts only: that others read the mailbox, or hold the account. */
const doubtsOfProvenOrigin: ReadonlySet<Doubt> = new Set(['mailbox-shared', 'account-taken-over', 'still-unclear'])

export function isProven(origin: Origin): origin is 'session' | 'signed-link' | 'suppression' {
  return origin === 'session' || origin === 'signed-link' || origin === 'suppression'
}

/**
 * Somebody who does not confirm that an address is theirs is not identified (art. 12(2), 12(6)): what came by a form ends by itself after this time, well before
 * the month is over, and the mail with the link says so. They may ask again at any time.
 */
export const UNCONFIRMED_MS = 14 * 24 * 3_600_000

type Answered = { readonly details: readonly Detail[] }

/** `null`: the question may be put to the person. Otherwise why not. */
export function forbidsQuestion(
  asked: Asked,
  origin: Origin,
  earlier: readonly Answered[],
  question: { readonly by: Actor; readonly doubt: Doubt; readonly details: readonly Detail[] },
): string | null {
  const { by, doubt, details } = question
  if (isImmediate(asked))
    return 'a withdrawal or an objection to marketing takes effect at once, for the address that it names: nothing more is asked'
  if (by.kind !== 'staff') return 'a doubt is somebody’s judgement: name the user who has it'
  if (details.length === 0) return 'say which details would settle the doubt'
  if (isProven(origin) && !doubtsOfProvenOrigin.has(doubt))
    return 'the person came through a proven channel, which leaves no room for this doubt'
  if (doubt === 'still-unclear' && earlier.length === 0) return 'nothing has been asked yet: name the doubt itself'
  if (details.includes('mandate') && origin !== 'representative' && doubt !== 'someone-else-writes')
    return 'a mandate is asked of a representative only'
  if (details.includes('identity-document')) {
    if (doubt !== 'still-unclear')
      return 'the copy of an identity document is asked for only after something milder has not settled the doubt'
    if (details.length > 1) return 'an identity document is the last resort: ask for it alone'
  }
  return null
}

/** `null`: the proof is enough. Otherwise what is missing. `open`: what was asked for last, while a doubt stands. */
export function forbidsProof(
  origin: Origin,
  open: Answered | null,
  { by, proof }: { readonly by: Actor; readonly proof: Proof },
): string | null {
  switch (proof.by) {
    case 'session':
      if (origin !== 'session') return 'the request did not come through a signed-in session'
      return open === null ? null : 'a doubt about the session itself is settled by the details that were asked for'
    case 'suppression':
      return origin === 'suppression' ? null : 'the request does not come from the suppression list'
    case 'signed-link':
      return open === null || open.details.includes('signed-link')
        ? null
        : 'a doubt about the mailbox is settled by the details that were asked for'
    case 'details': {
      if (open === null) return 'details count only after a doubt has been recorded and they were asked for'
      if (by.kind !== 'staff') return 'details are checked by somebody: name the user'
      const { details } = proof
      return details.length > 0 && details.every((detail) => open.details.includes(detail))
        ? null
        : 'only details that were asked for count, and at least one of them'
    }
    default:
      return unreachable(proof)
  }
}

function unreachable(value: never): never {
  throw new TypeError(`unknown kind of proof: ${JSON.stringify(value)}`)
}

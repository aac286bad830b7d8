/** By what a person is known again after everything else is forgotten. */
import { sharedLocalParts } from '../core/audience.ts'
import { createMailboxReader } from '../core/identify.ts'
import { suppressionForm } from '../core/identity-email.ts'
import type { Policy } from '../core/policy-schema.ts'
import type { PersonFile } from './erase-desk.ts'
import type { Shell } from './shell.ts'

/**
 * All their addresses in both forms, and those numbers they gave that are theirs (see `seek`). A shared mailbox is not theirs alone, a former address may be
 * somebody else's now, and a number that only a record has may be the switchboard of a company: each would silence somebody else.
 */
export function hashesOf({ hasher }: Pick<Shell, 'hasher'>, person: PersonFile, policy: Policy): Buffer[] {
  const own = ownMarks(person, policy)
  const addresses = new Set(own.emails.flatMap((email) => [email, suppressionForm(email)]))
  return [
    ...[...addresses].map((email) => Buffer.from(hasher.suppression('email', email))),
    ...own.phones.map((phone) => Buffer.from(hasher.suppression('phone', phone))),
  ]
}

/** In clear: the addresses that are theirs alone, and the numbers they gave that are theirs. */
export function ownMarks({ subject: { person } }: PersonFile, policy: Policy): { emails: readonly string[]; phones: readonly string[] } {
  const mailboxOf = createMailboxReader(sharedLocalParts(policy))
  return { emails: person.emails.filter((email) => mailboxOf(email)?.shared === false), phones: person.phones }
}

/** By what a person is known again after everything else is forgotten. */
import { mailboxReaderOf } from '../../core/policy/audience.ts'
import { suppressionForm } from '../../core/identity/email.ts'
import type { Policy } from '../../core/policy/schema.ts'
import type { Identifiers } from '../../core/request/recipients.ts'
import type { PersonFile } from './deps.ts'
import type { Shell } from '../shell.ts'

/**
 * All their addresses in both forms, and those numbers they gave that are theirs (see `seek`). A shared mailbox is not theirs alone, a former address may be
 * somebody else's now, and a number that only a record has may be the switchboard of a company: each would silence somebody else.
 */
export function hashesOf(shell: Pick<Shell, 'hasher'>, person: PersonFile, policy: Policy): Buffer[] {
  return markHashes(shell, ownMarks(person, policy))
}

/** Of each address both forms. */
export function markHashes({ hasher }: Pick<Shell, 'hasher'>, { emails, phones }: Identifiers): Buffer[] {
  const addresses = new Set(emails.flatMap((email) => [email, suppressionForm(email)]))
  return [
    ...[...addresses].map((email) => Buffer.from(hasher.suppression('email', email))),
    ...phones.map((phone) => Buffer.from(hasher.suppression('phone', phone))),
  ]
}

/** In clear: the addresses that are theirs alone, and the numbers they gave that are theirs. */
export function ownMarks({ subject: { person } }: PersonFile, policy: Policy): Identifiers {
  const mailboxOf = mailboxReaderOf(policy)
  return { emails: person.emails.filter((email) => mailboxOf(email)?.shared === false), phones: person.phones }
}

/** Which of a person's addresses belong to them alone. */
import type { Person } from '../../core/erasure/select.ts'
import type { Mailbox } from '../../core/identity/identify.ts'
import type { Seen } from './seek.ts'

export type Alone = Pick<Person, 'emails' | 'formerEmails'>

/** The addresses by which something may be erased: no shared mailbox, and on no live record of somebody else. */
export function aloneIn({ person, sightings }: Seen, mailboxOf: (email: string) => Mailbox | null): Alone {
  const others = sightings.filter(({ selection, record }) => selection.verdict !== 'selected' && record.state === 'live')
  const isAlone = (email: string): boolean =>
    mailboxOf(email)?.shared === false && !others.some(({ identity }) => identity.emails.includes(email))
  return { emails: person.emails.filter(isAlone), formerEmails: person.formerEmails.filter(isAlone) }
}

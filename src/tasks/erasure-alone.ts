/** Which of a person's addresses nobody else has. */
import type { Person } from '../core/erasure-select.ts'
import type { Mailbox } from '../core/identify.ts'
import type { Seen } from './erasure-seek.ts'

export type Alone = Pick<Person, 'emails' | 'formerEmails'>

/** What is done to things by an address is done by one that is theirs alone: no mailbox of several people, and on no living record that is not theirs. */
export function aloneIn({ person, sightings }: Seen, mailboxOf: (email: string) => Mailbox | null): Alone {
  const others = sightings.filter(({ selection, record }) => selection.verdict !== 'selected' && record.state === 'live')
  const isAlone = (email: string): boolean =>
    mailboxOf(email)?.shared === false && !others.some(({ identity }) => identity.emails.includes(email))
  return { emails: person.emails.filter(isAlone), formerEmails: person.formerEmails.filter(isAlone) }
}

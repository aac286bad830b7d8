/** What CRMs really hold beside clean values: dates that lie ahead, answers that contradict each other, other spellings, words that stand for nothing. */
import { EMAIL_OUT } from './consent.ts'
import { type Case, consumer, person } from './person.ts'

const ignored = { findings: ['consent.ignored_withdrawal'], status: 'blocked' } as const
const yes = (at: string | null) => ({ consent_newsletter_email_date: at })

export const edges: readonly Case[] = [
  person('newsletter-dated-tomorrow', 'Nobody has agreed tomorrow: no proof (GDPR art. 7(1)).', (who) =>
    consumer.contacts(who, yes('2026-11-22T10:00:00.000Z'), { findings: ['consent.unproved'], consent: [] }),
  ),
  person('newsletter-dated-today', 'Agreed this morning.', (who) => consumer.contacts(who, yes('2026-11-21T08:00:00.000Z'))),
  person(
    'opted-out-beside-a-newer-yes',
    'Unsubscribed from everything, since nobody knows when, beside a newer yes: the no still stands.',
    (who) => consumer.contacts(who, { ...yes('2026-11-20T10:00:00.000Z'), hs_email_optout: 'true' }, { ...ignored, consent: EMAIL_OUT }),
  ),
  person('opted-out-beside-a-yes-ahead', 'Nor does a yes of the day after tomorrow lift it.', (who) =>
    consumer.Contact(
      who,
      { Consent_Newsletter_Email_Date__c: '2026-11-23T10:00:00.000+0000', HasOptedOutOfEmail: true },
      { ...ignored, consent: EMAIL_OUT },
    ),
  ),
]

/** What CRMs really hold beside clean values: dates that lie ahead, answers that contradict each other, other spellings, words that stand for nothing. */
import { EMAIL_OUT } from './consent.ts'
import { type Case, consumer, NO_NEWSLETTER, person, professional } from './person.ts'

const ignored = { findings: ['consent.ignored_withdrawal'], status: 'blocked' } as const
/** A customer of long ago, whom nothing but the contract keeps. */
const longAgo = {
  ...NO_NEWSLETTER,
  customer_since: '2012-03-01',
  last_purchase_date: '2014-03-02',
  collection_date: '2012-03-01',
  privacy_notice_date: '2012-03-01',
}
const agreedToCalls = {
  consent_prospecting_consumer_call: 'yes',
  consent_prospecting_consumer_call_date: '2026-05-04T09:00:00.000Z',
  consent_prospecting_consumer_call_text: 'PC-TEL-2026-01',
}
const yes = (at: string | null) => ({ consent_newsletter_email_date: at })

export const edges: readonly Case[] = [
  person('newsletter-dated-tomorrow', 'Nobody has agreed tomorrow: no proof (GDPR art. 7(1)).', (who) =>
    consumer.contacts(who, yes('2026-11-22T10:00:00.000Z'), { findings: ['consent.unproved'], consent: [] }),
  ),
  person('newsletter-dated-today', 'Agreed this morning.', (who) =>
    consumer.contacts(who, yes('2026-11-21T08:00:00.000Z'), { retention: ['prospect', '2029-11-21'] }),
  ),
  person(
    'opted-out-beside-a-newer-yes',
    'Unsubscribed from everything, since nobody knows when, beside a newer yes: the no still stands.',
    (who) =>
      consumer.contacts(
        who,
        { ...yes('2026-11-20T10:00:00.000Z'), hs_email_optout: 'true' },
        { ...ignored, consent: EMAIL_OUT, retention: ['prospect', '2029-11-20'] },
      ),
  ),
  person('opted-out-beside-a-yes-ahead', 'Nor does a yes of the day after tomorrow lift it.', (who) =>
    consumer.Contact(
      who,
      { Consent_Newsletter_Email_Date__c: '2026-11-23T10:00:00.000+0000', HasOptedOutOfEmail: true },
      { ...ignored, consent: EMAIL_OUT },
    ),
  ),

  person('contract-active-in-capitals', 'A running contract is one however it is spelt: nothing falls due.', (who) =>
    consumer.contacts(who, { ...longAgo, contract_status: 'ACTIVE' }, { consent: [], retention: ['former_customer', null] }),
  ),
  person(
    'contract-in-words-nobody-knows',
    'A status that nobody translated might be a running contract: a person decides, nothing erases.',
    (who) =>
      consumer.contacts(
        who,
        { ...longAgo, contract_status: 'En cours' },
        { findings: ['mapping.value_unknown', 'retention.review_due'], consent: [], retention: ['former_customer', '2017-03-02'] },
      ),
  ),
  person('contract-ended-long-ago', 'One that has ended is over.', (who) =>
    consumer.contacts(
      who,
      { ...longAgo, contract_status: 'Ended' },
      { findings: ['retention.erase_due'], status: 'blocked', consent: [], retention: ['former_customer', '2017-03-02'] },
    ),
  ),
  person('company-not-provided', 'What a form writes where it must write something makes no professional.', (who) =>
    professional.Lead(who, { Company: '[not provided]', Title: 'n/a' }, { audience: 'consumer' }),
  ),
  person('newsletter-wording-not-available', 'A wording that is none proves nothing.', (who) =>
    consumer.contacts(who, { consent_newsletter_email_text: 'N/A' }, { findings: ['consent.unproved'], consent: [] }),
  ),
  person('street-of-a-dash', 'And nobody can be written to at a dash.', (who) =>
    consumer.contacts(who, { ...NO_NEWSLETTER, address: '-' }, { findings: ['consent.no_purpose'], status: 'blocked', consent: [] }),
  ),

  person('call-agreed-mobile-alone', 'Agreed to calls, and a mobile number to call.', (who) =>
    consumer.contacts(
      who,
      { ...NO_NEWSLETTER, address: null, mobilephone: '+49 171 3920021', ...agreedToCalls },
      { retention: ['prospect', '2029-05-04'], consent: ['prospecting_consumer:call:granted'] },
    ),
  ),
  person('call-agreed-no-number', 'The number is none: nobody can be called there.', (who) =>
    consumer.contacts(
      who,
      { ...NO_NEWSLETTER, address: null, phone: 'voir standard', ...agreedToCalls },
      {
        retention: ['prospect', '2029-05-04'],
        findings: ['accuracy.phone_unusable'],
        status: 'blocked',
        consent: ['prospecting_consumer:call:granted'],
      },
    ),
  ),
  person('two-addresses-in-one', 'A CRM sends to one address: two of them are none.', (who) =>
    consumer.contacts(
      who,
      { address: null, email: `${who.slug}@courriel.example; ${who.slug}@poste.example` },
      { findings: ['accuracy.email_unusable'], status: 'blocked' },
    ),
  ),
]

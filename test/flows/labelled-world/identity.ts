/** Which records are one person, and what one CRM's answer means for the other. A doubt never links. */
import { CALL_OUT, EMAIL_OUT } from './consent.ts'
import { type Case, consumer, NO_NEWSLETTER, NO_NEWSLETTER_SF, person, professional } from './person.ts'

const ignored = { findings: ['consent.ignored_withdrawal'], status: 'blocked' } as const
/** Ids of Salesforce records, as HubSpot's integration writes them: see `ids.ts`. */
export const CONTACT_OF = (id: string): string => `{Contact of ${id}}`
export const LEAD_OF = (id: string): string => `{Lead of ${id}}`

/** To agree anew is an act of the person. */
const renewed = { retention: ['prospect', '2029-09-01'] } as const

export const identity: readonly Case[] = [
  person('same-address-other-case', 'One mailbox and one given name, written in capitals in Salesforce.', (who) => [
    professional.contacts(who),
    professional.Contact(who, { Email: `${who.slug}@menuiserie.example.fr`.toUpperCase() }),
  ]),
  person('second-address', 'Salesforce has the address that HubSpot lists as an additional one.', (who) => [
    professional.contacts(who, { hs_additional_emails: `${who.slug}@bureau.example;${who.slug}@home.example.org` }),
    professional.Contact(who, { Email: `${who.slug}@bureau.example` }),
  ]),
  person('work-address', 'Or as the work address.', (who) => [
    consumer.contacts(who, { work_email: `${who.slug}@travail.example` }),
    consumer.Lead(who, { Email: `${who.slug}@travail.example` }),
  ]),
  person('named-by-hubspot', "No common address, but HubSpot's integration names the Contact.", (who) => [
    professional.contacts(who, { email: `${who.slug}@ancien.example`, salesforcecontactid: CONTACT_OF('named-by-hubspot') }),
    professional.Contact(who, { Email: `${who.slug}@nouveau.example` }),
  ]),
  person('lead-named-by-hubspot', 'Or the Lead.', (who) => [
    professional.contacts(who, { email: `${who.slug}@ancien.example`, salesforceleadid: LEAD_OF('lead-named-by-hubspot') }),
    professional.Lead(who, { Email: `${who.slug}@nouveau.example` }),
  ]),
  person('converted-lead', 'A converted Lead stays behind as a copy of its Contact.', (who) => [
    professional.Contact(who),
    professional.Lead(
      who,
      { Email: null, IsConverted: true, Status: 'Closed - Converted', ConvertedContactId: CONTACT_OF('converted-lead') },
      { audience: 'consumer' },
    ),
  ]),
  person('typed-twice', 'A Contact and a Lead with one address.', (who) => [professional.Contact(who), professional.Lead(who)]),
  person('in-three-places', 'One person in all three.', (who) => [
    professional.contacts(who),
    professional.Contact(who),
    professional.Lead(who),
  ]),
  person('initial-only', 'An initial contradicts nobody: J. may be that person.', (who) => [
    professional.contacts(who),
    professional.Contact(who, { FirstName: `${who.given.slice(0, 1)}.` }),
  ]),
  person('no-given-name', 'Nor does a missing given name on a mailbox that only one person uses.', (who) => [
    professional.contacts(who),
    professional.Lead(who, { FirstName: null }),
  ]),
  person('couple-her', 'Two given names on one mailbox are two people: never linked.', (who) =>
    consumer.contacts({ ...who, given: 'Solène', family: 'Kervella' }, { email: 'famille.kervella@courriel.example' }),
  ),
  person('couple-him', 'The other one, in Salesforce.', (who) =>
    consumer.Contact({ ...who, given: 'Yann', family: 'Kervella' }, { Email: 'famille.kervella@courriel.example' }),
  ),
  person('couple-opted-out-her', 'She opted out of e-mail.', (who) =>
    consumer.contacts(
      { ...who, given: 'Nadège', family: 'Tréguier' },
      { ...NO_NEWSLETTER, email: 'famille.treguier@courriel.example', hs_email_optout: 'true' },
      { consent: EMAIL_OUT },
    ),
  ),
  person('couple-opted-out-him', 'He did not, and yet: what is sent to that mailbox reaches her (GDPR art. 21(3)).', (who) =>
    consumer.Contact(
      { ...who, given: 'Goulven', family: 'Tréguier' },
      { Email: 'famille.treguier@courriel.example' },
      { consent: EMAIL_OUT, ...ignored },
    ),
  ),
  person('team-mailbox-one', 'A function mailbox links nobody, not even equal names.', (who) =>
    professional.contacts(
      { ...who, given: 'Marie', family: 'Quémener' },
      { email: 'compta@faiencerie.example' },
      { audience: 'generic_mailbox' },
    ),
  ),
  person('team-mailbox-two', 'Another Marie of the same accounts department.', (who) =>
    professional.Contact(
      { ...who, given: 'Marie', family: 'Wœrth' },
      { Email: 'compta@faiencerie.example' },
      { audience: 'generic_mailbox' },
    ),
  ),
  person('namesake-one', 'Two people called Anne Martin: a name alone links nobody.', (who) =>
    professional.contacts({ ...who, given: 'Anne', family: 'Martin' }, { email: 'anne.martin@verrerie.example' }),
  ),
  person('namesake-two', 'The other one, whose telephone is the same switchboard.', (who) =>
    professional.Contact({ ...who, given: 'Anne', family: 'Martin' }, { Email: 'anne.martin@tannerie.example', Phone: '01 99 00 40 40' }),
  ),
  person('switchboard', 'A telephone alone links nobody either.', (who) =>
    professional.contacts({ ...who, given: 'Anne' }, { phone: '01 99 00 40 40' }),
  ),
  person(
    'plus-tag',
    "A plus tag can be another person's: not enough to erase somebody.",
    (who) => [
      professional.contacts(who, { email: `${who.slug}@horlogerie.example` }),
      professional.Contact(who, { Email: `${who.slug}+salon@horlogerie.example` }),
    ],
    { unlinked: true },
  ),

  person('opted-out-in-hubspot-alone', 'An opt-out reaches every record of the person: Salesforce would still write.', (who) => [
    professional.contacts(who, { hs_email_optout: 'true' }, { consent: EMAIL_OUT }),
    professional.Contact(who, {}, { ...ignored, consent: EMAIL_OUT }),
  ]),
  person('opted-out-in-salesforce-alone', 'The other way round.', (who) => [
    professional.contacts(who, {}, { ...ignored, consent: EMAIL_OUT }),
    professional.Contact(who, { HasOptedOutOfEmail: true }, { consent: EMAIL_OUT }),
  ]),
  person('opted-out-in-both', 'Agreed.', (who) => [
    professional.contacts(who, { hs_email_optout: 'true' }, { consent: EMAIL_OUT }),
    professional.Contact(who, { HasOptedOutOfEmail: true }, { consent: EMAIL_OUT }),
  ]),
  person('do-not-call-on-lead-alone', 'The Contact would still be called; HubSpot has no box for it, and nothing to put right.', (who) => [
    professional.contacts(who, { phone: '01 99 00 12 40' }, { consent: CALL_OUT }),
    professional.Contact(who, { Phone: '01 99 00 12 40' }, { ...ignored, consent: CALL_OUT }),
    professional.Lead(who, { Phone: '01 99 00 12 40', DoNotCall: true }, { consent: CALL_OUT }),
  ]),
  person('do-not-call-without-number', 'A Contact without a number cannot be called.', (who) => [
    professional.Contact(who, {}, { consent: CALL_OUT }),
    professional.Lead(who, { Phone: '01 99 00 12 41', DoNotCall: true }, { consent: CALL_OUT }),
  ]),
  person('withdrawn-after-proved-yes', 'HubSpot keeps a proved yes of 2025 that the person withdrew in 2026.', (who) => [
    consumer.contacts(who, {}, { ...ignored, consent: ['newsletter:email:withdrawn'] }),
    consumer.Contact(
      who,
      {
        Consent_Newsletter_Email__c: 'withdrawn',
        Consent_Newsletter_Email_Date__c: '2026-02-03T09:00:00.000+0000',
        Consent_Newsletter_Email_Text__c: null,
      },
      { consent: ['newsletter:email:withdrawn'] },
    ),
  ]),
  person('proved-yes-after-withdrawal', 'A newer proved opt-in ends a withdrawal, in both CRMs.', (who) => [
    consumer.contacts(who, { consent_newsletter_email_date: '2026-09-01T09:00:00.000Z' }, renewed),
    consumer.Contact(
      who,
      {
        Consent_Newsletter_Email__c: 'withdrawn',
        Consent_Newsletter_Email_Date__c: '2026-02-03T09:00:00.000+0000',
        Consent_Newsletter_Email_Text__c: null,
      },
      renewed,
    ),
  ]),
  person('claimed-yes-after-withdrawal', 'A claim without proof does not: an import is no opt-in.', (who) => [
    consumer.contacts(
      who,
      { consent_newsletter_email_date: null, consent_newsletter_email_text: null },
      {
        findings: ['consent.contradicted'],
        consent: ['newsletter:email:withdrawn'],
      },
    ),
    consumer.Contact(
      who,
      {
        Consent_Newsletter_Email__c: 'withdrawn',
        Consent_Newsletter_Email_Date__c: '2026-02-03T09:00:00.000+0000',
        Consent_Newsletter_Email_Text__c: null,
      },
      { consent: ['newsletter:email:withdrawn'] },
    ),
  ]),
  person('proved-in-one-crm-alone', 'A proof in one CRM serves the other.', (who) => [
    consumer.contacts(who),
    consumer.Contact(who, NO_NEWSLETTER_SF),
  ]),
]

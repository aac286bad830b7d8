/** Who agreed to what, and who may be contacted: GDPR art. 6, 7, 8, 14, 18, 21; CPCE art. L34-5; C. conso. L223-1. */
import { type Case, consumer, NO_NEWSLETTER, NO_NEWSLETTER_SF, person, professional } from './person.ts'

/** An opt-out of all e-mail, seen from every purpose that is not pure service. */
export const EMAIL_OUT = [
  'customer_offers:email:withdrawn',
  'prospecting_professional:email:withdrawn',
  'prospecting_consumer:email:withdrawn',
  'newsletter:email:withdrawn',
  'open_tracking:email:withdrawn',
  'partner_sharing:email:withdrawn',
]
export const CALL_OUT = ['customer_offers:call:withdrawn', 'prospecting_professional:call:withdrawn', 'prospecting_consumer:call:withdrawn']

const yes = (field: string, at: string | null, text: string | null) => ({ [field]: 'yes', [`${field}_date`]: at, [`${field}_text`]: text })
const running = { customer_since: '2022-03-01', contract_status: 'active', last_purchase_date: '2026-03-02', lifecyclestage: 'customer' }
const kept = { retention: ['former_customer', null] } as const
/** E-mail alone: no post, no telephone. */
const noAddress = { address: null, zip: null, city: null }
const ignored = { findings: ['consent.ignored_withdrawal'], status: 'blocked' } as const

export const consent: readonly Case[] = [
  person('newsletter-proved', 'Act, time and wording are on file.', (who) => consumer.contacts(who)),
  person('newsletter-without-date', 'A yes without a time is no proof (GDPR art. 7(1)); the post alone remains.', (who) =>
    consumer.contacts(who, { consent_newsletter_email_date: null }, { findings: ['consent.unproved'], consent: [] }),
  ),
  person('newsletter-without-wording', 'Nor is a yes to nobody knows what.', (who) =>
    consumer.contacts(who, { consent_newsletter_email_text: null }, { findings: ['consent.unproved'], consent: [] }),
  ),
  person('subscribed-without-consent', 'A subscription status alone is a claim.', (who) =>
    consumer.contacts(
      who,
      { ...NO_NEWSLETTER, newsletter_status: 'subscribed' },
      { findings: ['consent.unproved'], consent: [], retention: ['newsletter_only', '2028-06-02'] },
    ),
  ),
  person('subscribed-with-consent', 'With the proof beside it, it is none.', (who) =>
    consumer.contacts(who, { newsletter_status: 'subscribed' }, { retention: ['newsletter_only', '2028-06-02'] }),
  ),
  person('imported-flag-salesforce', 'The same in Salesforce.', (who) =>
    consumer.Contact(
      who,
      { Consent_Newsletter_Email_Date__c: null, Consent_Newsletter_Email_Text__c: null },
      { findings: ['consent.unproved'], consent: [] },
    ),
  ),
  person('basis-consent-without-consent', 'A lawful basis that says consent, and no consent on file.', (who) =>
    professional.contacts(who, { hs_legal_basis: 'Freely given consent from contact' }, { findings: ['consent.unproved'] }),
  ),
  person('basis-consent-with-consent', 'With the consent on file.', (who) =>
    consumer.contacts(who, { hs_legal_basis: 'Freely given consent from contact' }),
  ),
  person('basis-not-applicable', "HubSpot's own safeguards are switched off.", (who) =>
    professional.contacts(who, { hs_legal_basis: 'Not applicable' }, { findings: ['consent.basis_not_applicable'] }),
  ),
  person('basis-legitimate-interest', 'Any other basis is no finding; this one is spelt with an EN DASH.', (who) =>
    professional.contacts(who, { hs_legal_basis: 'Legitimate interest – prospect/lead' }),
  ),
  person(
    'basis-with-a-hyphen',
    'The same basis with a hyphen is none that HubSpot knows: it allows nothing, and somebody must look.',
    (who) => professional.contacts(who, { hs_legal_basis: 'Legitimate interest - prospect/lead' }, { findings: ['mapping.value_unknown'] }),
  ),
  person(
    'answer-nobody-knows',
    'An answer that the mapping does not translate is not taken for a yes; nor may it erase, since it might be one.',
    (who) =>
      consumer.contacts(
        who,
        { consent_newsletter_email: 'oui' },
        { findings: ['mapping.value_unknown', 'retention.start_unknown'], retention: ['prospect', null], consent: [] },
      ),
  ),
  person('newsletter-consent-three-years-today', 'Valid, and due for review after three years.', (who) =>
    consumer.contacts(who, { consent_newsletter_email_date: '2023-11-21T09:00:00.000Z' }, { findings: ['consent.review_due'] }),
  ),
  person('newsletter-consent-three-years-tomorrow', 'One day younger.', (who) =>
    consumer.contacts(who, { consent_newsletter_email_date: '2023-11-22T09:00:00.000Z' }),
  ),

  person('call-consent-one-year-today', 'Consent to calls lives one year at most (C. conso. R223-1): over.', (who) =>
    consumer.contacts(
      who,
      { phone: '01 99 00 12 34', ...yes('consent_prospecting_consumer_call', '2025-11-21T09:00:00.000Z', 'PC-TEL-2025-06') },
      {
        retention: ['prospect', '2028-11-21'],
        findings: ['consent.expired'],
        consent: ['newsletter:email:granted', 'prospecting_consumer:call:expired'],
      },
    ),
  ),
  person('call-consent-one-year-tomorrow', 'Its last day.', (who) =>
    consumer.contacts(
      who,
      { phone: '01 99 00 12 35', ...yes('consent_prospecting_consumer_call', '2025-11-22T09:00:00.000Z', 'PC-TEL-2025-06') },
      { retention: ['prospect', '2028-11-22'], consent: ['newsletter:email:granted', 'prospecting_consumer:call:granted'] },
    ),
  ),
  person(
    'call-consent-abroad',
    'The rule knows French consumers alone; for a Belgian one the last line forbids, whatever the person said.',
    (who) =>
      consumer.contacts(
        who,
        {
          country: 'Belgium',
          phone: '+33 1 99 00 12 36',
          ...yes('consent_prospecting_consumer_call', '2026-05-04T09:00:00.000Z', 'PC-TEL-2026-01'),
        },
        {
          retention: ['prospect', '2029-05-04'],
          findings: ['consent.forbidden'],
          consent: ['newsletter:email:granted', 'prospecting_consumer:call:granted'],
        },
      ),
  ),
  person('sms-consent-three-years-today', 'Consumer messages are reviewed after three years too.', (who) =>
    consumer.contacts(
      who,
      { mobilephone: '+49 171 3920012', ...yes('consent_prospecting_consumer_sms', '2023-11-21T09:00:00.000Z', 'PC-SMS-2023-07') },
      { findings: ['consent.review_due'], consent: ['newsletter:email:granted', 'prospecting_consumer:sms:granted'] },
    ),
  ),
  person('sms-consent-fresh', 'And are fine before.', (who) =>
    consumer.contacts(
      who,
      { mobilephone: '+49 171 3920013', ...yes('consent_prospecting_consumer_sms', '2024-11-21T09:00:00.000Z', 'PC-SMS-2024-07') },
      { consent: ['newsletter:email:granted', 'prospecting_consumer:sms:granted'] },
    ),
  ),
  person('open-tracking-proved', 'Individual open tracking needs a consent of its own (CNIL 2026-042): here it is.', (who) =>
    professional.contacts(who, yes('consent_open_tracking_email', '2026-08-03T09:00:00.000Z', 'OT-2026-07'), {
      retention: ['prospect', '2029-08-03'],
      consent: ['open_tracking:email:granted'],
    }),
  ),
  person('open-tracking-claimed', 'For professionals too, and a tick without time and wording is none.', (who) =>
    professional.contacts(who, yes('consent_open_tracking_email', null, null), { findings: ['consent.unproved'] }),
  ),
  person('partners-unlisted', 'Consent to sharing without the list of partners it was given for covers nobody.', (who) =>
    consumer.contacts(who, yes('consent_partner_sharing_email', '2026-05-04T09:00:00.000Z', 'PART-2026-02'), {
      retention: ['prospect', '2029-05-04'],
      findings: ['consent.forbidden'],
      consent: ['newsletter:email:granted', 'partner_sharing:email:granted'],
    }),
  ),
  person('partners-listed', 'With the list.', (who) =>
    consumer.contacts(
      who,
      { ...yes('consent_partner_sharing_email', '2026-05-04T09:00:00.000Z', 'PART-2026-02'), partner_list_version: '2026-02' },
      { retention: ['prospect', '2029-05-04'], consent: ['newsletter:email:granted', 'partner_sharing:email:granted'] },
    ),
  ),
  person('refused-with-proof', 'A refusal is kept, and breaks nothing.', (who) =>
    consumer.contacts(who, { consent_newsletter_email: 'no' }, { consent: ['newsletter:email:refused'] }),
  ),
  person('refused-without-proof', 'A refusal needs none.', (who) =>
    consumer.contacts(
      who,
      { ...NO_NEWSLETTER, consent_prospecting_consumer_email: 'no' },
      { consent: ['prospecting_consumer:email:refused'] },
    ),
  ),
  person('withdrawn', 'A withdrawal, and nothing beside it.', (who) =>
    consumer.contacts(
      who,
      { consent_newsletter_email: 'withdrawn', consent_newsletter_email_text: null },
      { consent: ['newsletter:email:withdrawn'] },
    ),
  ),

  person('opted-out-still-subscribed', 'Out of all e-mail, and still on the list.', (who) =>
    consumer.contacts(
      who,
      { ...NO_NEWSLETTER, hs_email_optout: 'true', newsletter_status: 'subscribed' },
      { ...ignored, consent: EMAIL_OUT, retention: ['newsletter_only', '2028-06-02'] },
    ),
  ),
  person(
    'opted-out-with-old-consent',
    'Out of all e-mail beside a proved yes: an opt-out without a date is honoured (GDPR art. 21(3)).',
    (who) => consumer.contacts(who, { hs_email_optout: 'true' }, { ...ignored, consent: EMAIL_OUT }),
  ),
  person('opted-out-cleanly', 'Out of all e-mail, with nothing that says otherwise; the post remains.', (who) =>
    professional.contacts(who, { hs_email_optout: 'true' }, { consent: EMAIL_OUT }),
  ),
  person('opted-out-marketing-contact', 'The marketing marker is no contradiction where the opt-out closes the channel itself.', (who) =>
    professional.contacts(who, { hs_email_optout: 'true', hs_marketable_status: 'true' }, { consent: EMAIL_OUT }),
  ),
  person('opt-out-false', 'A box that is not ticked is no opt-out.', (who) => professional.contacts(who, { hs_email_optout: 'false' })),
  person('do-not-call', 'No calls; e-mail and post remain.', (who) => professional.Lead(who, { DoNotCall: true }, { consent: CALL_OUT })),
  person(
    'unsubscribed-with-later-proof',
    'An undated "unsubscribed" beside a proved yes: nobody can say which came last, so the no holds.',
    (who) => consumer.contacts(who, { newsletter_status: 'unsubscribed' }, { ...ignored, consent: ['newsletter:email:withdrawn'] }),
  ),
  person('on-the-suppression-list', 'Objected, and HubSpot would still write: its own opt-out was never set (GDPR art. 21(3)).', (who) =>
    professional.contacts(who, {}, { ...ignored, suppressed: true, consent: null }),
  ),
  person(
    'on-the-suppression-list-and-opted-out',
    'Objected, and HubSpot knows: nobody may contact the person, and nothing says otherwise.',
    (who) => professional.contacts(who, { hs_email_optout: 'true' }, { suppressed: true, status: 'blocked', consent: null }),
  ),
  person('on-the-suppression-list-and-subscribed', 'The CRM still claims a consent.', (who) =>
    consumer.contacts(who, {}, { ...ignored, suppressed: true, consent: null }),
  ),
  person(
    'on-the-suppression-list-with-contract',
    'Service messages may still reach a customer (GDPR art. 21(2) speaks of marketing).',
    (who) => professional.contacts(who, { ...running, hs_email_optout: 'true' }, { suppressed: true, consent: null, ...kept }),
  ),

  person('restricted', 'Frozen (GDPR art. 18(2)): nobody may use it, and nobody claims to.', (who) =>
    professional.contacts(who, { processing_restricted: 'true' }, { status: 'blocked' }),
  ),
  person('restricted-and-in-use', 'Frozen, and the newsletter still claims it.', (who) =>
    consumer.contacts(who, { processing_restricted: 'true' }, { findings: ['consent.restricted_in_use'], status: 'blocked' }),
  ),
  person('restriction-lifted', 'Not frozen.', (who) => consumer.contacts(who, { processing_restricted: 'false' })),
  person('restricted-lead', 'Frozen in Salesforce, contract or not.', (who) =>
    professional.Contact(
      who,
      { Processing_Restricted__c: true, Customer_Since__c: '2022-03-01', Contract_Status__c: 'active' },
      { status: 'blocked', ...kept },
    ),
  ),

  person('fifteen-tomorrow', 'Fourteen years old (LIL art. 45): no marketing to a child.', (who) =>
    consumer.contacts(who, { date_of_birth: '2011-11-22' }, { findings: ['consent.child'], status: 'blocked', consent: [] }),
  ),
  person(
    'fifteen-today',
    'Fifteen years old today, and agreed at thirteen: a child cannot agree alone (GDPR art. 8(1)), so ask again.',
    (who) => consumer.contacts(who, { date_of_birth: '2011-11-21' }, { findings: ['consent.unproved'], consent: [] }),
  ),
  person('fifteen-when-agreed', 'Agreed on the fifteenth birthday.', (who) => consumer.contacts(who, { date_of_birth: '2010-06-02' })),
  person('fourteen-with-contract', 'A child with a contract: service messages only, and still a finding.', (who) =>
    consumer.contacts(who, { ...running, date_of_birth: '2012-01-15' }, { findings: ['consent.child'], consent: [], ...kept }),
  ),
  person('fourteen-contact', 'The same gate in Salesforce.', (who) =>
    consumer.Contact(who, { Birthdate: '2012-11-21' }, { findings: ['consent.child'], status: 'blocked', consent: [] }),
  ),

  person('purchased-a-month-and-a-day-ago', 'Data from a broker, and no notice within a month (GDPR art. 14(3)(a)).', (who) =>
    professional.contacts(
      who,
      { collection_source: 'purchased', collection_date: '2026-10-20', privacy_notice_date: null },
      { findings: ['consent.not_informed'], status: 'blocked', retention: ['prospect', '2029-10-20'] },
    ),
  ),
  person(
    'purchased-a-month-ago',
    'The last day of that month: the notice can still be sent today, and must be before any message.',
    (who) =>
      professional.contacts(
        who,
        { collection_source: 'purchased', collection_date: '2026-10-21', privacy_notice_date: null },
        { status: 'blocked', retention: ['prospect', '2029-10-21'] },
      ),
  ),
  person('purchased-three-weeks-ago', 'Well within the month.', (who) =>
    professional.contacts(
      who,
      { collection_source: 'purchased', collection_date: '2026-10-31', privacy_notice_date: null },
      { status: 'blocked', retention: ['prospect', '2029-10-31'] },
    ),
  ),
  person('purchased-and-informed', 'With the notice sent, a professional like any other.', (who) =>
    professional.contacts(who, { collection_source: 'purchased' }),
  ),
  person('public-not-informed', 'Copied from a public page.', (who) =>
    professional.Lead(
      who,
      { Collection_Source__c: 'public', Privacy_Notice_Date__c: null },
      { findings: ['consent.not_informed'], status: 'blocked' },
    ),
  ),
  person('partner-not-informed', 'From a partner.', (who) =>
    professional.contacts(
      who,
      { collection_source: 'partner', privacy_notice_date: null },
      { findings: ['consent.not_informed'], status: 'blocked' },
    ),
  ),
  person(
    'source-unknown-not-informed',
    'Nobody knows where from: who must prove it treats it as not from the person (GDPR art. 5(2)).',
    (who) =>
      professional.contacts(
        who,
        { collection_source: null, privacy_notice_date: null },
        { findings: ['consent.not_informed'], status: 'blocked' },
      ),
  ),
  person('source-unknown-informed', 'Informed anyway: fine.', (who) => professional.contacts(who, { collection_source: null })),

  person('marketing-contact-informed', 'A French professional who was informed may be written to about the job.', (who) =>
    professional.contacts(who, { hs_marketable_status: 'true' }),
  ),
  person(
    'marketing-contact-not-informed',
    'Who gave the details in person and was never told what for may not; with a running contract, service mail alone.',
    (who) =>
      professional.contacts(
        who,
        { ...running, privacy_notice_date: null, hs_marketable_status: 'true' },
        { findings: ['consent.marketing_without_permission'], ...kept },
      ),
  ),
  person('marketing-contact-german', 'A German professional needs to have agreed (UWG § 7).', (who) =>
    professional.contacts(
      who,
      { country: 'Germany', hs_marketable_status: 'true' },
      { findings: ['consent.marketing_without_permission'] },
    ),
  ),
  person('marketing-contact-german-agreed', 'And here did.', (who) =>
    professional.contacts(
      who,
      { country: 'Germany', hs_marketable_status: 'true', ...yes('consent_newsletter_email', '2026-05-04T09:00:00.000Z', 'NL-2026-01') },
      { retention: ['prospect', '2029-05-04'], consent: ['newsletter:email:granted'] },
    ),
  ),
  person(
    'marketing-consumer-customer',
    'A consumer with a running contract agreed to nothing: service mail, no offers (the soft opt-in is off).',
    (who) =>
      consumer.contacts(
        who,
        { ...NO_NEWSLETTER, ...running, optout_offered_date: '2022-03-01', hs_marketable_status: 'true' },
        { findings: ['consent.marketing_without_permission'], consent: [], ...kept },
      ),
  ),
  person(
    'consumer-customer',
    'The same without the marker; calls about the running contract are allowed (C. conso. L223-1 al. 4).',
    (who) =>
      consumer.contacts(
        who,
        { ...NO_NEWSLETTER, ...running, optout_offered_date: '2022-03-01', phone: '01 99 00 12 38' },
        { consent: [], ...kept },
      ),
  ),
  person('marketing-generic-mailbox', "contact@ of a company is no natural person's mailbox.", (who) =>
    consumer.contacts(
      who,
      { ...NO_NEWSLETTER, email: 'contact@scierie.example', hs_marketable_status: 'true' },
      { audience: 'generic_mailbox', consent: [] },
    ),
  ),
  person('marketing-generic-mailbox-abroad', 'Elsewhere than in France even contact@ must have agreed.', (who) =>
    consumer.contacts(
      who,
      { ...NO_NEWSLETTER, country: 'Belgium', email: 'info@scierie.example', hs_marketable_status: 'true' },
      { audience: 'generic_mailbox', findings: ['consent.marketing_without_permission'], consent: [] },
    ),
  ),
  person('marketing-free-mailbox', 'A company and a job behind a free mailbox: a consumer, to be on the safe side.', (who) =>
    professional.contacts(
      who,
      { email: `${who.slug}.accord-demo-1@gmail.com`, hs_marketable_status: 'true' },
      { audience: 'consumer', findings: ['consent.marketing_without_permission'] },
    ),
  ),
  person('company-without-job', 'A company alone makes no professional.', (who) =>
    professional.contacts(who, { jobtitle: null }, { audience: 'consumer' }),
  ),
  person('contact-at-free-provider', "contact@ at a free provider is somebody's mailbox.", (who) =>
    consumer.contacts(who, { email: 'contact.accord-demo-2@laposte.net', ...NO_NEWSLETTER }, { consent: [] }),
  ),
  person('professional-consumer-call', 'Consent to consumer calls, given by a professional: no line of the policy uses it.', (who) =>
    professional.contacts(
      who,
      { phone: '01 99 00 12 37', ...yes('consent_prospecting_consumer_call', '2026-05-04T09:00:00.000Z', 'PC-TEL-2026-01') },
      { retention: ['prospect', '2029-05-04'], findings: ['consent.forbidden'], consent: ['prospecting_consumer:call:granted'] },
    ),
  ),
  person('kept-for-nothing', 'No consent, no contract, no address, no notice: why is it kept?', (who) =>
    consumer.contacts(
      who,
      { ...NO_NEWSLETTER, ...noAddress, privacy_notice_date: null },
      { findings: ['consent.no_purpose'], status: 'blocked', consent: [] },
    ),
  ),
  person('kept-for-the-post', 'With an address and the notice, postal mail is left.', (who) =>
    consumer.contacts(who, { ...NO_NEWSLETTER }, { consent: [] }),
  ),
  person('kept-for-the-contract', 'A running contract is a reason.', (who) =>
    consumer.contacts(who, { ...NO_NEWSLETTER, ...noAddress, ...running, privacy_notice_date: null }, { consent: [], ...kept }),
  ),
  person('kept-for-the-event', 'So is an event the person registered for.', (who) =>
    consumer.contacts(
      who,
      { ...NO_NEWSLETTER, ...noAddress, privacy_notice_date: null, event_registered_date: '2026-11-02' },
      { retention: ['prospect', '2029-11-02'], consent: [] },
    ),
  ),
  person('kept-for-nothing-in-salesforce', 'The same question in Salesforce.', (who) =>
    consumer.Lead(
      who,
      { ...NO_NEWSLETTER_SF, Street: null, PostalCode: null, City: null, Privacy_Notice_Date__c: null },
      { findings: ['consent.no_purpose'], status: 'blocked', consent: [] },
    ),
  ),
]

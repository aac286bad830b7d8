/** How long people may be kept: GDPR art. 5(1)(e). A period ends on the day of the same date: due when today >= start + period. */
import { type Case, consumer, NO_NEWSLETTER, person, professional } from './person.ts'

const due = { findings: ['retention.erase_due'], status: 'blocked' } as const
const archive = { findings: ['retention.archive_due'], status: 'blocked' } as const
const old = { collection_date: '2023-11-21', createdate: '2023-11-21T09:00:00.000Z', privacy_notice_date: '2023-11-21' }
const customer = {
  customer_since: '2015-03-02',
  collection_date: '2015-03-02',
  privacy_notice_date: '2015-03-02',
  lifecyclestage: 'customer',
}

export const retention: readonly Case[] = [
  person('prospect-three-years-today', 'Collected three years ago to the day, silent since: to be erased (CNIL, three years).', (who) =>
    professional.contacts(who, old, { ...due, retention: ['prospect', '2026-11-21'] }),
  ),
  person('prospect-three-years-tomorrow', 'One day younger: still kept, with the warning of the last sixty days.', (who) =>
    professional.contacts(
      who,
      { ...old, collection_date: '2023-11-22' },
      { findings: ['retention.warning'], retention: ['prospect', '2026-11-22'] },
    ),
  ),
  person('prospect-sixty-days-left', 'Sixty days before the end the warning begins.', (who) =>
    professional.contacts(
      who,
      { collection_date: '2024-01-20' },
      { findings: ['retention.warning'], retention: ['prospect', '2027-01-20'] },
    ),
  ),
  person('prospect-sixty-one-days-left', 'A day earlier there is none.', (who) =>
    professional.contacts(who, { collection_date: '2024-01-21' }, { retention: ['prospect', '2027-01-21'] }),
  ),
  person('prospect-dated-by-record', "No collection date: the record's own creation counts, in the time zone of the controller.", (who) =>
    professional.contacts(who, { ...old, collection_date: null }, { ...due, retention: ['prospect', '2026-11-21'] }),
  ),
  person('prospect-created-late-at-night', '23:30 in London is the next day in Paris: one day less old.', (who) =>
    professional.contacts(
      who,
      { collection_date: null, createdate: '2023-11-21T23:30:00.000Z' },
      { findings: ['retention.warning'], retention: ['prospect', '2026-11-22'] },
    ),
  ),
  person('prospect-leap-day', 'Collected on 29 February 2024: three years end on 28 February 2027.', (who) =>
    professional.contacts(who, { collection_date: '2024-02-29' }, { retention: ['prospect', '2027-02-28'] }),
  ),
  person('prospect-opened', 'An open is no act of the person (CNIL SAN-2020-003): the clock runs on.', (who) =>
    professional.contacts(
      who,
      { ...old, hs_email_last_open_date: '2026-11-20T08:00:00.000Z' },
      { ...due, retention: ['prospect', '2026-11-21'] },
    ),
  ),
  person('prospect-clicked', 'A click is one: three years from it.', (who) =>
    professional.contacts(who, { ...old, hs_email_last_click_date: '2026-03-04T08:00:00.000Z' }, { retention: ['prospect', '2029-03-04'] }),
  ),
  person('prospect-clicked-sales-mail', 'So is a click in a one-to-one e-mail.', (who) =>
    professional.contacts(
      who,
      { ...old, hs_sales_email_last_clicked: '2025-12-01T08:00:00.000Z' },
      { retention: ['prospect', '2028-12-01'] },
    ),
  ),
  person('prospect-clicked-three-years-ago', 'A click three years ago to the day keeps nobody any longer.', (who) =>
    professional.contacts(
      who,
      { collection_date: '2020-05-04', hs_email_last_click_date: '2023-11-21T08:00:00.000Z' },
      { ...due, retention: ['prospect', '2026-11-21'] },
    ),
  ),
  person('prospect-edited-by-staff', 'Calls of ours and edits by staff restart nothing.', (who) =>
    professional.contacts(
      who,
      { ...old, notes_last_contacted: '2026-11-20T08:00:00.000Z', lastmodifieddate: '2026-11-20T08:00:00.000Z' },
      { ...due, retention: ['prospect', '2026-11-21'] },
    ),
  ),
  person('prospect-replied', 'A reply does.', (who) =>
    professional.contacts(who, { ...old, hs_email_last_reply_date: '2026-11-20T08:00:00.000Z' }, { retention: ['prospect', '2029-11-20'] }),
  ),
  person('prospect-replied-to-sales', 'So does a reply to a salesperson.', (who) =>
    professional.contacts(
      who,
      { ...old, hs_sales_email_last_replied: '2026-01-15T08:00:00.000Z' },
      { retention: ['prospect', '2029-01-15'] },
    ),
  ),
  person('prospect-filled-a-form', 'So does a form.', (who) =>
    professional.contacts(who, { ...old, recent_conversion_date: '2026-01-15T08:00:00.000Z' }, { retention: ['prospect', '2029-01-15'] }),
  ),
  person('lead-three-years-today', 'The same period in the other CRM.', (who) =>
    professional.Lead(
      who,
      { Collection_Date__c: '2023-11-21', Privacy_Notice_Date__c: '2023-11-21' },
      { ...due, retention: ['prospect', '2026-11-21'] },
    ),
  ),
  person('lead-three-years-next-quarter', 'And its near miss.', (who) =>
    professional.Lead(
      who,
      { Collection_Date__c: '2024-02-02', Privacy_Notice_Date__c: '2024-02-02' },
      { retention: ['prospect', '2027-02-02'] },
    ),
  ),

  person('contract-runs', 'A running contract keeps the file, however old (GDPR art. 6(1)(b)); its end is not known.', (who) =>
    professional.contacts(
      who,
      { ...customer, contract_status: 'active', last_purchase_date: '2016-01-04' },
      { retention: ['former_customer', null] },
    ),
  ),
  person('contract-ended-same-dates', 'The same dates with the contract ended: over three and over five years.', (who) =>
    professional.contacts(
      who,
      { ...customer, contract_status: 'ended', last_purchase_date: '2016-01-04' },
      { ...due, retention: ['former_customer', '2019-01-04'] },
    ),
  ),
  person('contract-ended-three-years-today', 'Due today, and the contract file must outlive it: archived (C. com. L110-4).', (who) =>
    professional.contacts(
      who,
      { ...customer, contract_status: 'ended', contract_end_date: '2023-11-21' },
      { ...archive, retention: ['former_customer', '2026-11-21'] },
    ),
  ),
  person('contract-ended-three-years-tomorrow', 'One day later: nothing is due, and former customers are not warned.', (who) =>
    professional.contacts(
      who,
      { ...customer, contract_status: 'ended', contract_end_date: '2023-11-22' },
      { retention: ['former_customer', '2026-11-22'] },
    ),
  ),
  person('contract-ended-five-years-tomorrow', 'The last day on which the contract file is kept.', (who) =>
    professional.contacts(
      who,
      { ...customer, contract_status: 'ended', contract_end_date: '2021-11-22' },
      { ...archive, retention: ['former_customer', '2024-11-22'] },
    ),
  ),
  person('contract-ended-five-years-today', 'Five years are over: erased.', (who) =>
    professional.contacts(
      who,
      { ...customer, contract_status: 'ended', contract_end_date: '2021-11-21' },
      { ...due, retention: ['former_customer', '2024-11-21'] },
    ),
  ),
  person('purchase-three-years-today', 'A sale without contract: due, archived for the sale file.', (who) =>
    professional.contacts(
      who,
      { ...customer, last_purchase_date: '2023-11-21' },
      { ...archive, retention: ['former_customer', '2026-11-21'] },
    ),
  ),
  person('purchase-three-years-tomorrow', 'One day later: nothing due.', (who) =>
    professional.contacts(who, { ...customer, last_purchase_date: '2023-11-22' }, { retention: ['former_customer', '2026-11-22'] }),
  ),
  person('purchase-five-years-tomorrow', 'The last day of the sale file.', (who) =>
    professional.contacts(
      who,
      { ...customer, last_purchase_date: '2021-11-22' },
      { ...archive, retention: ['former_customer', '2024-11-22'] },
    ),
  ),
  person('purchase-five-years-today', 'Erased.', (who) =>
    professional.contacts(who, { ...customer, last_purchase_date: '2021-11-21' }, { ...due, retention: ['former_customer', '2024-11-21'] }),
  ),
  person('warranty-later-than-purchase', 'The relationship ends with the warranty, not with the sale.', (who) =>
    professional.contacts(
      who,
      { ...customer, last_purchase_date: '2021-01-04', warranty_end_date: '2028-01-04' },
      { retention: ['former_customer', '2031-01-04'] },
    ),
  ),
  person('former-customer-clicked', 'A former customer who clicks is kept from there.', (who) =>
    professional.contacts(
      who,
      { ...customer, last_purchase_date: '2019-01-04', hs_email_last_click_date: '2025-01-15T08:00:00.000Z' },
      { retention: ['former_customer', '2028-01-15'] },
    ),
  ),
  person('former-customer-collected-late', "A collection date is no part of a customer's clock: a re-import keeps nobody.", (who) =>
    professional.contacts(
      who,
      { ...customer, last_purchase_date: '2019-01-04', collection_date: '2026-10-01' },
      { ...due, retention: ['former_customer', '2022-01-04'] },
    ),
  ),
  person(
    'customer-without-dates',
    'A customer without any date of sale, contract or act: start unknown, a person decides; never kept for ever.',
    (who) => professional.contacts(who, customer, { findings: ['retention.start_unknown'], retention: ['former_customer', null] }),
  ),
  person('customer-contact-five-years-tomorrow', 'The same lines in Salesforce.', (who) =>
    professional.Contact(
      who,
      { Customer_Since__c: '2015-03-02', Contract_Status__c: 'ended', Contract_End_Date__c: '2021-11-22' },
      { ...archive, retention: ['former_customer', '2024-11-22'] },
    ),
  ),
  person('customer-contact-five-years-today', 'And their other side.', (who) =>
    professional.Contact(
      who,
      { Customer_Since__c: '2015-03-02', Contract_Status__c: 'ended', Contract_End_Date__c: '2021-11-21' },
      { ...due, retention: ['former_customer', '2024-11-21'] },
    ),
  ),

  person('legal-hold', 'Due, and needed for a claim (GDPR art. 17(3)(e)): archived instead.', (who) =>
    professional.contacts(who, { ...old, legal_hold: 'true' }, { ...archive, retention: ['prospect', '2026-11-21'] }),
  ),
  person('legal-hold-lifted', 'The same without the hold: erased.', (who) =>
    professional.contacts(who, { ...old, legal_hold: 'false' }, { ...due, retention: ['prospect', '2026-11-21'] }),
  ),
  person('legal-hold-not-due', 'A hold on a record that is not due changes nothing.', (who) =>
    professional.contacts(who, { legal_hold: 'true' }),
  ),
  person('open-request', 'A due record with an open request waits for its end (GDPR art. 18(1)).', (who) =>
    professional.contacts(who, old, { openRequest: true, retention: ['prospect', '2026-11-21'] }),
  ),

  person('reader-three-years-today', 'A reader is reviewed, not erased: the subscription is a wish of the person.', (who) =>
    consumer.contacts(
      who,
      { ...old, newsletter_status: 'subscribed', consent_newsletter_email_date: '2023-11-21T08:00:00.000Z' },
      { findings: ['consent.review_due', 'retention.review_due'], retention: ['newsletter_only', '2026-11-21'] },
    ),
  ),
  person('reader-three-years-tomorrow', 'One day later: nothing, and readers are not warned.', (who) =>
    consumer.contacts(
      who,
      { collection_date: '2023-11-22', newsletter_status: 'subscribed', consent_newsletter_email_date: '2023-11-22T08:00:00.000Z' },
      { retention: ['newsletter_only', '2026-11-22'] },
    ),
  ),
  person('reader-unsubscribed', 'Who unsubscribed is a prospect: erased after three years.', (who) =>
    consumer.contacts(
      who,
      { ...old, ...NO_NEWSLETTER, newsletter_status: 'unsubscribed' },
      { ...due, consent: ['newsletter:email:withdrawn'], retention: ['prospect', '2026-11-21'] },
    ),
  ),

  person(
    'account-idle-two-years-today',
    'An online account without sign-in for two years; the person as a prospect has a year left.',
    (who) =>
      professional.contacts(
        who,
        { account_created_date: '2023-12-01', collection_date: '2024-02-01', last_sign_in: '2024-11-21T09:00:00.000Z' },
        { findings: ['retention.account_due'], retention: ['prospect', '2027-11-21'] },
      ),
  ),
  person('account-idle-thirty-days-left', 'Thirty days before the end the warning about the account begins.', (who) =>
    professional.contacts(
      who,
      { account_created_date: '2023-12-01', last_sign_in: '2024-12-21T09:00:00.000Z' },
      { findings: ['retention.warning'], retention: ['prospect', '2028-06-02'] },
    ),
  ),
  person('account-idle-thirty-one-days-left', 'Thirty-one days ahead there is no warning.', (who) =>
    professional.contacts(who, { account_created_date: '2023-12-01', last_sign_in: '2024-12-22T09:00:00.000Z' }),
  ),
  person('account-never-signed-in', 'Never signed in: two years from the day it was opened.', (who) =>
    professional.contacts(
      who,
      { account_created_date: '2024-06-03', hs_email_last_click_date: '2026-05-04T08:00:00.000Z' },
      { findings: ['retention.account_due'], retention: ['prospect', '2029-05-04'] },
    ),
  ),
  person('sign-in-keeps-prospect', 'A sign-in is an act of the person.', (who) =>
    professional.contacts(who, { ...old, last_sign_in: '2026-05-04T09:00:00.000Z' }, { retention: ['prospect', '2029-05-04'] }),
  ),
  person('sign-in-keeps-salesforce-contact', 'The one act that Salesforce knows.', (who) =>
    professional.Contact(
      who,
      { Collection_Date__c: '2021-01-04', Last_Sign_In__c: '2026-05-04T09:00:00.000+0000' },
      { retention: ['prospect', '2029-05-04'] },
    ),
  ),
  person('collected-in-the-future', 'A collection date in the future is a typing error, and starts no clock.', (who) =>
    professional.contacts(
      who,
      { collection_date: '2027-05-01' },
      { findings: ['accuracy.date_implausible', 'retention.start_unknown'], retention: ['prospect', null] },
    ),
  ),
]

/** The demo portal's and org's own fields, under both names, filled from one person: the two CRMs cannot drift apart by accident. */
import { dateText } from './calendar.ts'
import type { ConsentField } from './consents.ts'
import { type Dice, chance, pick } from './random.ts'
import { noticeOn } from './permission.ts'
import type { Person } from './person.ts'
import type { SourceStory } from './shares.ts'
import type { World } from './stories.ts'

export type Crm = 'hubspot' | 'salesforce'
type Row = Record<string, unknown>
/** How one CRM writes an instant. */
type Instant = (at: number) => string

/** The three fields of a consent in one CRM. */
type ConsentNames = { readonly answer: string; readonly date: string; readonly text: string }
const hubspotNames = (stem: string): ConsentNames => ({ answer: stem, date: `${stem}_date`, text: `${stem}_text` })
const salesforceNames = (stem: string): ConsentNames => ({ answer: `${stem}__c`, date: `${stem}_Date__c`, text: `${stem}_Text__c` })

const CONSENT_NAMES: Readonly<Record<ConsentField, Readonly<Record<Crm, ConsentNames>>>> = {
  newsletter_email: { hubspot: hubspotNames('consent_newsletter_email'), salesforce: salesforceNames('Consent_Newsletter_Email') },
  prospecting_consumer_email: {
    hubspot: hubspotNames('consent_prospecting_consumer_email'),
    salesforce: salesforceNames('Consent_Prospect_Email'),
  },
  prospecting_consumer_sms: {
    hubspot: hubspotNames('consent_prospecting_consumer_sms'),
    salesforce: salesforceNames('Consent_Prospect_Sms'),
  },
  prospecting_consumer_call: {
    hubspot: hubspotNames('consent_prospecting_consumer_call'),
    salesforce: salesforceNames('Consent_Prospect_Call'),
  },
  open_tracking_email: { hubspot: hubspotNames('consent_open_tracking_email'), salesforce: salesforceNames('Consent_Open_Tracking') },
  partner_sharing_email: { hubspot: hubspotNames('consent_partner_sharing_email'), salesforce: salesforceNames('Consent_Partner_Email') },
}
const INTERESTS = ['outillage', 'signalétique', 'formation', 'maintenance', 'emballage']
const SOURCE_VALUES: Readonly<Record<SourceStory, string | null>> = {
  'purchased-not-informed': 'purchased',
  'purchased-informed': 'purchased',
  'public-not-informed': 'public',
  'public-informed': 'public',
  'partner-not-informed': 'partner',
  'import-not-informed': 'import',
  'source-unknown': null,
}
/** Sets the facts below in the names of `crm`. Empty ones are left out, as an API leaves them empty. */
export function addCustomFields(world: World, person: Person, crm: Crm, dice: Dice, instant: Instant, row: Row): void {
  const set = (hubspot: string, salesforce: string, value: string | null | undefined): void => {
    if (value !== null && value !== undefined) row[crm === 'hubspot' ? hubspot : salesforce] = value
  }
  const day = (value: number | undefined): string | undefined => (value === undefined ? undefined : dateText(value))
  const { life, stories } = person
  set('contract_status', 'Contract_Status__c', life.contractStatus)
  set('contract_end_date', 'Contract_End_Date__c', day(life.contractEndOn))
  set('warranty_end_date', 'Warranty_End_Date__c', day(life.warrantyEndOn))
  set('customer_since', 'Customer_Since__c', day(life.customerSinceOn))
  set('last_purchase_date', 'Last_Purchase_Date__c', day(life.lastPurchaseOn))
  set('account_created_date', 'Account_Created_Date__c', day(life.accountCreatedOn))
  set('last_sign_in', 'Last_Sign_In__c', life.lastSignInAt === undefined ? null : instant(life.lastSignInAt))
  set('event_registered_date', 'Event_Registered_Date__c', day(life.eventRegisteredOn))
  set('newsletter_status', 'Newsletter_Status__c', life.newsletterStatus)
  set('partner_list_version', 'Partner_List_Version__c', stories.consent === 'partner-listed' ? '2026-02' : null)
  set('siren', 'Siren__c', person.siren)
  if (life.newsletterStatus !== undefined && chance(dice, 0.4))
    set('interests', 'Interests__c', `${INTERESTS[person.index % 3]};${pick(dice, INTERESTS.slice(3))}`)
  set('collection_source', 'Collection_Source__c', stories.source === null ? 'person' : SOURCE_VALUES[stories.source])
  set('collection_date', 'Collection_Date__c', dateText(life.collectedOn))
  set('privacy_notice_date', 'Privacy_Notice_Date__c', day(noticeOn(world, person)))
  set('optout_offered_date', 'Optout_Offered_Date__c', life.customerSinceOn === undefined ? null : day(life.customerSinceOn))
  undeclared(person, set)
  consents(person, crm, instant, row)
}

function undeclared(person: Person, set: (hubspot: string, salesforce: string, value: string | null) => void): void {
  const story = person.stories.undeclared
  if (story === 'children-count') set('children_count', 'Children_Count__c', String(1 + (person.index % 4)))
  if (story === 'lead-magnet-code') set('lead_magnet_code', 'Lead_Magnet_Code__c', `LM-${1000 + (person.index % 9000)}`)
}

function consents(person: Person, crm: Crm, instant: Instant, row: Row): void {
  for (const consent of person.consents) {
    if (consent.only !== undefined && consent.only !== crm) continue
    const names = CONSENT_NAMES[consent.field][crm]
    row[names.answer] = consent.answer
    if (consent.at !== null) row[names.date] = instant(consent.at)
    if (consent.text !== null) row[names.text] = consent.text
  }
}

/** Born so that the age of fifteen (LIL art. 45) and of majority fall on the side the story says; `null` when nobody asked. */
export function bornOn(world: World, person: Person, dice: Dice): string | null {
  const { calendar } = world
  const days = Math.floor(dice() * 900)
  if (person.stories.state === 'under-15') return dateText(calendar.yearsAgo(15) + 1 + days)
  if (person.stories.state === 'from-15-to-17') return dateText(calendar.yearsAgo(15) - days)
  return !person.business && chance(dice, 0.12) ? dateText(calendar.yearsAgo(19) - Math.floor(dice() * 18000)) : null
}

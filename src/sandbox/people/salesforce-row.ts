/** The Salesforce rows: Accounts, Individuals, Contacts and Leads, with the types the REST API returns (booleans are booleans). */
import type { SeedRow } from '../crm.ts'
import { dateText, DAY_MS, salesforceInstant } from './calendar.ts'
import { companyAt } from './company.ts'
import { addCustomFields, bornOn } from './custom-fields.ts'
import { contactOfDoubledLead, personOfContact, personOfLead, type SalesforcePlace } from './layout.ts'
import { withoutAccents } from './names.ts'
import { countryOf, type Person, personAt } from './person.ts'
import { chance, type Dice, diceFor, mix, pick } from './random.ts'
import { salesforceId } from './salesforce-id.ts'
import { ALWAYS } from './shares.ts'
import { LANES, type Stories, storiesOf, type World } from './stories.ts'
import { TEXT_POOLS } from './texts.ts'

type Row = Record<string, unknown>

/** Salesforce requires a family name and, on a Lead, a company: what users type when they know neither. */
const NO_NAME = 'Inconnu'
const NO_COMPANY = '-'
const LEAD_STATUSES = ['Open - Not Contacted', 'Working - Contacted', 'Closed - Not Converted']

export function recordId(world: World, place: SalesforcePlace): string {
  return salesforceId(place.object === 'Contact' ? '003' : '00Q', serial(world, place.index))
}

export function accountRow(world: World, group: number): SeedRow {
  const country = countryOf(world, group)
  const company = companyAt(world.seed, group, country)
  const created = salesforceInstant(world.calendar.now - (100 + (group % 3000)) * DAY_MS)
  return {
    Id: accountId(world, group),
    Name: company.name,
    Website: `https://${company.domain}`,
    Industry: company.industry,
    Type: 'Customer - Direct',
    CreatedDate: created,
    LastModifiedDate: created,
    SystemModstamp: created,
  }
}

export function hasIndividual(world: World, person: number): boolean {
  return isIndividual(world, person, storiesOf(world, person))
}

function isIndividual(world: World, person: number, { state }: Stories): boolean {
  return state === 'should-forget' || (mix(world.seed ^ mix(person ^ 0x1d)) >>> 0) / 4294967296 < ALWAYS.individual
}

export function individualRow(world: World, index: number): SeedRow {
  const person = personAt(world, index)
  const row: Row = {
    Id: individualId(world, index),
    LastName: person.family?.text ?? NO_NAME,
    HasOptedOutSolicit: optedOut(person),
    HasOptedOutProfiling: false,
    HasOptedOutTracking: false,
    HasOptedOutProcessing: false,
    ShouldForget: person.stories.state === 'should-forget',
    SendIndividualData: false,
    ...stamps(person),
  }
  set(row, 'FirstName', person.given?.text)
  if (person.stories.undeclared === 'children-count') row['ChildrenCount'] = 1 + (index % 4)
  return row
}

export function contactRow(world: World, contact: number): SeedRow {
  const person = personAt(world, personOfContact(world.layout, contact))
  const dice = diceFor(world.seed, person.index, LANES.salesforce)
  const row: Row = { Id: recordId(world, { object: 'Contact', index: contact }), ...stamps(person) }
  if (person.company !== null) row['AccountId'] = accountId(world, person.index >> 2)
  common(world, person, dice, row)
  address(person, 'Mailing', row)
  set(row, 'Birthdate', bornOn(world, person, diceFor(world.seed, person.index, LANES.extras + 100)))
  return row
}

export function leadRow(world: World, lead: number): SeedRow {
  const person = personAt(world, personOfLead(world.layout, lead))
  const dice = diceFor(world.seed, person.index, LANES.salesforce + 100)
  const row: Row = { Id: recordId(world, { object: 'Lead', index: lead }), ...stamps(person) }
  row['Company'] = person.company?.name ?? NO_COMPANY
  common(world, person, dice, row)
  address(person, '', row)
  conversion(world, person, lead, row)
  row['IsConverted'] ??= false
  row['Status'] ??= pick(dice, LEAD_STATUSES)
  return row
}

/** Two in three doubled Leads were converted into the Contact; the rest were typed in twice. */
function conversion(world: World, person: Person, lead: number, row: Row): void {
  if (lead >= world.layout.doubledLeads || lead % 3 === 2) return
  row['IsConverted'] = true
  row['Status'] = 'Closed - Converted'
  row['ConvertedDate'] = dateText(Math.floor(person.life.createdAt / DAY_MS))
  row['ConvertedContactId'] = recordId(world, { object: 'Contact', index: contactOfDoubledLead(world.layout, lead) })
  if (person.company !== null) row['ConvertedAccountId'] = accountId(world, person.index >> 2)
}

function common(world: World, person: Person, dice: Dice, row: Row): void {
  const { stories } = person
  const plain = stories.identity === 'name-without-accents'
  const shown = (text: string): string => (plain ? withoutAccents(text) : text)
  set(row, 'FirstName', person.given === null ? null : shown(person.given.text))
  row['LastName'] = person.family === null ? NO_NAME : shown(person.family.text)
  if (person.given !== null && chance(dice, 0.4)) row['Salutation'] = person.gender === 'f' ? pick(dice, ['Ms.', 'Mrs.']) : 'Mr.'
  set(row, 'Email', emailInSalesforce(person))
  set(row, 'Phone', person.phone)
  set(row, 'MobilePhone', person.mobile)
  set(row, 'Title', person.jobTitle)
  row['LeadSource'] = leadSource(person)
  row['HasOptedOutOfEmail'] = optedOut(person)
  row['HasOptedOutOfFax'] = false
  row['DoNotCall'] = stories.consent === 'do-not-call'
  row['Legal_Hold__c'] = stories.state === 'legal-hold'
  row['Processing_Restricted__c'] = stories.state === 'restricted'
  if (isIndividual(world, person.index, stories)) row['IndividualId'] = individualId(world, person.index)
  addCustomFields(world, person, 'salesforce', dice, salesforceInstant, row)
  if (stories.text !== null && person.index % 10 > 4)
    row[chance(dice, 0.5) ? 'Description' : 'Sales_Notes__c'] = pick(dice, TEXT_POOLS[stories.text])
}

function emailInSalesforce(person: Person): string | null {
  const { identity } = person.stories
  if (identity === 'second-email') return person.otherEmail
  if (identity !== 'email-case' || person.email === null) return person.email
  return person.index % 2 === 0 ? person.email.toUpperCase() : person.email.replace(/^./, (letter) => letter.toUpperCase())
}

function address({ place }: Person, prefix: 'Mailing' | '', row: Row): void {
  if (place === null) return
  row[`${prefix}Street`] = place.street
  row[`${prefix}City`] = place.city
  row[`${prefix}PostalCode`] = place.postalCode
  row[`${prefix}Country`] = place.country
}

function leadSource(person: Person): string {
  const { source } = person.stories
  if (source === null || source === 'source-unknown') return person.index % 4 === 0 ? 'Phone Inquiry' : 'Web'
  if (source.startsWith('purchased')) return 'Purchased List'
  return source.startsWith('partner') ? 'Partner Referral' : 'Other'
}

function optedOut({ stories }: Person): boolean {
  return stories.consent === 'opt-out-both' || stories.consent === 'opt-out-salesforce-only'
}

function stamps({ life }: Person): Row {
  const modified = salesforceInstant(life.modifiedAt)
  return { CreatedDate: salesforceInstant(life.createdAt), LastModifiedDate: modified, SystemModstamp: modified }
}

export function accountId(world: World, group: number): string {
  return salesforceId('001', serial(world, group))
}

export function individualId(world: World, person: number): string {
  return salesforceId('0PK', serial(world, person))
}

/** Seeds start far apart, so that two worlds share no id. */
export function serial(world: World, index: number): number {
  return 1_000_000 + (mix(world.seed) >>> 0) * 10_000 + index * 3
}

/** The groups of four with somebody in Salesforce: each has an Account. */
export function accountGroups(world: World): { readonly first: number; readonly last: number } {
  const { firstInSalesforce, persons } = world.layout
  return { first: firstInSalesforce >> 2, last: (persons - 1) >> 2 }
}

function set(row: Row, name: string, value: string | null | undefined): void {
  if (value !== null && value !== undefined) row[name] = value
}

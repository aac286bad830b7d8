/** One person as a HubSpot contact: flat properties, every value text, as the API returns them. */
import type { SeedRow } from '../crm.ts'
import { hubspotInstant } from './calendar.ts'
import { addCustomFields, bornOn } from './custom-fields.ts'
import { personOfHubspotRow, salesforcePlace } from './layout.ts'
import type { Country } from './names.ts'
import { mayBeMailed } from './permission.ts'
import { type Person, personAt } from './person.ts'
import { chance, type Dice, diceFor, mix, pick } from './random.ts'
import { recordId } from './salesforce-row.ts'
import { ALWAYS, type BasisStory } from './shares.ts'
import { LANES, type World } from './stories.ts'
import { TEXT_POOLS } from './texts.ts'

/** Eleven digits, growing with the row, with gaps. */
const FIRST_ID = 27_000_000_000
const ID_GAP = 97

/** HubSpot docs, default contact properties: the values of hs_legal_basis, two of them with an EN DASH. */
const PROSPECT = 'Legitimate interest – prospect/lead'
const CUSTOMER = 'Legitimate interest – existing customer'
const OTHER = 'Legitimate interest - other'
const CONTRACT = 'Performance of a contract'
const CONSENT = 'Freely given consent from contact'
const BASIS_VALUES: Readonly<Record<BasisStory, string>> = {
  'not-applicable': 'Not applicable',
  'legitimate-other': OTHER,
  'consent-claimed': CONSENT,
  several: `${CONTRACT};${CUSTOMER}`,
}
const LANGUAGES: Readonly<Record<Country, string>> = {
  FR: 'fr',
  DE: 'de',
  ES: 'es',
  IT: 'it',
  BE: 'fr-be',
  NL: 'nl',
  PL: 'pl',
  GB: 'en-gb',
  GR: 'el',
}
const SALUTATIONS: Readonly<Record<'f' | 'm', readonly string[]>> = {
  f: ['Mme', 'Madame', 'Mrs', 'Frau'],
  m: ['M.', 'Monsieur', 'Mr', 'Herr'],
}

type Row = Record<string, unknown>

/** Record id of a row. */
export function hubspotId(world: World, row: number): string {
  return String(FIRST_ID + row * ID_GAP + ((mix(row ^ world.seed) >>> 0) % ID_GAP))
}

export function hubspotContact(world: World, row: number): SeedRow {
  const person = personAt(world, personOfHubspotRow(world.layout, row))
  const dice = diceFor(world.seed, person.index, LANES.hubspot)
  const contact: Row = {
    hs_object_id: hubspotId(world, row),
    createdate: hubspotInstant(person.life.createdAt),
    lastmodifieddate: hubspotInstant(person.life.modifiedAt),
    archived: false,
  }
  who(person, dice, contact)
  contactPoints(person, contact)
  acts(person, contact)
  addCustomFields(world, person, 'hubspot', dice, hubspotInstant, contact)
  marks(world, person, dice, contact)
  crossIds(world, person, dice, contact)
  comment(person, dice, contact)
  return contact
}

function who(person: Person, dice: Dice, row: Row): void {
  set(row, 'firstname', person.given?.text)
  set(row, 'lastname', person.family?.text)
  if (person.given !== null && chance(dice, 0.3)) row['salutation'] = pick(dice, SALUTATIONS[person.gender])
  set(row, 'company', person.company?.name)
  set(row, 'jobtitle', person.jobTitle)
  row['hs_language'] = LANGUAGES[person.country]
  row['lifecyclestage'] = person.life.lifecycle
}

function contactPoints(person: Person, row: Row): void {
  // An address is unique in a portal: the second of a couple, the second user of contact@, has none.
  if (!person.borrowsEmail) set(row, 'email', person.email)
  const { identity } = person.stories
  if (identity === 'additional-email' || identity === 'second-email') row['hs_additional_emails'] = person.otherEmail
  if (identity === 'work-email') row['work_email'] = person.otherEmail
  set(row, 'phone', person.phone)
  set(row, 'mobilephone', person.mobile)
  set(row, 'address', person.place?.street)
  set(row, 'city', person.place?.city)
  set(row, 'zip', person.place?.postalCode)
  set(row, 'country', person.place?.country)
}

function acts({ life }: Person, row: Row): void {
  setInstant(row, 'recent_conversion_date', life.formAt)
  setInstant(row, 'hs_email_last_reply_date', life.replyAt)
  setInstant(row, 'hs_sales_email_last_replied', life.salesReplyAt)
  setInstant(row, 'hs_email_last_click_date', life.clickAt)
  setInstant(row, 'hs_sales_email_last_clicked', life.salesClickAt)
  setInstant(row, 'hs_email_last_open_date', life.openAt)
  setInstant(row, 'notes_last_contacted', life.contactedAt)
}

function marks(world: World, person: Person, dice: Dice, row: Row): void {
  const { stories } = person
  set(row, 'date_of_birth', bornOn(world, person, diceFor(world.seed, person.index, LANES.extras + 100)))
  if (stories.state === 'restricted') row['processing_restricted'] = 'true'
  if (stories.state === 'legal-hold') row['legal_hold'] = 'true'
  if (stories.undeclared === 'marital-status') row['marital_status'] = pick(dice, ['Married', 'Single', 'Divorced'])
  if (stories.undeclared === 'gender') row['gender'] = person.gender === 'f' ? 'female' : 'male'
  if (stories.undeclared === 'military-status') row['military_status'] = 'Veteran'
  const out = stories.consent === 'opt-out-both' || stories.consent === 'opt-out-hubspot-only' || stories.consent === 'reader-opted-out'
  if (out) row['hs_email_optout'] = 'true'
  set(row, 'hs_legal_basis', stories.basis === null ? plainBasis(person) : BASIS_VALUES[stories.basis])
  row['hs_object_source'] =
    stories.source === null || stories.source === 'source-unknown' ? pick(dice, ['FORM', 'CRM_UI', 'INTEGRATION']) : 'IMPORT'
  row['hs_marketable_status'] = isMarketed(world, person, dice) ? 'true' : 'false'
  if (stories.identity === 'merged-in-hubspot') {
    const loser = FIRST_ID - 1 - person.index
    row['hs_merged_object_ids'] = chance(dice, 0.2) ? `${loser};${loser - 7_000_000_000}` : String(loser)
  }
}

/** The marker follows the law for most people: three in four of those who may be mailed have it. */
function isMarketed(world: World, person: Person, dice: Dice): boolean {
  const luck = dice()
  return person.stories.marketing === 'marketed-unlawfully' || (mayBeMailed(world, person) && luck < 0.75)
}

function plainBasis(person: Person): string | null {
  if (person.life.contractStatus === 'active') return CONTRACT
  // Three in five records of the others name a basis at all.
  if (person.index % 5 > 2) return null
  if (person.life.customerSinceOn !== undefined) return CUSTOMER
  return person.business ? PROSPECT : null
}

function crossIds(world: World, person: Person, dice: Dice, row: Row): void {
  const place = salesforcePlace(world.layout, person.index)
  if (place === null || !chance(dice, ALWAYS['cross-id'])) return
  row[place.object === 'Contact' ? 'salesforcecontactid' : 'salesforceleadid'] = recordId(world, place)
}

/** Nine in ten notes live in one CRM alone; which one depends on the person. */
function comment(person: Person, dice: Dice, row: Row): void {
  const story = person.stories.text
  if (story === null || person.index % 10 > 5) return
  row[chance(dice, 0.4) ? 'message' : 'sales_notes'] = pick(dice, TEXT_POOLS[story])
}

function set(row: Row, name: string, value: string | null | undefined): void {
  if (value !== null && value !== undefined) row[name] = value
}

function setInstant(row: Row, name: string, at: number | undefined): void {
  if (at !== undefined) row[name] = hubspotInstant(at)
}

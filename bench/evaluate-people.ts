/** Contacts for the judge: the sandbox's people as the connector would hand them over, and mutated so that every rule is met. */
import type { RawFields } from '../src/core/judge/judge.ts'
import { generatePeople } from '../src/sandbox/people/index.ts'
import { chance, diceFor, pick, type Dice } from '../src/sandbox/people/random.ts'

/** `openRequest`, `suppressed`: what Accord itself knows of the person. */
export type Contact = { readonly fields: RawFields; readonly suppressed: boolean; readonly openRequest: boolean }
/** `mutated`: share of contacts that are changed; the others stay what the sandbox made. */
export type PeopleOptions = {
  readonly count: number
  readonly seed: number
  readonly now: number
  readonly reads: readonly string[]
  /** Fields that nobody fills. */
  readonly empty: readonly string[]
  readonly mutated: number
}

const lane = 9_001

const days = ['2009-02-28', '2015-06-30', '2020-02-29', '2021-11-21', '2021-11-22', '2023-11-20', '2023-11-21', '2023-11-22', '2026-11-20']
const ahead = ['2027-03-31', '2029-01-01']
const consents = [
  'newsletter_email',
  'prospecting_consumer_email',
  'prospecting_consumer_sms',
  'prospecting_consumer_call',
  'open_tracking_email',
  'partner_sharing_email',
]
const instants = ['2022-01-05T09:00:00Z', '2025-11-20T22:59:59Z', '2025-11-21T23:00:00Z', '2026-06-01T10:00:00Z', '2026-11-20T08:00:00Z']
const emails = [
  'info@acier.example.fr',
  'contact+salon@acier.example.fr',
  'camille@acier.example.fr',
  'info@gmail.com',
  'camille@orange.fr',
  'camille@',
]
/** By field, values that move a contact from one rule to another; null empties the field. */
const values: Readonly<Record<string, readonly (string | null)[]>> = {
  email: [...emails, null],
  company: ['Acier', null],
  jobtitle: ['Directrice', null],
  country: ['France', 'FR', 'Deutschland', 'Belgique', 'La Réunion', 'Atlantis', null],
  processing_restricted: ['true', 'false', 'yes', 'perhaps', null],
  date_of_birth: ['1980-05-01', '2011-11-21', '2011-11-22', '2019-01-01', '1980-13-01', null],
  collection_source: ['person', 'purchased', 'partner', null],
  privacy_notice_date: ['2026-01-01', '2026-02-31', null],
  contract_status: ['active', 'ended', null],
  contract_end_date: [...days, ...ahead, null],
  warranty_end_date: [...days, ...ahead, null],
  last_purchase_date: [...days, ...ahead, null],
  customer_since: ['2015-01-01', '2099-01-01', null],
  collection_date: [...days, null],
  recent_conversion_date: [...instants, ...days, '2031-01-01T00:00:00Z', null],
  newsletter_status: ['subscribed', 'unsubscribed', null],
  event_registered_date: ['2026-10-01', null],
  partner_list_version: ['2026-02', null],
  legal_hold: ['true', 'false', null],
  hs_email_optout: ['true', 'false', null],
  phone: ['0145678901', null],
  mobilephone: ['0612345678', null],
  address: ['1 rue de la Paix', null],
}
const mutable = Object.keys(values)

/**
 * In batches of a CRM's page and its like, so that a contact is judged soon after it was read, as in a sweep. The same options give the same
 * contacts. Fields that HubSpot has no value for come as null, as in its answers.
 */
export function* contactBatches({ count, seed, now, reads, empty, mutated }: PeopleOptions, size: number): Generator<readonly Contact[]> {
  let batch: Contact[] = []
  let index = 0
  for (const row of generatePeople(count, seed, now).hubspot.contacts()) {
    const fields: Record<string, string | null> = {}
    for (const name of reads) {
      const value = empty.includes(name) ? null : row[name]
      fields[name] = value === undefined || value === null || value === '' ? null : String(value)
    }
    const dice = diceFor(seed, index++, lane)
    if (chance(dice, mutated)) mutate(fields, dice)
    batch.push({ fields: asParsed(fields), suppressed: chance(dice, 0.03), openRequest: chance(dice, 0.02) })
    if (batch.length < size && index < count) continue
    yield batch
    batch = []
  }
}

/** The connector hands on what it parsed, and such objects are read faster than those that were filled name by name. */
function asParsed(fields: RawFields): RawFields {
  return JSON.parse(JSON.stringify(fields)) as RawFields
}

function mutate(fields: Record<string, string | null>, dice: Dice): void {
  for (let changes = 1 + Math.floor(dice() * 6); changes > 0; changes--) {
    const name = pick(dice, mutable)
    fields[name] = pick(dice, values[name] ?? [null])
  }
  for (const consent of consents) if (chance(dice, 0.2)) answer(fields, `consent_${consent}`, dice)
  // A field that the token may not read is absent from HubSpot's answer.
  if (chance(dice, 0.04)) delete fields[pick(dice, [...mutable, ...consents.map((consent) => `consent_${consent}`)])]
}

function answer(fields: Record<string, string | null>, name: string, dice: Dice): void {
  fields[name] = pick(dice, ['yes', 'yes', 'yes', 'no', 'withdrawn', 'maybe', null])
  fields[`${name}_date`] = pick(dice, [...instants, null])
  fields[`${name}_text`] = pick(dice, ['TXT-2026-05', 'TXT-2026-05', null])
}

/** What hangs on some HubSpot contacts: their company, a deal, notes, calls and emails, with what colleagues write about people. */
import type { SeedRow } from '../crm.ts'
import { hubspotInstant } from './calendar.ts'
import { companyAt } from './company.ts'
import { hubspotId } from './hubspot-row.ts'
import { hubspotRowOf } from './layout.ts'
import { type Person, personAt } from './person.ts'
import { between, type Dice, diceFor, pick } from './random.ts'
import { LANES, type World } from './stories.ts'
import { TEXT_POOLS } from './texts.ts'

/** One in so many: of the groups of four a company, of the persons each of the others. */
const ONE_IN = { companies: 8, deals: 50, notes: 25, calls: 100, emails: 100 } as const
/** Ids of a type grow with the person; each type has its own range. */
const FIRST_ID = {
  companies: 31_000_000_000,
  deals: 41_000_000_000,
  notes: 51_000_000_000,
  calls: 61_000_000_000,
  emails: 71_000_000_000,
} as const
const STAGES = ['appointmentscheduled', 'presentationscheduled', 'contractsent', 'closedwon', 'closedlost']

/** Colleagues of one group whose company the portal keeps as a record of its own. */
export function* companyRows(world: World): Generator<SeedRow> {
  for (let group = 0; group * 4 < world.layout.count; group += ONE_IN.companies) {
    const members = [0, 1, 2, 3].map((place) => group * 4 + place).filter((index) => index < world.layout.count)
    const people = members.map((index) => personAt(world, index)).filter((person) => person.company !== null)
    const [first] = people
    if (first === undefined) continue
    const { name, domain } = companyAt(world.seed, group, first.country)
    yield {
      hs_object_id: String(FIRST_ID.companies + group),
      createdate: hubspotInstant(first.life.createdAt),
      hs_lastmodifieddate: hubspotInstant(first.life.modifiedAt),
      name,
      domain,
      ...(first.place === null ? {} : { city: first.place.city, country: first.place.country }),
      associations: { contacts: people.map((person) => contactId(world, person)) },
    }
  }
}

export function* dealRows(world: World): Generator<SeedRow> {
  for (const { person, dice, head } of chosen(world, 'deals', 7)) {
    yield {
      ...head,
      createdate: hubspotInstant(person.life.createdAt),
      dealname: `${person.company?.name ?? nameOf(person)} – ${pick(dice, ['renouvellement', 'première commande', 'maintenance'])}`,
      amount: String(between(dice, 5, 400) * 100),
      pipeline: 'default',
      dealstage: pick(dice, STAGES),
      closedate: hubspotInstant(person.life.modifiedAt),
    }
  }
}

export function* noteRows(world: World): Generator<SeedRow> {
  for (const { person, dice, head } of chosen(world, 'notes', 3)) {
    yield { ...activity(person, head), hs_note_body: `<p>${nameOf(person)}, ${reach(person)} : ${said(person, dice)}</p>` }
  }
}

export function* callRows(world: World): Generator<SeedRow> {
  for (const { person, dice, head } of chosen(world, 'calls', 23)) {
    yield {
      ...activity(person, head),
      hs_call_title: `Appel avec ${nameOf(person)}`,
      hs_call_body: said(person, dice),
      hs_call_direction: pick(dice, ['INBOUND', 'OUTBOUND']),
      hs_call_status: 'COMPLETED',
      hs_call_duration: String(between(dice, 20, 1800) * 1000),
      ...(person.phone === null ? {} : { hs_call_to_number: person.phone }),
    }
  }
}

export function* emailRows(world: World): Generator<SeedRow> {
  for (const { person, dice, head } of chosen(world, 'emails', 11)) {
    const email = person.email ?? person.otherEmail
    const names = { firstName: person.given?.text ?? '', lastName: person.family?.text ?? '' }
    yield {
      ...activity(person, head),
      hs_email_subject: 'Suite à notre échange',
      hs_email_text: `Bonjour ${nameOf(person)}, ${said(person, dice)}`,
      hs_email_direction: 'EMAIL',
      hs_email_status: 'SENT',
      hs_email_headers: JSON.stringify({ from: { email: 'sales@sandbox.example' }, to: [{ email, ...names }], cc: [], bcc: [] }),
      hs_email_to_email: email,
      ...(names.firstName === '' ? {} : { hs_email_to_firstname: names.firstName }),
      ...(names.lastName === '' ? {} : { hs_email_to_lastname: names.lastName }),
    }
  }
}

type Chosen = { person: Person; dice: Dice; head: SeedRow }

function* chosen(world: World, type: 'deals' | 'notes' | 'calls' | 'emails', first: number): Generator<Chosen> {
  for (let index = first; index < world.layout.count; index += ONE_IN[type]) {
    const person = personAt(world, index)
    const head = {
      hs_object_id: String(FIRST_ID[type] + index),
      hs_lastmodifieddate: hubspotInstant(person.life.modifiedAt),
      associations: { contacts: [contactId(world, person)] },
    }
    yield { person, dice: diceFor(world.seed, index, LANES.related), head }
  }
}

function activity(person: Person, head: SeedRow): SeedRow {
  const at = hubspotInstant(person.life.createdAt)
  return { ...head, hs_createdate: at, hs_timestamp: at }
}

function contactId(world: World, person: Person): string {
  return hubspotId(world, hubspotRowOf(world.layout, person.index))
}

function nameOf({ given, family }: Person): string {
  return [given?.text, family?.text].filter((name) => name !== undefined).join(' ') || 'le contact'
}

function reach(person: Person): string {
  return person.phone ?? person.email ?? 'sans coordonnées'
}

function said({ stories }: Person, dice: Dice): string {
  return pick(dice, TEXT_POOLS[stories.text ?? 'harmless'])
}

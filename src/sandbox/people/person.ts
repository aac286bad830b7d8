/** One person, before any CRM: who they are and where they can be reached. Derived from (seed, count, now, index) alone. */
import { COUNTRY_NAMES, type Company, companyAt, messyCountry, type Place, placeIn } from './company.ts'
import { type Consent, consentsOf } from './consents.ts'
import { type Life, lifeOf } from './life.ts'
import { type Country, familyName, type Gender, givenName, type Name } from './names.ts'
import { filmMobileOf, type Home, landlineOf, mobileOf } from './phone.ts'
import { between, chance, type Dice, diceFor, mix, pick } from './random.ts'
import { ALWAYS } from './shares.ts'
import { LANES, type Stories, storiesOf, type World } from './stories.ts'

export type Person = {
  readonly index: number
  readonly stories: Stories
  readonly business: boolean
  readonly country: Country
  readonly gender: Gender
  /** `null` when nobody ever asked. */
  readonly given: Name | null
  readonly family: Name | null
  readonly company: Company | null
  readonly jobTitle: string | null
  /** Lower case; shared with others in a couple or at a shared mailbox. */
  readonly email: string | null
  /** The mailbox belongs to an earlier member of the group: HubSpot, where an address is unique, has this person without it. */
  readonly borrowsEmail: boolean
  readonly otherEmail: string
  readonly phone: string | null
  readonly mobile: string | null
  readonly place: Place | null
  readonly siren: string | null
  readonly life: Life
  readonly consents: readonly Consent[]
}

const NEIGHBOURS: readonly Country[] = ['DE', 'ES', 'IT', 'BE', 'NL', 'PL', 'GB', 'BE', 'DE', 'GR']
const JOBS: Readonly<Record<Gender, readonly string[]>> = {
  f: [
    'Directrice marketing',
    'Acheteuse',
    'Responsable RH',
    'Gérante',
    'Cheffe de projet',
    'DAF',
    'Office manager',
    'Ingénieure qualité',
    'CEO',
    'Head of Sales',
  ],
  m: [
    'Directeur commercial',
    'Acheteur',
    'Responsable informatique',
    'Gérant',
    'Chef de chantier',
    'DAF',
    'Supply chain manager',
    'Technicien',
    'CTO',
    'Buyer',
  ],
}
const APPLICATIONS = ['Candidature spontanée', 'Candidat alternance', 'Job applicant']
/** Mailbox domains of individuals: reserved ones, so that nobody owns the mailbox. */
const HOME_DOMAINS = ['courriel.example', 'messagerie.example.fr', 'home.example.org', 'boite.test', 'mail.example.com']
/** Real free providers, for the rule that knows them. The local part names this demo and a number, and Gmail allows no hyphen in one. */
const FREE_DOMAINS = ['gmail.com', 'gmail.com', 'gmail.com', 'orange.fr', 'free.fr', 'laposte.net', 'hotmail.fr']
const FREE_SHARE = 0.25
const NO_NUMBERS = ['voir standard', 'n/a', 'liste rouge', 'ask reception']
const SHARED_LOCALS = ['contact', 'info', 'compta']
/** `#` becomes the person's number: HubSpot keeps even a bad address once. */
const BAD_EMAILS = ['pas-un-mail-#', 'client.#@', '@#.example.fr', 'n/a #', 'client # @example.fr', 'contact@@#.example.fr', 'inconnu#']

export function personAt(world: World, index: number): Person {
  const stories = storiesOf(world, index)
  const group = index >> 2
  const country = countryOf(world, group)
  const dice = diceFor(world.seed, index, LANES.extras)
  const business = isBusiness(stories, chance(dice, ALWAYS.business))
  const company = business ? companyAt(world.seed, group, country) : null
  const gender: Gender =
    stories.group === 'couple' ? ((index & 1) === 0 ? 'f' : 'm') : genderOf(world, stories.identity === 'namesake' ? index ^ 4 : index)
  const { given, family } = namesOf(world, index, stories, gender)
  const points = diceFor(world.seed, index, LANES.contactPoints)
  const place = placeOf(points, stories, country)
  const applicant = stories.relationship === 'applicant'
  const life = lifeOf(world.calendar, diceFor(world.seed, index, LANES.life), everyday(stories, business, dice))
  return {
    index,
    stories,
    business,
    country,
    gender,
    given,
    family,
    company,
    jobTitle: applicant ? pick(dice, APPLICATIONS) : business ? pick(dice, JOBS[gender]) : null,
    email: emailOf(world, index, stories, company, given, family),
    borrowsEmail: stories.group !== null && (index & 3) !== 0,
    otherEmail: `${given?.slug ?? 'contact'}.${index}@${HOME_DOMAINS[index % HOME_DOMAINS.length]}`,
    ...telephonesOf(points, stories, business, { country, told: place?.country === COUNTRY_NAMES[country] }),
    place,
    siren: business && chance(points, 0.1) ? sirenOf(index) : null,
    life,
    consents: consentsOf(world.calendar, diceFor(world.seed, index, LANES.consent), stories, life),
  }
}

function isBusiness(stories: Stories, drawn: boolean): boolean {
  if (stories.group !== null) return stories.group === 'shared-mailbox'
  return drawn && stories.state !== 'under-15' && stories.state !== 'from-15-to-17'
}

/** The life of those whom no relationship story befell. */
function everyday(stories: Stories, business: boolean, dice: () => number): Parameters<typeof lifeOf>[2] {
  if (stories.relationship !== null) return stories.relationship
  const luck = dice()
  if (stories.consent === 'reader-opted-out') return 'recent-reader'
  if (luck < 0.4) return 'customer-running'
  if (luck < 0.48) return 'former-customer-recent'
  return business ? 'recent-prospect' : 'recent-reader'
}

/** Colleagues live in one country. */
export function countryOf(world: World, group: number): Country {
  const dice = diceFor(world.seed, group, LANES.company)
  return chance(dice, ALWAYS.french) ? 'FR' : pick(dice, NEIGHBOURS)
}

function namesOf(world: World, index: number, stories: Stories, gender: Gender): { given: Name | null; family: Name | null } {
  if (stories.identity === 'no-name') return { given: null, family: null }
  // A namesake takes the whole name of a person of the next group.
  const source = stories.identity === 'namesake' ? index ^ 4 : index
  const country = countryOf(world, source >> 2)
  const dice = diceFor(world.seed, source, LANES.name)
  const offset = mix(world.seed ^ (source >> 2)) >>> 8
  if (stories.group === 'couple') {
    return { given: givenName(dice, country, gender), family: familyName(diceFor(world.seed, source >> 2, LANES.name), country, offset, 0) }
  }
  // One person in twelve bears names from elsewhere.
  const origin = chance(dice, 0.08) ? pick(dice, NEIGHBOURS) : country
  const family = familyName(dice, origin, offset, source & 3)
  return { given: givenName(dice, origin, genderOf(world, source)), family }
}

function genderOf(world: World, index: number): Gender {
  return (mix(world.seed ^ mix(index)) & 1) === 0 ? 'f' : 'm'
}

function emailOf(
  world: World,
  index: number,
  stories: Stories,
  company: Company | null,
  given: Name | null,
  family: Name | null,
): string | null {
  if (stories.identity === 'no-email') return null
  if (stories.identity === 'bad-email')
    return pick(() => (index % BAD_EMAILS.length) / BAD_EMAILS.length, BAD_EMAILS).replace('#', String(index))
  const group = index >> 2
  if (stories.group === 'couple') return `famille.${family?.slug ?? 'x'}.${group}@${HOME_DOMAINS[group % HOME_DOMAINS.length]}`
  if (stories.group === 'shared-mailbox' && company !== null) return `${SHARED_LOCALS[group % SHARED_LOCALS.length]}@${company.domain}`
  if (given === null || family === null) return `client.${index}@${company?.domain ?? HOME_DOMAINS[index % HOME_DOMAINS.length]}`
  const local = `${given.slug}.${family.slug}`
  const dice = diceFor(world.seed, index, LANES.contactPoints + 100)
  if (company === null) return homeAddress(local, index, chance(dice, FREE_SHARE), dice)
  return stories.identity === 'namesake' ? `${local}.${index}@${company.domain}` : `${local}@${company.domain}`
}

function telephonesOf(dice: Dice, stories: Stories, business: boolean, home: Home): { phone: string | null; mobile: string | null } {
  const phone = chance(dice, business ? 0.8 : 0.3) ? landlineOf(dice, home) : null
  if (stories.telephone === 'film-mobile') return { phone, mobile: filmMobileOf(dice, home) }
  if (stories.telephone === 'no-number') return { phone: pick(dice, NO_NUMBERS), mobile: null }
  return { phone, mobile: chance(dice, 0.4) ? mobileOf(dice, home) : null }
}

function homeAddress(local: string, index: number, free: boolean, dice: () => number): string {
  return free ? `${local}.accord-demo-${index}@${pick(dice, FREE_DOMAINS)}` : `${local}.${index}@${pick(dice, HOME_DOMAINS)}`
}

function placeOf(dice: () => number, stories: Stories, country: Country): Place | null {
  const known = stories.fine || chance(dice, 0.8)
  if (!known) return null
  const place = placeIn(dice, country, between(dice, 1, 180))
  return stories.fine || chance(dice, 0.85) ? place : { ...place, country: messyCountry(dice, country) }
}

/** Nine digits with a valid Luhn key under a prefix that names no company: five zeros. */
function sirenOf(index: number): string {
  const stem = `00000${String(index % 1000).padStart(3, '0')}`
  let sum = 0
  for (let i = 0; i < stem.length; i++) {
    const digit = Number(stem[stem.length - 1 - i])
    const doubled = i % 2 === 0 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return stem + String((10 - (sum % 10)) % 10)
}

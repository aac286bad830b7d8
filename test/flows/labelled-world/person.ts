/**
 * How the labelled people are written down: one natural person per case, one record per CRM row, each row with what the law and
 * the policy say of it. Names are combined from two lists, addresses lie under reserved domains, telephones in ranges for fiction.
 */

export const TODAY = '2026-11-21'

export type Status = 'ok' | 'attention' | 'blocked'
export type Home = 'contacts' | 'Contact' | 'Lead'
export type Row = Readonly<Record<string, string | boolean | null>>
/** `retention`: rule and first day on which the end action is due. `consent`: `purpose:channel:status`, without the unknown ones; `null`: not labelled. */
export type Label = {
  readonly audience: string
  readonly status: Status
  readonly findings: readonly string[]
  readonly consent: readonly string[] | null
  readonly retention: readonly [rule: string, dueOn: string | null]
}
/** What the judge is told besides the record. */
export type Context = { readonly suppressed?: true; readonly openRequest?: true }
export type Record_ = { readonly home: Home; readonly row: Row; readonly label: Label; readonly context: Context }
/** All records of one person belong together, unless `unlinked` says that nothing in them may prove it. */
export type LabelledPerson = {
  readonly id: string
  readonly why: string
  readonly records: readonly Record_[]
  readonly unlinked: boolean
}
export type Who = { readonly given: string; readonly family: string; readonly slug: string }

const GIVEN = [
  'Élodie',
  'Benoît',
  'Chloé',
  'Driss',
  'Ève',
  'François',
  'Gaëlle',
  'Hervé',
  'Inès',
  'Jérôme',
  'Karim',
  'Loïc',
  'Maïwenn',
  'Noël',
  'Océane',
]
const FAMILY = [
  'Lefèvre',
  "d'Aubigné",
  'Guérin',
  'Le Gall',
  'Müller',
  'Saint-Clair',
  "N'Diaye",
  'Pœtzel',
  'Évrard',
  'de La Tour',
  'Châtelain',
  'Łęcki',
  'Cœur',
  'Bénard',
  'Rétif',
  'Bousquet-Delmas',
  'Lançon',
  'Vaïsse',
]

/** The `n`th person's name: no two of the first 270 are alike. */
export function nameOf(n: number): Who {
  const given = GIVEN[n % GIVEN.length] ?? ''
  const family = FAMILY[Math.floor(n / GIVEN.length) % FAMILY.length] ?? ''
  return { given, family, slug: `${plain(given)}.${plain(family)}` }
}

function plain(text: string): string {
  return text
    .replaceAll('Ł', 'l')
    .replaceAll('œ', 'oe')
    .normalize('NFKD')
    .replaceAll(/\p{M}|'/gu, '')
    .replaceAll(' ', '-')
    .toLowerCase()
}

type Change = { readonly [field: string]: string | boolean | null }
type Told = Partial<Label> & Context

/** A French professional, met at a fair in June 2025, informed the same day, fine in every respect. */
export const professional = {
  contacts: (who: Who, change: Change = {}, told: Told = {}) =>
    record(
      'contacts',
      { ...hubspot(who, `${who.slug}@menuiserie.example.fr`), company: 'Menuiserie des Tilleuls', jobtitle: 'Gérante', ...change },
      PRO,
      told,
    ),
  Contact: (who: Who, change: Change = {}, told: Told = {}) =>
    record(
      'Contact',
      {
        ...salesforce(who, 'Mailing', `${who.slug}@menuiserie.example.fr`),
        AccountId: 'Menuiserie des Tilleuls',
        Title: 'Gérante',
        ...change,
      },
      PRO,
      told,
    ),
  Lead: (who: Who, change: Change = {}, told: Told = {}) =>
    record(
      'Lead',
      { ...salesforce(who, '', `${who.slug}@menuiserie.example.fr`), Company: 'Menuiserie des Tilleuls', Title: 'Gérante', ...change },
      PRO,
      told,
    ),
}

/** A French consumer who subscribed to the newsletter in June 2025, with proof, fine in every respect. */
export const consumer = {
  contacts: (who: Who, change: Change = {}, told: Told = {}) =>
    record('contacts', { ...hubspot(who, `${who.slug}@courriel.example`), ...PROVED_NEWSLETTER, ...change }, CONSUMER, told),
  Contact: (who: Who, change: Change = {}, told: Told = {}) =>
    record(
      'Contact',
      { ...salesforce(who, 'Mailing', `${who.slug}@courriel.example`), ...PROVED_NEWSLETTER_SF, ...change },
      CONSUMER,
      told,
    ),
  Lead: (who: Who, change: Change = {}, told: Told = {}) =>
    record(
      'Lead',
      { ...salesforce(who, '', `${who.slug}@courriel.example`), Company: '-', ...PROVED_NEWSLETTER_SF, ...change },
      CONSUMER,
      told,
    ),
}

/** No consent at all: what a consumer's row says when nobody ever asked. */
export const NO_NEWSLETTER = { consent_newsletter_email: null, consent_newsletter_email_date: null, consent_newsletter_email_text: null }
export const NO_NEWSLETTER_SF = {
  Consent_Newsletter_Email__c: null,
  Consent_Newsletter_Email_Date__c: null,
  Consent_Newsletter_Email_Text__c: null,
}

const PROVED_NEWSLETTER = {
  consent_newsletter_email: 'yes',
  consent_newsletter_email_date: '2025-06-02T08:30:00.000Z',
  consent_newsletter_email_text: 'NL-2025-03',
}
const PROVED_NEWSLETTER_SF = {
  Consent_Newsletter_Email__c: 'yes',
  Consent_Newsletter_Email_Date__c: '2025-06-02T08:30:00.000+0000',
  Consent_Newsletter_Email_Text__c: 'NL-2025-03',
}
const RETENTION = ['prospect', '2028-06-02'] as const
const PRO: Label = { audience: 'professional', status: 'ok', findings: [], consent: [], retention: RETENTION }
const CONSUMER: Label = { ...PRO, audience: 'consumer', consent: ['newsletter:email:granted'] }

function hubspot(who: Who, email: string): Row {
  return {
    createdate: '2025-06-02T08:30:00.000Z',
    lastmodifieddate: '2026-10-05T09:00:00.000Z',
    firstname: who.given,
    lastname: who.family,
    email,
    address: '1 rue des Lilas',
    zip: '69003',
    city: 'Lyon',
    country: 'France',
    hs_language: 'fr',
    collection_source: 'person',
    collection_date: '2025-06-02',
    privacy_notice_date: '2025-06-02',
  }
}

function salesforce(who: Who, prefix: 'Mailing' | '', email: string): Row {
  return {
    CreatedDate: '2025-06-02T08:30:00.000+0000',
    LastModifiedDate: '2026-10-05T09:00:00.000+0000',
    SystemModstamp: '2026-10-05T09:00:00.000+0000',
    FirstName: who.given,
    LastName: who.family,
    Email: email,
    [`${prefix}Street`]: '1 rue des Lilas',
    [`${prefix}PostalCode`]: '69003',
    [`${prefix}City`]: 'Lyon',
    [`${prefix}Country`]: 'France',
    HasOptedOutOfEmail: false,
    HasOptedOutOfFax: false,
    DoNotCall: false,
    Collection_Source__c: 'person',
    Collection_Date__c: '2025-06-02',
    Privacy_Notice_Date__c: '2025-06-02',
    ...(prefix === '' ? { Status: 'Open - Not Contacted', IsConverted: false } : {}),
  }
}

/** `null` in the change empties a field. A record with findings needs attention unless its label says that it is blocked. */
function record(home: Home, row: Row, usual: Label, { suppressed, openRequest, ...told }: Told): Record_ {
  const status = (told.findings ?? usual.findings).length === 0 ? usual.status : 'attention'
  return {
    home,
    row: Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
    label: { ...usual, status, ...told },
    context: { ...(suppressed === true ? { suppressed } : {}), ...(openRequest === true ? { openRequest } : {}) },
  }
}

/** One case before it has a number, and so before its person has a name. */
export type Case = {
  readonly id: string
  readonly why: string
  readonly unlinked: boolean
  readonly build: (who: Who) => readonly Record_[]
}

export function person(
  id: string,
  why: string,
  build: (who: Who) => Record_ | readonly Record_[],
  options: { unlinked?: boolean } = {},
): Case {
  return { id, why, unlinked: options.unlinked ?? false, build: (who) => [build(who)].flat() }
}

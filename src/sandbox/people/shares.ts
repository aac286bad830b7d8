/** How much of which mess: shares of all persons. The others of each theme are plain. One row of each table is one documented promise. */

/** People with nothing wrong on purpose, in any theme. */
export const FINE = 0.34

/** What the person was to the company, and which date is the last that counts. The others are recent prospects, customers and readers. */
export const RELATIONSHIPS = {
  /** Collected over three years ago, silent since. */
  'prospect-old': 0.045,
  /** The same, with recent opens, outbound calls and staff edits that restart nothing. */
  'prospect-old-opened': 0.025,
  /** The same, with a click in the last two years. */
  'prospect-old-clicked': 0.02,
  /** Three years are over within sixty days. */
  'prospect-due-soon': 0.02,
  'customer-running': 0.06,
  'former-customer-recent': 0.03,
  /** Contract ended between three and five years ago: the contract file is archived. */
  'former-customer-3-to-5': 0.025,
  'former-customer-over-5': 0.015,
  'sale-3-to-5': 0.012,
  'sale-over-5': 0.008,
  /** Last purchase over three years ago, warranty over one year ago. */
  'sale-under-warranty': 0.006,
  /** Applied for a job, never a prospect. */
  applicant: 0.008,
  'account-idle': 0.015,
  'account-active': 0.015,
  'event-guest': 0.015,
  'reader-old': 0.015,
} as const

/** What the CRMs say about consent. The others say nothing. */
export const CONSENTS = {
  'newsletter-proved': 0.07,
  'prospecting-proved': 0.025,
  /** `yes` without date and wording. */
  'import-unproved': 0.06,
  'call-valid': 0.015,
  /** Consent to calls older than one year. */
  'call-expired': 0.015,
  'open-tracking-proved': 0.02,
  'partner-listed': 0.007,
  'partner-unlisted': 0.004,
  'refusal-proved': 0.02,
  withdrawn: 0.03,
  /** Opted out of e-mail and still on the newsletter list. */
  'reader-opted-out': 0.012,
  'opt-out-hubspot-only': 0.02,
  'opt-out-salesforce-only': 0.02,
  'opt-out-both': 0.03,
  'do-not-call': 0.02,
  /** A proved yes in HubSpot, a later withdrawal in Salesforce. */
  contradicted: 0.008,
} as const

/** Where the data came from, when not from the person. */
export const SOURCES = {
  'purchased-not-informed': 0.03,
  'purchased-informed': 0.015,
  'public-not-informed': 0.015,
  'public-informed': 0.01,
  'partner-not-informed': 0.01,
  'import-not-informed': 0.015,
  'source-unknown': 0.03,
} as const

/** States that shut a record. */
export const STATES = {
  'under-15': 0.005,
  'from-15-to-17': 0.003,
  restricted: 0.003,
  'legal-hold': 0.003,
  'should-forget': 0.001,
} as const

/** HubSpot `hs_legal_basis` of people whose other data do not decide it. */
export const LEGAL_BASES = {
  'not-applicable': 0.012,
  'legitimate-other': 0.03,
  'consent-claimed': 0.04,
  several: 0.015,
} as const

/** HubSpot's marketing marker: the others have it only where somebody may write to them. */
export const MARKETING = {
  /** Set, whatever the person said. */
  'marketed-unlawfully': 0.03,
} as const

/** Fields that no purpose declares, filled in. */
export const UNDECLARED = {
  'children-count': 0.015,
  'marital-status': 0.015,
  'lead-magnet-code': 0.02,
  gender: 0.01,
  'military-status': 0.002,
} as const

/** Free text. The others have none. */
export const TEXTS = {
  harmless: 0.13,
  /** Words and digits that look like the sensitive ones below and are not. */
  'look-alike': 0.05,
  health: 0.006,
  religion: 0.003,
  origin: 0.003,
  union: 0.003,
  'sex-life': 0.002,
  offence: 0.003,
  insult: 0.006,
  'private-life': 0.005,
  secret: 0.004,
  card: 0.003,
  iban: 0.003,
  nir: 0.002,
} as const

/** Who is who. Couples and shared mailboxes come on top, by groups of four persons. */
export const IDENTITIES = {
  /** One address, other case in Salesforce. */
  'email-case': 0.07,
  /** Salesforce knows the second address, which HubSpot lists in hs_additional_emails. */
  'second-email': 0.03,
  'additional-email': 0.03,
  'work-email': 0.015,
  /** The full name of somebody else. */
  namesake: 0.02,
  'no-email': 0.04,
  'bad-email': 0.006,
  'no-name': 0.015,
  'name-without-accents': 0.03,
  'merged-in-hubspot': 0.01,
} as const

/** Shares of the groups of four persons. */
export const GROUPS = {
  /** The first two of the group share one mailbox and have different given names. */
  couple: 0.02,
  /** The first three of the group use the company's contact@, info@ or compta@. */
  'shared-mailbox': 0.02,
} as const

/** Shares of all persons, whatever else holds. */
export const ALWAYS = {
  business: 0.62,
  french: 0.7,
  /** Of those in both CRMs: HubSpot names the Salesforce record. */
  'cross-id': 0.55,
  /** Of the persons in Salesforce: an Individual. */
  individual: 0.7,
} as const

/** Telephones: the others can be dialled as far as their form goes. */
export const TELEPHONES = {
  /** A mobile number of a range for films: 06 39 98 in France, 07700 900 in the United Kingdom. */
  'film-mobile': 0.04,
  /** Words instead of a number. */
  'no-number': 0.008,
} as const

export type TelephoneStory = keyof typeof TELEPHONES
export type Relationship = keyof typeof RELATIONSHIPS
export type ConsentStory = keyof typeof CONSENTS
export type SourceStory = keyof typeof SOURCES
export type StateStory = keyof typeof STATES
export type BasisStory = keyof typeof LEGAL_BASES
export type MarketingStory = keyof typeof MARKETING
export type UndeclaredStory = keyof typeof UNDECLARED
export type TextStory = keyof typeof TEXTS
export type IdentityStory = keyof typeof IDENTITIES
export type GroupStory = keyof typeof GROUPS

export type WorldDescription = {
  /** Records of each CRM whose person is fine in every theme. */
  readonly fine: number
  /** Theme → story → share of all persons; `groups` are shares of the groups of four. */
  readonly themes: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** The documented shares of the generated world. */
export function describeWorld(): WorldDescription {
  return {
    fine: FINE,
    themes: {
      always: ALWAYS,
      relationship: RELATIONSHIPS,
      consent: CONSENTS,
      source: SOURCES,
      state: STATES,
      legalBasis: LEGAL_BASES,
      marketing: MARKETING,
      undeclared: UNDECLARED,
      telephone: TELEPHONES,
      text: TEXTS,
      identity: IDENTITIES,
      groups: GROUPS,
    },
  }
}

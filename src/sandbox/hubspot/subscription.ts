/** Kinds of e-mail a person can choose, and what was chosen. Source: HubSpot docs, "Subscription preferences". */
export type Definition = {
  id: number
  name: string
  description: string
  purpose: string
  communicationMethod: string
  isActive: boolean
  isDefault: boolean
  isInternal: boolean
  /** The brand it belongs to; 0 is the account's own. */
  businessUnitId: number
  createdAt: number
  updatedAt: number
}

export const STATES = ['SUBSCRIBED', 'UNSUBSCRIBED', 'NOT_SPECIFIED'] as const
export type State = (typeof STATES)[number]

export const LEGAL_BASES = [
  'LEGITIMATE_INTEREST_PQL',
  'LEGITIMATE_INTEREST_CLIENT',
  'LEGITIMATE_INTEREST_OTHER',
  'PERFORMANCE_OF_CONTRACT',
  'CONSENT_WITH_NOTICE',
  'NON_GDPR',
  'PROCESS_AND_STORE',
] as const
export type LegalBasis = (typeof LEGAL_BASES)[number]

/** Why a person may be written to, as whoever recorded the choice says it. */
export type Grounds = { legalBasis?: LegalBasis; legalBasisExplanation?: string }
export type Choice = { status: State; at: number; source: string; grounds: Grounds }
export type OptOut = { at: number; source: string }

/** What one address has chosen: by definition id, and for everything of the portal or of one brand. */
export type Preference = { choices: Map<number, Choice>; portal: OptOut | null; brands: Map<number, OptOut> }

/** Values on their way to the properties of the address's contact. */
export type PendingOptOut = { due: number; email: string; properties: Record<string, string> }

export function emptyPreference(): Preference {
  return { choices: new Map(), portal: null, brands: new Map() }
}

/** `id name | description | purpose | method | flags`: a active, d made by HubSpot, i for employees only. */
const DEMO_DEFINITIONS: readonly (readonly [number, string, string, string, string, string])[] = [
  [440_010_001, 'Marketing Information', 'Marketing offers and updates.', 'Marketing', 'Email', 'ad'],
  [440_010_002, 'Customer Service Communication', 'Feedback requests and customer service information.', 'Service', 'Email', 'ad'],
  [440_010_003, 'One to One', 'One to One emails', 'Sales', 'Email', 'adi'],
  [440_010_004, 'Newsletter', 'Our monthly newsletter.', 'Marketing', 'Email', 'a'],
  [440_010_005, 'Partner offers', 'Offers of selected partners.', 'Marketing', 'Email', 'a'],
  [440_010_006, 'Event invitations 2019', 'Invitations to the events of 2019.', 'Marketing', 'Email', ''],
]

export function demoDefinitions(): Definition[] {
  const createdAt = Date.UTC(2020, 0, 1)
  return DEMO_DEFINITIONS.map(([id, name, description, purpose, communicationMethod, flags]) => ({
    id,
    name,
    description,
    purpose,
    communicationMethod,
    isActive: flags.includes('a'),
    isDefault: flags.includes('d'),
    isInternal: flags.includes('i'),
    businessUnitId: 0,
    createdAt,
    updatedAt: createdAt,
  }))
}

/** The contact property that shows a choice. */
export function optOutProperty(definition: number): string {
  return `hs_email_optout_${definition}`
}

/** What hangs on a Contact, Lead or person account, and what a delete does with it (Object Reference; flags of live describes). */

import type { BindingFact } from '../erasure.ts'

/** By which field of which object one is led from a record to what hangs on it. `of`: that leads to accounts alone, and so to a person account. */
export type Way = { readonly object: string; readonly field: string; readonly of?: 'Account' }

/** In the way of a delete, or left behind with a name in it: the lookup is emptied first. `texts`: copies of the person's own words beside it. */
export type Lookup = Way & { readonly texts: readonly string[] }
const supplied = ['SuppliedName', 'SuppliedEmail', 'SuppliedPhone']
export const lookups: readonly Lookup[] = [
  { object: 'Case', field: 'ContactId', texts: supplied },
  { object: 'Case', field: 'AccountId', of: 'Account', texts: supplied },
  { object: 'Contract', field: 'CustomerSignedId', texts: [] },
  { object: 'Order', field: 'BillToContactId', texts: [] },
  { object: 'Order', field: 'ShipToContactId', texts: [] },
  { object: 'Order', field: 'CustomerAuthorizedById', texts: [] },
  { object: 'ServiceContract', field: 'ContactId', texts: [] },
]

/** Consents that the person gave: they block the delete and cannot be detached. Their proof is kept by us, without the person. */
export const consents = [
  { object: 'AuthorizationFormConsent', field: 'ConsentGiverId' },
  { object: 'CommSubscriptionConsent', field: 'ConsentGiverId' },
] as const

/** Of the Individual, whose delete does not take them along. */
export const partyConsents = [
  { object: 'ContactPointTypeConsent', field: 'PartyId' },
  { object: 'PartyConsent', field: 'PartyId' },
] as const
export const contactPoints = ['ContactPointEmail', 'ContactPointPhone', 'ContactPointAddress'] as const

/** Stays behind a delete (flags of live describes), and may bind us. */
export const papers: readonly Way[] = [
  { object: 'Invoice', field: 'BillToContactId' },
  // unverified: the name of the field, and what a delete of the account does with it; where it is not there the invoices are unread.
  { object: 'Invoice', field: 'BillingAccountId', of: 'Account' },
]

/** Goes along when a person account is deleted, or is in its way; cannot be detached, and may bind us. */
export const accountPapers: readonly Way[] = [
  { object: 'Opportunity', field: 'AccountId', of: 'Account' },
  { object: 'Contract', field: 'AccountId', of: 'Account' },
  { object: 'Order', field: 'AccountId', of: 'Account' },
  { object: 'ServiceContract', field: 'AccountId', of: 'Account' },
]

/** Goes along with the delete: told in the plan, nothing to do. */
export const cascades: readonly Way[] = [
  { object: 'Task', field: 'WhoId' },
  { object: 'Event', field: 'WhoId' },
  { object: 'Note', field: 'ParentId' },
  { object: 'Attachment', field: 'ParentId' },
  { object: 'CampaignMember', field: 'ContactId' },
  { object: 'CampaignMember', field: 'LeadId' },
  { object: 'OpportunityContactRole', field: 'ContactId' },
  { object: 'Asset', field: 'ContactId' },
  { object: 'Asset', field: 'AccountId', of: 'Account' },
  { object: 'EmailMessageRelation', field: 'RelationId' },
  { object: 'ContentDocumentLink', field: 'LinkedEntityId' },
]

export const bindingObjects = ['Case', 'Contract', 'Invoice', 'Opportunity', 'OpportunityContactRole', 'Order', 'ServiceContract'] as const
/** What may bind the company, and as what: unread where it cannot be looked at. */
export const bindingKinds: Readonly<Record<string, BindingFact['kind']>> = {
  Case: 'case',
  Contract: 'contract',
  Invoice: 'invoice',
  Opportunity: 'won-deal',
  OpportunityContactRole: 'won-deal',
  Order: 'order',
  ServiceContract: 'contract',
} satisfies Record<(typeof bindingObjects)[number], BindingFact['kind']>

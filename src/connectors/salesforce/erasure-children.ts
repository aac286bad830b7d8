/** What hangs on a Contact, Lead or person account, and what a delete does with it (Object Reference; flags of live describes). */

/** In the way of a delete, or left behind with a name in it: the lookup is emptied first. `texts`: copies of the person's own words beside it. */
export type Lookup = { readonly object: string; readonly field: string; readonly texts: readonly string[] }
export const lookups: readonly Lookup[] = [
  { object: 'Case', field: 'ContactId', texts: ['SuppliedName', 'SuppliedEmail', 'SuppliedPhone'] },
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
export const papers = [{ object: 'Invoice', field: 'BillToContactId' }] as const

/** Goes along with the delete: told in the plan, nothing to do. */
export const cascades = [
  { object: 'Task', field: 'WhoId' },
  { object: 'Event', field: 'WhoId' },
  { object: 'Note', field: 'ParentId' },
  { object: 'Attachment', field: 'ParentId' },
  { object: 'CampaignMember', field: 'ContactId' },
  { object: 'CampaignMember', field: 'LeadId' },
  { object: 'OpportunityContactRole', field: 'ContactId' },
  { object: 'Asset', field: 'ContactId' },
  { object: 'EmailMessageRelation', field: 'RelationId' },
  { object: 'ContentDocumentLink', field: 'LinkedEntityId' },
] as const

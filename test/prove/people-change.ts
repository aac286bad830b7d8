/** Twins in both CRMs, and what happens to them: one change each, in either CRM, by the hands that make such changes in life. */
import type { CrmUser } from '../flows/crms.ts'
import { contact, contactId, daysAgo, noonAgo, proved, sfId, sfRow, type World } from '../flows/world.ts'

const address = (id: number): string => `person${id}@example.fr`
const GIVEN = ['Alba', 'Basile', 'Chloé', 'Denis', 'Emma', 'Farid', 'Gaëlle', 'Hugo']

/** An act that both CRMs know and that no change here outlives: until when somebody may be kept does not depend on which CRM was read first. */
const signedIn = { hubspot: { last_sign_in: noonAgo(10) }, salesforce: { Last_Sign_In__c: noonAgo(10).replace('Z', '+0000') } }

/** Everybody has agreed to the newsletter in both CRMs. Who is beyond `people` is known to Salesforce alone, where a refusal stands. */
export function twins(people: number, refusing: number): World {
  const ids = Array.from({ length: people + refusing }, (_, index) => index + 1)
  const given = (id: number): string => GIVEN[id % GIVEN.length]!
  const refused = { Consent_Newsletter_Email__c: 'no', Consent_Newsletter_Email_Date__c: noonAgo(20).replace('Z', '+0000') }
  return {
    hubspot: {
      contacts: ids.slice(0, people).map((id) => contact(id, given(id), address(id), { ...proved('hubspot', 30), ...signedIn.hubspot })),
    },
    salesforce: {
      Contact: ids.map((id) =>
        sfRow('Contact', id, given(id), address(id), { ...(id > people ? refused : proved('salesforce', 30)), ...signedIn.salesforce }),
      ),
    },
  }
}

type Lever = (lever: string, body: unknown) => Promise<unknown>
export type Change = (crm: CrmUser, pull: Lever) => Promise<unknown>

/** The same for the same numbers; none undoes another. */
export function changesOf(people: number, refusing: number, count: number): Change[] {
  let arrived = people
  return Array.from({ length: count }, (_, index): Change => {
    const id = (index % people) + 1
    switch (index % 5) {
      case 0:
        return (crm) => crm.editContact(contactId(id), { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(0) })
      case 1:
        return (crm) =>
          crm.editRow('Contact', sfId('Contact', id), {
            Consent_Newsletter_Email__c: 'withdrawn',
            Consent_Newsletter_Email_Date__c: noonAgo(0).replace('Z', '+0000'),
          })
      case 2:
        return (crm) => crm.editRow('Contact', sfId('Contact', id), { HasOptedOutOfEmail: true })
      case 3:
        return (_, pull) => pull('hubspot/person-unsubscribes', { email: address(id) })
      default:
        // Somebody types in, as a new person, one who has refused in the other CRM.
        if (arrived === people + refusing) return (crm) => crm.archiveContact(contactId(id))
        const known = ++arrived
        return (crm) =>
          crm.createContact({
            firstname: GIVEN[known % GIVEN.length]!,
            lastname: 'Martin',
            email: address(known),
            country: 'France',
            collection_source: 'person',
            collection_date: daysAgo(1),
            privacy_notice_date: daysAgo(1),
            ...signedIn.hubspot,
            ...(proved('hubspot', 40) as Record<string, string>),
          })
    }
  })
}

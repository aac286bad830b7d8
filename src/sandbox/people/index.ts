/** The people of the sandbox: a deterministic, lazily generated world for both CRMs. Nobody in it exists. */
import type { SeedRow } from '../crm.ts'
import { calendarAt } from './calendar.ts'
import { callRows, companyRows, dealRows, emailRows, noteRows } from './hubspot-related.ts'
import { hubspotContact } from './hubspot-row.ts'
import { layoutFor } from './layout.ts'
import { accountGroups, accountRow, contactRow, hasIndividual, individualRow, leadRow } from './salesforce-row.ts'
import * as related from './salesforce-related.ts'
import type { World } from './stories.ts'

export type Rows = () => Iterable<SeedRow>
type SalesforceObject =
  | 'Account'
  | 'Individual'
  | 'Contact'
  | 'Lead'
  | 'Campaign'
  | 'DataUsePurpose'
  | 'Task'
  | 'Case'
  | 'Opportunity'
  | 'OpportunityContactRole'
  | 'CampaignMember'
  | 'ContactPointEmail'
  | 'ContactPointTypeConsent'
export type People = {
  /** In the order to load them: what is referred to comes first. */
  readonly hubspot: Readonly<Record<'contacts' | 'companies' | 'deals' | 'notes' | 'calls' | 'emails', Rows>>
  readonly salesforce: Readonly<Record<SalesforceObject, Rows>>
}

/**
 * `count` contacts in HubSpot and `count` records in Salesforce (about 70 % Contacts, 30 % Leads); about 60 % of the persons are in both.
 * `now` in epoch milliseconds. The same three arguments give the same rows, in whichever order they are asked for; each row costs O(1).
 */
export function generatePeople(count: number, seed: number, now: number): People {
  const world = worldOf(count, seed, now)
  const { layout } = world
  const groups = accountGroups(world)
  return {
    hubspot: {
      contacts: () => rows(0, layout.count, (row) => hubspotContact(world, row)),
      companies: () => companyRows(world),
      deals: () => dealRows(world),
      notes: () => noteRows(world),
      calls: () => callRows(world),
      emails: () => emailRows(world),
    },
    salesforce: {
      Account: () => rows(groups.first, count === 0 ? groups.first : groups.last + 1, (group) => accountRow(world, group)),
      Individual: () =>
        rows(layout.firstInSalesforce, layout.persons, (person) => (hasIndividual(world, person) ? individualRow(world, person) : null)),
      Contact: () => rows(0, layout.contacts, (contact) => contactRow(world, contact)),
      Lead: () => rows(0, layout.leads, (lead) => leadRow(world, lead)),
      Campaign: () => related.campaignRows(world),
      DataUsePurpose: () => related.purposeRows(world),
      Task: () => related.taskRows(world),
      Case: () => related.caseRows(world),
      Opportunity: () => related.dealRows(world),
      OpportunityContactRole: () => related.roleRows(world),
      CampaignMember: () => related.memberRows(world),
      ContactPointEmail: () => related.contactPointRows(world),
      ContactPointTypeConsent: () => related.consentRows(world),
    },
  }
}

export function worldOf(count: number, seed: number, now: number): World {
  return { seed, calendar: calendarAt(now), layout: layoutFor(count) }
}

function* rows(from: number, to: number, row: (index: number) => SeedRow | null): Generator<SeedRow> {
  for (let index = from; index < to; index++) {
    const made = row(index)
    if (made !== null) yield made
  }
}

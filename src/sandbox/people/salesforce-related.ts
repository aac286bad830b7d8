/** What some people of the Salesforce org have around them: tasks, cases, campaigns, deals, consents. Every so many of them, so that a row costs O(1). */
import type { SeedRow } from '../crm.ts'
import { dateText, DAY_MS, salesforceInstant } from './calendar.ts'
import { personOfContact, personOfLead } from './layout.ts'
import { type Dice, diceFor, pick } from './random.ts'
import { type Person, personAt } from './person.ts'
import { accountId, hasIndividual, individualId, recordId, serial } from './salesforce-row.ts'
import { type KeyPrefix, salesforceId } from './salesforce-id.ts'
import { LANES, type World } from './stories.ts'
import { TEXT_POOLS } from './texts.ts'

/** Every so many contacts (of leads for members) one. Primes: the groups overlap here and there, and never everywhere. */
const ONE_IN = { tasks: 31, cases: 97, deals: 89, members: 53, consents: 17 } as const
const CAMPAIGNS = ['Salon de printemps', 'Lettre d’automne', 'Relance fin d’année'] as const
const PURPOSES = ['Newsletter', 'Prospection'] as const
const STAGES = ['Prospecting', 'Negotiation/Review', 'Closed Won', 'Closed Lost'] as const
const STATUSES = ['OptIn', 'OptOut', 'Seen', 'NotSeen'] as const

type Chosen = { person: Person; contact: string; dice: Dice; head: SeedRow }

const idAt = (world: World, prefix: KeyPrefix, index: number): string => salesforceId(prefix, serial(world, index))

export function* campaignRows(world: World): Generator<SeedRow> {
  if (world.layout.count === 0) return
  for (const [index, name] of CAMPAIGNS.entries()) {
    const start = Math.floor(world.calendar.now / DAY_MS) - 400 + index * 120
    yield {
      Id: idAt(world, '701', index),
      Name: name,
      IsActive: index > 0,
      Status: 'Completed',
      StartDate: dateText(start),
      EndDate: dateText(start + 30),
    }
  }
}

export function* purposeRows(world: World): Generator<SeedRow> {
  if (world.layout.count === 0) return
  for (const [index, name] of PURPOSES.entries()) yield { Id: idAt(world, '0ZW', index), Name: name, CanDataSubjectOptOut: true }
}

export function* taskRows(world: World): Generator<SeedRow> {
  for (const { person, contact, dice, head } of chosen(world, 'tasks', '00T', 7)) {
    const day = Math.floor(person.life.createdAt / DAY_MS) + 3
    yield {
      ...head,
      Subject: pick(dice, ['Call', 'Email', 'Send Letter']),
      WhoId: contact,
      ...(person.company === null ? {} : { WhatId: accountId(world, person.index >> 2) }),
      Status: person.index % 3 === 0 ? 'Not Started' : 'Completed',
      ActivityDate: dateText(day),
      Description: pick(dice, TEXT_POOLS[person.stories.text ?? 'harmless']),
    }
  }
}

/** Half of them came by mail and keep a copy of who wrote. */
export function* caseRows(world: World): Generator<SeedRow> {
  for (const { person, contact, dice, head } of chosen(world, 'cases', '500', 5)) {
    const copied = person.index % 2 === 0 && person.email !== null ? { SuppliedEmail: person.email, SuppliedName: nameOf(person) } : {}
    yield {
      ...head,
      ...copied,
      ContactId: contact,
      ...(person.company === null ? {} : { AccountId: accountId(world, person.index >> 2) }),
      Subject: pick(dice, ['Question sur une facture', 'Produit défectueux', 'Changement d’adresse']),
      Status: person.index % 3 === 0 ? 'New' : 'Closed',
      Origin: 'SuppliedEmail' in copied ? 'Email' : 'Phone',
    }
  }
}

export function* dealRows(world: World): Generator<SeedRow> {
  for (const { person, dice, head } of chosen(world, 'deals', '006', 11)) {
    if (person.company === null) continue
    yield {
      ...head,
      Name: `${person.company.name} ${1 + (person.index % 9)}`,
      AccountId: accountId(world, person.index >> 2),
      StageName: pick(dice, STAGES),
      CloseDate: dateText(Math.floor(person.life.createdAt / DAY_MS) + 90),
      Amount: 500 + (person.index % 40) * 250,
    }
  }
}

/** The same contacts as in dealRows. */
export function* roleRows(world: World): Generator<SeedRow> {
  for (const { person, contact, head } of chosen(world, 'deals', '006', 11)) {
    if (person.company === null) continue
    yield {
      ...head,
      Id: idAt(world, '00K', person.index),
      OpportunityId: head['Id'],
      ContactId: contact,
      Role: 'Decision Maker',
      IsPrimary: true,
    }
  }
}

export function* memberRows(world: World): Generator<SeedRow> {
  const { contacts, leads } = world.layout
  const campaign = (index: number): string => idAt(world, '701', index % CAMPAIGNS.length)
  const status = (index: number): string => (index % 4 === 0 ? 'Responded' : 'Sent')
  for (let index = 3; index < contacts; index += ONE_IN.members) {
    const ContactId = recordId(world, { object: 'Contact', index })
    yield {
      Id: idAt(world, '00v', index),
      CampaignId: campaign(index),
      ContactId,
      Status: status(index),
      ...stampsOf(personAt(world, personOfContact(world.layout, index))),
    }
  }
  for (let index = 3; index < leads; index += ONE_IN.members) {
    const LeadId = recordId(world, { object: 'Lead', index })
    const { life } = personAt(world, personOfLead(world.layout, index))
    const CreatedDate = salesforceInstant(life.createdAt)
    yield { Id: idAt(world, '00v', contacts + index), CampaignId: campaign(index), LeadId, Status: status(index), CreatedDate }
  }
}

/** Consents of individuals, and the address they were given for. */
export function* consentRows(world: World): Generator<SeedRow> {
  for (const { index, person, dice } of individuals(world)) {
    const captured = salesforceInstant(person.life.createdAt)
    yield {
      Id: idAt(world, '0ZY', index),
      Name: `${nameOf(person)} e-mail`,
      PartyId: individualId(world, index),
      ContactPointType: 'Email',
      PrivacyConsentStatus: pick(dice, STATUSES),
      DataUsePurposeId: idAt(world, '0ZW', index % PURPOSES.length),
      CaptureContactPointType: 'Web',
      CaptureDate: captured,
      CaptureSource: 'Formulaire',
      EffectiveFrom: captured,
      CreatedDate: captured,
    }
  }
}

export function* contactPointRows(world: World): Generator<SeedRow> {
  for (const { index, person } of individuals(world)) {
    if (person.email === null) continue
    const CreatedDate = salesforceInstant(person.life.createdAt)
    yield { Id: idAt(world, '9Vl', index), ParentId: individualId(world, index), EmailAddress: person.email, IsPrimary: true, CreatedDate }
  }
}

function* individuals(world: World): Generator<{ index: number; person: Person; dice: Dice }> {
  const { firstInSalesforce, persons } = world.layout
  for (let index = firstInSalesforce; index < persons; index += ONE_IN.consents) {
    if (hasIndividual(world, index)) yield { index, person: personAt(world, index), dice: diceFor(world.seed, index, LANES.related + 100) }
  }
}

function* chosen(world: World, type: 'tasks' | 'cases' | 'deals', prefix: KeyPrefix, first: number): Generator<Chosen> {
  for (let index = first; index < world.layout.contacts; index += ONE_IN[type]) {
    const person = personAt(world, personOfContact(world.layout, index))
    yield {
      person,
      contact: recordId(world, { object: 'Contact', index }),
      dice: diceFor(world.seed, index, LANES.related + 200),
      head: { Id: idAt(world, prefix, index), ...stampsOf(person) },
    }
  }
}

function stampsOf({ life }: Person): SeedRow {
  const modified = salesforceInstant(life.modifiedAt)
  return { CreatedDate: salesforceInstant(life.createdAt), LastModifiedDate: modified, SystemModstamp: modified }
}

const nameOf = ({ given, family }: Person): string =>
  [given?.text, family?.text].filter((name) => name !== undefined).join(' ') || 'Inconnu'

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { SeedRow } from '../../src/sandbox/crm.ts'
import { generatePeople, worldOf } from '../../src/sandbox/people/index.ts'
import { fictionStems } from '../../src/sandbox/people/phone.ts'
import { checksum } from '../../src/sandbox/people/salesforce-id.ts'
import { describeWorld } from '../../src/sandbox/people/shares.ts'
import { type Stories, storiesOf } from '../../src/sandbox/people/stories.ts'

const NOW = Date.UTC(2026, 10, 21, 9)
const COUNT = 20_000
const people = generatePeople(COUNT, 42, NOW)
const contacts = [...people.hubspot.contacts()]
const salesforce = {
  Account: [...people.salesforce.Account()],
  Individual: [...people.salesforce.Individual()],
  Contact: [...people.salesforce.Contact()],
  Lead: [...people.salesforce.Lead()],
  Campaign: [...people.salesforce.Campaign()],
  DataUsePurpose: [...people.salesforce.DataUsePurpose()],
  Task: [...people.salesforce.Task()],
  Case: [...people.salesforce.Case()],
  Opportunity: [...people.salesforce.Opportunity()],
  OpportunityContactRole: [...people.salesforce.OpportunityContactRole()],
  CampaignMember: [...people.salesforce.CampaignMember()],
  ContactPointEmail: [...people.salesforce.ContactPointEmail()],
  ContactPointTypeConsent: [...people.salesforce.ContactPointTypeConsent()],
}
const inSalesforce = [...salesforce.Contact, ...salesforce.Lead]
const everyone = [...contacts, ...inSalesforce]

const text = (row: SeedRow, field: string): string => {
  const value = row[field]
  return typeof value === 'string' ? value : ''
}
const texts = (rows: readonly SeedRow[], ...fields: string[]): string[] =>
  rows.flatMap((row) => fields.map((field) => text(row, field))).filter((value) => value !== '')
const share = (rows: readonly SeedRow[], test: (row: SeedRow) => boolean): number => rows.filter(test).length / rows.length

describe('the generated people', () => {
  test('come in the promised numbers', () => {
    expect([contacts.length, salesforce.Contact.length, salesforce.Lead.length]).toEqual([COUNT, COUNT * 0.7, COUNT * 0.3])
  })

  test.each([0, 1, 2, 3, 7, 10, 101])('come in the promised numbers when there are only %i of them', (count) => {
    const few = generatePeople(count, 1, NOW)
    expect([...few.hubspot.contacts()].length).toBe(count)
    expect([...few.salesforce.Contact()].length + [...few.salesforce.Lead()].length).toBe(count)
    const accounts = new Set([...few.salesforce.Account()].map((row) => row['Id']))
    expect([...few.salesforce.Contact()].every((row) => row['AccountId'] === undefined || accounts.has(row['AccountId']))).toBe(true)
  })

  test('are the same for the same count, seed and clock, whatever was read before', () => {
    const again = generatePeople(COUNT, 42, NOW)
    expect([...again.salesforce.Lead()].slice(0, 500)).toEqual(salesforce.Lead.slice(0, 500))
    expect(again.hubspot.contacts()[Symbol.iterator]().next().value).toEqual(contacts[0])
    expect([...again.hubspot.contacts()]).toEqual(contacts)
  })

  test('are others under another seed', () => {
    const other = [...generatePeople(200, 43, NOW).hubspot.contacts()]
    const same = [...generatePeople(200, 42, NOW).hubspot.contacts()]
    expect(other.filter((row, i) => row['email'] !== undefined && row['email'] === same[i]?.['email'])).toEqual([])
  })

  test('cost no list of everybody: the first row of a world of ten million comes at once', () => {
    const vast = generatePeople(10_000_000, 5, NOW)
    const first = [vast.hubspot.contacts(), ...Object.values(vast.salesforce).map((rows) => rows())].map(
      (rows) => rows[Symbol.iterator]().next().done,
    )
    expect(first).toEqual(first.map(() => false))
  })
})

describe('identifiers', () => {
  test('HubSpot ids have eleven or twelve digits, grow and are unique', () => {
    const ids = contacts.map((row) => text(row, 'hs_object_id'))
    expect(ids.filter((id) => !/^\d{11,12}$/.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(COUNT)
    expect(ids).toEqual(ids.toSorted((a, b) => Number(a) - Number(b)))
  })

  test.each([
    ['Account', '001'],
    ['Individual', '0PK'],
    ['Contact', '003'],
    ['Lead', '00Q'],
    ['Task', '00T'],
    ['Case', '500'],
    ['Opportunity', '006'],
    ['OpportunityContactRole', '00K'],
    ['CampaignMember', '00v'],
    ['ContactPointEmail', '9Vl'],
    ['ContactPointTypeConsent', '0ZY'],
  ] as const)('%s ids start with %s, carry their checksum and are unique', (object, prefix) => {
    const ids = salesforce[object].map((row) => text(row, 'Id'))
    expect(ids.filter((id) => !/^[A-Za-z0-9]{18}$/.test(id) || !id.startsWith(prefix) || id.slice(15) !== checksum(id))).toEqual([])
    expect(new Set(ids.map((id) => id.slice(0, 15))).size).toBe(ids.length)
  })

  test('the checksum is the one Salesforce documents', () => {
    expect(checksum('001D000000IqhSL')).toBe('IAZ')
    expect(checksum('000000000000000')).toBe('AAA')
  })

  test('what a row refers to exists', () => {
    const known = new Set(
      [
        ...salesforce.Account,
        ...salesforce.Individual,
        ...inSalesforce,
        ...salesforce.Campaign,
        ...salesforce.DataUsePurpose,
        ...salesforce.Opportunity,
      ].map((row) => row['Id']),
    )
    const around = [...salesforce.Task, ...salesforce.Case, ...salesforce.Opportunity, ...salesforce.OpportunityContactRole]
    const consents = [...salesforce.ContactPointEmail, ...salesforce.ContactPointTypeConsent]
    const named = [
      ...texts(around, 'WhoId', 'WhatId', 'ContactId', 'AccountId', 'OpportunityId'),
      ...texts(salesforce.CampaignMember, 'CampaignId', 'ContactId', 'LeadId'),
      ...texts(consents, 'ParentId', 'PartyId', 'DataUsePurposeId'),
      ...texts(inSalesforce, 'AccountId', 'IndividualId', 'ConvertedContactId', 'ConvertedAccountId'),
      ...texts(contacts, 'salesforcecontactid', 'salesforceleadid'),
    ]
    expect(named.filter((id) => !known.has(id))).toEqual([])
  })

  test('an address is unique in HubSpot, as HubSpot demands', () => {
    const emails = texts(contacts, 'email')
    expect(emails.length - new Set(emails).size).toBe(0)
  })
})

describe('nobody real is in it', () => {
  const reserved = /(^|[.@])(example\.(com|org|net|fr)|example|test)$/
  const synthetic = /^[a-z0-9.-]+\.accord-demo-\d+@(gmail\.com|orange\.fr|free\.fr|laposte\.net|hotmail\.fr)$/

  test('every address is under a reserved domain or names the demo before a free one', () => {
    const emails = [...texts(contacts, 'email', 'hs_additional_emails', 'work_email'), ...texts(inSalesforce, 'Email')].map((email) =>
      email.toLowerCase(),
    )
    const proper = emails.filter((email) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email))
    expect(proper.filter((email) => !reserved.test(email) && !synthetic.test(email))).toEqual([])
    const broken = emails.filter((email) => !proper.includes(email))
    expect(broken.filter((email) => /@/.test(email) && !/@$|\.example\.fr$|@example\.fr$/.test(email))).toEqual([])
    expect(broken.length / emails.length).toBeLessThan(0.02)
  })

  test('every website is under a reserved domain', () => {
    expect(texts(salesforce.Account, 'Website').filter((site) => !reserved.test(new URL(site).hostname))).toEqual([])
  })

  test('every number is in a range set aside for fiction', () => {
    const stems = fictionStems()
    const numbers = [...texts(contacts, 'phone', 'mobilephone'), ...texts(inSalesforce, 'Phone', 'MobilePhone')].filter((number) =>
      /\d/.test(number),
    )
    const outside = numbers.filter((number) => {
      const bare = number
        .replace('(0)', '')
        .replace(/^\+/, '00')
        .replaceAll(/[\s.\-\u00A0]/g, '')
      return !stems.some(({ code, stem, digits }) =>
        [`00${code}`, '0'].some((start) => new RegExp(`^${start}${stem}\\d{${digits}}$`).test(bare)),
      )
    })
    expect(outside).toEqual([])
    expect(new Set(numbers.map((number) => number.replaceAll(/\d/g, '9'))).size).toBeGreaterThan(20)
  })
})

describe('the mess', () => {
  const { themes, fine } = describeWorld()
  const world = worldOf(COUNT, 42, NOW)
  const stories: readonly Stories[] = Array.from({ length: world.layout.persons }, (_, person) => storiesOf(world, person))
  const themeKeys = {
    relationship: 'relationship',
    consent: 'consent',
    source: 'source',
    state: 'state',
    legalBasis: 'basis',
    undeclared: 'undeclared',
    text: 'text',
    identity: 'identity',
    marketing: 'marketing',
    telephone: 'telephone',
  } as const

  test.each(Object.entries(themeKeys))('holds each story of %s in its documented share', (theme, key) => {
    for (const [story, promised] of Object.entries(themes[theme] ?? {})) {
      const found = stories.filter((one) => one[key] === story).length / stories.length
      // Four standard deviations of a share of this many persons.
      const tolerance = 4 * Math.sqrt((promised * (1 - promised)) / stories.length) + promised * 0.05
      expect(Math.abs(found - promised), story).toBeLessThan(tolerance)
    }
  })

  test('leaves about a third of the people without any story', () => {
    const found = stories.filter((one) => one.fine).length / stories.length
    expect(Math.abs(found - fine)).toBeLessThan(0.02)
  })

  test('puts about 60 % of the persons in both CRMs', () => {
    const { layout } = world
    const both = layout.count - layout.firstInSalesforce
    expect(Math.abs(both / layout.persons - 0.6)).toBeLessThan(0.005)
    // The same, seen from outside: addresses in lower case that both CRMs hold, out of all addresses.
    const left = new Set(texts(contacts, 'email', 'hs_additional_emails'))
    const right = new Set(texts(inSalesforce, 'Email').map((email) => email.toLowerCase()))
    const shared = [...left].filter((email) => right.has(email)).length
    expect(Math.abs(shared / (left.size + right.size - shared) - 0.6)).toBeLessThan(0.05)
  })

  test('shows in the rows what the stories promise', () => {
    const near = (found: number, promised: number) => Math.abs(found - promised) < 0.005 + promised * 0.15
    const seen = {
      optedOutInHubspot: near(
        share(contacts, (row) => row['hs_email_optout'] === 'true'),
        0.062,
      ),
      optedOutInSalesforce: near(
        share(inSalesforce, (row) => row['HasOptedOutOfEmail'] === true),
        0.05,
      ),
      doNotCall: near(
        share(inSalesforce, (row) => row['DoNotCall'] === true),
        0.02,
      ),
      notApplicable: near(
        share(contacts, (row) => row['hs_legal_basis'] === 'Not applicable'),
        0.012,
      ),
      noEmail: near(
        share(inSalesforce, (row) => row['Email'] === undefined),
        0.04,
      ),
      converted: near(
        share(salesforce.Lead, (row) => row['IsConverted'] === true),
        0.08,
      ),
      unprovedYes: near(
        share(contacts, (row) =>
          Object.keys(row).some((key) => /^consent_.*(?<!_date|_text)$/.test(key) && row[key] === 'yes' && !(`${key}_date` in row)),
        ),
        0.06,
      ),
    }
    expect(seen).toEqual(Object.fromEntries(Object.keys(seen).map((key) => [key, true])))
  })

  test('never fills the field that nobody uses', () => {
    expect(everyone.filter((row) => 'old_crm_id' in row || 'Old_Crm_Id__c' in row)).toEqual([])
  })

  test('has couples: two given names, one family name, one mailbox', () => {
    const byEmail = Map.groupBy(salesforce.Contact, (row) => text(row, 'Email'))
    const couples = [...byEmail].filter(([email, rows]) => email.startsWith('famille.') && rows.length === 2)
    expect(couples.length).toBeGreaterThan(20)
    expect(couples.filter(([, rows]) => new Set(rows.map((row) => row['FirstName'])).size !== 2)).toEqual([])
  })

  test('dates nothing after now', () => {
    const late = everyone.filter((row) =>
      Object.entries(row).some(
        ([key, value]) => typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) && !/warranty/i.test(key) && Date.parse(value) > NOW,
      ),
    )
    expect(late).toEqual([])
  })
})

describe('the rows fit the CRMs', () => {
  test('HubSpot properties are text', () => {
    expect(contacts.filter((row) => Object.entries(row).some(([key, value]) => key !== 'archived' && typeof value !== 'string'))).toEqual(
      [],
    )
  })

  test('no Salesforce value is longer than its field', () => {
    // Salesforce object reference, Contact and Lead.
    const lengths: Readonly<Record<string, number>> = {
      FirstName: 40,
      LastName: 80,
      Email: 80,
      Phone: 40,
      MobilePhone: 40,
      Title: 128,
      Company: 255,
      MailingStreet: 255,
      MailingCity: 40,
      Street: 255,
      City: 40,
      PostalCode: 20,
      MailingPostalCode: 20,
      Country: 80,
      MailingCountry: 80,
      Description: 32_000,
      Salutation: 40,
      LeadSource: 255,
    }
    const long = inSalesforce.flatMap((row) => Object.entries(lengths).filter(([field, length]) => text(row, field).length > length))
    expect(long).toEqual([])
    expect(inSalesforce.filter((row) => text(row, 'LastName') === '')).toEqual([])
    expect(salesforce.Lead.filter((row) => text(row, 'Company') === '' || text(row, 'Status') === '')).toEqual([])
  })

  test('dates are written as each CRM writes them', () => {
    expect(
      texts(contacts, 'createdate', 'lastmodifieddate', 'last_sign_in', 'hs_email_last_click_date').filter(
        (at) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at),
      ),
    ).toEqual([])
    expect(
      texts(inSalesforce, 'CreatedDate', 'SystemModstamp', 'Last_Sign_In__c').filter(
        (at) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/.test(at),
      ),
    ).toEqual([])
    expect(
      texts(everyone, 'collection_date', 'Collection_Date__c', 'date_of_birth', 'Birthdate').filter(
        (on) => new Date(on).toISOString().slice(0, 10) !== on,
      ),
    ).toEqual([])
  })

  test('the generator knows no clock and no chance but the ones it is given', () => {
    for (const file of [
      'calendar',
      'life',
      'person',
      'hubspot-row',
      'salesforce-row',
      'index',
      'stories',
      'consents',
      'custom-fields',
      'random',
    ]) {
      const source = readFileSync(new URL(`../../src/sandbox/people/${file}.ts`, import.meta.url), 'utf8')
      expect(source).not.toMatch(/Date\.now|Math\.random|new Date\(\)/)
    }
  })
})

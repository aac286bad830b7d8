import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AccessEntry } from '../../../src/core/access/entry.ts'
import type { Access, AccessRequest } from '../../../src/connectors/access.ts'
import type { Problem, RecordRef } from '../../../src/connectors/connector.ts'
import { salesforce } from '../../../src/connectors/salesforce/index.ts'
import { startSalesforce, type Client } from '../../sandbox/salesforce-client.ts'
import { testDeps } from '../deps.ts'
import { openGate, type Gate } from '../gate.ts'

const signal = new AbortController().signal
let org: Client
let gate: Gate
let access: Access

/** More than the names of one query may be long. */
const many = Object.fromEntries(
  Array.from({ length: 200 }, (_, i) => [`A_Rather_Long_Name_Of_A_Field_${i}__c`, i % 2 === 0 ? `v${i}` : null]),
)
const allOfMany = Object.fromEntries(Object.keys(many).map((name) => [name, 'x']))

beforeAll(async () => {
  // A person account among them switches the feature on.
  org = await startSalesforce({ Contact: [{ LastName: 'First', ...allOfMany }], Account: [{ LastName: 'Own', FirstName: 'Person' }] })
  gate = await openGate(org.url)
  const auth = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' }
  const settings = salesforce.settings.parse({ loginUrl: gate.url, auth, without: ['Invoice', 'ServiceContract'] })
  access = salesforce.connect('org', settings, testDeps()).access!
})
afterAll(async () => {
  await gate.close()
  await org.close()
})
beforeEach(async () => {
  org.crm.reset()
  await org.login()
  gate.rule = undefined
})

const make = (object: string, fields: object): Promise<string> => org.make(object, fields)
const contact = (fields: object = {}): Promise<string> => make('Contact', { LastName: 'Roux', Email: 'ada@example.test', ...fields })
const ref = (id: string, object = 'Contact'): RecordRef => ({ object, id })

async function collect(part: Partial<AccessRequest>, by = access): Promise<{ entries: AccessEntry[]; gaps: Problem[] }> {
  const entries: AccessEntry[] = []
  const gaps: Problem[] = []
  for await (const page of by.collect({ refs: [], emails: [], ...part }, signal)) {
    entries.push(...page.entries)
    gaps.push(...page.gaps)
  }
  return { entries, gaps }
}
type Values = Readonly<Record<string, string>>
const valuesIn = (entries: readonly AccessEntry[], object: string): Values[] =>
  entries.flatMap((one) =>
    'object' in one && one.object === object ? [Object.fromEntries(one.fields.map(({ name, value }) => [name, value]))] : [],
  )
const recordIn = (entries: readonly AccessEntry[]) => entries.flatMap((one) => (one.part === 'record' ? one.fields : []))

describe('a copy of what Salesforce holds of a person', () => {
  it('has every field that is not empty, with its label, whatever their number', async () => {
    const id = await contact({ ...many, Title: 'Director', HasOptedOutOfEmail: true })
    const { fields } = (await org.get('/sobjects/Contact/describe')).body as { fields: { name: string; label: string; type: string }[] }
    const names = fields.filter(({ type }) => type !== 'address').map(({ name }) => name)
    const held = (await org.send('POST', '/composite/sobjects/Contact', { ids: [id], fields: names })).body as Record<string, unknown>[]
    const expected = Object.entries(held[0]!).filter(
      ([name, value]) =>
        value !== null && !['attributes', 'Id', 'SystemModstamp', 'LastViewedDate', 'LastReferencedDate', 'IsDeleted'].includes(name),
    )
    const { entries, gaps } = await collect({ refs: [ref(id)] })
    expect(gaps).toEqual([])
    const told = recordIn(entries)
    expect(told.map(({ name }) => name).sort()).toEqual(expected.map(([name]) => name).sort())
    expect(told.filter(({ name }) => name.startsWith('A_Rather')).length).toBe(100)
    const labels = new Map(fields.map(({ name, label }) => [name, label]))
    expect(told.every(({ name, label }) => labels.get(name) === label)).toBe(true)
    expect(told.find(({ name }) => name === 'OwnerId')).toMatchObject({ holds: 'colleague' })
  })

  it('has history, activities, conversations, campaigns, files and what is linked by name', async () => {
    org.crm.pull('track-history', { object: 'Contact', fields: ['Title'] })
    const id = await contact({ Title: 'Clerk' })
    await org.send('PATCH', `/sobjects/Contact/${id}`, { Title: 'Director' })
    const lead = await make('Lead', { LastName: 'Roux', Company: 'Atelier', Email: 'ada@example.test' })
    await make('Task', { WhoId: id, Subject: 'Call back', Description: 'Ask for Ada' })
    await make('Task', { WhoId: lead, Subject: 'Qualify' })
    const meeting = { WhoId: await contact({ Email: 'bo@example.test' }), DurationInMinutes: 30, ActivityDateTime: '2026-03-01T10:00:00Z' }
    const together = await make('Event', { ...meeting, Subject: 'With two' })
    await make('EventRelation', { EventId: together, RelationId: id })
    await make('Event', { ...meeting, Subject: 'Without her' })
    const wanted = await make('Case', { ContactId: id, Subject: 'Broken', Description: 'It does not start' })
    await make('CaseComment', { ParentId: wanted, CommentBody: 'Spare part sent' })
    await make('Case', { Subject: 'From the web', SuppliedEmail: 'ada@example.test' })
    await make('Case', { Subject: 'Of somebody else', SuppliedEmail: 'bo@example.test' })
    const campaign = await make('Campaign', { Name: 'Autumn' })
    await make('CampaignMember', { CampaignId: campaign, ContactId: id })
    await make('EmailMessage', {
      FromAddress: 'ada@example.test',
      ToAddress: 'us@example.org',
      Subject: 'Hello',
      TextBody: 'Bonjour',
      Incoming: true,
    })
    const { entries, gaps } = await collect({ refs: [ref(id), ref(lead, 'Lead')], emails: ['ada@example.test'] })
    expect(gaps).toEqual([])
    expect(entries.flatMap((one) => (one.part === 'history' ? [[one.label, one.versions.map(({ value }) => value)]] : []))).toEqual([
      ['Title', ['Director', 'Clerk']],
    ])
    expect(
      valuesIn(entries, 'Task')
        .map(({ Subject }) => Subject)
        .sort(),
    ).toEqual(['Call back', 'Qualify'])
    expect(valuesIn(entries, 'Event').map(({ Subject }) => Subject)).toEqual(['With two'])
    expect(
      valuesIn(entries, 'Case')
        .map(({ Subject }) => Subject)
        .sort(),
    ).toEqual(['Broken', 'From the web'])
    expect(valuesIn(entries, 'CaseComment')).toMatchObject([{ CommentBody: 'Spare part sent' }])
    expect(valuesIn(entries, 'CampaignMember')).toMatchObject([{ 'Campaign.Name': 'Autumn' }])
    const [mail] = entries.filter((one) => 'object' in one && one.object === 'EmailMessage')
    expect(mail && 'fields' in mail && mail.fields.find(({ name }) => name === 'TextBody')).toMatchObject({
      value: 'Bonjour',
      provenance: 'person',
      holds: 'text',
    })
  })

  it('has the Individual, its contact points and consents, and takes the account of a person for the record', async () => {
    const individual = await make('Individual', { LastName: 'Roux', HasOptedOutProfiling: true })
    const id = await contact({ IndividualId: individual })
    await make('ContactPointTypeConsent', {
      Name: 'Newsletter',
      PartyId: individual,
      ContactPointType: 'Email',
      PrivacyConsentStatus: 'OptIn',
    })
    const { entries } = await collect({ refs: [ref(id)] })
    expect(valuesIn(entries, 'Individual')).toMatchObject([{ HasOptedOutProfiling: 'true' }])
    expect(valuesIn(entries, 'ContactPointTypeConsent')).toMatchObject([{ Name: 'Newsletter', PrivacyConsentStatus: 'OptIn' }])
    const account = await make('Account', { LastName: 'Roux', FirstName: 'Ada', PersonEmail: 'person@example.test' })
    const shadow = ((await org.rows(`SELECT PersonContactId FROM Account WHERE Id = '${account}'`))[0] as { PersonContactId: string })
      .PersonContactId
    await make('Task', { WhoId: shadow, Subject: 'Of the shadow' })
    await make('Task', { WhatId: account, Subject: 'About the account' })
    await make('Opportunity', { AccountId: account, Name: 'Offre', StageName: 'Closed Won', CloseDate: '2026-01-31' })
    await make('Contract', { AccountId: account, Status: 'Draft', StartDate: '2026-01-02' })
    await make('Case', { AccountId: account, Subject: 'Of the account' })
    const own = await collect({ refs: [ref(account, 'Account')] })
    expect(own.gaps).toEqual([])
    expect(valuesIn(own.entries, 'Opportunity')).toMatchObject([{ Name: 'Offre', StageName: 'Closed Won' }])
    expect(valuesIn(own.entries, 'Contract')).toMatchObject([{ StartDate: '2026-01-02' }])
    expect(valuesIn(own.entries, 'Case')).toMatchObject([{ Subject: 'Of the account' }])
    expect(recordIn(own.entries).find(({ name }) => name === 'PersonEmail')).toMatchObject({ value: 'person@example.test' })
    expect(valuesIn(own.entries, 'Task')).toMatchObject([{ Subject: 'Of the shadow' }, { Subject: 'About the account' }])
    const company = await make('Account', { Name: 'Atelier' })
    await expect(collect({ refs: [ref(company, 'Account')] })).rejects.toMatchObject({ kind: 'refused' })
  })

  it('has the invoices that are made out to them, where the organisation has any', async () => {
    const ada = await contact()
    const field = (name: string, type: string) => ({ name, label: name, type, custom: false, updateable: true, nillable: true })
    const fields = ['Id id', 'BillToContactId reference', 'BillingAccountId reference', 'InvoiceNumber string', 'Notes string'].map(
      (line) => field(...(line.split(' ') as [string, string])),
    )
    const invoice = { name: 'Invoice', keyPrefix: '3tt', queryable: true, createable: true, updateable: true, fields }
    const row = { attributes: { type: 'Invoice' }, Id: '3tt440000000001AAA', BillToContactId: ada, InvoiceNumber: 'F-12', Notes: 'ours' }
    const json = (body: object) => ({
      reply: { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    })
    gate.rule = ({ path }) => {
      if (path.includes('/sobjects/Invoice/describe')) return json(invoice)
      return /FROM(\+|%20)Invoice/.test(path) ? json({ totalSize: 1, done: true, records: [row] }) : undefined
    }
    const auth = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' }
    const open = (without: readonly string[]) =>
      salesforce.connect('org', salesforce.settings.parse({ loginUrl: gate.url, auth, without }), testDeps()).access!
    const { entries } = await collect({ refs: [ref(ada)] }, open(['ServiceContract']))
    expect(valuesIn(entries, 'Invoice')).toEqual([{ InvoiceNumber: 'F-12' }])
    gate.rule = undefined
    const { gaps } = await collect({ refs: [ref(ada)] }, open(['ServiceContract']))
    expect(gaps.map(({ name }) => name)).toEqual(['Invoice'])
  })

  it('throws when Salesforce fails on the way, or names no record of this kind', async () => {
    const id = await contact()
    await expect(collect({ refs: [ref('005000000000000')] })).rejects.toMatchObject({ kind: 'refused' })
    gate.rule = ({ path }) => (path.includes('Task') ? { reply: { status: 503, body: '[]' } } : undefined)
    await expect(collect({ refs: [ref(id)] })).rejects.toMatchObject({ kind: 'unavailable' })
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RecordRef } from '../../../src/connectors/connector.ts'
import type { Erasure, Traits } from '../../../src/connectors/erasure.ts'
import { salesforce } from '../../../src/connectors/salesforce/index.ts'
import { startSalesforce, type Client } from '../../sandbox/salesforce-client.ts'
import { testDeps } from '../deps.ts'

const signal = new AbortController().signal
let org: Client
let erasure: Erasure
beforeAll(async () => {
  org = await startSalesforce({ User: [{ LastName: 'Portal', Email: 'portal@example.test', UserType: 'CspLitePortal' }] })
  const auth = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' }
  const settings = salesforce.settings.parse({ loginUrl: org.url, instanceUrl: org.url, auth })
  erasure = salesforce.connect('salesforce', settings, testDeps()).erasure!
})
afterAll(() => org.close())
beforeEach(async () => {
  org.crm.reset()
  await org.login()
})

const make = (object: string, fields: object): Promise<string> => org.make(object, fields)
const row = async (object: string, id: string) => (await org.get(`/sobjects/${object}/${id}`)).body as Record<string, unknown>
const ref = (id: string, object = 'Contact'): RecordRef => ({ object, id })
const traits: Traits = {
  emails: ['ada@example.test'],
  phones: ['+33612345678'],
  names: [{ given: 'Ada', family: 'Roux' }],
  homeCountry: 'FR',
}
const person = {
  FirstName: 'Ada',
  LastName: 'Roux',
  Email: 'ada@example.test',
  MobilePhone: '0612345678',
  Birthdate: '1980-02-29',
  MailingStreet: '1 rue Haute',
  MailingCity: 'Paris',
  Title: 'Maire de Paris',
  Description: 'Ada Roux, voisine de Bob',
}

describe('anonymising a person in Salesforce', () => {
  it('leaves a record that names nobody, what points to it, and nothing that hung on it alone', async () => {
    const account = await make('Account', { Name: 'Atelier' })
    const individual = await make('Individual', { LastName: 'Roux' })
    const ada = await make('Contact', { ...person, AccountId: account, IndividualId: individual, HasOptedOutOfEmail: true })
    const contract = await make('Contract', { AccountId: account, CustomerSignedId: ada, Status: 'Draft', StartDate: '2026-01-01' })
    const deal = await make('Opportunity', { Name: 'Offre', StageName: 'Closed Won', CloseDate: '2026-01-01', AccountId: account })
    const own = await make('Task', { Subject: 'Call Ada', WhoId: ada })
    const shared = await make('Task', { Subject: 'Offer for Ada Roux', Description: '0612345678', WhoId: ada, WhatId: deal })
    const bob = await make('Contact', { ...person, FirstName: 'Bob', LastName: 'Blanc', Email: 'bob@example.test', AccountId: account })
    const before = await row('Contact', bob)
    const { records, around } = await erasure.anonymity!.make([ref(ada)], traits, signal)
    expect(records).toEqual([{ ref: ref(ada), outcome: 'anonymised' }])
    expect(around.map(({ object, id, outcome }) => `${object} ${id} ${outcome}`).sort()).toEqual(
      [`Individual ${individual} deleted`, `Task ${own} deleted`, `Task ${shared} redacted`].sort(),
    )
    expect(await erasure.anonymity!.verify([ref(ada)], traits, signal)).toEqual([true])
    const left = await row('Contact', ada)
    expect(left).toMatchObject({ LastName: 'anonymised', AccountId: account, HasOptedOutOfEmail: true })
    expect(JSON.stringify(left)).not.toMatch(/\bada\b|roux|0612|1980|rue haute|paris|maire|\bbob\b/i)
    expect(await row('Contract', contract)).toMatchObject({ CustomerSignedId: ada })
    expect(await row('Task', shared)).toMatchObject({ Subject: 'Offer for […]', Description: '[…]', WhoId: ada })
    expect(await row('Contact', bob)).toEqual(before)
    expect(await erasure.find({ emails: ['ada@example.test'], phones: [], refs: [], objects: objectsOf }, signal)).toMatchObject({
      records: [],
    })
  })

  it('takes the Individual that a record which goes shares with one that stays without the person, and none that a kept one has', async () => {
    const pair = async () => {
      const individual = await make('Individual', { FirstName: 'Ada', LastName: 'Roux' })
      const stays = ref(await make('Contact', { LastName: 'Roux', IndividualId: individual }))
      const goes = ref(await make('Lead', { LastName: 'Roux', Company: 'x', IndividualId: individual }), 'Lead')
      return { stays, goes, both: { ...traits, going: [goes, stays] }, gone: { object: 'Individual', id: individual, outcome: 'deleted' } }
    }
    const [one, other] = [await pair(), await pair()]
    expect(await erasure.prepare([one.goes], { ...traits, going: [one.goes], kept: [one.stays] }, signal)).toEqual([])
    // Whichever of the two is the first.
    expect(await erasure.prepare([one.goes], one.both, signal)).toEqual([one.gone])
    expect((await erasure.anonymity!.make([other.stays], other.both, signal)).around).toEqual([other.gone])
    expect(await org.rows('SELECT Id FROM Individual')).toEqual([])
  })

  it('may be done twice, and is no longer so once somebody writes the person into it again', async () => {
    const ada = await make('Contact', person)
    const { anonymity } = erasure
    for (let i = 0; i < 2; i++)
      expect((await anonymity!.make([ref(ada)], traits, signal)).records).toEqual([{ ref: ref(ada), outcome: 'anonymised' }])
    await org.send('PATCH', `/sobjects/Contact/${ada}`, { FirstName: 'Ada' })
    expect(await anonymity!.verify([ref(ada)], traits, signal)).toEqual([false])
  })

  it('is not believed while the field history knows what was there, nor of a record that cannot be written', async () => {
    org.crm.pull('track-history', { object: 'Contact', fields: ['Email', 'FirstName'] })
    const ada = await make('Contact', person)
    const made = await erasure.anonymity!.make([ref(ada)], traits, signal)
    expect(made.records).toEqual([{ ref: ref(ada), outcome: 'anonymised' }])
    expect(made.around).toMatchObject([{ object: 'ContactHistory', id: null, outcome: 'refused' }])
    expect(await erasure.anonymity!.verify([ref(ada)], traits, signal)).toEqual([false])
    const lead = await make('Lead', { LastName: 'Roux', Company: 'Atelier', Email: 'ada@example.test' })
    org.crm.pull('convert-lead', { leadId: lead })
    expect((await erasure.anonymity!.make([ref(lead, 'Lead')], traits, signal)).records).toMatchObject([{ outcome: 'refused' }])
    expect(await erasure.anonymity!.verify([ref(lead, 'Lead')], traits, signal)).toEqual([false])
    await org.send('DELETE', `/sobjects/Contact/${ada}`)
    expect(await erasure.anonymity!.verify([ref(ada)], traits, signal)).toEqual([false])
  })
})

describe('what somebody else shares with a person in Salesforce', () => {
  const user = async () => String((await org.rows("SELECT Email FROM User WHERE UserType = 'Standard' LIMIT 1"))[0]?.['Email'])
  const mail = async (from: string, to: string, who: readonly string[] = [], more: object = {}) => {
    const id = await make('EmailMessage', { Subject: 'hi', TextBody: `From ${from}`, FromAddress: from, ToAddress: to, ...more })
    for (const one of who) await make('EmailMessageRelation', { EmailMessageId: id, RelationId: one, RelationType: 'FromAddress' })
    return id
  }
  const bobs = () => make('Contact', { LastName: 'Blanc', Email: 'bob@example.test' })
  const fresh = (): Erasure => {
    const auth = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' }
    return salesforce.connect('fresh', salesforce.settings.parse({ loginUrl: org.url, instanceUrl: org.url, auth }), testDeps()).erasure!
  }
  const told = (around: readonly { object: string; id: string | null; outcome: string }[]) =>
    around.map(({ object, id, outcome }) => `${object} ${id} ${outcome}`).sort()
  const meeting = { DurationInMinutes: 30, ActivityDateTime: '2026-03-01T10:00:00Z' }

  it('is no mail of a former address that nothing relates to her, and no mail of a record of hers that is kept', async () => {
    const [lead, held, bob] = [
      await make('Lead', { ...person, Company: 'x', Birthdate: undefined, MailingStreet: undefined, MailingCity: undefined }),
      await make('Contact', person),
      await bobs(),
    ]
    const us = await user()
    const hers = await mail('ada@example.test', us)
    const related = await mail('old@example.test', us, [lead])
    const onCaseOf = async (who: string) =>
      mail('ada@example.test', us, [], { ParentId: await make('Case', { Subject: 'broken', ContactId: who }) })
    const cleaned = [await onCaseOf(bob), await mail('ada@example.test', 'portal@example.test')]
    const untouched = [
      await mail('old@example.test', us),
      await mail('old@example.test', us, [bob]),
      await mail('ada@example.test', us, [held]),
      await mail('ada@example.test', us, [lead, held]),
      await onCaseOf(held),
    ]
    const before = await org.rows('SELECT Id, FromAddress, TextBody FROM EmailMessage ORDER BY Id')
    const around = await erasure.prepare([ref(lead, 'Lead')], { ...traits, formerEmails: ['old@example.test'], kept: [ref(held)] }, signal)
    expect(told(around)).toEqual(
      [
        ...[hers, related].map((id) => `EmailMessage ${id} deleted`),
        ...cleaned.map((id) => `EmailMessage ${id} redacted`),
        ...untouched.slice(2).map((id) => `EmailMessage ${id} left`),
      ].sort(),
    )
    expect(await org.rows('SELECT Id, FromAddress, TextBody FROM EmailMessage ORDER BY Id')).toEqual(
      before.flatMap((one) => {
        if (cleaned.includes(String(one['Id']))) return [{ ...one, FromAddress: null, TextBody: 'From […]' }]
        return untouched.includes(String(one['Id'])) ? [one] : []
      }),
    )
  })

  it('is every mail whose other parties cannot be read', async () => {
    const ada = await make('Contact', person)
    const id = await mail('ada@example.test', await user())
    org.crm.pull('hide-field', { object: 'EmailMessageRelation', field: 'RelationId', mode: 'read' })
    expect(told(await fresh().prepare([ref(ada)], traits, signal))).toEqual([`EmailMessage ${id} redacted`])
    org.crm.pull('hide-field', { object: 'EmailMessageRelation', field: 'RelationId', mode: 'none' })
    org.crm.pull('hide-field', { object: 'EmailMessage', field: 'BccAddress', mode: 'read' })
    const other = await mail('ada@example.test', await user())
    expect(told(await fresh().prepare([ref(ada)], traits, signal))).toEqual([`EmailMessage ${other} redacted`])
  })

  it('is a meeting or a task with somebody else: detached from a record that goes, cleaned of the person on one that stays', async () => {
    const [ada, bob, stays] = [await make('Contact', person), await bobs(), await make('Contact', person)]
    const [us] = await org.rows('SELECT Id FROM User WHERE IsActive = true LIMIT 1')
    const around = async (who: string) => {
      const own = await make('Event', { ...meeting, Subject: 'Ada Roux', WhoId: who })
      const met = await make('Event', { ...meeting, Subject: 'Bob with Ada Roux', WhoId: who })
      const task = await make('Task', { Subject: 'Write to both', WhoId: who })
      await make('EventRelation', { EventId: own, RelationId: String(us?.['Id']) })
      for (const one of [who, bob]) await make('EventRelation', { EventId: met, RelationId: one })
      await make('TaskRelation', { TaskId: task, RelationId: bob })
      return { own, met, task }
    }
    const [gone, blank] = [await around(ada), await around(stays)]
    expect(told(await erasure.prepare([ref(ada)], traits, signal))).toEqual(
      [`Event ${gone.met} detached`, `Task ${gone.task} detached`].sort(),
    )
    expect(await erasure.prepare([ref(ada)], traits, signal)).toEqual([])
    expect(await erasure.erase([ref(ada)], signal)).toEqual([{ ref: ref(ada), outcome: 'erased' }])
    expect(told((await erasure.anonymity!.make([ref(stays)], traits, signal)).around)).toEqual(
      [`Event ${blank.own} deleted`, `Event ${blank.met} redacted`, `Task ${blank.task} left`].sort(),
    )
    expect(await org.rows('SELECT Id, Subject, WhoId FROM Event ORDER BY Id')).toEqual([
      { Id: gone.met, Subject: 'Bob with […]', WhoId: null },
      { Id: blank.met, Subject: 'Bob with […]', WhoId: stays },
    ])
    expect(await org.rows('SELECT Id, WhoId FROM Task ORDER BY Id')).toEqual([
      { Id: gone.task, WhoId: null },
      { Id: blank.task, WhoId: stays },
    ])
    expect((await org.rows('SELECT EventId, RelationId FROM EventRelation ORDER BY EventId, RelationId')).length).toBe(3)
    const met = await make('Event', { ...meeting, Subject: 'Both', WhoId: bob })
    await make('EventRelation', { EventId: met, RelationId: stays })
    org.crm.pull('hide-field', { object: 'Event', field: 'WhoId', mode: 'edit' })
    await expect(fresh().prepare([ref(bob)], { ...traits, emails: [], names: [] }, signal)).rejects.toThrow(
      /^1 tasks or events that somebody else shares cannot be detached/,
    )
  })
})

const objectsOf = [{ object: 'Contact', fields: ['Email'], emails: ['Email'], phones: [] }]

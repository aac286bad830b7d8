import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY, startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

const ACME = '001440000000001AAA'
const ASH = '003440000000001AAA'
const ELM = '003440000000002AAA'
const CASE = '500440000000001AAA'
let client: Client

beforeEach(async () => {
  client = await startSalesforce({
    Account: [{ Id: ACME, Name: 'Acme' }],
    Contact: [
      { Id: ASH, FirstName: 'Ann', LastName: 'Ash', AccountId: ACME },
      { Id: ELM, LastName: 'Elm', ReportsToId: ASH },
    ],
    Campaign: [{ Id: '701440000000001AAA', Name: 'Spring' }],
    CampaignMember: [{ CampaignId: '701440000000001AAA', ContactId: ASH }],
    Task: [{ Subject: 'Call', WhoId: ASH }],
    Note: [{ Title: 'Note', Body: 'text', ParentId: ASH }],
  })
})
afterEach(() => client.close())

const remove = (object: string, id: string) => client.send('DELETE', `/sobjects/${object}/${id}`)
const count = async (object: string, all = false): Promise<unknown> => {
  const { body } = await client.get(`/query${all ? 'All' : ''}?q=${encodeURIComponent(`SELECT COUNT() FROM ${object}`)}`)
  return (body as { totalSize: number }).totalSize
}
const made = async (object: string, body: object): Promise<string> => {
  const answer = await client.send('POST', `/sobjects/${object}`, body)
  expect(answer.status, answer.text).toBe(201)
  return (answer.body as { id: string }).id
}

test('a contact takes its activities, notes and memberships along, and undelete brings them back with the lookups it emptied', async () => {
  expect((await remove('Contact', ASH)).status).toBe(204)
  expect(await Promise.all(['Task', 'Note', 'CampaignMember'].map((name) => count(name)))).toEqual([0, 0, 0])
  expect(await client.rows(`SELECT ReportsToId FROM Contact WHERE Id = '${ELM}'`)).toEqual([{ ReportsToId: null }])
  expect(client.crm.pull('undelete', { ids: [ASH] })).toMatchObject([{ ok: true }])
  expect(await Promise.all(['Task', 'Note', 'CampaignMember'].map((name) => count(name)))).toEqual([1, 1, 1])
  expect(await client.rows(`SELECT ReportsToId FROM Contact WHERE Id = '${ELM}'`)).toEqual([{ ReportsToId: ASH }])
})

test('a case in the way refuses the delete by its number, also through the account', async () => {
  await made('Case', { Subject: 'First', ContactId: ASH })
  await made('Case', { Subject: 'Second', ContactId: ASH })
  const refused = await remove('Contact', ASH)
  expect([refused.status, refused.body]).toEqual([
    400,
    [
      {
        message:
          'Your attempt to delete Ann Ash could not be completed because it is associated with the following cases.: 00001000, 00001001\n',
        errorCode: 'DELETE_FAILED',
        fields: [],
      },
    ],
  ])
  const account = await remove('Account', ACME)
  expect([account.status, account.body]).toMatchObject([400, [{ errorCode: 'DELETE_FAILED' }]])
  expect(await count('Contact')).toBe(2)
})

test.each([
  ['AuthorizationFormConsent', { Name: 'A', ConsentGiverId: ASH }, 'authorization form consents.: A\n'],
  ['Contract', { AccountId: ACME, CustomerSignedId: ASH }, 'contracts.: 00001000\n'],
  ['Order', { AccountId: ACME, BillToContactId: ASH, Status: 'Draft', EffectiveDate: '2026-03-01' }, 'orders.: 00001000\n'],
])('%s blocks the contact it names', async (object, body, text) => {
  await made(object, body)
  const refused = (await remove('Contact', ASH)).body as { message: string; errorCode: string }[]
  expect(refused[0]?.errorCode).toBe('DELETE_FAILED')
  expect(refused[0]?.message).toContain(text)
})

test('an account takes draft contracts along and stumbles over activated ones', async () => {
  const contract = await made('Contract', { AccountId: ACME })
  await client.send('PATCH', `/sobjects/Contract/${contract}`, { Status: 'Activated' })
  expect((await remove('Account', ACME)).body).toMatchObject([{ errorCode: 'DELETE_FAILED' }])
  await client.send('PATCH', `/sobjects/Contract/${contract}`, { Status: 'Draft' })
  expect((await remove('Account', ACME)).status).toBe(204)
  expect(await count('Contract')).toBe(0)
})

test('an individual takes its contact points along and leaves consents and contacts', async () => {
  const individual = await made('Individual', { LastName: 'Ash' })
  await client.send('PATCH', `/sobjects/Contact/${ASH}`, { IndividualId: individual })
  await made('ContactPointEmail', { ParentId: individual, EmailAddress: 'ash@example.test' })
  await made('ContactPointTypeConsent', { Name: 'C', PartyId: individual, ContactPointType: 'Email', PrivacyConsentStatus: 'OptOut' })
  expect(await client.rows('SELECT Name, EmailDomain, EmailMailBox FROM ContactPointEmail')).toEqual([
    { Name: 'ash@example.test', EmailDomain: 'example.test', EmailMailBox: 'ash' },
  ])
  expect((await remove('Individual', individual)).status).toBe(204)
  expect([await count('ContactPointEmail'), await count('ContactPointTypeConsent'), await count('Contact')]).toEqual([0, 1, 2])
  expect(await client.rows(`SELECT IndividualId FROM Contact WHERE Id = '${ASH}'`)).toEqual([{ IndividualId: null }])
})

test('a case takes comments and messages along; nothing blocks it', async () => {
  const id = await made('Case', { Subject: 'Broken', SuppliedEmail: 'x@example.test' })
  await made('CaseComment', { ParentId: id, CommentBody: 'hello' })
  await made('EmailMessage', { ParentId: id, Subject: 'Re: Broken', TextBody: 'hello' })
  expect((await remove('Case', id)).status).toBe(204)
  expect([await count('CaseComment'), await count('EmailMessage'), await count('EmailMessage', true)]).toEqual([0, 0, 1])
  expect(CASE.startsWith('500')).toBe(true)
})

test('what cannot be undeleted has no bin entry', async () => {
  const deal = await made('Opportunity', { Name: 'Deal', AccountId: ACME, StageName: 'Prospecting', CloseDate: '2026-05-01' })
  const role = await made('OpportunityContactRole', { OpportunityId: deal, ContactId: ASH })
  expect((await remove('OpportunityContactRole', role)).status).toBe(204)
  expect(client.crm.pull('undelete', { ids: [role] })).toMatchObject([{ ok: false, errors: [{ statusCode: 'UNDELETE_FAILED' }] }])
  expect(client.crm.pull('purge', { ids: [role] })).toMatchObject([{ ok: false, errors: [{ statusCode: 'INVALID_ID_FIELD' }] }])
  expect(await count('OpportunityContactRole', true)).toBe(1)
  client.advance(DAY)
  await client.login()
  expect(await count('OpportunityContactRole', true)).toBe(0)
})

test('a full bin loses its oldest deletes, whole, once they are two hours old', async () => {
  client.crm.pull('bin-capacity', { records: 3 })
  await remove('Contact', ASH)
  const [first, second] = [await made('Account', { Name: 'First' }), await made('Account', { Name: 'Second' })]
  client.advance(60_000)
  await remove('Account', first)
  await remove('Account', second)
  expect(client.crm.pull('undelete', { ids: [first] })).toMatchObject([{ ok: true }])
  await remove('Account', first)
  client.advance(2 * 3_600_000)
  await client.login()
  expect(await count('Task', true)).toBe(1)
  expect(client.crm.pull('undelete', { ids: [ASH, first] })).toMatchObject([{ ok: false }, { ok: true }])
})

test('describe tells of each child relationship what a delete does', async () => {
  const { body } = await client.get('/sobjects/Contact/describe')
  const children = (
    body as { childRelationships: { childSObject: string; field: string; cascadeDelete: boolean; restrictedDelete: boolean }[] }
  ).childRelationships
  const flags = (object: string, field: string) =>
    children
      .filter((each) => each.childSObject === object && each.field === field)
      .map((each) => [each.cascadeDelete, each.restrictedDelete])
  expect([flags('Task', 'WhoId'), flags('Case', 'ContactId'), flags('Lead', 'ConvertedContactId')]).toEqual([
    [[true, false]],
    [[false, true]],
    [[false, false]],
  ])
})

test('merging fills fields, moves children and keeps three records at most', async () => {
  const third = await made('Contact', { LastName: 'Third' })
  expect(client.crm.pull('merge', { object: 'Contact', winner: ELM, losers: [ASH, third] })).toMatchObject({
    mergedRecordIds: [ASH, third],
  })
  expect(await client.rows('SELECT WhoId FROM Task')).toEqual([{ WhoId: ELM }])
  const { body } = await client.get(`/queryAll?q=${encodeURIComponent('SELECT Id, MasterRecordId FROM Contact WHERE IsDeleted = true')}`)
  expect((body as { records: object[] }).records).toMatchObject([
    { Id: ASH, MasterRecordId: ELM },
    { Id: third, MasterRecordId: ELM },
  ])
  expect(() => client.crm.pull('merge', { object: 'Contact', winner: ELM, losers: [ELM] })).toThrow('itself')
  expect(() => client.crm.pull('merge', { object: 'Case', winner: ELM, losers: [ASH] })).toThrow('does not support merge')
})

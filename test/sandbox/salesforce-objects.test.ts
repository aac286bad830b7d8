import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

const ACME = '001440000000001AAA'
const ASH = '003440000000001AAA'
const LEAD = '00Q440000000001EAA'
let client: Client

beforeEach(async () => {
  client = await startSalesforce({
    Account: [{ Id: ACME, Name: 'Acme' }],
    Contact: [{ Id: ASH, LastName: 'Ash', AccountId: ACME, Email: 'ash@example.test', Siren__c: '1' }],
    Lead: [{ Id: LEAD, LastName: 'Larch', Company: 'Larch & Co', Email: 'larch@example.test', Siren__c: '123', City: 'Lyon' }],
  })
})
afterEach(() => client.close())

const post = (object: string, body: object, headers?: Record<string, string>) => client.send('POST', `/sobjects/${object}`, body, headers)
const made = async (object: string, body: object): Promise<string> => {
  const answer = await post(object, body)
  expect(answer.status, answer.text).toBe(201)
  return (answer.body as { id: string }).id
}
const describe = async (object: string) => {
  const { body } = await client.get(`/sobjects/${object}/describe`)
  return body as {
    fields: { name: string; type: string; defaultedOnCreate: boolean }[]
    recordTypeInfos: { name: string; master: boolean }[]
  }
}

test('every object of the global describe can be described, and queried if it says so', async () => {
  const { sobjects } = (await client.get('/sobjects')).body as { sobjects: { name: string; keyPrefix: string; queryable: boolean }[] }
  expect(sobjects.length).toBeGreaterThan(70)
  for (const { name, queryable } of sobjects) {
    const filter = name === 'ContentDocumentLink' ? ` WHERE LinkedEntityId = '${ASH}'` : ''
    const answer = await client.soql(`SELECT FIELDS(ALL) FROM ${name}${filter} LIMIT 200`)
    expect([name, answer.status]).toEqual([name, queryable ? 200 : 400])
    expect((await describe(name)).fields.length).toBeGreaterThan(2)
  }
})

test.each([
  ['Task', { Subject: 'Call', WhoId: ASH, Status: 'Completed', ActivityDate: '2026-02-01' }],
  ['Event', { Subject: 'Meet', WhoId: ASH, StartDateTime: '2026-02-01T10:00:00Z', DurationInMinutes: 30 }],
  ['EmailMessage', { Subject: 'Hi', FromAddress: 'a@example.test', ToAddress: 'b@example.test', RelatedToId: ACME }],
  ['Note', { Title: 'T', ParentId: ASH }],
  ['Attachment', { Name: 'a.txt', ParentId: ASH, Body: 'aGVsbG8=' }],
  ['Campaign', { Name: 'Spring' }],
  ['Asset', { Name: 'Car', ContactId: ASH }],
  ['DataUsePurpose', { Name: 'Marketing' }],
  ['EngagementChannelType', { Name: 'Email', ContactPointType: 'Email' }],
  ['FeedItem', { ParentId: ASH, Body: 'Post' }],
  ['Group', { Name: 'Queue', Type: 'Queue' }],
  ['Product2', { Name: 'Thing' }],
])('%s is created, read, changed and deleted', async (object, body) => {
  const id = await made(object, body)
  expect((await client.get(`/sobjects/${object}/${id}`)).body).toMatchObject({ Id: id })
  if (object !== 'FeedItem') expect((await client.send('PATCH', `/sobjects/${object}/${id}`, {})).status).toBe(204)
  expect((await client.send('DELETE', `/sobjects/${object}/${id}`)).status).toBe(204)
})

test('a consent is required to name its party; its status is restricted and has a default', async () => {
  expect((await post('ContactPointTypeConsent', { Name: 'x' })).body).toMatchObject([
    { errorCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [PartyId]', fields: ['PartyId'] },
  ])
  const party = await made('Individual', { LastName: 'Ash' })
  expect((await post('ContactPointTypeConsent', { Name: 'x', PartyId: party, PrivacyConsentStatus: 'Maybe' })).body).toMatchObject([
    {
      errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      message: 'Privacy Consent Status: bad value for restricted picklist field: Maybe',
    },
  ])
  await made('ContactPointTypeConsent', { Name: 'x', PartyId: party })
  expect(await client.rows('SELECT PrivacyConsentStatus, Party.Name FROM ContactPointTypeConsent')).toMatchObject([
    { PrivacyConsentStatus: 'NotSeen', Party: { Name: 'Ash' } },
  ])
})

test('a full chain of communication consents can be built and read from the giver', async () => {
  const purpose = await made('DataUsePurpose', { Name: 'Newsletter' })
  const subscription = await made('CommSubscription', { Name: 'News', DataUsePurposeId: purpose })
  const channel = await made('EngagementChannelType', { Name: 'Email' })
  const type = await made('CommSubscriptionChannelType', {
    Name: 'News by mail',
    CommunicationSubscriptionId: subscription,
    EngagementChannelTypeId: channel,
  })
  const party = await made('Individual', { LastName: 'Ash' })
  const point = await made('ContactPointEmail', { ParentId: party, EmailAddress: 'ash@example.test' })
  await made('CommSubscriptionConsent', {
    Name: 'Yes',
    ConsentGiverId: ASH,
    ContactPointId: point,
    CommSubscriptionChannelTypeId: type,
    EffectiveFromDate: '2026-03-01',
    PrivacyConsentStatus: 'OptIn',
  })
  expect(
    await client.rows(
      'SELECT Name, ConsentGiver.Type, CommSubscriptionChannelType.CommunicationSubscription.DataUsePurpose.Name FROM CommSubscriptionConsent',
    ),
  ).toMatchObject([
    {
      ConsentGiver: { Type: 'Contact' },
      CommSubscriptionChannelType: { CommunicationSubscription: { DataUsePurpose: { Name: 'Newsletter' } } },
    },
  ])
})

test('without Data Protection and Privacy its objects and fields do not exist', async () => {
  client.crm.pull('feature', { name: 'privacy', on: false })
  expect((await client.soql('SELECT Id FROM Individual')).body).toMatchObject([{ errorCode: 'INVALID_TYPE' }])
  expect((await client.get('/sobjects/Individual/describe')).status).toBe(404)
  expect((await client.soql('SELECT IndividualId FROM Contact')).body).toMatchObject([{ errorCode: 'INVALID_FIELD' }])
  expect(await client.rows('SELECT PreferencesConsentManagementEnabled FROM Organization')).toEqual([
    { PreferencesConsentManagementEnabled: false },
  ])
  client.crm.reset()
  await client.login()
  expect((await client.soql('SELECT Id, IndividualId FROM Contact')).status).toBe(200)
  expect((await client.soql('SELECT Id FROM Individual')).status).toBe(200)
})

test('a person account is one person with two faces', async () => {
  expect((await post('Account', { LastName: 'Person' })).body).toMatchObject([{ errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE' }])
  client.crm.pull('feature', { name: 'personAccounts', on: true })
  const person = { FirstName: 'Pia', LastName: 'Person', PersonEmail: 'pia@example.test', PersonHasOptedOutOfEmail: true, Siren__pc: '9' }
  const id = await made('Account', person)
  expect(
    await client.rows(
      `SELECT Name, IsPersonAccount, PersonEmail, PersonHasOptedOutOfEmail, Siren__pc, PersonContact.Email FROM Account WHERE Id = '${id}'`,
    ),
  ).toMatchObject([
    {
      Name: 'Pia Person',
      IsPersonAccount: true,
      PersonEmail: 'pia@example.test',
      PersonHasOptedOutOfEmail: true,
      Siren__pc: '9',
      PersonContact: { Email: 'pia@example.test' },
    },
  ])
  const [{ Id: shadow } = {}] = await client.rows(
    "SELECT Id, Siren__c FROM Contact WHERE IsPersonAccount = true AND Email = 'pia@example.test'",
  )
  expect((await client.send('DELETE', `/sobjects/Contact/${String(shadow)}`)).body).toMatchObject([
    { errorCode: 'INVALID_PERSON_ACCOUNT_OPERATION' },
  ])
  expect((await client.send('PATCH', `/sobjects/Account/${id}`, { LastName: 'Persona', PersonEmail: null })).status).toBe(204)
  expect(await client.rows(`SELECT LastName, Email FROM Contact WHERE Id = '${String(shadow)}'`)).toEqual([
    { LastName: 'Persona', Email: null },
  ])
  expect((await client.send('PATCH', `/sobjects/Account/${id}`, { Name: 'No' })).body).toMatchObject([
    { errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', message: 'Account: bad field names on insert/update call: Name' },
  ])
  expect((await client.send('PATCH', `/sobjects/Account/${ACME}`, { PersonEmail: 'x@example.test' })).status).toBe(400)
  await client.send('DELETE', `/sobjects/Account/${id}`)
  expect(await client.rows(`SELECT Id FROM Contact WHERE Id = '${String(shadow)}'`)).toEqual([])
})

test('without person accounts their fields are unknown', async () => {
  expect((await client.soql('SELECT PersonEmail FROM Account')).body).toMatchObject([{ errorCode: 'INVALID_FIELD' }])
  expect((await describe('Account')).fields.filter(({ name }) => name.startsWith('Person') || name.endsWith('__pc'))).toEqual([])
})

test('record types appear with the first one', async () => {
  expect((await describe('Contact')).recordTypeInfos).toMatchObject([{ name: 'Master', master: true }])
  expect((await client.soql('SELECT RecordTypeId FROM Contact')).status).toBe(400)
  const id = await made('RecordType', { Name: 'Donor', DeveloperName: 'Donor', SobjectType: 'Contact', IsActive: true })
  expect((await describe('Contact')).recordTypeInfos.map(({ name }) => name)).toEqual(['Donor', 'Master'])
  await client.send('PATCH', `/sobjects/Contact/${ASH}`, { RecordTypeId: id })
  expect(await client.rows("SELECT RecordType.DeveloperName FROM Contact WHERE RecordType.DeveloperName = 'Donor'")).toMatchObject([
    { RecordType: { DeveloperName: 'Donor' } },
  ])
})

test('the last activity follows events and closed tasks', async () => {
  const last = async () => [
    (await client.rows(`SELECT LastActivityDate FROM Contact WHERE Id = '${ASH}'`))[0]?.LastActivityDate,
    (await client.rows(`SELECT LastActivityDate FROM Account WHERE Id = '${ACME}'`))[0]?.LastActivityDate,
  ]
  const task = await made('Task', { Subject: 'Call', WhoId: ASH, ActivityDate: '2026-02-01' })
  expect(await last()).toEqual([null, null])
  await client.send('PATCH', `/sobjects/Task/${task}`, { Status: 'Completed' })
  expect(await last()).toEqual(['2026-02-01', '2026-02-01'])
  const event = await made('Event', { Subject: 'Meet', WhoId: ASH, StartDateTime: '2026-02-09T10:00:00Z', DurationInMinutes: 30 })
  expect(await last()).toEqual(['2026-02-09', '2026-02-09'])
  await client.send('DELETE', `/sobjects/Event/${event}`)
  expect(await last()).toEqual(['2026-02-01', '2026-02-01'])
})

test('opportunities, cases and members follow from their status', async () => {
  const deal = await made('Opportunity', { Name: 'Deal', StageName: 'Closed Won', CloseDate: '2026-05-01', Amount: 10 })
  expect(await client.rows(`SELECT IsWon, Probability, ForecastCategoryName, Fiscal FROM Opportunity WHERE Id = '${deal}'`)).toEqual([
    { IsWon: true, Probability: 100, ForecastCategoryName: 'Closed', Fiscal: '2026 2' },
  ])
  await made('Case', { Status: 'Closed', ContactId: ASH })
  expect(await client.rows('SELECT CaseNumber, IsClosed, ContactEmail FROM Case')).toEqual([
    { CaseNumber: '00001000', IsClosed: true, ContactEmail: 'ash@example.test' },
  ])
  const campaign = await made('Campaign', { Name: 'Spring' })
  expect((await post('CampaignMember', { CampaignId: campaign })).body).toMatchObject([{ errorCode: 'REQUIRED_FIELD_MISSING' }])
  await made('CampaignMember', { CampaignId: campaign, LeadId: LEAD, Status: 'Responded' })
  expect((await post('CampaignMember', { CampaignId: campaign, LeadId: LEAD })).body).toMatchObject([
    { errorCode: 'DUPLICATE_VALUE', message: 'Already a campaign member.' },
  ])
  expect(await client.rows('SELECT Label, HasResponded FROM CampaignMemberStatus ORDER BY SortOrder')).toEqual([
    { Label: 'Sent', HasResponded: false },
    { Label: 'Responded', HasResponded: true },
  ])
  expect(
    await client.rows('SELECT Email, City, CompanyOrAccount, HasResponded, Type, LeadOrContact.Name FROM CampaignMember'),
  ).toMatchObject([
    {
      Email: 'larch@example.test',
      City: 'Lyon',
      CompanyOrAccount: 'Larch & Co',
      HasResponded: true,
      Type: 'Lead',
      LeadOrContact: { Name: 'Larch' },
    },
  ])
})

test('a converted lead becomes account, contact and opportunity, takes its activities there and is frozen', async () => {
  await made('Task', { Subject: 'Call', WhoId: LEAD })
  expect(() => client.crm.pull('convert-lead', { leadId: LEAD, convertedStatus: 'Working - Contacted' })).toThrow(
    'invalid convertedStatus: Working - Contacted',
  )
  const converted = client.crm.pull('convert-lead', { leadId: LEAD }) as { accountId: string; contactId: string; opportunityId: string }
  expect(await client.rows(`SELECT IsConverted, Status, ConvertedAccountId, ConvertedContactId, ConvertedOpportunityId FROM Lead`)).toEqual(
    [
      {
        IsConverted: true,
        Status: 'Closed - Converted',
        ConvertedAccountId: converted.accountId,
        ConvertedContactId: converted.contactId,
        ConvertedOpportunityId: converted.opportunityId,
      },
    ],
  )
  expect(
    await client.rows(`SELECT LastName, Email, MailingCity, Siren__c, Account.Name FROM Contact WHERE Id = '${converted.contactId}'`),
  ).toMatchObject([
    { LastName: 'Larch', Email: 'larch@example.test', MailingCity: 'Lyon', Siren__c: '123', Account: { Name: 'Larch & Co' } },
  ])
  expect(await client.rows('SELECT WhoId FROM Task')).toEqual([{ WhoId: converted.contactId }])
  expect(await client.rows('SELECT ContactId, IsPrimary FROM OpportunityContactRole')).toEqual([
    { ContactId: converted.contactId, IsPrimary: true },
  ])
  expect(() => client.crm.pull('convert-lead', { leadId: LEAD })).toThrow('cannot reference converted lead')
})

test('a duplicate rule refuses until the header allows it', async () => {
  const twin = { LastName: 'Twin', Email: 'ASH@example.test' }
  await made('Contact', twin)
  client.crm.pull('duplicate-rule', { object: 'Contact', fields: ['Email'] })
  const refused = await post('Contact', twin)
  expect([refused.status, refused.body]).toMatchObject([
    400,
    [
      {
        errorCode: 'DUPLICATES_DETECTED',
        message: 'Use one of these records?',
        duplicateResult: {
          allowSave: true,
          matchResults: [{ size: 2, matchRecords: [{ record: { attributes: { type: 'Contact' }, Id: ASH } }, {}] }],
        },
      },
    ],
  ])
  expect((await post('Contact', twin, { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' })).status).toBe(201)
  client.crm.reset()
  await client.login()
  await made('Contact', twin)
})

test('tracked fields keep a history that goes with its record', async () => {
  client.crm.pull('track-history', { object: 'Contact', fields: ['Email'] })
  await client.send('PATCH', `/sobjects/Contact/${ASH}`, { Email: 'new@example.test', Title: 'x' })
  expect(await client.rows('SELECT ContactId, Field, OldValue, NewValue FROM ContactHistory')).toEqual([
    { ContactId: ASH, Field: 'Email', OldValue: 'ash@example.test', NewValue: 'new@example.test' },
  ])
  await client.send('DELETE', `/sobjects/Contact/${ASH}`)
  expect(await client.rows('SELECT Id FROM ContactHistory')).toEqual([])
})

test('contacts with several accounts have a direct relation that nobody deletes', async () => {
  expect((await client.soql('SELECT Id FROM AccountContactRelation')).body).toMatchObject([{ errorCode: 'INVALID_TYPE' }])
  client.crm.pull('feature', { name: 'relations', on: true })
  const [{ Id, ...relation } = {}] = await client.rows('SELECT Id, AccountId, ContactId, IsDirect FROM AccountContactRelation')
  expect(relation).toEqual({ AccountId: ACME, ContactId: ASH, IsDirect: true })
  expect((await client.send('DELETE', `/sobjects/AccountContactRelation/${String(Id)}`)).body).toMatchObject([
    { errorCode: 'INVALID_OPERATION' },
  ])
  await client.send('DELETE', `/sobjects/Contact/${ASH}`)
  expect(await client.rows('SELECT Id FROM AccountContactRelation')).toEqual([])
})

test('a file is a version, a document and its links', async () => {
  await made('ContentVersion', { Title: 'CV', PathOnClient: 'cv.pdf', VersionData: 'aGVsbG8=', FirstPublishLocationId: ASH })
  const [link] = await client.rows(
    `SELECT ContentDocument.Title, ContentDocument.FileType, ShareType FROM ContentDocumentLink WHERE LinkedEntityId = '${ASH}'`,
  )
  expect(link).toMatchObject({ ContentDocument: { Title: 'CV', FileType: 'PDF' }, ShareType: 'V' })
  await client.send('DELETE', `/sobjects/Contact/${ASH}`)
  expect(await client.rows('SELECT Title FROM ContentDocument')).toEqual([{ Title: 'CV' }])
})

test('a binary field is a path in a record and bytes at that path', async () => {
  const id = await made('Attachment', { Name: 'a.txt', ParentId: ASH, Body: 'aGVsbG8=', ContentType: 'text/plain' })
  const path = `/services/data/v60.0/sobjects/Attachment/${id}/Body`
  expect((await client.get(`/sobjects/Attachment/${id}?fields=Body,BodyLength`)).body).toMatchObject({ Body: path, BodyLength: 5 })
  const blob = await client.get(`/${path}`)
  expect([blob.status, blob.text, blob.headers.get('content-type')]).toEqual([200, 'hello', 'text/plain'])
})

test('a permission set gives a hidden standard field back', async () => {
  client.crm.pull('hide-field', { object: 'Contact', field: 'HasOptedOutOfEmail', mode: 'read' })
  expect((await client.soql('SELECT HasOptedOutOfEmail FROM Contact')).status).toBe(400)
  const [{ Id: ParentId } = {}] = await client.rows("SELECT Id FROM PermissionSet WHERE Name = 'Integration'")
  const id = await made('FieldPermissions', {
    ParentId,
    SobjectType: 'Contact',
    Field: 'Contact.HasOptedOutOfEmail',
    PermissionsRead: true,
  })
  expect((await client.soql('SELECT HasOptedOutOfEmail FROM Contact')).status).toBe(200)
  await client.send('DELETE', `/sobjects/FieldPermissions/${id}`)
  expect((await client.soql('SELECT HasOptedOutOfEmail FROM Contact')).status).toBe(400)
})

test('value sets can be queried, the converted status of leads among them', async () => {
  expect(await client.rows('SELECT MasterLabel FROM LeadStatus WHERE IsConverted = true')).toEqual([{ MasterLabel: 'Closed - Converted' }])
  expect(await client.rows('SELECT MasterLabel, DefaultProbability FROM OpportunityStage WHERE IsWon = true')).toEqual([
    { MasterLabel: 'Closed Won', DefaultProbability: 100 },
  ])
})

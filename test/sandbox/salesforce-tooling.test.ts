import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

const STATUS = {
  type: 'Picklist',
  label: 'Status',
  valueSet: {
    restricted: true,
    valueSetDefinition: {
      sorted: false,
      value: [
        { fullName: 'ok', label: 'OK', default: false },
        { fullName: 'blocked', label: 'Blocked', default: false },
      ],
    },
  },
}
let client: Client

beforeEach(async () => {
  client = await startSalesforce({
    Contact: [
      {
        LastName: 'Ash',
        Newsletter_Status__c: 'subscribed',
        Consent_Open_Tracking_Date__c: '2024-05-06T07:08:09Z',
        Sales_Notes__c: 'x',
        Legal_Hold__c: true,
        Made_Up_Day__c: '2024-05-06',
        Made_Up_Count__c: 7,
        Made_Up_List__c: ['a', 'b'],
        Made_Up_Text__c: 'y'.repeat(300),
      },
    ],
  })
})
afterEach(() => client.close())

const create = (FullName: string, Metadata: object) => client.send('POST', '/tooling/sobjects/CustomField', { FullName, Metadata })
const permissionSet = async (): Promise<string> =>
  String((await client.rows("SELECT Id FROM PermissionSet WHERE Name = 'Integration'"))[0]?.Id)
const grant = async (Field: string) =>
  client.send('POST', '/sobjects/FieldPermissions', {
    ParentId: await permissionSet(),
    SobjectType: 'Contact',
    Field,
    PermissionsRead: true,
    PermissionsEdit: true,
  })
const described = async (name: string) =>
  ((await client.get('/sobjects/Contact/describe')).body as { fields: { name: string }[] }).fields.find((field) => field.name === name)

test('Tooling lists its objects, and describes each', async () => {
  expect((await client.get('/tooling')).body).toEqual({
    query: '/services/data/v60.0/tooling/query',
    sobjects: '/services/data/v60.0/tooling/sobjects',
  })
  const { sobjects } = (await client.get('/tooling/sobjects/')).body as { sobjects: { name: string; urls: { describe: string } }[] }
  expect(sobjects.map(({ name }) => name)).toContain('CustomField')
  for (const { name, urls } of sobjects) {
    expect(urls.describe).toBe(`/services/data/v60.0/tooling/sobjects/${name}/describe`)
    expect((await client.get(`/tooling/sobjects/${name}/describe`)).body).toMatchObject({ name })
    expect((await client.get(`/tooling/sobjects/${name}`)).body).toMatchObject({ objectDescribe: { name }, recentItems: [] })
  }
  expect((await client.send('POST', '/tooling/sobjects', {})).status).toBe(405)
  expect((await client.get('/tooling/sobjects/Nothing/describe')).status).toBe(404)
})

test('a field made by Tooling is invisible until it is granted, then restricted to its values', async () => {
  const made = await create('Contact.Accord_Status__c', STATUS)
  expect([made.status, made.body]).toEqual([
    201,
    { id: expect.stringMatching(/^00N\w{15}$/), success: true, errors: [], warnings: [], infos: [] },
  ])
  const [{ Id } = {}] = await client.rows('SELECT Id FROM Contact')
  const write = (value: string) => client.send('PATCH', `/sobjects/Contact/${String(Id)}`, { Accord_Status__c: value })
  expect(await described('Accord_Status__c')).toBeUndefined()
  expect((await client.soql('SELECT Accord_Status__c FROM Contact')).body).toMatchObject([{ errorCode: 'INVALID_FIELD' }])
  expect((await write('ok')).body).toEqual([
    { errorCode: 'INVALID_FIELD', message: "No such column 'Accord_Status__c' on sobject of type Contact", fields: [] },
  ])
  expect((await grant('Contact.Accord_Status__c')).status).toBe(201)
  expect(await described('Accord_Status__c')).toMatchObject({
    custom: true,
    type: 'picklist',
    restrictedPicklist: true,
    updateable: true,
    picklistValues: [{ value: 'ok', label: 'OK', active: true }, { value: 'blocked' }],
  })
  expect((await write('ok')).status).toBe(204)
  expect((await write('fine')).body).toEqual([
    {
      errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      message: 'Status: bad value for restricted picklist field: fine',
      fields: ['Accord_Status__c'],
    },
  ])
  expect(await client.rows("SELECT Accord_Status__c FROM Contact WHERE Accord_Status__c = 'OK'")).toEqual([{ Accord_Status__c: 'ok' }])
})

test('a grant is refused twice, for a field that is not there, and without read', async () => {
  await create('Contact.Accord_Status__c', STATUS)
  await grant('Contact.Accord_Status__c')
  expect((await grant('Contact.Accord_Status__c')).body).toMatchObject([{ errorCode: 'DUPLICATE_VALUE' }])
  expect((await grant('Contact.Nothing__c')).body).toEqual([
    {
      errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      message: 'Field Name: bad value for restricted picklist field: Contact.Nothing__c',
      fields: ['Field'],
    },
  ])
})

test('a name is taken once, whoever made the field', async () => {
  const twice = await create('Contact.newsletter_status__c', STATUS)
  expect([twice.status, twice.body]).toEqual([
    400,
    [
      {
        errorCode: 'DUPLICATE_DEVELOPER_NAME',
        message: 'There is already a field named newsletter_status on Contact.',
        fields: ['DeveloperName'],
      },
    ],
  ])
})

test.each([
  ['Contact.Bad__Name__c', STATUS, 'FIELD_INTEGRITY_EXCEPTION'],
  [`Contact.${'N'.repeat(41)}__c`, STATUS, 'STRING_TOO_LONG'],
  ['Gadget.Name__c', STATUS, 'INVALID_TYPE'],
  ['Contact.Text__c', { type: 'Text', label: 'Text' }, 'FIELD_INTEGRITY_EXCEPTION'],
  ['Contact.Magic__c', { type: 'Magic', label: 'Magic' }, 'FIELD_INTEGRITY_EXCEPTION'],
  ['Contact.Many__c', { ...STATUS, type: 'MultiselectPicklist' }, 'FIELD_INTEGRITY_EXCEPTION'],
])('%s is refused', async (name, metadata, code) => {
  expect((await create(name, metadata)).body).toMatchObject([{ errorCode: code }])
})

test('Tooling queries find fields and read metadata one row at a time; a PATCH adds values', async () => {
  const tooling = async (query: string) => (await client.get(`/tooling/query?q=${encodeURIComponent(query)}`)).body
  expect(
    await tooling(
      "SELECT DeveloperName, TableEnumOrId FROM CustomField WHERE TableEnumOrId = 'Lead' AND DeveloperName IN ('Siren', 'Legal_Hold')",
    ),
  ).toMatchObject({
    totalSize: 2,
    records: [
      { DeveloperName: 'Siren', TableEnumOrId: 'Lead' },
      { DeveloperName: 'Legal_Hold', TableEnumOrId: 'Lead' },
    ],
  })
  expect(await tooling('SELECT FullName FROM CustomField')).toMatchObject([{ errorCode: 'MALFORMED_QUERY' }])
  const { id } = (await create('Contact.Accord_Status__c', STATUS)).body as { id: string }
  await grant('Contact.Accord_Status__c')
  expect(await tooling("SELECT FullName, Metadata FROM CustomField WHERE DeveloperName = 'Accord_Status'")).toMatchObject({
    records: [{ FullName: 'Contact.Accord_Status__c', Metadata: STATUS }],
  })
  const { valueSetDefinition } = STATUS.valueSet
  const wider = {
    ...STATUS,
    valueSet: {
      ...STATUS.valueSet,
      valueSetDefinition: {
        ...valueSetDefinition,
        value: [...valueSetDefinition.value, { fullName: 'attention', label: 'Attention', default: false }],
      },
    },
  }
  expect((await client.send('PATCH', `/tooling/sobjects/CustomField/${id}`, { Metadata: wider })).status).toBe(204)
  expect(await described('Accord_Status__c')).toMatchObject({ picklistValues: [{}, {}, { value: 'attention' }] })
  expect((await client.send('DELETE', `/tooling/sobjects/CustomField/${id}`)).status).toBe(204)
  expect(await described('Accord_Status__c')).toBeUndefined()
  expect((await create('Contact.Accord_Status__c', { type: 'Date', label: 'Status' })).status).toBe(201)
})

test('the demo fields stand on contacts and leads; unknown seed fields become granted custom fields of a fitting type', async () => {
  const types = async (...names: string[]) =>
    Promise.all(names.map(async (name) => ((await described(name)) as unknown as { type: string; length: number }).type))
  expect(
    await types(
      'Newsletter_Status__c',
      'Consent_Open_Tracking_Date__c',
      'Sales_Notes__c',
      'Legal_Hold__c',
      'Old_Crm_Id__c',
      'Interests__c',
    ),
  ).toEqual(['picklist', 'datetime', 'textarea', 'boolean', 'string', 'multipicklist'])
  const names = ['Made_Up_Day__c', 'Made_Up_Count__c', 'Made_Up_List__c', 'Made_Up_Text__c']
  expect(await types(...names)).toEqual(['date', 'double', 'multipicklist', 'textarea'])
  expect(await client.rows(`SELECT Consent_Open_Tracking_Date__c, ${names.join(', ')} FROM Contact`)).toEqual([
    {
      Consent_Open_Tracking_Date__c: '2024-05-06T07:08:09.000+0000',
      Made_Up_Day__c: '2024-05-06',
      Made_Up_Count__c: 7,
      Made_Up_List__c: 'a;b',
      Made_Up_Text__c: 'y'.repeat(300),
    },
  ])
  expect(await client.rows('SELECT Legal_Hold__c, Siren__c FROM Lead')).toEqual([])
})

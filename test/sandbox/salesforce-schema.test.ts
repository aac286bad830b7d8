import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

const ASH = '003440000000001AAA'
const DONATION = 'a00440000000001AAA'
let client: Client

beforeEach(async () => {
  client = await startSalesforce({
    Contact: [{ Id: ASH, LastName: 'Ash' }],
    Donation__c: [{ Id: DONATION, Name: 'D-1', Amount__c: 12.5 }],
    AccountContactRelation: [],
  })
})
afterEach(() => client.close())

const tooling = async (query: string): Promise<Record<string, unknown>[]> => {
  const { body } = await client.get(`/tooling/query?q=${encodeURIComponent(query)}`)
  const { records } = body as { records: Record<string, unknown>[] }
  return records.map((record) => Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'attributes')))
}
const make = (FullName: string, Metadata: object) => client.send('POST', '/tooling/sobjects/CustomField', { FullName, Metadata })
const grant = async (object: string, field: string) => {
  const [{ Id: ParentId } = {}] = await client.rows("SELECT Id FROM PermissionSet WHERE Name = 'Integration'")
  const body = { ParentId, SobjectType: object, Field: `${object}.${field}`, PermissionsRead: true, PermissionsEdit: true }
  return client.send('POST', '/sobjects/FieldPermissions', body)
}

test('the schema can be read as rows, by Tooling and by the data API', async () => {
  const fields =
    "SELECT QualifiedApiName, DataType FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = 'Contact' AND QualifiedApiName IN ('Email', 'Description', 'AccountId')"
  const expected = [
    { QualifiedApiName: 'AccountId', DataType: 'Lookup(Account)' },
    { QualifiedApiName: 'Email', DataType: 'Email' },
    { QualifiedApiName: 'Description', DataType: 'Long Text Area(32000)' },
  ]
  expect(await tooling(fields)).toEqual(expected)
  expect(await client.rows(fields)).toEqual(expected)
  expect(
    await client.rows("SELECT QualifiedApiName, KeyPrefix, Label FROM EntityDefinition WHERE QualifiedApiName = 'Individual'"),
  ).toEqual([{ QualifiedApiName: 'Individual', KeyPrefix: '0PK', Label: 'Individual' }])
  client.crm.pull('hide-field', { object: 'Contact', field: 'Email', mode: 'read' })
  expect(await tooling(fields)).toEqual(expected.filter(({ QualifiedApiName }) => QualifiedApiName !== 'Email'))
})

test('a seed of an unknown custom object makes the object', async () => {
  expect(await client.rows('SELECT Name, Amount__c, Owner.Name FROM Donation__c')).toMatchObject([{ Name: 'D-1', Amount__c: 12.5 }])
  const { body } = await client.get('/sobjects/Donation__c/describe')
  expect(body).toMatchObject({ custom: true, keyPrefix: 'a00', label: 'Donation', labelPlural: 'Donations' })
  const made = await client.send('POST', '/sobjects/Donation__c', { Name: 'D-2', Amount__c: 3 })
  expect(made.status).toBe(201)
  client.crm.load('Late__c', [{ Name: 'x' }])
  client.crm.reset()
  await client.login()
  expect((await client.soql('SELECT Id FROM Late__c')).body).toMatchObject([{ errorCode: 'INVALID_TYPE' }])
  expect(await client.rows('SELECT Name FROM Donation__c')).toEqual([{ Name: 'D-1' }])
})

test('a lookup made by Tooling has its relationships, and its delete constraint holds', async () => {
  const lookup = { type: 'Lookup', label: 'Donor', referenceTo: 'Contact', relationshipName: 'Donations', deleteConstraint: 'Restrict' }
  expect((await make('Donation__c.Donor__c', { ...lookup, relationshipName: undefined })).body).toMatchObject([
    { errorCode: 'FIELD_INTEGRITY_EXCEPTION', message: "Must specify 'relationshipName' for a CustomField of type Lookup" },
  ])
  expect((await make('Donation__c.Donor__c', lookup)).status).toBe(201)
  await grant('Donation__c', 'Donor__c')
  expect((await client.send('PATCH', `/sobjects/Donation__c/${DONATION}`, { Donor__c: ASH })).status).toBe(204)
  expect(await client.rows('SELECT Donor__r.LastName FROM Donation__c')).toMatchObject([{ Donor__r: { LastName: 'Ash' } }])
  expect(await client.rows('SELECT (SELECT Name FROM Donations__r) FROM Contact')).toMatchObject([
    { Donations__r: { totalSize: 1, records: [{ Name: 'D-1' }] } },
  ])
  expect((await client.send('DELETE', `/sobjects/Contact/${ASH}`)).body).toMatchObject([
    { errorCode: 'DELETE_FAILED', message: expect.stringContaining('the following donations.: D-1\n') },
  ])
})

test('a unique external id finds its record in any case unless it is case-sensitive', async () => {
  await make('Contact.Key__c', { type: 'Text', label: 'Key', length: 20, externalId: true, unique: true })
  await grant('Contact', 'Key__c')
  expect((await client.send('PATCH', '/sobjects/Contact/Key__c/abc', { LastName: 'One' })).status).toBe(201)
  expect((await client.send('PATCH', '/sobjects/Contact/Key__c/ABC', { FirstName: 'Two' })).status).toBe(200)
  const twice = await client.send('POST', '/sobjects/Contact', { LastName: 'Three', Key__c: 'Abc' })
  expect([twice.status, twice.body]).toEqual([
    400,
    [
      {
        message: expect.stringMatching(/^duplicate value found: Key__c duplicates value on record with id: 003\w{12}$/),
        errorCode: 'DUPLICATE_VALUE',
        fields: [],
      },
    ],
  ])
})

test('a new record takes no id that a seed has taken', async () => {
  const { body } = await client.send('POST', '/sobjects/Contact', { LastName: 'First' })
  const { id } = body as { id: string }
  client.crm.reset()
  await client.login()
  client.crm.load('Contact', [{ Id: id, LastName: 'Seeded' }])
  const second = (await client.send('POST', '/sobjects/Contact', { LastName: 'Second' })).body as { id: string; success: boolean }
  expect([second.success, second.id === id]).toEqual([true, false])
})

test('a seed of an object whose feature is off switches the feature on', async () => {
  expect((await client.soql('SELECT Id FROM AccountContactRelation')).status).toBe(200)
})

test('an emptied lookup moves SystemModstamp and leaves LastModifiedDate', async () => {
  const other = await client.send('POST', '/sobjects/Contact', { LastName: 'Elm', ReportsToId: ASH })
  const { id } = other.body as { id: string }
  client.advance(60_000)
  await client.send('DELETE', `/sobjects/Contact/${ASH}`)
  expect(await client.rows(`SELECT ReportsToId, LastModifiedDate, SystemModstamp FROM Contact WHERE Id = '${id}'`)).toEqual([
    { ReportsToId: null, LastModifiedDate: '2026-03-02T09:00:00.000+0000', SystemModstamp: '2026-03-02T09:01:00.000+0000' },
  ])
})

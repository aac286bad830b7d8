import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

let client: Client

beforeAll(async () => {
  client = await startSalesforce({
    Account: [
      { Id: '001440000000001AAA', Name: 'Acme', Industry: 'Energy' },
      { Id: '001440000000002AAA', Name: 'Birch' },
    ],
    Contact: [
      {
        LastName: 'Ash',
        FirstName: "O'Neil",
        Email: 'Ash@Example.test',
        AccountId: '001440000000001AAA',
        Birthdate: '1980-05-06',
        HasOptedOutOfEmail: true,
        Interests__c: 'a;b',
        CreatedDate: '2026-03-02T08:00:00Z',
        SystemModstamp: '2026-03-02T08:30:00Z',
        Children_Count__c: 2,
      },
      {
        LastName: 'birch',
        Email: 'b_c@example.test',
        AccountId: '001440000000002AAA',
        Interests__c: 'b',
        CreatedDate: '2026-03-01T08:00:00Z',
        SystemModstamp: '2026-03-01T08:30:00Z',
        Description: 'long',
      },
      {
        LastName: 'Cedar',
        Email: 'bxc@example.test',
        Birthdate: '1990-01-01',
        CreatedDate: '2026-02-22T08:00:00Z',
        SystemModstamp: '2026-02-22T08:30:00Z',
        MailingCity: 'Lyon',
        Children_Count__c: 0,
      },
      { LastName: 'Dogwood', CreatedDate: '2025-03-02T08:00:00Z', SystemModstamp: '2025-03-02T08:30:00Z', LeadSource: 'Other' },
    ],
  })
})
afterAll(() => client.close())

const names = async (where: string): Promise<string> =>
  (await client.rows(`SELECT LastName FROM Contact ${where}`)).map(({ LastName }) => LastName).join(' ')

test.each([
  ["WHERE LastName = 'BIRCH'", 'birch'],
  ["WHERE LastName != 'ash'", 'birch Cedar Dogwood'],
  ["WHERE LastName > 'b' AND LastName < 'd'", 'birch Cedar'],
  ["WHERE FirstName = 'O\\'Neil'", 'Ash'],
  ["WHERE Email LIKE 'B_C@%'", 'birch Cedar'],
  ["WHERE Email LIKE 'b\\_c@%'", 'birch'],
  ["WHERE LastName IN ('ASH', 'dogwood')", 'Ash Dogwood'],
  ["WHERE LastName NOT IN ('ASH', 'dogwood')", 'birch Cedar'],
  ["WHERE (NOT LastName LIKE 'a%') AND (Email = null OR LeadSource = null)", 'birch Cedar Dogwood'],
  ['WHERE Email = null', 'Dogwood'],
  ['WHERE Email != null', 'Ash birch Cedar'],
  ['WHERE HasOptedOutOfEmail = null', 'birch Cedar Dogwood'],
  ['WHERE HasOptedOutOfEmail != null', 'Ash'],
  ['WHERE HasOptedOutOfEmail = true', 'Ash'],
  ['WHERE Account.Name = null', 'Cedar Dogwood'],
  ["WHERE Account.Name = 'acme' OR Account.Industry = 'none'", 'Ash'],
  ["WHERE AccountId = '001440000000002'", 'birch'],
  ['WHERE AccountId IN (SELECT Id FROM Account WHERE Industry != null)', 'Ash'],
  ["WHERE Interests__c INCLUDES ('a;b', 'c')", 'Ash'],
  ["WHERE Interests__c EXCLUDES ('a')", 'birch Cedar Dogwood'],
  ['WHERE Children_Count__c >= 0.5', 'Ash'],
  ['WHERE Children_Count__c < 1', 'Cedar'],
  ['WHERE Birthdate = 1980-05-06', 'Ash'],
  ['WHERE CreatedDate = TODAY', 'Ash'],
  ['WHERE CreatedDate = YESTERDAY', 'birch'],
  ['WHERE CreatedDate = LAST_N_DAYS:1', 'Ash birch'],
  ['WHERE CreatedDate < LAST_N_DAYS:1', 'Cedar Dogwood'],
  ['WHERE CreatedDate = N_DAYS_AGO:8', 'Cedar'],
  ['WHERE CreatedDate = THIS_MONTH', 'Ash birch'],
  ['WHERE CreatedDate = LAST_MONTH', 'Cedar'],
  ['WHERE CreatedDate = LAST_WEEK', 'Cedar'],
  ['WHERE CreatedDate = LAST_YEAR', 'Dogwood'],
  ['WHERE CreatedDate > LAST_YEAR', 'Ash birch Cedar'],
  ['WHERE CALENDAR_YEAR(CreatedDate) = 2025', 'Dogwood'],
  ['WHERE SystemModstamp >= 2026-03-01T09:30:00.000+01:00 AND SystemModstamp < 2026-03-02T08:30:00Z', 'birch'],
  ['ORDER BY LastName DESC', 'Dogwood Cedar birch Ash'],
  ['ORDER BY Birthdate, LastName DESC', 'Dogwood birch Ash Cedar'],
  ['ORDER BY Birthdate DESC NULLS LAST, LastName', 'Cedar Ash birch Dogwood'],
  ['ORDER BY CreatedDate LIMIT 2 OFFSET 1', 'Cedar birch'],
  ["WHERE Contact.Email = 'ash@example.test'", 'Ash'],
])('SELECT … %s', async (where, expected) => {
  expect(await names(where)).toBe(expected)
})

test('parents nest, compound fields are objects, missing parents are null', async () => {
  const { body } = await client.soql("SELECT c.Name, c.Account.Name, c.MailingAddress FROM Contact c WHERE LastName IN ('Ash', 'Cedar')")
  const records = (body as { records: { attributes: { url: string } }[] }).records
  expect(records).toEqual([
    {
      attributes: { type: 'Contact', url: expect.stringMatching(/^\/services\/data\/v60\.0\/sobjects\/Contact\/003\w{15}$/) },
      Name: "O'Neil Ash",
      Account: { attributes: { type: 'Account', url: '/services/data/v60.0/sobjects/Account/001440000000001AAA' }, Name: 'Acme' },
      MailingAddress: null,
    },
    {
      attributes: expect.anything(),
      Name: 'Cedar',
      Account: null,
      MailingAddress: {
        city: 'Lyon',
        country: null,
        geocodeAccuracy: null,
        latitude: null,
        longitude: null,
        postalCode: null,
        state: null,
        street: null,
      },
    },
  ])
})

test('aggregates group, count and name their columns', async () => {
  expect((await client.soql('SELECT COUNT() FROM Contact')).body).toEqual({ totalSize: 4, done: true, records: [] })
  expect(
    await client.rows(
      'SELECT HasOptedOutOfEmail, COUNT(Id), MAX(Birthdate) newest FROM Contact GROUP BY HasOptedOutOfEmail ORDER BY COUNT(Id) DESC',
    ),
  ).toEqual([
    { HasOptedOutOfEmail: false, expr0: 3, newest: '1990-01-01' },
    { HasOptedOutOfEmail: true, expr0: 1, newest: '1980-05-06' },
  ])
  expect(await client.rows('SELECT HasOptedOutOfEmail flag FROM Contact GROUP BY HasOptedOutOfEmail HAVING COUNT(Id) > 1')).toEqual([
    { flag: false },
  ])
  expect(await client.rows('SELECT COUNT(Email) n, SUM(Children_Count__c) FROM Contact')).toEqual([{ n: 3, expr0: 2 }])
})

test('FIELDS() needs a bound and follows the schema', async () => {
  const [custom] = await client.rows('SELECT FIELDS(CUSTOM) FROM Contact LIMIT 1')
  expect(custom).toMatchObject({ Interests__c: 'a;b', Children_Count__c: 2, Old_Crm_Id__c: null })
  expect(Object.keys(custom ?? {}).filter((name) => !name.endsWith('__c'))).toEqual([])
  expect((await client.soql('SELECT FIELDS(ALL) FROM Contact')).status).toBe(400)
  expect(Object.keys((await client.rows('SELECT FIELDS(STANDARD) FROM Contact'))[0] ?? {})).toContain('HasOptedOutOfEmail')
})

test.each([
  [
    'SELECT Id FROM Contact WHERE CreatedDate = 2024-01-01',
    'INVALID_FIELD',
    "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes",
  ],
  [
    'SELECT Id FROM Contact WHERE LastName = 5',
    'INVALID_FIELD',
    "value of filter criterion for field 'LastName' must be of type string and should be enclosed in quotes",
  ],
  ["SELECT Id FROM Contact WHERE AccountId = 'abc'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid ID field: abc'],
  ["SELECT Id FROM Contact WHERE Birthdate LIKE '19%'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on date field'],
  ['SELECT Id FROM Contact ORDER BY Description', 'INVALID_FIELD', "field 'Description' can not be sorted in a query call"],
  ['SELECT Id FROM Contact ORDER BY Interests__c', 'INVALID_FIELD', "field 'Interests__c' can not be sorted in a query call"],
  ['SELECT LastName, COUNT(Id) FROM Contact', 'MALFORMED_QUERY', 'Field must be grouped or aggregated: LastName'],
  ['SELECT Id FROM Contact WHERE Foo.Name = null', 'INVALID_FIELD', "Didn't understand relationship 'Foo' in field path."],
  ['SELECT Id Contact', 'MALFORMED_QUERY', "unexpected token: '<EOF>'"],
])('%s is refused', async (query, code, text) => {
  const { status, body } = await client.soql(query)
  const [error] = body as { errorCode: string; message: string }[]
  expect([status, error?.errorCode]).toEqual([400, code])
  expect(error?.message).toContain(text)
})

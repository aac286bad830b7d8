import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

const ACME = '001440000000001AAA'
const BIRCH = '001440000000002AAA'
const ASH = '003440000000001AAA'
const ELM = '003440000000002AAA'
const LEAD = '00Q440000000001EAA'
let client: Client

beforeAll(async () => {
  client = await startSalesforce({
    Account: [
      { Id: ACME, Name: 'Acme', Phone: '1' },
      { Id: BIRCH, Name: 'Birch', ParentId: ACME },
    ],
    Contact: [
      { Id: ASH, LastName: 'Ash', AccountId: ACME, Email: 'ash@example.test', CreatedDate: '2025-01-05T10:00:00Z' },
      { Id: ELM, LastName: 'Elm', AccountId: ACME, CreatedDate: '2025-02-05T10:00:00Z' },
      { LastName: 'Fir', AccountId: BIRCH, CreatedDate: '2025-02-06T22:00:00Z' },
    ],
    Lead: [{ Id: LEAD, LastName: 'Larch', Company: 'Larch & Co' }],
    Case: [{ ContactId: ASH, AccountId: ACME, Subject: 'Broken', CaseNumber: '00001000' }],
    Opportunity: [
      { Name: 'Deal', AccountId: ACME, StageName: 'Prospecting', CloseDate: '2026-05-01', Amount: 1234.5, LeadSource: 'Web' },
      { Name: 'Won', AccountId: ACME, StageName: 'Closed Won', CloseDate: '2026-01-01', Amount: 10, LeadSource: 'Other' },
      { Name: 'Lost', AccountId: BIRCH, StageName: 'Closed Lost', CloseDate: '2026-01-01', Amount: 5, LeadSource: 'Web' },
    ],
    Task: [
      { Subject: 'Call Ash', WhoId: ASH, WhatId: ACME, Status: 'Completed', ActivityDate: '2026-02-01' },
      { Subject: 'Mail Larch', WhoId: LEAD },
      { Subject: 'Nobody' },
    ],
  })
})
afterAll(() => client.close())

const records = async (query: string): Promise<Record<string, unknown>[]> => {
  const { body, status } = await client.soql(query)
  expect(status, JSON.stringify(body)).toBe(200)
  return (body as { records: Record<string, unknown>[] }).records
}
const url = (object: string, id: string): string => `/services/data/v60.0/sobjects/${object}/${id}`

test('a subquery lists the children of each row, null where there are none', async () => {
  const rows = await records(
    "SELECT Name, (SELECT LastName, Account.Name FROM Contacts WHERE LastName != 'Elm'), (SELECT Subject FROM Cases) FROM Account ORDER BY Name",
  )
  const contact = (id: unknown, LastName: string, Account: object) => ({ attributes: { type: 'Contact', url: id }, LastName, Account })
  expect(rows).toEqual([
    {
      attributes: { type: 'Account', url: url('Account', ACME) },
      Name: 'Acme',
      Contacts: {
        totalSize: 1,
        done: true,
        records: [contact(url('Contact', ASH), 'Ash', { attributes: { type: 'Account', url: url('Account', ACME) }, Name: 'Acme' })],
      },
      Cases: { totalSize: 1, done: true, records: [{ attributes: expect.objectContaining({ type: 'Case' }), Subject: 'Broken' }] },
    },
    {
      attributes: { type: 'Account', url: url('Account', BIRCH) },
      Name: 'Birch',
      Contacts: expect.objectContaining({ totalSize: 1 }),
      Cases: null,
    },
  ])
})

test('subqueries nest, sort and limit', async () => {
  const [acme] = await records(
    "SELECT Id, (SELECT Id, (SELECT Id FROM Contacts ORDER BY LastName DESC LIMIT 1) FROM ChildAccounts) FROM Account WHERE Name = 'Acme'",
  )
  expect(acme).toMatchObject({ ChildAccounts: { records: [{ Id: BIRCH, Contacts: { totalSize: 1 } }] } })
})

test('a polymorphic parent shows the fields all kinds share, and its type', async () => {
  expect(await records("SELECT Who.Name, Who.Type, What.Name, Owner.Name FROM Task WHERE Subject = 'Call Ash'")).toEqual([
    {
      attributes: expect.anything(),
      Who: { attributes: { type: 'Name', url: url('Contact', ASH) }, Name: 'Ash', Type: 'Contact' },
      What: { attributes: { type: 'Name', url: url('Account', ACME) }, Name: 'Acme' },
      Owner: { attributes: { type: 'Name', url: expect.stringContaining('/sobjects/User/005') }, Name: 'Integration User' },
    },
  ])
  expect(await client.rows("SELECT Subject FROM Task WHERE Who.Type = 'Lead'")).toEqual([{ Subject: 'Mail Larch' }])
  expect(await client.rows("SELECT Subject FROM Task WHERE Who.Type IN ('Lead', 'Contact') ORDER BY Subject")).toHaveLength(2)
})

test('FROM gives aliases to parents, and to their parents', async () => {
  expect((await client.soql("SELECT count() FROM Contact c, c.Account a WHERE a.Name = 'Acme'")).body).toMatchObject({ totalSize: 2 })
  const query = 'SELECT c.LastName, p.Name FROM Contact c, c.Account a, a.Parent p WHERE p.Name != null'
  expect(await records(query)).toMatchObject([{ LastName: 'Fir', Account: { Parent: { Name: 'Acme' } } }])
  for (const from of [
    'Contact c, c.Account',
    'Contact c, x.Account a',
    'Contact c, c a',
    'Contact c, c.Account c',
    'Contact c, c.Account a, c.Owner A',
  ])
    expect((await client.soql(`SELECT Id FROM ${from}`)).body).toMatchObject([{ errorCode: 'MALFORMED_QUERY' }])
})

test('aliases of parents are bound though nothing uses them, and are held to five levels and 55 in all', async () => {
  for (const query of ['SELECT Id FROM Contact c, c.Nonsense x', 'SELECT Id, (SELECT Id FROM Contacts c, c.Nonsense x) FROM Account']) {
    const message = expect.stringContaining("Didn't understand relationship 'Nonsense' in field path.")
    expect((await client.soql(query)).body).toMatchObject([{ errorCode: 'INVALID_FIELD', message }])
  }
  const chain = (length: number): string =>
    Array.from({ length }, (_, n) => `, ${n === 0 ? 'c.Account' : `a${n - 1}.Parent`} a${n}`).join('')
  expect((await client.soql(`SELECT Id FROM Contact c${chain(5)}`)).status).toBe(200)
  expect((await client.soql(`SELECT Id FROM Contact c${chain(6)}`)).body).toMatchObject([{ errorCode: 'INVALID_FIELD' }])
  const wide = (length: number): string => Array.from({ length }, (_, n) => `, c.Account a${n}`).join('')
  expect((await client.soql(`SELECT Id FROM Contact c${wide(55)}`)).status).toBe(200)
  expect((await client.soql(`SELECT Id FROM Contact c${wide(56)}`)).body).toMatchObject([{ errorCode: 'MALFORMED_QUERY' }])
})

test('TYPEOF shows what each kind was given', async () => {
  const rows = await records(
    'SELECT Subject, TYPEOF Who WHEN Contact THEN LastName, Email WHEN Lead THEN Company ELSE Name END FROM Task ORDER BY Subject',
  )
  expect(rows.map(({ Who }) => Who)).toEqual([
    { attributes: { type: 'Contact', url: url('Contact', ASH) }, LastName: 'Ash', Email: 'ash@example.test' },
    { attributes: { type: 'Lead', url: url('Lead', LEAD) }, Company: 'Larch & Co' },
    null,
  ])
})

test('a long child list has a locator of its own', async () => {
  const many = Array.from({ length: 450 }, (_, i) => ({ LastName: `C${i}`, AccountId: ACME }))
  const other = await startSalesforce({ Account: [{ Id: ACME, Name: 'Acme' }, { Name: 'Empty' }], Contact: many })
  const batch = { 'sforce-query-options': 'batchSize=200' }
  const { body } = await other.get(`/query?q=${encodeURIComponent('SELECT Name, (SELECT Id FROM Contacts) FROM Account')}`, batch)
  type List = { totalSize: number; done: boolean; nextRecordsUrl: string; records: { Contacts: List | null }[] }
  const page = body as List
  const list = page.records[0]?.Contacts
  // Children count: the page is full with the first parent.
  expect([page.totalSize, page.done, page.records.length]).toEqual([2, false, 1])
  expect([list?.totalSize, list?.done, list?.records.length]).toEqual([450, false, 200])
  const second = (await other.get('/' + (list?.nextRecordsUrl ?? '').split('/').slice(4).join('/'))).body as List
  expect([second.totalSize, second.done, second.records.length]).toEqual([450, false, 200])
  const third = (await other.get('/' + second.nextRecordsUrl.split('/').slice(4).join('/'))).body as List
  expect([third.done, third.records.length]).toEqual([true, 50])
  const rest = (await other.get('/' + page.nextRecordsUrl.split('/').slice(4).join('/'))).body as List
  expect([rest.done, rest.records[0]?.Contacts]).toEqual([true, null])
  await other.close()
})

test('rows group by functions of a date, and subtotals tell themselves apart', async () => {
  expect(
    await client.rows(
      'SELECT CALENDAR_YEAR(CreatedDate) y, CALENDAR_MONTH(CreatedDate), COUNT(Id) n FROM Contact GROUP BY CALENDAR_YEAR(CreatedDate), CALENDAR_MONTH(CreatedDate) ORDER BY CALENDAR_MONTH(CreatedDate) DESC',
    ),
  ).toEqual([
    { y: 2025, expr0: 2, n: 2 },
    { y: 2025, expr0: 1, n: 1 },
  ])
  expect(
    await client.rows(
      'SELECT LeadSource, GROUPING(LeadSource) total, COUNT(Id) n, SUM(Amount) sum FROM Opportunity GROUP BY ROLLUP(LeadSource)',
    ),
  ).toEqual([
    { LeadSource: 'Web', total: 0, n: 2, sum: 1239.5 },
    { LeadSource: 'Other', total: 0, n: 1, sum: 10 },
    { LeadSource: null, total: 1, n: 3, sum: 1249.5 },
  ])
  expect(await client.rows('SELECT LeadSource, IsWon, COUNT(Id) n FROM Opportunity GROUP BY CUBE(LeadSource, IsWon)')).toHaveLength(7)
  expect(await client.rows('SELECT COUNT_DISTINCT(LeadSource) d FROM Opportunity HAVING COUNT(Id) > 1')).toEqual([{ d: 2 }])
})

test('labels and formats are texts under the name of the field or the alias', async () => {
  expect(
    await client.rows("SELECT toLabel(StageName), FORMAT(Amount) shown, convertCurrency(Amount) FROM Opportunity WHERE Name = 'Deal'"),
  ).toEqual([{ StageName: 'Prospecting', shown: '1,234.50', Amount: 1234.5 }])
  expect(await client.rows("SELECT FORMAT(CreatedDate) FROM Contact WHERE LastName = 'Fir'")).toEqual([
    { CreatedDate: '2/6/2025, 10:00 PM' },
  ])
})

test.each([
  ['SELECT COUNT() FROM Contact WHERE DAY_ONLY(convertTimezone(CreatedDate)) = 2025-01-05', 1],
  ['SELECT COUNT() FROM Contact WHERE WEEK_IN_YEAR(CreatedDate) = 1 AND DAY_IN_YEAR(CreatedDate) = 5', 1],
  ['SELECT COUNT() FROM Contact WHERE FISCAL_QUARTER(CreatedDate) = 1 AND HOUR_IN_DAY(CreatedDate) = 22', 1],
  ['SELECT COUNT() FROM Contact WHERE CreatedDate = LAST_FISCAL_YEAR AND AccountId NOT IN (SELECT AccountId FROM Case)', 1],
  ['SELECT COUNT() FROM Contact WHERE CreatedDate = N_FISCAL_QUARTERS_AGO:4', 3],
  ['SELECT COUNT() FROM Contact WHERE CreatedDate = LAST_N_FISCAL_YEARS:2 AND CreatedDate < N_WEEKS_AGO:1', 3],
  ['SELECT COUNT() FROM Opportunity WHERE CloseDate = NEXT_N_QUARTERS:1', 1],
  ['SELECT COUNT() FROM Contact USING SCOPE mine', 3],
  ['SELECT COUNT() FROM Contact USING SCOPE everything WHERE Id != null WITH SECURITY_ENFORCED', 3],
  ['SELECT COUNT() FROM Contact WITH USER_MODE LIMIT 2', 2],
  ["SELECT COUNT() FROM Case WHERE Contact.Account.Name = 'Acme' AND ContactEmail = 'ash@example.test'", 1],
])('%s counts %i', async (query, total) => {
  expect((await client.soql(query)).body).toMatchObject({ totalSize: total })
})

test('FOR VIEW, FOR REFERENCE and FOR UPDATE change nothing that is read', async () => {
  for (const tail of ['FOR VIEW', 'FOR REFERENCE', 'FOR UPDATE'])
    expect(await client.rows(`SELECT Id FROM Account ${tail}`)).toHaveLength(2)
})

test.each([
  [
    'SELECT Id, (SELECT Id FROM Contact) FROM Account',
    'INVALID_TYPE',
    "Didn't understand relationship 'Contact' in FROM part of query call.",
  ],
  ['SELECT Id FROM Contact ALL ROWS', 'MALFORMED_QUERY', 'ALL ROWS not allowed in this context'],
  ['SELECT Id FROM Contact WHERE Id = :id', 'MALFORMED_QUERY', 'Bind variables only allowed in Apex code'],
  [
    'SELECT Id FROM ContentDocumentLink',
    'MALFORMED_QUERY',
    'Implementation restriction: ContentDocumentLink requires a filter by a single Id',
  ],
  [
    'SELECT Id FROM Contact WHERE Id IN (SELECT WhoId FROM Task)',
    'MALFORMED_QUERY',
    "Entity 'Task' is not supported for semi join inner selects",
  ],
  [
    "SELECT Id FROM Contact WHERE LastName = 'x' OR Id IN (SELECT ContactId FROM Case)",
    'MALFORMED_QUERY',
    "Semi join sub-selects are not allowed with the 'OR' operator",
  ],
  ['SELECT Name n FROM Account', 'MALFORMED_QUERY', 'only aggregate expressions use field aliasing'],
  ['SELECT Who.Birthdate FROM Task', 'INVALID_FIELD', "No such column 'Birthdate' on entity 'Name'"],
  ['SELECT Id FROM Account WHERE Amount > 1', 'INVALID_FIELD', "No such column 'Amount' on entity 'Account'"],
])('%s is refused', async (query, code, text) => {
  const { status, body } = await client.soql(query)
  const [error] = body as { errorCode: string; message: string }[]
  expect([status, error?.errorCode]).toEqual([400, code])
  expect(error?.message).toContain(text)
})

test('explain tells the plan, columns=true the columns', async () => {
  const plan = await client.get(`/query/?explain=${encodeURIComponent("SELECT Id FROM Contact WHERE Email = 'ash@example.test'")}`)
  expect(plan.body).toMatchObject({
    plans: [
      { cardinality: 1, fields: ['Email'], leadingOperationType: 'Index', sobjectCardinality: 3, sobjectType: 'Contact' },
      { leadingOperationType: 'TableScan', relativeCost: 1 },
    ],
    sourceQuery: "SELECT Id FROM Contact WHERE Email = 'ash@example.test'",
  })
  const columns = await client.get(`/query?columns=true&q=${encodeURIComponent('SELECT Id, Account.Name FROM Contact')}`)
  expect(columns.body).toMatchObject({
    columnMetadata: [{ columnName: 'Id' }, { columnName: 'Account.Name', foreignKeyName: 'Account' }],
    entityName: 'Contact',
    groupBy: false,
    idSelected: true,
    keyPrefix: '003',
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

let client: Client

const OLD = { CreatedDate: '2025-01-01T00:00:00Z', SystemModstamp: '2025-01-01T00:00:00Z' }

beforeAll(async () => {
  client = await startSalesforce({
    Account: [{ Name: 'Ash & Sons', ...OLD }],
    Contact: [
      { FirstName: 'Ann', LastName: 'Ash', Email: 'ann.ash@example.test', Phone: '01 02 03', Description: 'likes birch', ...OLD },
      { FirstName: 'Bob', LastName: 'Birch', Email: 'bob@example.test', ...OLD },
    ],
    Lead: [{ LastName: 'Ashley', Company: 'Ash', ...OLD }],
  })
})
afterAll(() => client.close())

const find = (sosl: string) => client.get(`/search/?q=${encodeURIComponent(sosl)}`)
const found = async (sosl: string): Promise<string> => {
  const { body, status } = await find(sosl)
  expect(status, JSON.stringify(body)).toBe(200)
  const { searchRecords } = body as { searchRecords: { attributes: { type: string }; LastName?: string; Name?: string }[] }
  return searchRecords.map(({ attributes, LastName, Name }) => LastName ?? Name ?? attributes.type).join(' ')
}

test.each([
  ['FIND {ash} IN NAME FIELDS RETURNING Contact(LastName), Account(Name), Lead(LastName)', 'Ash Ash & Sons'],
  ['FIND {ash*} IN NAME FIELDS RETURNING Lead(LastName)', 'Ashley'],
  ['FIND {BIRCH} RETURNING Contact(LastName ORDER BY LastName DESC)', 'Birch Ash'],
  ['FIND {birch} RETURNING Contact(LastName WHERE Email != null ORDER BY LastName LIMIT 1)', 'Ash'],
  ['FIND {ann.ash@example.test} IN EMAIL FIELDS RETURNING Contact(LastName)', 'Ash'],
  ['FIND {ann AND NOT bob} RETURNING Contact(LastName)', 'Ash'],
  ['FIND {ann OR bob} RETURNING Contact(LastName)', 'Ash Birch'],
  ['FIND {"likes birch"} RETURNING Contact(LastName)', 'Ash'],
  ['FIND {b?b} IN NAME FIELDS RETURNING Contact(LastName)', 'Birch'],
  ['FIND {Ash \\& Sons} RETURNING Account(Name)', 'Ash & Sons'],
  ['FIND {ash} IN NAME FIELDS LIMIT 1', 'Account'],
  ['FIND {nobody} IN ALL FIELDS', ''],
])('%s', async (sosl, expected) => {
  expect(await found(sosl)).toBe(expected)
})

test.each([
  ['FIND ash', 'MALFORMED_SEARCH', 'No search term found. The search term must be enclosed in braces.'],
  ['FIND {a|b}', 'MALFORMED_SEARCH', "line 1:7 mismatched character '|' expecting '}'"],
  ['FIND {x}', 'MALFORMED_SEARCH', 'search term must be longer than one character: x'],
  ['FIND {ash} RETURNING Gadget(Id)', 'INVALID_TYPE', "sObject type 'Gadget' is not supported."],
  ['FIND {ash} RETURNING Contact(Nope)', 'INVALID_FIELD', "No such column 'Nope' on entity 'Contact'"],
  ['FIND {ash} WHERE x', 'MALFORMED_QUERY', "unexpected token: 'WHERE'"],
])('%s is refused', async (sosl, code, text) => {
  const { status, body } = await find(sosl)
  const [error] = body as { errorCode: string; message: string }[]
  expect([status, error?.errorCode]).toEqual([400, code])
  expect(error?.message).toContain(text)
})

test('what was just written is found once the index has caught up', async () => {
  await client.send('POST', '/sobjects/Contact', { LastName: 'Newcomer' })
  expect(await found('FIND {Newcomer} RETURNING Contact(LastName)')).toBe('')
  client.advance(10_000)
  expect(await found('FIND {Newcomer} RETURNING Contact(LastName)')).toBe('Newcomer')
  client.crm.pull('search-lag', { ms: 0 })
  await client.send('POST', '/sobjects/Contact', { LastName: 'Another' })
  expect(await found('FIND {Another} RETURNING Contact(LastName)')).toBe('Another')
})

test('up to version 36 the answer is a bare list', async () => {
  const answer = await client.get(
    '//services/data/v36.0/search?q=' + encodeURIComponent('FIND {bob} IN NAME FIELDS RETURNING Contact(LastName)'),
  )
  expect(answer.body).toMatchObject([{ LastName: 'Birch' }])
})

test('a parameterized search takes the text as it is, by GET and by POST', async () => {
  const get = await client.get('/parameterizedSearch/?q=Ash+%26+Sons&sobject=Account&Account.fields=Name&Account.limit=5')
  expect(get.body).toMatchObject({ searchRecords: [{ Name: 'Ash & Sons' }] })
  const body = { q: 'birch', in: 'ALL', sobjects: [{ name: 'Contact', fields: ['LastName'], where: "FirstName = 'Bob'" }] }
  expect((await client.send('POST', '/parameterizedSearch', body)).body).toMatchObject({ searchRecords: [{ LastName: 'Birch' }] })
  expect((await client.send('POST', '/parameterizedSearch', { sobjects: [] })).body).toMatchObject([{ errorCode: 'MALFORMED_SEARCH' }])
})

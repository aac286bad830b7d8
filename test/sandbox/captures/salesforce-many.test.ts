/** Salesforce answering several records or several calls at once, and row by row: collections, composites, queries, search, limits of size. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openWorld } from '../hubspot-world.ts'
import { startSalesforce } from '../salesforce-client.ts'
import type { Answer, Client } from '../salesforce-client.ts'

const ACME = '001440000000001AAA'
const ASH = '003440000000001AAA'
const ELM = '003440000000002AAA'
const GONE = '003000000000001AAA'
const BASE = '/services/data/v60.0'
const ROLLED_BACK = {
  statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
  fields: [],
}
const contact = (more: object): object => ({ attributes: { type: 'Contact' }, ...more })

let client: Client
beforeAll(async () => {
  client = await startSalesforce({
    Account: [{ Id: ACME, Name: 'Acme' }],
    Contact: [
      { Id: ASH, FirstName: 'Ann', LastName: 'Ash', Email: 'ash@example.test', Phone: '+33 1 99 00 00 01', AccountId: ACME },
      { Id: ELM, LastName: 'Elm', Email: 'elm@example.test' },
    ],
    Task: [{ Subject: 'Call', WhoId: ASH }],
  })
})
afterAll(() => client.close())
beforeEach(async () => {
  client.crm.reset()
  await client.login()
})

const both = ({ status, body }: Answer): unknown => [status, body]
const query = (soql: string, headers?: Record<string, string>): Promise<Answer> =>
  client.get(`/query?q=${encodeURIComponent(soql)}`, headers)

describe('collections', () => {
  const records = [contact({ LastName: 'One' }), contact({ FirstName: 'x' })]
  const missing = { statusCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [LastName]', fields: ['LastName'] }

  test('each record has its result, in order, though some or all of them fail', async () => {
    expect(both(await client.send('POST', '/composite/sobjects', { allOrNone: false, records }))).toEqual([
      200,
      [
        { id: expect.stringMatching(/^003/), success: true, errors: [] },
        { success: false, errors: [missing] },
      ],
    ])
    expect((await client.send('POST', '/composite/sobjects', { records: [records[1]] })).status).toBe(200)
  })

  test('one for all and all for one', async () => {
    expect(both(await client.send('POST', '/composite/sobjects', { allOrNone: true, records }))).toEqual([
      200,
      [
        { id: expect.any(String), success: false, errors: [ROLLED_BACK] },
        { success: false, errors: [missing] },
      ],
    ])
    const upsert = [contact({ Email: 'ash@example.test', Title: 'x' }), contact({ Email: 'new@example.test' })]
    const { body } = await client.send('PATCH', '/composite/sobjects/Contact/Email', { allOrNone: true, records: upsert })
    expect(body).toMatchObject([
      { created: true, success: false, errors: [ROLLED_BACK] },
      { created: true, success: false },
    ])
    expect(await client.rows("SELECT Id FROM Contact WHERE LastName = 'One' OR Title = 'x'")).toEqual([])
  })

  test('an upsert says what it made', async () => {
    const upsert = [contact({ Email: 'ash@example.test', Title: 'x' }), contact({ Email: 'new@example.test', LastName: 'New' })]
    expect(both(await client.send('PATCH', '/composite/sobjects/Contact/Email', { allOrNone: false, records: upsert }))).toEqual([
      200,
      [
        { id: ASH, success: true, errors: [], created: false },
        { id: expect.any(String), success: true, errors: [], created: true },
      ],
    ])
  })

  test('deletes by ids, each for itself; what is no id is its own error', async () => {
    expect(both(await client.send('DELETE', `/composite/sobjects?ids=${ASH},${GONE.slice(0, 12)}&allOrNone=false`))).toEqual([
      200,
      [
        { id: ASH, success: true, errors: [] },
        { success: false, errors: [{ statusCode: 'MALFORMED_ID', message: `malformed id ${GONE.slice(0, 12)}`, fields: [] }] },
      ],
    ])
  })

  test('more than two hundred are refused, whatever is done with them', async () => {
    const many = Array.from({ length: 201 }, () => contact({ LastName: 'x', id: ASH }))
    const answers = [
      await client.send('POST', '/composite/sobjects', { records: many }),
      await client.send('PATCH', '/composite/sobjects', { records: many }),
      await client.send('DELETE', `/composite/sobjects?ids=${many.map(() => ASH).join(',')}`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
  })

  test('kinds may be mixed in ten runs and no more', async () => {
    const lead = { attributes: { type: 'Lead' }, LastName: 'x', Company: 'x' }
    const mixed = Array.from({ length: 11 }, (_, n) => (n % 2 === 0 ? contact({ LastName: 'x' }) : lead))
    const ten = await client.send('POST', '/composite/sobjects', { records: mixed.slice(1) })
    expect([ten.status, (ten.body as { success: boolean }[]).map(({ success }) => success)]).toEqual([200, Array(10).fill(true)])
    expect((await client.send('POST', '/composite/sobjects', { records: mixed })).status).toBe(400)
  })

  test('reading gives null for what is not there, and refuses an unknown field for all', async () => {
    const read = await client.send('POST', '/composite/sobjects/Contact', { ids: [GONE, ASH], fields: ['Id', 'Email'] })
    expect(both(read)).toEqual([
      200,
      [null, { attributes: { type: 'Contact', url: `${BASE}/sobjects/Contact/${ASH}` }, Id: ASH, Email: 'ash@example.test' }],
    ])
    expect(both(await client.send('POST', '/composite/sobjects/Contact', { ids: [ASH], fields: ['Nope'] }))).toMatchObject([
      400,
      [{ errorCode: 'INVALID_FIELD' }],
    ])
  })
})

describe('composites', () => {
  const insert = { method: 'POST', url: `${BASE}/sobjects/Contact`, referenceId: 'one', body: { LastName: 'One' } }
  const read = { method: 'GET', url: `${BASE}/sobjects/Contact/@{one.id}?fields=LastName`, referenceId: 'two' }
  const bad = { method: 'POST', url: `${BASE}/sobjects/Contact`, referenceId: 'bad', body: {} }

  test('steps refer to earlier ones, and each shows its status, headers and body', async () => {
    const { status, body } = await client.send('POST', '/composite', { compositeRequest: [insert, read] })
    const { compositeResponse } = body as { compositeResponse: { body: { id: string } }[] }
    const id = compositeResponse[0]?.body.id
    expect([status, compositeResponse]).toEqual([
      200,
      [
        {
          body: { id: expect.stringMatching(/^003/), success: true, errors: [] },
          httpHeaders: { Location: `${BASE}/sobjects/Contact/${id}` },
          httpStatusCode: 201,
          referenceId: 'one',
        },
        { body: expect.objectContaining({ LastName: 'One' }), httpHeaders: {}, httpStatusCode: 200, referenceId: 'two' },
      ],
    ])
  })

  test('a failed step takes the others back when asked to', async () => {
    const { body } = await client.send('POST', '/composite', { allOrNone: true, compositeRequest: [insert, bad] })
    expect(body).toMatchObject({
      compositeResponse: [
        {
          body: [
            {
              errorCode: 'PROCESSING_HALTED',
              message: 'The transaction was rolled back since another operation in the same transaction failed.',
            },
          ],
          httpStatusCode: 400,
          referenceId: 'one',
        },
        { body: [{ errorCode: 'REQUIRED_FIELD_MISSING' }], httpStatusCode: 400, referenceId: 'bad' },
      ],
    })
  })

  test('a batch tells whether anything failed', async () => {
    const batchRequests = [
      { method: 'GET', url: 'v60.0/limits' },
      { method: 'GET', url: 'v60.0/sobjects/Gadget' },
    ]
    expect((await client.send('POST', '/composite/batch', { batchRequests })).body).toMatchObject({
      hasErrors: true,
      results: [
        { statusCode: 200, result: { DailyApiRequests: expect.any(Object) } },
        { statusCode: 404, result: [{ errorCode: 'NOT_FOUND' }] },
      ],
    })
    expect((await client.send('POST', '/composite/batch', { batchRequests: batchRequests.slice(0, 1) })).body).toMatchObject({
      hasErrors: false,
    })
  })

  test('a graph stands or falls alone', async () => {
    const graphs = [
      { graphId: 'g1', compositeRequest: [insert] },
      { graphId: 'g2', compositeRequest: [bad] },
    ]
    expect((await client.send('POST', '/composite/graph', { graphs })).body).toMatchObject({
      graphs: [
        { graphId: 'g1', graphResponse: { compositeResponse: [{ httpStatusCode: 201, referenceId: 'one' }] }, isSuccessful: true },
        { graphId: 'g2', graphResponse: { compositeResponse: [{ httpStatusCode: 400, referenceId: 'bad' }] }, isSuccessful: false },
      ],
    })
  })

  test('no more than 25 steps, whichever way', async () => {
    const steps = Array.from({ length: 26 }, (_, n) => ({ ...insert, referenceId: `r${n}` }))
    expect((await client.send('POST', '/composite', { compositeRequest: steps })).status).toBe(400)
    expect(
      (await client.send('POST', '/composite/batch', { batchRequests: steps.map(() => ({ method: 'GET', url: 'v60.0/limits' })) })).status,
    ).toBe(400)
  })
})

describe('queries', () => {
  test('a page has a locator that says where it goes on, the last one has none', async () => {
    client.crm.load(
      'Contact',
      Array.from({ length: 500 }, () => ({ LastName: 'Many' })),
    )
    const first = await query("SELECT Id FROM Contact WHERE LastName = 'Many'", { 'sforce-query-options': 'batchSize=200' })
    expect(first.body).toMatchObject({
      totalSize: 500,
      done: false,
      nextRecordsUrl: expect.stringMatching(/^\/services\/data\/v60\.0\/query\/01g\w{15}-200$/),
    })
    const { nextRecordsUrl } = first.body as { nextRecordsUrl: string }
    const last = await client.get(`/${nextRecordsUrl.replace('-200', '-400')}`)
    expect([Object.keys(last.body as object).toSorted(), last.body]).toMatchObject([
      ['done', 'records', 'totalSize'],
      { totalSize: 500, done: true },
    ])
    expect((await client.get(`/${nextRecordsUrl.replace('/query/', '/queryAll/')}`)).status).toBe(200)
  })

  test.each([
    ['SELECT count() FROM Contact', { totalSize: 2, done: true, records: [] }],
    ['SELECT COUNT(Id) FROM Contact', { totalSize: 1, done: true, records: [{ attributes: { type: 'AggregateResult' }, expr0: 2 }] }],
    ['SELECT COUNT(Id) n FROM Contact', { totalSize: 1, done: true, records: [{ attributes: { type: 'AggregateResult' }, n: 2 }] }],
    [
      "SELECT Account.Name, (SELECT Subject FROM Tasks) FROM Contact WHERE LastName = 'Elm'",
      {
        totalSize: 1,
        done: true,
        records: [{ attributes: { type: 'Contact', url: `${BASE}/sobjects/Contact/${ELM}` }, Account: null, Tasks: null }],
      },
    ],
  ])('%s', async (soql, expected) => {
    expect(both(await query(soql))).toEqual([200, expected])
  })

  test('children come with their own size, parents with their attributes', async () => {
    expect((await query(`SELECT Account.Name, (SELECT Subject FROM Tasks) FROM Contact WHERE Id = '${ASH}'`)).body).toMatchObject({
      records: [
        {
          Account: { attributes: { type: 'Account', url: `${BASE}/sobjects/Account/${ACME}` }, Name: 'Acme' },
          Tasks: { totalSize: 1, done: true, records: [{ attributes: { type: 'Task' }, Subject: 'Call' }] },
        },
      ],
    })
  })

  test('columns=true tells the columns instead of rows', async () => {
    const { body } = await client.get('/query?columns=true&q=SELECT+Id,Email+FROM+Contact')
    expect(body).toMatchObject({
      columnMetadata: [
        { columnName: 'Id', displayName: expect.any(String), aggregate: false, joinColumns: [] },
        { columnName: 'Email', aggregate: false, custom: false, insertable: true, updatable: true },
      ],
      entityName: 'Contact',
      groupBy: false,
      idSelected: true,
      keyPrefix: '003',
    })
  })
})

describe('search', () => {
  const search = (sosl: string, version = 'v60.0'): Promise<Answer> =>
    client.get(`//services/data/${version}/search?q=${encodeURIComponent(sosl)}`)

  test('finds by scope, as a list with a name from version 37 on and without before', async () => {
    client.advance(60_000)
    const ash = { attributes: { type: 'Contact', url: expect.stringContaining(ASH) }, Id: ASH }
    for (const scope of ['EMAIL', 'ALL']) {
      expect((await search(`FIND {ash@example.test} IN ${scope} FIELDS RETURNING Contact(Id)`)).body).toEqual({ searchRecords: [ash] })
    }
    expect((await search('FIND {An*} IN NAME FIELDS RETURNING Contact(Id, Email WHERE Email != null LIMIT 1)')).body).toMatchObject({
      searchRecords: [{ Id: ASH }],
    })
    expect((await search('FIND {ash} RETURNING Contact(Id)', 'v36.0')).body).toMatchObject([{ Id: ASH }])
  })

  test.each([
    ['FIND ash', 'No search term found. The search term must be enclosed in braces.'],
    ['FIND {a|b}', "line 1:7 mismatched character '|' expecting '}'"],
  ])('%s is refused', async (sosl, text) => {
    expect(both(await search(sosl))).toMatchObject([400, [{ errorCode: 'MALFORMED_SEARCH', message: expect.stringContaining(text) }]])
  })
})

test('a long address is a 414, long headers a 431, and both leave the connection alone', async () => {
  const world = await openWorld()
  const get = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
    (await fetch(world.sandbox.salesforce + path, { headers })).status
  expect([
    await get(`${BASE}/query?q=${'x'.repeat(17_000)}`),
    await get(`${BASE}/limits`, { 'x-long': 'x'.repeat(17_000) }),
    await get('/services/data'),
  ]).toEqual([414, 431, 200])
  await world.close()
})

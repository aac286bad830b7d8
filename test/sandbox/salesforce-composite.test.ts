import { afterEach, beforeEach, expect, test } from 'vitest'
import { contacts, startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

const BASE = '/services/data/v60.0'
const ACME = '001440000000001AAA'
const HALTED = 'The transaction was rolled back since another operation in the same transaction failed.'
type Step = { body: unknown; httpHeaders: Record<string, string>; httpStatusCode: number; referenceId: string }
let client: Client

beforeEach(async () => {
  client = await startSalesforce({ Account: [{ Id: ACME, Name: 'Acme' }], Contact: contacts(3) })
})
afterEach(() => client.close())

const composite = async (compositeRequest: object[], more: object = {}): Promise<Step[]> =>
  ((await client.send('POST', '/composite', { compositeRequest, ...more })).body as { compositeResponse: Step[] }).compositeResponse
const account = (referenceId: string, Name: string | null = 'New') => ({
  method: 'POST',
  url: `${BASE}/sobjects/Account`,
  referenceId,
  body: { Name },
})
const contact = (referenceId: string, body: object) => ({ method: 'POST', url: `${BASE}/sobjects/Contact`, referenceId, body })

test('references reach into bodies, lists and all elements of a list', async () => {
  const [made, query, one, all] = await composite([
    account('ref'),
    { method: 'GET', url: `${BASE}/query?q=SELECT+Id,Email+FROM+Contact+ORDER+BY+Email`, referenceId: 'found' },
    contact('one', { LastName: '@{found.records[1].Email}', AccountId: '@{ref.id}' }),
    { method: 'GET', url: `${BASE}/composite/sobjects/Contact?ids=@{found.records[*].Id}&fields=Email`, referenceId: 'all' },
  ])
  expect([made, query, one, all].map((step) => step?.httpStatusCode)).toEqual([201, 200, 201, 200])
  expect(made?.httpHeaders).toEqual({ Location: `${BASE}/sobjects/Account/${(made?.body as { id: string } | undefined)?.id}` })
  expect((all?.body as { Email: string }[] | undefined)?.map(({ Email }) => Email)).toEqual([0, 1, 2].map((n) => `person${n}@example.test`))
  expect(await client.rows("SELECT Account.Name FROM Contact WHERE LastName = 'person1@example.test'")).toMatchObject([
    { Account: { Name: 'New' } },
  ])
})

test('a step that refers to a failed one is halted; the others stand', async () => {
  const steps = await composite([account('bad', null), contact('child', { LastName: 'x', AccountId: '@{bad.id}' }), account('good')])
  expect(steps.map(({ httpStatusCode, body }) => [httpStatusCode, body])).toEqual([
    [400, [{ errorCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Name]', fields: ['Name'] }]],
    [400, [{ errorCode: 'PROCESSING_HALTED', message: 'Invalid reference specified. No value for bad.id found in bad' }]],
    [201, expect.anything()],
  ])
})

test('with allOrNone one failure takes back what came before and halts what comes after', async () => {
  const steps = await composite([account('a'), account('b', null), account('c')], { allOrNone: true })
  expect(steps.map(({ httpStatusCode, body }) => [httpStatusCode, (body as { message: string }[])[0]?.message])).toEqual([
    [400, HALTED],
    [400, 'Required fields are missing: [Name]'],
    [400, HALTED],
  ])
  expect((await client.soql('SELECT count() FROM Account')).body).toMatchObject({ totalSize: 1 })
})

test('a composite of the wrong shape is refused whole', async () => {
  const refused = async (compositeRequest: unknown) => {
    const { status, body } = await client.send('POST', '/composite', { compositeRequest })
    return [status, (body as { errorCode: string; message: string }[])[0]?.message]
  }
  const query = (referenceId: string) => ({ method: 'GET', url: `${BASE}/query?q=SELECT+Id+FROM+Contact`, referenceId })
  expect(await refused(Array.from({ length: 26 }, (_, n) => account(`r${n}`)))).toEqual([400, 'The limit of 25 subrequests was exceeded'])
  expect(await refused(Array.from({ length: 6 }, (_, n) => query(`r${n}`)))).toEqual([
    400,
    'The limit of 5 query and sObject Collections subrequests was exceeded',
  ])
  expect(await refused([account('same'), account('same')])).toEqual([400, 'Duplicate referenceId: same'])
  expect((await refused([account('not valid')]))[0]).toBe(400)
  expect(await refused('nonsense')).toEqual([400, 'compositeRequest must be a list of requests'])
  expect(await refused([{ ...account('r'), httpHeaders: { Authorization: 'Bearer x' } }])).toEqual([
    400,
    'The header authorization is not allowed in a subrequest',
  ])
})

test('subrequests carry conditions of their own, and may not nest', async () => {
  const url = `${BASE}/sobjects/Account/${ACME}`
  const [unchanged, nested] = await composite([
    { method: 'GET', url, referenceId: 'a', httpHeaders: { 'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT' } },
    { method: 'POST', url: `${BASE}/composite`, referenceId: 'b', body: { compositeRequest: [] } },
  ])
  expect([unchanged?.httpStatusCode, unchanged?.body, nested?.httpStatusCode]).toEqual([304, null, 400])
})

test('each graph stands or falls alone', async () => {
  const { status, body } = await client.send('POST', '/composite/graph', {
    graphs: [
      { graphId: 'good', compositeRequest: [account('a'), contact('c', { LastName: 'x', AccountId: '@{a.id}' })] },
      { graphId: 'bad', compositeRequest: [account('a', 'Kept not'), account('b', null)] },
    ],
  })
  const { graphs } = body as { graphs: { graphId: string; isSuccessful: boolean; graphResponse: { compositeResponse: Step[] } }[] }
  expect([status, graphs.map(({ graphId, isSuccessful }) => [graphId, isSuccessful])]).toEqual([
    200,
    [
      ['good', true],
      ['bad', false],
    ],
  ])
  expect(graphs[1]?.graphResponse.compositeResponse[0]).toEqual({
    body: [{ errorCode: 'PROCESSING_HALTED', message: HALTED }],
    httpHeaders: {},
    httpStatusCode: 400,
    referenceId: 'a',
  })
  expect(await client.rows("SELECT Name FROM Account WHERE Name LIKE 'Kept%'")).toEqual([])
})

test('graphs are held to their limits, and after fourteen failures the rest is halted', async () => {
  const graph = (graphs: object[], version = '60.0') => client.send('POST', `//services/data/v${version}/composite/graph`, { graphs })
  const chain = Array.from({ length: 16 }, (_, n) => contact(`c${n}`, { LastName: n === 0 ? 'x' : `@{c${n - 1}.id}` }))
  expect((await graph([{ graphId: 'deep', compositeRequest: chain }])).body).toEqual([
    { errorCode: 'LIMIT_EXCEEDED', message: 'The limit of 15 levels was exceeded' },
  ])
  expect((await graph(Array.from({ length: 76 }, (_, n) => ({ graphId: `g${n}`, compositeRequest: [] })))).status).toBe(400)
  expect((await graph([{ graphId: 'g', compositeRequest: [{ url: `${BASE}/limits`, referenceId: 'a' }] }])).status).toBe(400)
  expect((await graph([], '49.0')).status).toBe(404)
  const failing = Array.from({ length: 16 }, (_, n) => ({ graphId: `g${n}`, compositeRequest: [account('a', n < 14 ? null : 'Late')] }))
  const { graphs } = (await graph(failing)).body as { graphs: { isSuccessful: boolean }[] }
  expect(graphs.map(({ isSuccessful }) => isSuccessful)).toEqual(Array(16).fill(false))
})

test('a tree is made with its children, or not at all', async () => {
  const tree = (records: object[]) => client.send('POST', '/composite/tree/Account', { records })
  const node = (type: string, referenceId: string, body: object) => ({ attributes: { type, referenceId }, ...body })
  const made = await tree([
    node('Account', 'ref1', {
      Name: 'One',
      Contacts: { records: [node('Contact', 'ref2', { LastName: 'Kid', Email: 'kid@example.test' })] },
    }),
    node('Account', 'ref3', { Name: 'Two' }),
  ])
  expect([made.status, made.body]).toEqual([
    201,
    {
      hasErrors: false,
      results: ['ref1', 'ref3', 'ref2'].map((referenceId) => ({ referenceId, id: expect.stringMatching(/^00[13]\w{15}$/) })),
    },
  ])
  expect(await client.rows("SELECT Account.Name FROM Contact WHERE LastName = 'Kid'")).toMatchObject([{ Account: { Name: 'One' } }])
  const bad = await tree([
    node('Account', 'ok', { Name: 'Three', Contacts: { records: [node('Contact', 'bad', { LastName: 'x', Email: 'no address' })] } }),
  ])
  expect([bad.status, bad.body]).toEqual([
    400,
    {
      hasErrors: true,
      results: [
        {
          referenceId: 'bad',
          errors: [{ statusCode: 'INVALID_EMAIL_ADDRESS', message: 'Email: invalid email address: no address', fields: ['Email'] }],
        },
      ],
    },
  ])
  expect(await client.rows("SELECT Name FROM Account WHERE Name = 'Three'")).toEqual([])
  expect((await tree([node('Account', 'a', { Name: 'x' }), node('Account', 'a', { Name: 'y' })])).body).toMatchObject({
    hasErrors: true,
    results: [{ referenceId: 'a', errors: [{ message: 'Duplicate ReferenceId provided in the request.' }] }],
  })
  expect((await tree(Array.from({ length: 201 }, (_, n) => node('Account', `r${n}`, { Name: 'x' })))).status).toBe(400)
  expect((await tree([node('Account', 'r', { Name: 'x', Nonsense: { records: [] } })])).status).toBe(400)
})

test('collections are read by GET and POST and upserted by an external field', async () => {
  const [a, b] = (await client.rows('SELECT Id FROM Contact ORDER BY Email')).map(({ Id }) => String(Id))
  const read = await client.get(`/composite/sobjects/Contact?ids=${a},003000000000001AAA,${b}&fields=Email`)
  expect((read.body as ({ Email: string } | null)[]).map((each) => each?.Email)).toEqual([
    'person0@example.test',
    undefined,
    'person1@example.test',
  ])
  const upsert = await client.send('PATCH', '/composite/sobjects/Contact/Email', {
    records: [
      { attributes: { type: 'Contact' }, Email: 'person0@example.test', Title: 'x' },
      { attributes: { type: 'Contact' }, Email: 'new@example.test', LastName: 'New' },
      { attributes: { type: 'Contact' }, LastName: 'Keyless' },
    ],
  })
  expect(upsert.body).toEqual([
    { id: a, success: true, errors: [], created: false },
    { id: expect.any(String), success: true, errors: [], created: true },
    { success: false, created: false, errors: [{ statusCode: 'MISSING_ARGUMENT', message: 'Email not specified', fields: [] }] },
  ])
})

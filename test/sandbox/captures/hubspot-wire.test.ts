/** Paths, parameters, headers and record shapes as HubSpot's clients send and receive them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { envelope, openWorld, TOKEN } from '../hubspot-world.ts'
import type { Raw, World } from '../hubspot-world.ts'

const CONTACTS = '/crm/v3/objects/contacts'
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/

let world: World
beforeAll(async () => {
  world = await openWorld({ rateLimit: true })
  await world.control('POST', '/hubspot/load', { object: 'companies', rows: [{ hs_object_id: '501', name: 'Atelier' }] })
  await world.load(
    { hs_object_id: '6001', email: 'first@example.test', firstname: 'First', city: 'Lyon', associations: { companies: ['501'] } },
    {
      hs_object_id: '6002',
      email: 'second+tag@example.test',
      createdate: '2024-08-15T17:09:13.648Z',
      lastmodifieddate: '2024-08-15T17:09:13.000Z',
    },
    { hs_object_id: '6003', email: 'third@example.test', archived: true },
  )
})
afterAll(() => world.close())

const get = (path: string, headers?: Record<string, string>): Promise<Raw> => world.call('GET', path, undefined, headers)

test.each([
  ['/crm/v3/objects/contacts/6001', 200],
  ['/crm/v3/objects/0-1/6001', 200],
  ['/crm/objects/v3/contacts/6001', 200],
  ['/crm/objects/2026-03/contacts/6001', 200],
  ['/crm/objects/2026-09/0-1/6001', 200],
  ['//crm/v3/objects/contacts/6001', 200],
  ['/crm/v3/objects/contacts/second%2Btag%40example.test?idProperty=email', 200],
  ['/crm/v3/owners?limit=100', 200],
  ['/crm/v3/owners/?limit=100', 200],
  ['/marketing/v3/forms?limit=5', 200],
  ['/marketing/v3/forms/?limit=5', 200],
  ['/crm/v3/lists/?listIds=1', 200],
  ['/settings/v3/users?limit=5', 200],
  ['/settings/v3/users/?limit=5', 200],
  ['/crm/properties/2026-03/contacts', 200],
  ['/crm/properties/2026-09/contacts/email', 200],
  ['/crm/lists/2026-09/?listIds=1', 200],
  ['/crm/owners/2026-09/?limit=1', 200],
  ['/account-info/2026-09/details', 200],
  ['/account-info/v3/details', 200],
  ['/account-info/v3/api-usage/daily/private-apps', 200],
  ['/marketing/forms/2026-09-beta/?limit=1', 200],
  ['/communication-preferences/2026-09/status/email/first%40example.test', 200],
  ['/contacts/v1/lists', 404],
  ['/contacts/v1/lists/1/contacts/all', 404],
  // Not one of the lists that ended in April 2026, by the changelog that moved their end.
  ['/contacts/v1/lists/all/contacts/all', 200],
])('GET %s is answered with %i', async (path, status) => {
  expect((await get(path)).status).toBe(status)
})

test('a JSON answer names its charset and a correlation id, and tells what is left of the allowance', async () => {
  const { headers } = await get(`${CONTACTS}/6001`)
  expect(headers.get('content-type')).toBe('application/json;charset=utf-8')
  expect(headers.get('x-hubspot-correlation-id')).toMatch(UUID)
  const limits = [...headers].filter(([name]) => name.startsWith('x-hubspot-ratelimit'))
  expect(Object.fromEntries(limits)).toEqual({
    'x-hubspot-ratelimit-daily': '625000',
    'x-hubspot-ratelimit-daily-remaining': expect.stringMatching(/^6249\d\d$/),
    'x-hubspot-ratelimit-interval-milliseconds': '10000',
    'x-hubspot-ratelimit-max': '190',
    'x-hubspot-ratelimit-remaining': expect.stringMatching(/^1\d\d$/),
    'x-hubspot-ratelimit-secondly': '19',
    'x-hubspot-ratelimit-secondly-remaining': expect.stringMatching(/^\d+$/),
  })
})

test('a search and a batch of associations tell nothing of the allowance', async () => {
  const asked = { inputs: [{ id: '6001' }] }
  for (const [path, body] of [
    [`${CONTACTS}/search`, {}],
    ['/crm/v4/associations/contacts/companies/batch/read', asked],
    ['/crm/v3/associations/contacts/companies/batch/read', asked],
  ] as const) {
    const { status, headers } = await world.call('POST', path, body)
    expect([status, [...headers].filter(([name]) => name.startsWith('x-hubspot-ratelimit'))], path).toEqual([200, []])
  }
})

test('an OAuth app has 110 calls in ten seconds and hears nothing of a day', async () => {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: 'sandbox-refresh',
    client_id: 'sandbox-app',
    client_secret: 'sandbox-secret',
  })
  const type = { authorization: '', 'content-type': 'application/x-www-form-urlencoded' }
  const token = await world.call('POST', '/oauth/v1/token', form.toString(), type)
  expect([token.status, token.json]).toEqual([
    200,
    { access_token: expect.any(String), refresh_token: 'sandbox-refresh', token_type: 'bearer', expires_in: 1800 },
  ])
  const { headers } = await get(`${CONTACTS}/6001`, { authorization: `Bearer ${token.json.access_token}` })
  expect([headers.get('x-hubspot-ratelimit-max'), headers.get('x-hubspot-ratelimit-daily')]).toEqual(['110', null])
})

test('a record has these members and the six default properties', async () => {
  const answer = await get(`${CONTACTS}/6002`)
  expect(answer.json).toEqual({
    id: '6002',
    properties: {
      createdate: '2024-08-15T17:09:13.648Z',
      email: 'second+tag@example.test',
      firstname: null,
      hs_object_id: '6002',
      lastmodifieddate: '2024-08-15T17:09:13Z',
      lastname: null,
    },
    createdAt: '2024-08-15T17:09:13.648Z',
    updatedAt: '2024-08-15T17:09:13Z',
    archived: false,
    url: expect.stringMatching(/^https:\/\/app-eu1\.hubspot\.com\/contacts\/\d+\/record\/0-1\/6002$/),
  })
})

test('asked for properties: three come always, empty ones as null, unknown ones not at all, however the names are written', async () => {
  const names = ['city', 'createdate', 'hs_object_id', 'lastmodifieddate', 'zip']
  for (const query of [
    'properties=city,zip,no_such',
    'properties=city&properties=zip&properties=no_such',
    'properties=city%2Czip&properties=no_such',
  ]) {
    const { json } = await get(`${CONTACTS}/6001?${query}`)
    expect([Object.keys(json.properties), json.properties.city, json.properties.zip]).toEqual([names, 'Lyon', null])
  }
  const batch = await world.call('POST', `${CONTACTS}/batch/read`, { inputs: [{ id: '6001' }], properties: ['city', 'zip', 'no_such'] })
  expect(Object.keys(batch.json.results[0].properties)).toEqual(names)
})

test('pages: ten by default, an absolute link that keeps the query, nothing on the last one, archived records alone when asked', async () => {
  const page = await get(`${CONTACTS}?limit=1&properties=city&archived=false`)
  const link = new URL(page.json.paging.next.link)
  expect([page.json.results.length, page.json.paging.next.after, link.origin, link.pathname]).toEqual([
    1,
    '6002',
    world.sandbox.hubspot,
    CONTACTS,
  ])
  expect(Object.fromEntries(link.searchParams)).toEqual({ limit: '1', properties: 'city', archived: 'false', after: '6002' })
  const last = await get(link.pathname + link.search)
  expect([last.json.results.length, Object.keys(last.json)]).toEqual([1, ['results']])
  const archived = await get(`${CONTACTS}?archived=true`)
  expect(archived.json.results).toEqual([
    expect.objectContaining({ id: '6003', archived: true, archivedAt: expect.stringMatching(INSTANT) }),
  ])
})

test('associations come with a record and with a page, but not with a batch', async () => {
  const linked = {
    companies: {
      results: [
        { id: '501', type: 'contact_to_company' },
        { id: '501', type: 'contact_to_company_unlabeled' },
      ],
    },
  }
  const one = await get(`${CONTACTS}/6001?associations=companies`)
  const sorted = one.json.associations.companies.results.toSorted((a: { type: string }, b: { type: string }) => (a.type < b.type ? -1 : 1))
  expect({ companies: { results: sorted } }).toEqual(linked)
  const page = await get(`${CONTACTS}?limit=1&associations=companies`)
  expect(page.json.results[0].associations).toEqual(one.json.associations)
  const body = { inputs: [{ id: '6001' }], properties: [], associations: ['companies'] }
  const batch = await world.call('POST', `${CONTACTS}/batch/read?associations=companies`, body)
  expect([batch.status, 'associations' in batch.json.results[0]]).toEqual([200, false])
})

test('a batch answers with its status and times; what is missing makes it a 207', async () => {
  const batch = await world.call('POST', `${CONTACTS}/batch/read`, { inputs: [{ id: '6001' }] })
  const times = { startedAt: expect.stringMatching(INSTANT), completedAt: expect.stringMatching(INSTANT) }
  expect([batch.status, batch.json]).toEqual([200, { status: 'COMPLETE', results: [expect.objectContaining({ id: '6001' })], ...times }])
  const partial = await world.call('POST', `${CONTACTS}/batch/read`, { inputs: [{ id: '6001' }, { id: '7999' }] })
  expect([partial.status, partial.json]).toEqual([
    207,
    {
      status: 'COMPLETE',
      results: [expect.objectContaining({ id: '6001' })],
      numErrors: 1,
      errors: [
        {
          status: 'error',
          category: 'OBJECT_NOT_FOUND',
          message: 'Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.',
          context: { ids: ['7999'] },
        },
      ],
      ...times,
    },
  ])
  const dated = await world.call('POST', '/crm/objects/2026-09/contacts/batch/read', { inputs: [{ id: '6001' }, { id: '7999' }] })
  expect([dated.status, dated.json.numErrors, dated.json.errors.length]).toEqual([200, 1, 1])
})

test('requests that no route takes are answered by the web tier, in HTML', async () => {
  for (const [method, path, status] of [
    ['GET', '/crm/v3/objects', 404],
    ['GET', '/nothing/here', 404],
    ['PUT', CONTACTS, 405],
    ['DELETE', `${CONTACTS}/search`, 405],
  ] as const) {
    const answer = await world.call(method, path)
    expect([answer.status, answer.headers.get('content-type'), answer.text.startsWith('<html>')], path).toEqual([
      status,
      'text/html;charset=utf-8',
      true,
    ])
  }
})

test('a request line past sixteen thousand characters is a 414, a wrong token of any form a 401', async () => {
  expect((await get(`${CONTACTS}?properties=${'x'.repeat(16_001)}`)).status).toBe(414)
  expect((await get(`${CONTACTS}?properties=${'x'.repeat(15_000)}`)).status).toBe(200)
  for (const authorization of ['', 'Bearer', 'Bearer nonsense', `Basic ${TOKEN}`, TOKEN]) {
    expect(envelope(await get(CONTACTS, { authorization })), authorization).toMatchObject({
      httpStatus: 401,
      category: 'INVALID_AUTHENTICATION',
    })
  }
})

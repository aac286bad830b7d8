import { expect, test } from 'vitest'
import { envelope, useWorld } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

const SEARCH = '/crm/v3/objects/contacts/search'

const world: World = useWorld(async () => {
  await world.load(
    {
      hs_object_id: '1',
      email: 'ann@example.test',
      firstname: 'Ann',
      city: 'Lyon',
      children_count: '2',
      createdate: '2024-01-01T00:00:00Z',
      lastmodifieddate: '2024-06-01T00:00:00Z',
      interests: 'golf;tea',
      lifecyclestage: 'lead',
    },
    {
      hs_object_id: '2',
      email: 'bob@example.test',
      firstname: 'Bob',
      city: 'Saint-Malo',
      children_count: '10',
      createdate: '2024-01-03T00:00:00Z',
      lastmodifieddate: '2024-05-01T00:00:00Z',
      lifecyclestage: 'customer',
    },
    {
      hs_object_id: '3',
      email: 'cyd@example.test',
      firstname: 'Cyd',
      createdate: '2024-01-02T00:00:00Z',
      lastmodifieddate: '2024-07-01T00:00:00Z',
      interests: 'tea',
    },
    { hs_object_id: '4', email: 'dan@example.test', firstname: 'Dan', archived: true },
  )
})

async function ids(body: Record<string, unknown>): Promise<string[]> {
  const answer = await world.call('POST', SEARCH, body)
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.json.results.map((contact: { id: string }) => contact.id)
}

function where(propertyName: string, operator: string, rest: Record<string, unknown> = {}) {
  return ids({ filterGroups: [{ filters: [{ propertyName, operator, ...rest }] }], sorts: ['hs_object_id'] })
}

test('an empty search returns live contacts by creation date with the six default properties', async () => {
  const answer = await world.call('POST', SEARCH, {})
  expect(answer.json.total).toBe(3)
  expect(answer.json.results.map((contact: { id: string }) => contact.id)).toEqual(['1', '3', '2'])
  expect(Object.keys(answer.json.results[0].properties)).toEqual([
    'createdate',
    'email',
    'firstname',
    'hs_object_id',
    'lastmodifieddate',
    'lastname',
  ])
  expect(answer.headers.get('x-hubspot-ratelimit-remaining')).toBe(null)
})

test('every operator does what it says', async () => {
  expect(await where('city', 'EQ', { value: 'LYON' })).toEqual(['1'])
  expect(await where('city', 'NEQ', { value: 'lyon' })).toEqual(['2', '3'])
  expect(await where('children_count', 'GT', { value: '9' })).toEqual(['2'])
  expect(await where('children_count', 'LTE', { value: 2 })).toEqual(['1'])
  expect(await where('lastmodifieddate', 'GTE', { value: '2024-06-01' })).toEqual(['1', '3'])
  expect(await where('lastmodifieddate', 'GTE', { value: String(Date.UTC(2024, 6, 1)) })).toEqual(['3'])
  expect(await where('createdate', 'BETWEEN', { value: '2024-01-01', highValue: '2024-01-02' })).toEqual(['1', '3'])
  expect(await where('hs_object_id', 'IN', { values: ['1', '3', '9'] })).toEqual(['1', '3'])
  expect(await where('city', 'NOT_IN', { values: ['lyon'] })).toEqual(['2'])
  expect(await where('interests', 'IN', { values: ['golf'] })).toEqual(['1'])
  expect(await where('interests', 'EQ', { value: 'tea' })).toEqual(['1', '3'])
  expect(await where('lifecyclestage', 'EQ', { value: 'LEAD' })).toEqual([])
  expect(await where('city', 'HAS_PROPERTY')).toEqual(['1', '2'])
  expect(await where('city', 'NOT_HAS_PROPERTY')).toEqual(['3'])
  expect(await where('city', 'CONTAINS_TOKEN', { value: 'malo' })).toEqual(['2'])
  expect(await where('email', 'CONTAINS_TOKEN', { value: 'b*' })).toEqual(['2'])
  expect(await where('city', 'NOT_CONTAINS_TOKEN', { value: 'saint' })).toEqual(['1', '3'])
})

test('groups are alternatives, query looks at names and addresses, sorting goes both ways', async () => {
  const filterGroups = [
    { filters: [{ propertyName: 'city', operator: 'EQ', value: 'lyon' }] },
    { filters: [{ propertyName: 'firstname', operator: 'EQ', value: 'cyd' }] },
  ]
  expect(await ids({ filterGroups, sorts: [{ propertyName: 'lastmodifieddate', direction: 'DESCENDING' }] })).toEqual(['3', '1'])
  expect(await ids({ query: 'bob example' })).toEqual(['2'])
})

test('a sort may be a name, an object, or the object as text', async () => {
  for (const sort of ['-createdate', { propertyName: 'createdate', direction: 'DESCENDING' }]) {
    expect(await ids({ sorts: [sort] })).toEqual(['2', '3', '1'])
    expect(await ids({ sorts: [typeof sort === 'string' ? sort : JSON.stringify(sort)] })).toEqual(['2', '3', '1'])
  }
  for (const sort of ['{"propertyName":', '{}', 7])
    expect(envelope(await world.call('POST', SEARCH, { sorts: [sort] }))).toMatchObject({ httpStatus: 400, category: 'VALIDATION_ERROR' })
})

test('the limits of a search are 400s', async () => {
  const filter = { propertyName: 'city', operator: 'HAS_PROPERTY' }
  const groups = (count: number, filters: number) => ({
    filterGroups: Array.from({ length: count }, () => ({ filters: Array(filters).fill(filter) })),
  })
  expect(envelope(await world.call('POST', SEARCH, groups(6, 1)))).toEqual({
    httpStatus: 400,
    category: 'VALIDATION_ERROR',
    message: 'too many filterGroups (count: 6, max allowed: 5)',
  })
  for (const body of [
    groups(1, 7),
    groups(5, 4),
    { limit: 201 },
    { after: 'x' },
    { after: '9999', limit: 10 },
    { sorts: ['city', 'email'] },
    { query: 'x'.repeat(3000) },
    { filters: [{ propertyName: 'no_such', operator: 'HAS_PROPERTY' }] },
    { filters: [{ propertyName: 'city', operator: 'RESEMBLES', value: 'x' }] },
  ]) {
    expect(envelope(await world.call('POST', SEARCH, body))).toMatchObject({ httpStatus: 400, category: 'VALIDATION_ERROR' })
  }
})

test('paging works by offset up to ten thousand results and not beyond', async () => {
  const rows = Array.from({ length: 10_250 }, (_, n) => ({ hs_object_id: String(1000 + n), email: `p${n}@example.test` }))
  await world.load(...rows)
  const seen = new Set<string>()
  let after: string | undefined
  let last
  do {
    last = await world.call('POST', SEARCH, { sorts: ['hs_object_id'], limit: 200, ...(after === undefined ? {} : { after }) })
    if (last.status !== 200) break
    for (const contact of last.json.results) seen.add(contact.id)
    after = last.json.paging?.next?.after
  } while (after !== undefined)
  expect([last.status, after, seen.size]).toEqual([400, '10000', 10_000])
})

test('the index lags: it matches on what it shows and returns what is', async () => {
  await world.control('POST', '/hubspot/index-lag', { ms: 60_000 })
  await world.call('PATCH', '/crm/v3/objects/contacts/1', { properties: { city: 'Brest' } })
  const created = await world.call('POST', '/crm/v3/objects/contacts', { properties: { email: 'eve@example.test', city: 'Brest' } })
  expect(await where('city', 'EQ', { value: 'brest' })).toEqual([])
  const old = await world.call('POST', SEARCH, { filters: [{ propertyName: 'city', operator: 'EQ', value: 'lyon' }], properties: ['city'] })
  expect(old.json.results.map((contact: { properties: object }) => contact.properties)).toMatchObject([
    { city: 'Brest', hs_object_id: '1' },
  ])
  await world.control('POST', '/clock', { advanceMs: 60_001 })
  expect(await where('city', 'EQ', { value: 'brest' })).toEqual(['1', created.json.id])
  expect(await where('city', 'EQ', { value: 'lyon' })).toEqual([])
})

test('an erased record is never returned, whatever the index shows', async () => {
  await world.control('POST', '/hubspot/index-lag', { ms: 60_000 })
  await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: '1' })
  expect(await where('city', 'EQ', { value: 'lyon' })).toEqual([])
})

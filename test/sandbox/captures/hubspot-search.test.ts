/** What HubSpot finds, and in which words it refuses to look. */
import { expect, test } from 'vitest'
import { useWorld } from '../hubspot-world.ts'
import type { Raw, World } from '../hubspot-world.ts'

const BASE = '/crm/v3/objects/contacts'

const world: World = useWorld(async () => {
  await world.load(
    { hs_object_id: '6001', email: 'first@example.test', firstname: 'First' },
    { hs_object_id: '6002', email: 'second@example.test', hs_additional_emails: 'other@example.test' },
  )
})

const search = (body: unknown): Promise<Raw> => world.call('POST', `${BASE}/search`, body)
const idsOf = async (body: unknown): Promise<string[]> => (await search(body)).json.results.map(({ id }: { id: string }) => id)

test('a page has a total, and an offset as text for the next', async () => {
  const { status, json } = await search({ limit: 1, sorts: ['hs_object_id'] })
  expect([status, json.total, json.results.length, json.paging.next.after]).toEqual([200, 2, 1, '1'])
  expect(Object.keys((await search({ limit: 1, after: '1' })).json).toSorted()).toEqual(['results', 'total'])
})

test('one way to sort, as a name or with a direction', async () => {
  expect(await idsOf({ sorts: ['hs_object_id'] })).toEqual(['6001', '6002'])
  expect(await idsOf({ sorts: [{ propertyName: 'hs_object_id', direction: 'DESCENDING' }] })).toEqual(['6002', '6001'])
  expect((await search({ sorts: ['email', 'city'] })).status).toBe(400)
})

test('text is compared without case, choices with it, dates as milliseconds or text', async () => {
  await world.load({
    hs_object_id: '6030',
    email: 'third@example.test',
    city: 'Lyon',
    lifecyclestage: 'lead',
    createdate: '2020-05-01T00:00:00Z',
  })
  const found = (propertyName: string, operator: string, more: Record<string, unknown>): Promise<string[]> =>
    idsOf({ filters: [{ propertyName, operator, ...more }] })
  expect(await found('city', 'EQ', { value: 'LYON' })).toEqual(['6030'])
  expect(await found('city', 'IN', { values: ['lyon'] })).toEqual(['6030'])
  expect(await found('lifecyclestage', 'EQ', { value: 'lead' })).toEqual(['6030'])
  expect(await found('lifecyclestage', 'EQ', { value: 'LEAD' })).toEqual([])
  expect(await found('createdate', 'LT', { value: '2020-05-02' })).toEqual(['6030'])
  expect(await found('createdate', 'BETWEEN', { value: String(Date.UTC(2020, 3, 1)), highValue: String(Date.UTC(2020, 5, 1)) })).toEqual([
    '6030',
  ])
})

test.each([
  ['firstname', 'Firmin'],
  ['lastname', 'Firmin'],
  ['email', 'firmin@example.test'],
  ['phone', '0199000001'],
  ['mobilephone', '0199000002'],
  ['fax', '0199000003'],
  ['company', 'Firmin'],
  ['hs_additional_emails', 'firmin@example.test'],
])('a query looks at %s', async (name, value) => {
  await world.load({ hs_object_id: '6040', [name]: value })
  expect(await idsOf({ query: value })).toEqual(['6040'])
})

test('archived records are not found, whatever is asked for', async () => {
  await world.call('DELETE', `${BASE}/6001`)
  await world.control('POST', '/clock', { advanceMs: 60_000 })
  expect(await idsOf({ archived: true })).toEqual(['6002'])
  expect((await search({ query: 'x'.repeat(3_001) })).status).toBe(400)
})

import { expect, test } from 'vitest'
import { useWorld } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

const V1 = '/contacts/v1'
const world: World = useWorld(async () => {
  await world.load(
    { hs_object_id: '7001', email: 'ann@example.test', firstname: 'Ann', createdate: '2024-01-01T00:00:00Z' },
    { hs_object_id: '7002', email: 'bob@example.test', lastname: 'Bay', createdate: '2024-01-02T00:00:00Z' },
    { hs_object_id: '7003', email: 'eve@example.test', createdate: '2024-01-03T00:00:00Z' },
  )
})

const get = async (path: string) => (await world.call('GET', V1 + path)).json
const post = (path: string, properties: Record<string, unknown> = {}) =>
  world.call('POST', V1 + path, { properties: Object.entries(properties).map(([property, value]) => ({ property, value })) })

test('a profile in version 1 has values with their versions, times in milliseconds', async () => {
  const profile = await get('/contact/vid/7001/profile')
  expect(profile).toMatchObject({ vid: 7001, 'canonical-vid': 7001, 'portal-id': 4400001, 'is-contact': true, 'list-memberships': [] })
  expect(profile.properties.createdate.value).toBe(String(Date.UTC(2024, 0, 1)))
  expect(profile.properties.firstname).toEqual({
    value: 'Ann',
    versions: [expect.objectContaining({ value: 'Ann', timestamp: Date.UTC(2024, 0, 1), 'source-label': null })],
  })
  expect(profile['identity-profiles'][0].identities).toEqual([
    { type: 'EMAIL', value: 'ann@example.test', timestamp: Date.UTC(2024, 0, 1), 'is-primary': true },
  ])
  expect((await get('/contact/email/ANN%40example.test/profile?property=firstname&propertyMode=value_only')).properties).toEqual({
    firstname: { value: 'Ann' },
  })
  expect(await world.call('GET', `${V1}/contact/vid/9/profile`)).toMatchObject({ status: 404, json: { message: 'contact does not exist' } })
  expect(Object.keys(await get('/contact/vids/batch?vid=7001&vid=7003&vid=9'))).toEqual(['7001', '7003'])
})

test('version 1 makes, changes, merges and removes', async () => {
  const path = '/contact/createOrUpdate/email/new%40example.test'
  const made = (await post(path, { firstname: 'New' })).json
  expect(made).toEqual({ vid: expect.any(Number), isNew: true })
  expect((await post(path, { firstname: 'Newer' })).json).toEqual({ vid: made.vid, isNew: false })
  expect((await post(`/contact/vid/${made.vid}/profile`, { lastname: 'Nord' })).status).toBe(204)
  expect((await world.call('GET', `/crm/v3/objects/contacts/${made.vid}`)).json.properties).toMatchObject({
    firstname: 'Newer',
    lastname: 'Nord',
  })
  expect(await post('/contact', { email: 'NEW@example.test' })).toMatchObject({ status: 409, json: { error: 'CONTACT_EXISTS' } })
  expect((await post('/contact', { email: 'fay@example.test' })).json.properties.email.value).toBe('fay@example.test')
  expect((await post('/contact', { shoesize: '44' })).status).toBe(400)
  expect((await world.call('POST', `${V1}/contact`, { properties: { email: 'x' } })).status).toBe(400)
  const merged = await world.call('POST', `${V1}/contact/merge-vids/7001`, { vidToMerge: 7002 })
  expect([merged.status, merged.text]).toEqual([200, 'SUCCESS'])
  const removed = await world.call('DELETE', `${V1}/contact/vid/7003`)
  expect([removed.status, removed.json]).toEqual([200, { vid: 7003, deleted: true, reason: 'OK' }])
  expect((await world.call('DELETE', `${V1}/contact/vid/7003`)).status).toBe(404)
})

test('version 1 pages through all contacts, and back from the newest', async () => {
  const first = await get('/lists/all/contacts/all?count=2&property=email')
  expect([first['has-more'], first['vid-offset'], first.contacts[0].properties]).toEqual([
    true,
    7002,
    { email: { value: 'ann@example.test' } },
  ])
  const second = await get('/lists/all/contacts/all?count=2&vidOffset=7002')
  expect([second['has-more'], second.contacts.map(({ vid }: { vid: number }) => vid)]).toEqual([false, [7003]])
  const recent = await get('/lists/all/contacts/recent?count=1')
  expect([recent.contacts[0].vid, recent['time-offset']]).toEqual([7003, Date.UTC(2024, 0, 3)])
  const earlier = await get(`/lists/recently_updated/contacts/recent?timeOffset=${Date.UTC(2000, 0)}&vidOffset=7003`)
  expect(earlier).toEqual({ contacts: [], 'has-more': false, 'vid-offset': 0, 'time-offset': 0 })
  expect(await get('/search/query?q=bay')).toMatchObject({ query: 'bay', total: 1, 'has-more': false, contacts: [{ vid: 7002 }] })
  expect((await world.call('GET', `${V1}/lists`)).status).toBe(404)
  expect((await world.call('GET', `${V1}/lists/all/contacts/all?vidOffset=x`)).status).toBe(400)
})

test('version 1 refuses an offset that is no place in a list', async () => {
  for (const path of [
    '/lists/all/contacts/all?vidOffset=-1',
    '/lists/all/contacts/recent?timeOffset=yesterday',
    '/search/query?q=ann&offset=-5',
    '/search/query?q=ann&offset=1.5',
  ])
    expect([path, (await world.call('GET', V1 + path)).status]).toEqual([path, 400])
  expect((await get('/search/query?q=ann&offset=')).offset).toBe(1)
})

import { expect, test } from 'vitest'
import { useWorld } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

const BASE = '/crm/v3/objects/contacts'

const world: World = useWorld(async () => {
  await world.control('POST', '/clock', { freeze: true })
  await world.load(
    {
      hs_object_id: '11',
      email: 'a@example.test',
      city: 'Lyon',
      hs_object_source: 'FORM',
      hs_object_source_id: 'form-1',
      createdate: '2020-01-01T00:00:00Z',
    },
    {
      hs_object_id: '12',
      email: 'b@example.test',
      city: 'Nice',
      zip: '06000',
      createdate: '2019-01-01T00:00:00Z',
      lifecyclestage: 'customer',
    },
  )
})

const edit = (id: number, properties: Record<string, unknown>, rest = {}) =>
  world.control('POST', '/hubspot/edit', { id, properties, ...rest })

test('history begins with the state of creation and grows newest first, clearing included', async () => {
  await edit(11, { city: 'Brest' })
  await world.control('POST', '/clock', { advanceMs: 1000 })
  await world.call('PATCH', `${BASE}/11`, { properties: { city: '' } })
  const record = (await world.call('GET', `${BASE}/11?properties=city&propertiesWithHistory=city,email,zip,createdate`)).json
  expect(record.properties.city).toBe(null)
  const { city, email, zip, createdate } = record.propertiesWithHistory
  expect(city.map(({ timestamp: _t, ...version }: { timestamp: string }) => version)).toEqual([
    { value: '', sourceType: 'INTEGRATION', sourceId: '4400101' },
    { value: 'Brest', sourceType: 'CRM_UI', sourceId: 'userId:4400301', updatedByUserId: 4400301 },
    { value: 'Lyon', sourceType: 'FORM', sourceId: 'form-1' },
  ])
  expect(email).toEqual([{ value: 'a@example.test', timestamp: '2020-01-01T00:00:00Z', sourceType: 'FORM', sourceId: 'form-1' }])
  expect([zip, createdate.length]).toEqual([[], 1])
})

test('a write that changes nothing leaves the record untouched', async () => {
  const before = (await world.call('GET', `${BASE}/11`)).text
  await world.control('POST', '/clock', { advanceMs: 60_000 })
  await world.call('PATCH', `${BASE}/11`, { properties: { city: 'Lyon' } })
  expect((await world.call('GET', `${BASE}/11`)).text).toBe(before)
})

test('people unsubscribe where the API may not write', async () => {
  expect((await world.call('PATCH', `${BASE}/11`, { properties: { hs_email_optout: 'true' } })).status).toBe(400)
  expect((await edit(11, { hs_email_optout: true }, { sourceType: 'EMAIL' })).status).toBe(200)
  const record = (await world.call('GET', `${BASE}/11?properties=hs_email_optout&propertiesWithHistory=hs_email_optout`)).json
  expect([record.properties.hs_email_optout, record.propertiesWithHistory.hs_email_optout[0].sourceType]).toEqual(['true', 'EMAIL'])
})

test('a merge keeps the winner, fills its gaps, the older creation date and both histories', async () => {
  const merged = (await world.call('POST', `${BASE}/merge`, { primaryObjectId: '11', objectIdToMerge: '12' })).json
  expect(merged.properties).toMatchObject({ city: 'Lyon', zip: '06000', lifecyclestage: 'customer', createdate: '2019-01-01T00:00:00Z' })
  const record = (await world.call('GET', `${BASE}/${merged.id}?propertiesWithHistory=city`)).json
  expect(record.propertiesWithHistory.city.map((version: { value: string }) => version.value)).toEqual(['Lyon', 'Nice'])
  const again = await world.call('POST', BASE, { properties: { email: 'c@example.test' } })
  const twice = (await world.call('POST', `${BASE}/merge`, { primaryObjectId: again.json.id, objectIdToMerge: '12' })).json
  expect((await world.call('GET', `${BASE}/11`)).json.id).toBe(twice.id)
  expect(twice.properties.hs_merged_object_ids).toBe(['11', '12', again.json.id, merged.id].join(';'))
  expect((await world.call('POST', `${BASE}/merge`, { primaryObjectId: '11', objectIdToMerge: '12' })).status).toBe(400)
})

test('an id that seeds name as merged away, though it is a record, stays that record until it is erased', async () => {
  await world.load({ hs_object_id: '21', hs_merged_object_ids: '22;23' }, { hs_object_id: '24', hs_merged_object_ids: '21' })
  expect((await world.call('GET', `${BASE}/22`)).json.id).toBe('21')
  await world.call('POST', `${BASE}/gdpr-delete`, { objectId: '21' })
  expect((await world.call('GET', `${BASE}/23`)).status).toBe(404)
})

test('unique values belong to one record, also within one batch', async () => {
  const spec = { name: 'member', label: 'Member', type: 'string', fieldType: 'text', groupName: 'contactinformation', hasUniqueValue: true }
  await world.call('POST', '/crm/v3/properties/contacts', spec)
  const both = [11, 12].map((id) => ({ id: String(id), properties: { member: 'm1' } }))
  expect((await world.call('POST', `${BASE}/batch/update`, { inputs: both })).status).toBe(400)
  expect((await world.call('PATCH', `${BASE}/11`, { properties: { member: 'm1' } })).status).toBe(200)
  expect((await world.call('PATCH', `${BASE}/12`, { properties: { member: 'm1' } })).status).toBe(400)
  expect((await world.call('GET', `${BASE}/m1?idProperty=member`)).json.id).toBe('11')
  const inputs = [{ id: 'm1', idProperty: 'member', properties: { city: 'Pau' } }]
  expect((await world.call('POST', `${BASE}/batch/upsert`, { inputs })).json.results[0]).toMatchObject({ id: '11', new: false })
  const twins = [{ properties: { email: 'twin@example.test' } }, { properties: { email: 'Twin@example.test' } }]
  expect((await world.call('POST', `${BASE}/batch/create`, { inputs: twins })).status).toBe(400)
  expect((await world.call('GET', `${BASE}/12?idProperty=city`)).status).toBe(400)
})

test('an erased address can come back by API and is noted, or is refused', async () => {
  await world.call('POST', `${BASE}/gdpr-delete`, { objectId: '11' })
  await world.control('POST', '/hubspot/recreate-erased', { on: false })
  expect((await world.call('POST', BASE, { properties: { email: 'a@example.test' } })).status).toBe(409)
  await world.control('POST', '/hubspot/recreate-erased', { on: true })
  const back = await world.call('POST', BASE, { properties: { email: 'a@example.test' } })
  expect(back.status).toBe(201)
  expect((await world.control('POST', '/hubspot/inspect', { email: 'a@example.test' })).json).toEqual({
    holders: [{ id: back.json.id, state: 'live' }],
    blocklisted: true,
    returned: true,
  })
})

test('definitions are there in their older form, as a bare list', async () => {
  const spec = { name: 'member', label: 'Member', type: 'string', fieldType: 'text', groupName: 'contactinformation', hasUniqueValue: true }
  await world.call('POST', '/crm/v3/properties/contacts', spec)
  const newer = (await world.call('GET', '/crm/v3/properties/contacts')).json.results as { name: string }[]
  const older = (await world.call('GET', '/properties/v2/contact/properties')).json as unknown as Record<string, unknown>[]
  expect(older.map(({ name }) => name)).toEqual(newer.map(({ name }) => name))
  expect(older.find(({ name }) => name === 'member')).toEqual({
    name: 'member',
    label: 'Member',
    description: '',
    groupName: 'contactinformation',
    type: 'string',
    fieldType: 'text',
    options: [],
    displayOrder: -1,
    displayMode: 'current_value',
    calculated: false,
    externalOptions: false,
    hasUniqueValue: true,
    hidden: false,
    hubspotDefined: null,
    formField: false,
    readOnlyValue: false,
    readOnlyDefinition: false,
    mutableDefinitionNotDeletable: false,
    favorited: false,
    favoritedOrder: -1,
    deleted: false,
    createdAt: expect.any(Number),
    updatedAt: expect.any(Number),
  })
  expect((await world.call('GET', '/properties/v2/contacts/properties/named/email')).json).toMatchObject({
    name: 'email',
    hubspotDefined: true,
  })
  for (const path of ['/properties/v1/contacts/properties', '/properties/v1/contacts/properties/named/email'])
    expect((await world.call('GET', path)).json).toEqual((await world.call('GET', path.replace('v1', 'v2'))).json)
  expect((await world.call('GET', '/properties/v2/gadgets/properties')).json.message).toBe('Unable to infer object type from: gadgets')
})

test('an archived property reads null, cannot be written, and keeps its values for when it comes back', async () => {
  await world.load({ hs_object_id: '31', favourite_tea: 'Assam' })
  await world.call('DELETE', '/crm/v3/properties/contacts/favourite_tea')
  const read = () => world.call('GET', `${BASE}/31?properties=favourite_tea`)
  expect((await read()).json.properties.favourite_tea).toBe(null)
  expect((await world.call('PATCH', `${BASE}/31`, { properties: { favourite_tea: 'Oolong' } })).status).toBe(400)
  const spec = { name: 'favourite_tea', label: 'Tea', type: 'string', fieldType: 'text', groupName: 'contactinformation' }
  expect((await world.call('POST', '/crm/v3/properties/contacts', spec)).status).toBe(201)
  expect((await read()).json.properties.favourite_tea).toBe('Assam')
})

test('values survive growth, quotes, line breaks and every script', async () => {
  const city = '"Łódź"\n\\ 東京 🐈 \u0000\u2028'
  const sales_notes = 'é"'.repeat(32_000)
  await world.call('PATCH', `${BASE}/11`, { properties: { city, sales_notes } })
  const read = (await world.call('POST', `${BASE}/batch/read`, { inputs: [{ id: '11' }], properties: ['city', 'sales_notes'] })).json
  expect(read.results[0].properties).toMatchObject({ city, sales_notes })
  expect((await world.call('PATCH', `${BASE}/11`, { properties: { sales_notes: 'x'.repeat(65_537) } })).status).toBe(400)
})

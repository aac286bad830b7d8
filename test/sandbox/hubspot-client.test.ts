import { PropertyCreateFieldTypeEnum, PropertyCreateTypeEnum } from '@hubspot/api-client/lib/codegen/crm/properties/index.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ people: 450 })
})
afterAll(() => world.close())

const api = () => world.client.crm.contacts

test('the official client walks every contact once, in id order', async () => {
  const ids: string[] = []
  for (let after: string | undefined; ;) {
    const page = await api().basicApi.getPage(100, after, ['email', 'hs_language'])
    ids.push(...page.results.map((contact) => contact.id))
    after = page.paging?.next?.after
    if (after === undefined) break
  }
  expect(ids.length).toBe(450)
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => Number(a) - Number(b)))
})

test('the official client creates, reads, updates, archives and finds a contact', async () => {
  const created = await api().basicApi.create({ properties: { email: 'Ana.Petit@Example.test', firstname: 'Ana' }, associations: [] })
  expect(created.properties).toMatchObject({
    email: 'ana.petit@example.test',
    firstname: 'Ana',
    hs_email_domain: 'example.test',
    lifecyclestage: 'lead',
    hs_object_source: 'INTEGRATION',
    hs_object_id: created.id,
  })
  expect(Object.keys(created.properties)).toEqual(Object.keys(created.properties).sort())
  const byEmail = await api().basicApi.getById(
    'ana.petit@example.test',
    ['jobtitle', 'no_such_property'],
    undefined,
    undefined,
    false,
    'email',
  )
  expect(byEmail.properties).toEqual({
    createdate: byEmail.createdAt.toISOString().replace('.000Z', 'Z'),
    hs_object_id: created.id,
    jobtitle: null,
    lastmodifieddate: byEmail.updatedAt.toISOString().replace('.000Z', 'Z'),
  })
  await api().basicApi.update(created.id, { properties: { jobtitle: 'Buyer' } })
  const history = await api().basicApi.getById(created.id, ['jobtitle'], ['jobtitle', 'firstname'])
  expect(history.propertiesWithHistory?.['jobtitle']?.map((version) => [version.value, version.sourceType])).toEqual([
    ['Buyer', 'INTEGRATION'],
  ])
  expect(history.propertiesWithHistory?.['firstname']?.map((version) => version.value)).toEqual(['Ana'])
  await api().basicApi.archive(created.id)
  await expect(api().basicApi.getById(created.id)).rejects.toMatchObject({ code: 404 })
  const archived = await api().basicApi.getById(created.id, [], undefined, undefined, true)
  expect([archived.archived, archived.archivedAt instanceof Date]).toEqual([true, true])
  const bin = await api().basicApi.getPage(10, undefined, undefined, undefined, undefined, true)
  expect(bin.results.map((contact) => contact.id)).toEqual([created.id])
})

test('the official client reads, updates, creates, upserts and archives in batches', async () => {
  const inputs = [1, 2, 3].map((n) => ({ properties: { email: `batch${n}@example.test` }, associations: [], objectWriteTraceId: `t${n}` }))
  const created = await api().batchApi.create({ inputs })
  expect(created.status).toBe('COMPLETE')
  const ids = created.results.map((contact) => contact.id)
  const updated = await api().batchApi.update({ inputs: ids.map((id) => ({ id, properties: { city: 'Lyon' } })) })
  expect(updated.results.map((contact) => contact.properties['city'])).toEqual(['Lyon', 'Lyon', 'Lyon'])
  const read = await api().batchApi.read({
    inputs: [{ id: 'BATCH2@example.test' }],
    idProperty: 'email',
    properties: ['city'],
    propertiesWithHistory: [],
  })
  expect(read.results.map((contact) => [contact.id, contact.properties['city']])).toEqual([[ids[1], 'Lyon']])
  const upserted = await api().batchApi.upsert({
    inputs: [
      { id: 'batch1@example.test', idProperty: 'email', properties: { city: 'Lille' } },
      { id: 'batch4@example.test', idProperty: 'email', properties: { city: 'Brest' } },
    ],
  })
  expect(upserted.results.map((contact) => [contact.properties['email'], contact.properties['city'], contact._new])).toEqual([
    ['batch1@example.test', 'Lille', false],
    ['batch4@example.test', 'Brest', true],
  ])
  const all = [...ids, upserted.results[1]!.id]
  await api().batchApi.archive({ inputs: all.map((id) => ({ id })) })
  const missing = await world.call('POST', '/crm/v3/objects/contacts/batch/read', { inputs: all.map((id) => ({ id })) })
  expect(missing.status).toBe(207)
  expect(missing.json.errors).toEqual([
    {
      status: 'error',
      category: 'OBJECT_NOT_FOUND',
      message: 'Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.',
      context: { ids: all },
    },
  ])
})

test('the official client merges: a new id, both old ids lead to it, the address is kept as an additional one', async () => {
  const [a, b] = await Promise.all(
    ['winner', 'loser'].map((name) =>
      api().basicApi.create({ properties: { email: `${name}@example.test`, firstname: name }, associations: [] }),
    ),
  )
  const merged = await api().basicApi.merge({ primaryObjectId: a!.id, objectIdToMerge: b!.id })
  expect([a!.id, b!.id]).not.toContain(merged.id)
  expect(merged.properties).toMatchObject({
    email: 'winner@example.test',
    firstname: 'winner',
    hs_additional_emails: 'loser@example.test',
    hs_merged_object_ids: `${a!.id};${b!.id}`,
  })
  for (const old of [a!.id, b!.id]) expect((await api().basicApi.getById(old)).id).toBe(merged.id)
  const batch = await world.call('POST', '/crm/v3/objects/contacts/batch/update', { inputs: [{ id: a!.id, properties: { city: 'Nice' } }] })
  expect([batch.status, batch.json.errors[0].context]).toEqual([207, { ids: [a!.id] }])
  await expect(api().basicApi.create({ properties: { email: 'loser@example.test' }, associations: [] })).rejects.toMatchObject({
    code: 409,
  })
  await api().basicApi.purge({ objectId: 'loser@example.test', idProperty: 'email' })
  for (const old of [a!.id, b!.id, merged.id]) await expect(api().basicApi.getById(old)).rejects.toMatchObject({ code: 404 })
})

test('a GDPR delete leaves nothing to read, not even in the recycle bin', async () => {
  const created = await api().basicApi.create({ properties: { email: 'gone@example.test', firstname: 'Zoé' }, associations: [] })
  await api().basicApi.archive(created.id)
  await api().basicApi.purge({ objectId: created.id })
  await expect(api().basicApi.getById(created.id, [], undefined, undefined, true)).rejects.toMatchObject({ code: 404 })
  const inspected = await world.control('POST', '/hubspot/inspect', { id: created.id })
  expect([inspected.json.state, inspected.json.properties, inspected.json.history]).toEqual(['erased', {}, {}])
  expect((await world.control('POST', '/hubspot/inspect', { email: 'gone@example.test' })).json).toEqual({
    holders: [],
    blocklisted: true,
    returned: false,
  })
  await api().basicApi.purge({ objectId: 'never-here@example.test', idProperty: 'email' })
  expect((await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: '4242' })).status).toBe(404)
})

test('the official client defines, reads, changes and archives properties and groups', async () => {
  const { coreApi, groupsApi, batchApi } = world.client.crm.properties
  const group = await groupsApi.create('contacts', { name: 'accord', label: 'Accord' })
  expect([group.name, group.label]).toEqual(['accord', 'Accord'])
  const spec = {
    name: 'accord_status',
    label: 'Status',
    type: PropertyCreateTypeEnum.Enumeration,
    fieldType: PropertyCreateFieldTypeEnum.Select,
    groupName: 'accord',
    options: [{ label: 'OK', value: 'ok', displayOrder: 0, hidden: false }],
  }
  expect((await coreApi.create('contacts', spec)).options.map((option) => option.value)).toEqual(['ok'])
  await expect(coreApi.create('contacts', spec)).rejects.toMatchObject({ code: 409 })
  const wider = { options: [...spec.options, { label: 'Blocked', value: 'blocked', displayOrder: 1, hidden: false }] }
  expect((await coreApi.update('contacts', 'accord_status', wider)).options.map((option) => option.value)).toEqual(['ok', 'blocked'])
  const made = await batchApi.create('contacts', {
    inputs: [
      { ...spec, name: 'accord_keep_until', type: PropertyCreateTypeEnum.Date, fieldType: PropertyCreateFieldTypeEnum.Date, options: [] },
    ],
  })
  expect(made.results.map((property) => property.name)).toEqual(['accord_keep_until'])
  const read = await batchApi.read('contacts', { archived: false, inputs: [{ name: 'accord_status' }, { name: 'email' }] })
  expect(read.results.map((property) => property.name)).toEqual(['accord_status', 'email'])
  await coreApi.archive('contacts', 'accord_keep_until')
  const names = (await coreApi.getAll('contacts')).results.map((property) => property.name)
  expect([names.includes('accord_status'), names.includes('accord_keep_until'), names.includes('hs_legal_basis')]).toEqual([
    true,
    false,
    true,
  ])
  const basis = await coreApi.getByName('contacts', 'hs_legal_basis')
  expect(basis.options[0]?.value).toBe('Legitimate interest – prospect/lead')
})

test('owners, account details and daily usage answer', async () => {
  expect((await world.client.crm.owners.ownersApi.getPage()).results.length).toBe(2)
  const details = await world.call('GET', '/account-info/v3/details')
  expect(details.json).toMatchObject({ portalId: 4400001, timeZone: 'Europe/Paris', dataHostingLocation: 'eu1' })
  const usage = await world.call('GET', '/account-info/v3/api-usage/daily/private-apps')
  expect(usage.json.results[0].name).toBe('private-apps-api-calls-daily')
})

test('an OAuth access token works until it expires on the sandbox clock', async () => {
  const token = await world.client.oauth.tokensApi.create(
    'refresh_token',
    undefined,
    undefined,
    'sandbox-app',
    'sandbox-secret',
    'sandbox-refresh',
  )
  expect([token.tokenType, token.expiresIn, token.refreshToken]).toEqual(['bearer', 1800, 'sandbox-refresh'])
  const headers = { authorization: `Bearer ${token.accessToken}` }
  const first = await world.call('GET', '/crm/v3/objects/contacts?limit=1', undefined, headers)
  expect([first.status, first.headers.get('x-hubspot-ratelimit-max'), first.headers.get('x-hubspot-ratelimit-daily')]).toEqual([
    200,
    '110',
    null,
  ])
  await world.control('POST', '/clock', { advanceMs: 1_800_001 })
  const late = await world.call('GET', '/crm/v3/objects/contacts?limit=1', undefined, headers)
  expect([late.status, late.json.category]).toEqual([401, 'EXPIRED_AUTHENTICATION'])
})

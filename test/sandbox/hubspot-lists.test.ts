import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { envelope, openWorld, useWorld } from './hubspot-world.ts'
import type { Raw, World } from './hubspot-world.ts'

const LISTS = '/crm/v3/lists'
const NEWSLETTER = 440_010_004

const world: World = useWorld(async () => {
  await world.load(
    {
      hs_object_id: '1',
      email: 'a@example.test',
      firstname: 'Alix',
      lifecyclestage: 'lead',
      children_count: '2',
      customer_since: '2020-05-01',
    },
    { hs_object_id: '2', email: 'b@example.fr', firstname: 'Bo', lifecyclestage: 'customer', interests: 'wine;cheese' },
    { hs_object_id: '3', email: 'c@example.fr', lifecyclestage: 'customer', customer_since: '2024-05-01', legal_hold: 'true' },
    { hs_object_id: '4', email: 'd@example.fr', hs_email_optout: 'true' },
  )
})

const branch = (...filters: unknown[]) => ({
  filterBranchType: 'OR',
  filterBranchOperator: 'OR',
  filters: [],
  filterBranches: [{ filterBranchType: 'AND', filterBranchOperator: 'AND', filters, filterBranches: [] }],
})
const property = (name: string, operation: Record<string, unknown>) => ({
  filterType: 'PROPERTY',
  property: name,
  operation: { includeObjectsWithNoValueSet: false, ...operation },
})

let made = 0
async function create(more: Record<string, unknown> = {}): Promise<string> {
  const answer = await world.call('POST', LISTS, { name: `List ${++made}`, objectTypeId: '0-1', processingType: 'MANUAL', ...more })
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.json.list.listId
}
const dynamic = (...filters: unknown[]) => create({ processingType: 'DYNAMIC', filterBranch: branch(...filters) })

async function members(id: string, order = ''): Promise<string[]> {
  const { json } = await world.call('GET', `${LISTS}/${id}/memberships${order}`)
  return json.results.map((member: { recordId: string }) => member.recordId)
}

describe('a list by hand', () => {
  test('is created, read, found by name, renamed, deleted and restored through the official client', async () => {
    const { listsApi } = world.client.crm.lists
    const { list } = await listsApi.create({ name: 'Fair 2026', objectTypeId: '0-1', processingType: 'MANUAL' })
    expect(list).toMatchObject({
      listId: '1',
      listVersion: 1,
      name: 'Fair 2026',
      processingType: 'MANUAL',
      processingStatus: 'COMPLETE',
      size: 0,
    })
    expect((await listsApi.getById('1')).list).toMatchObject({ name: 'Fair 2026' })
    expect((await listsApi.getByName('fair 2026', '0-1')).list.listId).toBe('1')
    expect((await listsApi.updateName('1', 'Fair 2027')).updatedList).toMatchObject({ name: 'Fair 2027', listVersion: 2 })
    expect((await listsApi.getAll(['1', '99'])).lists.map(({ listId }) => listId)).toEqual(['1'])
    await listsApi.remove('1')
    expect((await world.call('GET', `${LISTS}/1`)).status).toBe(404)
    await listsApi.restore('1')
    expect((await world.call('GET', `${LISTS}/1`)).status).toBe(200)
    await listsApi.remove('1')
    await world.control('POST', '/clock', { advanceMs: 91 * 86_400_000 })
    expect((await world.call('PUT', `${LISTS}/1/restore`)).status).toBe(404)
  })

  test('takes and gives up members, and tells ids that are no record', async () => {
    const id = await create()
    const { membershipsApi } = world.client.crm.lists
    expect(await membershipsApi.add(id, ['1', '2', '99'])).toMatchObject({
      recordsIdsAdded: ['1', '2'],
      recordIdsRemoved: [],
      recordIdsMissing: ['99'],
    })
    expect(await membershipsApi.add(id, ['2', '3'])).toMatchObject({ recordsIdsAdded: ['3'] })
    const both = await membershipsApi.addAndRemove(id, { recordIdsToAdd: ['4'], recordIdsToRemove: ['1', '1'] })
    expect(both).toMatchObject({ recordsIdsAdded: ['4'], recordIdsRemoved: ['1'] })
    expect(await members(id)).toEqual(['2', '3', '4'])
    expect((await world.call('GET', `${LISTS}/${id}`)).json.list.size).toBe(3)
    const other = await create()
    await membershipsApi.addAllFromList(other, id)
    await membershipsApi.remove(other, ['3'])
    expect(await members(other)).toEqual(['2', '4'])
    await membershipsApi.removeAll(other)
    expect(await members(other)).toEqual([])
  })

  test('is paged by id and by the order of joining, forth and back', async () => {
    const id = await create()
    for (const record of ['3', '1', '4', '2']) {
      await world.call('PUT', `${LISTS}/${id}/memberships/add`, [record])
      await world.control('POST', '/clock', { advanceMs: 1000 })
    }
    const path = `${LISTS}/${id}/memberships/join-order?limit=2`
    const first = (await world.call('GET', path)).json
    expect(first).toMatchObject({ total: 4, results: [{ recordId: '3' }, { recordId: '1' }] })
    expect(first.paging.prev).toBeUndefined()
    const second = await fetch(first.paging.next.link, { headers: { authorization: `Bearer pat-eu1-sandbox-0000-0000-000000000001` } })
    const next = (await second.json()) as { results: { recordId: string }[]; paging: { prev: { before: string }; next?: unknown } }
    expect(next.results.map(({ recordId }) => recordId)).toEqual(['4', '2'])
    expect(next.paging.next).toBeUndefined()
    const back = (await world.call('GET', `${path}&before=${next.paging.prev.before}`)).json
    expect(back.results.map((one: { recordId: string }) => one.recordId)).toEqual(['1', '3'])
    const byId = (await world.call('GET', `${LISTS}/${id}/memberships?limit=3`)).json
    expect(byId.results.map((one: { recordId: string }) => one.recordId)).toEqual(['1', '2', '3'])
    expect((await world.call('GET', `${LISTS}/${id}/memberships?limit=3&after=${byId.paging.next.after}`)).json.results).toHaveLength(1)
    expect((await world.call('GET', `${path}&after=${byId.paging.next.after}`)).status).toBe(400)
    expect((await world.call('GET', `${LISTS}/${id}/memberships?limit=251`)).status).toBe(400)
  })

  test('refuses names twice, wrong kinds and ids that are none', async () => {
    await create({ name: 'Once' })
    const twice = await world.call('POST', LISTS, { name: 'once', objectTypeId: '0-1', processingType: 'MANUAL' })
    expect(envelope(twice)).toMatchObject({ httpStatus: 400, category: 'VALIDATION_ERROR', subCategory: 'ILS.DUPLICATE_LIST_NAMES' })
    const wrong: [string, string, unknown][] = [
      ['POST', LISTS, {}],
      ['POST', LISTS, { name: 'A', objectTypeId: '0-1', processingType: 'STATIC' }],
      ['POST', LISTS, { name: 'A', objectTypeId: '0-1', processingType: 'DYNAMIC' }],
      ['PUT', `${LISTS}/1/memberships/add`, { ids: [] }],
      ['PUT', `${LISTS}/1/memberships/add`, ['x']],
      ['PUT', `${LISTS}/1/memberships/add`, '['],
      ['PUT', `${LISTS}/1/update-list-name`, undefined],
      ['PUT', `${LISTS}/1/update-list-filters`, { filterBranch: branch() }],
      ['POST', `${LISTS}/search`, { count: 501 }],
    ]
    for (const [method, path, body] of wrong)
      expect(envelope(await world.call(method, path, body)), path).toMatchObject({ httpStatus: 400 })
    for (const id of ['99', 'abc', '-1']) expect((await world.call('GET', `${LISTS}/${id}/memberships`)).status).toBe(404)
    expect((await world.call('POST', `${LISTS}/1/memberships/add`, [])).status).toBe(405)
  })

  test('loses erased records, keeps binned ones for their return, and follows merges', async () => {
    const id = await create()
    await world.call('PUT', `${LISTS}/${id}/memberships/add`, ['1', '2', '3'])
    await world.call('DELETE', '/crm/v3/objects/contacts/2')
    expect(await members(id)).toEqual(['1', '3'])
    await world.control('POST', '/hubspot/restore', { id: 2 })
    expect(await members(id)).toEqual(['1', '2', '3'])
    const merged = await world.call('POST', '/crm/v3/objects/contacts/merge', { primaryObjectId: '1', objectIdToMerge: '2' })
    expect(await members(id)).toEqual(['3', merged.json.id])
    await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: '1' })
    expect(await members(id)).toEqual(['3'])
    const memberships = await world.call('GET', `${LISTS}/records/0-1/1/memberships`)
    expect(memberships.json).toEqual({ results: [], total: 0 })
  })
})

test('lists are searched, page by page', async () => {
  for (const name of ['Fair', 'Fairy', 'Other']) await create({ name })
  await dynamic(property('email', { operationType: 'ALL_PROPERTY', operator: 'IS_KNOWN' }))
  const { lists } = world.client.crm
  const page = await lists.listsApi.doSearch({ query: 'fair', count: 1 })
  expect(page).toMatchObject({ total: 2, offset: 1, hasMore: true })
  const next = await lists.listsApi.doSearch({ query: 'fair', count: 1, offset: page.offset, additionalProperties: ['hs_list_size'] })
  expect(next).toMatchObject({
    total: 2,
    offset: 2,
    hasMore: false,
    lists: [{ name: 'Fairy', additionalProperties: { hs_list_size: '0' } }],
  })
  const dynamics = await world.call('POST', `${LISTS}/search`, { processingTypes: ['DYNAMIC'] })
  expect(dynamics.json.lists).toMatchObject([{ processingType: 'DYNAMIC', additionalProperties: { hs_list_size: '4' } }])
})

describe('a list by filters', () => {
  test('follows the records, and says when each joined', async () => {
    const id = await dynamic(property('lifecyclestage', { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: ['customer'] }))
    expect(await members(id)).toEqual(['2', '3'])
    await world.control('POST', '/clock', { advanceMs: 60_000 })
    await world.call('PATCH', '/crm/v3/objects/contacts/1', { properties: { lifecyclestage: 'customer' } })
    expect(await members(id)).toEqual(['1', '2', '3'])
    expect(await members(id, '/join-order')).toEqual(['2', '3', '1'])
    const { results } = (await world.call('GET', `${LISTS}/records/0-1/1/memberships`)).json
    expect(results).toMatchObject([{ listId: id, firstAddedTimestamp: expect.any(String), lastAddedTimestamp: expect.any(String) }])
    const refused = await world.call('PUT', `${LISTS}/${id}/memberships/add`, ['4'])
    expect(envelope(refused)).toMatchObject({ httpStatus: 400, category: 'VALIDATION_ERROR' })
    const batch = await world.call('POST', `${LISTS}/records/memberships/batch/read`, { inputs: [{ objectTypeId: '0-1', recordId: '1' }] })
    expect(batch.json.results).toMatchObject([{ recordId: '1', recordListMemberships: [{ listId: id }] }])
  })

  test('can be given other filters; a snapshot is filled once', async () => {
    const stage = (value: string) => property('lifecyclestage', { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: [value] })
    const id = await dynamic(stage('customer'))
    const snapshot = await create({ processingType: 'SNAPSHOT', filterBranch: branch(stage('customer')) })
    const updated = await world.client.crm.lists.listsApi.updateListFilters(id, { filterBranch: branch(stage('lead')) } as never)
    expect(updated.updatedList).toMatchObject({ listVersion: 2, size: 1 })
    const shown = await world.client.crm.lists.listsApi.getById(id, true)
    expect(shown.list.filterBranch).toMatchObject({ filterBranchType: 'OR' })
    expect((await world.call('GET', `${LISTS}/${id}`)).json.list.filterBranch).toBeUndefined()
    await world.call('PATCH', '/crm/v3/objects/contacts/1', { properties: { lifecyclestage: 'customer' } })
    expect(await members(snapshot)).toEqual(['2', '3'])
    await world.call('PUT', `${LISTS}/${snapshot}/memberships/add`, ['1'])
    expect(await members(snapshot)).toEqual(['1', '2', '3'])
    expect(
      envelope(await world.call('PUT', `${LISTS}/${snapshot}/update-list-filters`, { filterBranch: branch(stage('lead')) })).httpStatus,
    ).toBe(400)
  })

  test('asks of text, numbers, choices, dates and former values', async () => {
    const cases: [string, Record<string, unknown>, string[]][] = [
      ['email', { operationType: 'MULTISTRING', operator: 'ENDS_WITH', values: ['.FR', '.de'] }, ['2', '3', '4']],
      ['email', { operationType: 'STRING', operator: 'DOES_NOT_CONTAIN', value: 'example.fr' }, ['1']],
      [
        'firstname',
        { operationType: 'STRING', operator: 'IS_NOT_EQUAL_TO', value: 'bo', includeObjectsWithNoValueSet: true },
        ['1', '3', '4'],
      ],
      ['firstname', { operationType: 'ALL_PROPERTY', operator: 'IS_UNKNOWN' }, ['3', '4']],
      ['children_count', { operationType: 'NUMBER', operator: 'IS_GREATER_THAN_OR_EQUAL_TO', value: 2 }, ['1']],
      ['children_count', { operationType: 'NUMBER_RANGED', operator: 'IS_BETWEEN', lowerBound: 3, upperBound: 9 }, []],
      ['interests', { operationType: 'ENUMERATION', operator: 'CONTAINS_ALL', values: ['cheese', 'wine'] }, ['2']],
      ['interests', { operationType: 'ENUMERATION', operator: 'IS_EXACTLY', values: ['cheese'] }, []],
      ['legal_hold', { operationType: 'BOOL', operator: 'IS_EQUAL_TO', value: true }, ['3']],
      ['customer_since', { operationType: 'DATETIME', operator: 'IS_AFTER_DATE', timestamp: Date.parse('2021-01-01') }, ['3']],
      ['customer_since', { operationType: 'DATE', operator: 'IS_EQUAL_TO', year: 2020, month: 'MAY', day: 1 }, ['1']],
      [
        'customer_since',
        { operationType: 'RANGED_DATE', operator: 'IS_BETWEEN', lowerBound: 0, upperBound: Date.parse('2021-01-01') },
        ['1'],
      ],
      ['customer_since', { operationType: 'ROLLING_DATE_RANGE', operator: 'IS_MORE_THAN_X_DAYS_AGO', numberOfDays: 30 }, ['1', '3']],
      [
        'customer_since',
        {
          operationType: 'TIME_POINT',
          operator: 'IS_BEFORE',
          timePoint: { timeType: 'DATE', zoneId: 'Europe/Paris', year: 2022, month: 1, day: 1 },
        },
        ['1'],
      ],
      [
        'createdate',
        {
          operationType: 'TIME_POINT',
          operator: 'IS_AFTER',
          timePoint: { timeType: 'INDEXED', zoneId: 'UTC', indexReference: { referenceType: 'NOW' }, offset: { days: -1 } },
        },
        ['1', '2', '3', '4'],
      ],
    ]
    for (const [name, operation, expected] of cases)
      expect(await members(await dynamic(property(name, operation))), `${name} ${operation.operator}`).toEqual(expected)
    await world.call('PATCH', '/crm/v3/objects/contacts/1', { properties: { firstname: 'Alexis' } })
    const ever = property('firstname', { operationType: 'STRING', operator: 'HAS_EVER_BEEN_EQUAL_TO', value: 'Alix' })
    expect(await members(await dynamic(ever))).toEqual(['1'])
    const lately = property('firstname', {
      operationType: 'ROLLING_PROPERTY_UPDATED',
      operator: 'IS_UPDATED_IN_LAST_X_DAYS',
      numberOfDays: 1,
    })
    expect(await members(await dynamic(lately))).toContain('1')
  })

  test('asks of subscriptions, forms and other lists', async () => {
    const unsubscribed = { filterType: 'EMAIL_SUBSCRIPTION', subscriptionIds: [String(NEWSLETTER)], acceptedStatuses: ['UNSUBSCRIBED'] }
    const id = await dynamic(unsubscribed)
    expect(await members(id)).toEqual(['4'])
    await world.control('POST', '/hubspot/person-unsubscribes', { email: 'a@example.test', subscriptionId: NEWSLETTER })
    expect(await members(id)).toEqual(['1', '4'])
    const opted = {
      filterType: 'COMMUNICATION_SUBSCRIPTION',
      channel: 'EMAIL',
      subscriptionType: 'X',
      subscriptionIds: [],
      acceptedOptStates: ['OPT_OUT'],
    }
    expect(await members(await dynamic(opted))).toEqual(['1', '4'])
    const form = '44001000-0000-4000-8000-000000000001'
    const filled = await dynamic({ filterType: 'FORM_SUBMISSION', formId: form, operator: 'FILLED_OUT' })
    expect(await members(filled)).toEqual([])
    await world.call('POST', `/submissions/v3/integration/submit/4400001/${form}`, { fields: [{ name: 'email', value: 'b@example.fr' }] })
    expect(await members(filled)).toEqual(['2'])
    const rest = await dynamic({ filterType: 'IN_LIST', listId: filled, operator: 'NOT_IN_LIST' })
    expect(await members(rest)).toEqual(['1', '3', '4'])
    const circle = branch({ filterType: 'IN_LIST', listId: rest, operator: 'IN_LIST' })
    expect((await world.call('PUT', `${LISTS}/${filled}/update-list-filters`, { filterBranch: circle })).status).toBe(400)
  })

  test('refuses clearly what it cannot evaluate', async () => {
    const known = property('email', { operationType: 'ALL_PROPERTY', operator: 'IS_KNOWN' })
    const wrong: unknown[] = [
      'all',
      { filterBranchType: 'AND', filterBranches: [], filters: [known] },
      { filterBranchType: 'OR', filterBranches: [], filters: [] },
      { ...branch(), filters: [known] },
      branch({ filterType: 'PAGE_VIEW', pageUrl: 'x' }),
      branch({ filterType: 'PRIVACY', privacyName: 'x', operator: 'PRIVACY_CONSENT_COMPLETED' }),
      branch(property('shoe_size', { operationType: 'STRING', operator: 'IS_EQUAL_TO', value: '44' })),
      branch(property('email', { operationType: 'MAGIC', operator: 'IS_EQUAL_TO' })),
      branch(property('email', { operationType: 'STRING', operator: 'SOUNDS_LIKE', value: 'x' })),
      branch(property('email', { operationType: 'STRING', operator: 'IS_EQUAL_TO' })),
      branch(property('children_count', { operationType: 'NUMBER', operator: 'IS_EQUAL_TO', value: 'two' })),
      branch(
        property('createdate', {
          operationType: 'TIME_POINT',
          operator: 'IS_AFTER',
          timePoint: { timeType: 'DATE', zoneId: 'Nowhere', year: 1 },
        }),
      ),
      branch(property('createdate', { operationType: 'DATE', operator: 'IS_EQUAL_TO', year: 2023, month: 'FEBRUARY', day: 30 })),
      branch({ filterType: 'EMAIL_SUBSCRIPTION', subscriptionIds: ['1'], acceptedStatuses: ['SUBSCRIBED'] }),
      branch({ filterType: 'FORM_SUBMISSION', formId: 'none', operator: 'FILLED_OUT' }),
      branch({ filterType: 'IN_LIST', listId: '99', operator: 'IN_LIST' }),
      {
        filterBranchType: 'OR',
        filterBranches: [{ filterBranchType: 'AND', filters: [], filterBranches: [{ filterBranchType: 'UNIFIED_EVENTS' }] }],
      },
      null,
    ]
    for (const filterBranch of wrong) {
      const answer: Raw = await world.call('POST', LISTS, { name: 'Wrong', objectTypeId: '0-1', processingType: 'DYNAMIC', filterBranch })
      expect(envelope(answer), JSON.stringify(filterBranch)).toMatchObject({ httpStatus: 400, category: 'VALIDATION_ERROR' })
    }
  })
})

test('a list by filters becomes one by hand on a day, or when nobody joins any more', async () => {
  const { listsApi } = world.client.crm.lists
  const known = property('firstname', { operationType: 'ALL_PROPERTY', operator: 'IS_KNOWN' })
  const [onDay, idle] = [await dynamic(known), await dynamic(known)]
  const path = `${LISTS}/${onDay}/schedule-conversion`
  expect((await world.call('GET', path)).status).toBe(404)
  expect((await world.call('PUT', path, { conversionType: 'SOON' })).status).toBe(400)
  expect((await world.call('GET', path)).status).toBe(404)
  const today = new Date((await world.control('GET', '/clock')).json.now)
  const day = new Date(today.getTime() + 10 * 86_400_000)
  const date = { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() }
  const planned = await listsApi.scheduleOrUpdateConversion(onDay, { conversionType: 'CONVERSION_DATE', ...date } as never)
  expect(planned).toMatchObject({ listId: onDay, requestedConversionTime: date })
  await world.call('PUT', `${LISTS}/${idle}/schedule-conversion`, { conversionType: 'INACTIVITY', timeUnit: 'WEEK', offset: 3 })
  await world.control('POST', '/clock', { advanceMs: 11 * 86_400_000 })
  const types = async () => (await listsApi.getAll([onDay, idle])).lists.map(({ processingType }) => processingType)
  expect(await types()).toEqual(['SNAPSHOT', 'DYNAMIC'])
  expect((await listsApi.getConversionDetails(onDay)).convertedAt).toBeInstanceOf(Date)
  await world.control('POST', '/clock', { advanceMs: 11 * 86_400_000 })
  expect(await types()).toEqual(['SNAPSHOT', 'SNAPSHOT'])
  const late = await dynamic(known)
  await world.call('PUT', `${LISTS}/${late}/schedule-conversion`, { conversionType: 'INACTIVITY', timeUnit: 'DAY', offset: 1 })
  await listsApi.cancelConversion(late)
  await world.control('POST', '/clock', { advanceMs: 2 * 86_400_000 })
  expect((await world.call('GET', `${LISTS}/${late}`)).json.list.processingType).toBe('DYNAMIC')
})

test('lists hold companies and other records as well', async () => {
  await world.control('POST', '/hubspot/load', {
    object: 'companies',
    rows: [
      { hs_object_id: '1', name: 'Acme', city: 'Lyon' },
      { hs_object_id: '50', name: 'Bolt', city: 'Paris' },
    ],
  })
  const city = property('city', { operationType: 'STRING', operator: 'IS_EQUAL_TO', value: 'lyon' })
  const id = await create({ objectTypeId: '0-2', processingType: 'DYNAMIC', filterBranch: branch(city) })
  const hand = await create({ objectTypeId: '0-2' })
  const contacts = await create()
  await world.call('PUT', `${LISTS}/${hand}/memberships/add`, ['50', '2'])
  await world.call('PUT', `${LISTS}/${contacts}/memberships/add`, ['1'])
  expect([await members(id), await members(hand)]).toEqual([['1'], ['50']])
  const { json } = await world.call('GET', `${LISTS}/records/0-2/1/memberships`)
  expect(json.results.map((list: { listId: string }) => list.listId)).toEqual([id])
  expect((await world.call('PUT', `${LISTS}/${contacts}/memberships/add-from/${hand}`)).status).toBe(400)
  const filled = branch({ filterType: 'FORM_SUBMISSION', operator: 'FILLED_OUT' })
  const refused = await world.call('POST', LISTS, { name: 'X', objectTypeId: '0-2', processingType: 'DYNAMIC', filterBranch: filled })
  expect(refused.status).toBe(400)
  await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: '1' })
  expect([await members(id), await members(contacts)]).toEqual([['1'], []])
  expect((await world.call('POST', LISTS, { name: 'X', objectTypeId: '9-9', processingType: 'MANUAL' })).status).toBe(400)
})

test('folders hold lists and folders', async () => {
  const { foldersApi } = world.client.crm.lists
  const { folder } = await foldersApi.create({ name: 'Fairs' })
  const inner = await foldersApi.create({ name: '2026', parentFolderId: String(folder.id) })
  const id = await create()
  await foldersApi.moveList({ listId: id, newFolderId: String(inner.folder.id) })
  await foldersApi.rename(String(folder.id), 'All fairs')
  const root = (await world.call('GET', `${LISTS}/folders`)).json.folder
  expect(root).toMatchObject({ id: 0, childNodes: [{ name: 'All fairs', childNodes: [{ name: '2026', childLists: [Number(id)] }] }] })
  expect((await world.call('PUT', `${LISTS}/folders/${folder.id}/move/${inner.folder.id}`)).status).toBe(400)
  expect((await world.call('DELETE', `${LISTS}/folders/${inner.folder.id}`)).status).toBe(400)
  await foldersApi.moveList({ listId: id, newFolderId: '0' })
  await foldersApi.remove(String(inner.folder.id))
  expect((await world.call('GET', `${LISTS}/folders?folderId=${inner.folder.id}`)).status).toBe(404)
})

test('a seed directory holds subscriptions, forms, submissions and lists, whatever the order of their names', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'hubspot-seed-'))
  const files: Record<string, unknown[]> = {
    contacts: [{ hs_object_id: '1', email: 'a@example.test' }],
    subscriptions: [
      { id: 501, name: 'Club' },
      { email: 'a@example.test', subscriptionId: 501, status: 'SUBSCRIBED' },
    ],
    forms: [{ id: 'aaaaaaaa-0000-4000-8000-000000000001', name: 'Card' }],
    submissions: [
      { formId: 'aaaaaaaa-0000-4000-8000-000000000001', submittedAt: '2022-01-01', values: [{ name: 'email', value: 'a@example.test' }] },
    ],
    lists: [
      {
        name: 'Club by form',
        processingType: 'DYNAMIC',
        filterBranch: branch(
          { filterType: 'EMAIL_SUBSCRIPTION', subscriptionIds: ['501'], acceptedStatuses: ['SUBSCRIBED'] },
          { filterType: 'FORM_SUBMISSION', formId: 'aaaaaaaa-0000-4000-8000-000000000001', operator: 'FILLED_OUT' },
        ),
      },
    ],
  }
  mkdirSync(join(directory, 'hubspot'))
  for (const [name, rows] of Object.entries(files)) {
    writeFileSync(join(directory, 'hubspot', `${name}.jsonl`), rows.map((row) => JSON.stringify(row)).join('\n'))
  }
  const seeded = await openWorld({ seedDir: directory })
  try {
    const { json } = await seeded.call('GET', `${LISTS}/1/memberships`)
    expect(json.results).toMatchObject([{ recordId: '1' }])
    await seeded.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: '1' })
    expect((await seeded.call('GET', `${LISTS}/1`)).json.list.size).toBe(0)
    await seeded.control('POST', '/reset')
    expect((await seeded.call('GET', `${LISTS}/1`)).json.list.size).toBe(1)
  } finally {
    await seeded.close()
    rmSync(directory, { recursive: true })
  }
})

test('lists come from seeds, go with reset, and need scopes of their own', async () => {
  const rows = [{ listId: 20, name: 'Seeded', createdAt: '2022-01-01', members: ['3', 'A@example.test'] }]
  expect((await world.control('POST', '/hubspot/load', { object: 'lists', rows })).status).toBe(200)
  const { json } = await world.call('GET', '/crm/lists/2026-09/20/memberships')
  expect(json.results).toEqual([
    { recordId: '1', membershipTimestamp: '2022-01-01T00:00:00Z' },
    { recordId: '3', membershipTimestamp: '2022-01-01T00:00:00Z' },
  ])
  expect(await create()).toBe('21')
  expect((await world.call('GET', `${LISTS}/idmapping?legacyListId=20`)).json).toEqual({ listId: '20', legacyListId: '20' })
  expect((await world.call('POST', `${LISTS}/idmapping`, ['20', '9'])).json).toMatchObject({ missingLegacyListIds: ['9'] })
  await world.control('POST', '/hubspot/revoke-scope', { scope: 'crm.lists.write' })
  expect((await world.call('DELETE', `${LISTS}/20`)).status).toBe(403)
  await world.control('POST', '/reset')
  expect((await world.call('GET', `${LISTS}/20`)).status).toBe(404)
})

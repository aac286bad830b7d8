import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

/** Bodies that fit; every part of them is put in the wrong place, or replaced by something else. */
const FORM = '44001000-0000-4000-8000-000000000002'
const BRANCH = {
  filterBranchType: 'OR',
  filters: [],
  filterBranches: [
    {
      filterBranchType: 'AND',
      filterBranches: [],
      filters: [
        { filterType: 'PROPERTY', property: 'email', operation: { operationType: 'STRING', operator: 'CONTAINS', value: 'a' } },
        {
          filterType: 'PROPERTY',
          property: 'createdate',
          operation: {
            operationType: 'TIME_POINT',
            operator: 'IS_AFTER',
            timePoint: { timeType: 'INDEXED', zoneId: 'UTC', indexReference: { referenceType: 'TODAY' }, offset: { days: -3 } },
          },
        },
        { filterType: 'EMAIL_SUBSCRIPTION', subscriptionIds: ['440010004'], acceptedStatuses: ['SUBSCRIBED'] },
        { filterType: 'IN_LIST', listId: '1', operator: 'IN_LIST' },
      ],
    },
  ],
}
const CALLS: readonly (readonly [string, string, unknown])[] = [
  [
    'POST',
    '/communication-preferences/v3/subscribe',
    { emailAddress: 'a@example.test', subscriptionId: '440010004', legalBasis: 'NON_GDPR' },
  ],
  [
    'POST',
    '/communication-preferences/v4/statuses/a@example.test',
    { subscriptionId: 440_010_004, statusState: 'SUBSCRIBED', channel: 'EMAIL' },
  ],
  ['POST', '/communication-preferences/v4/statuses/a@example.test/unsubscribe-all', {}],
  ['POST', '/communication-preferences/v4/statuses/batch/read', { inputs: ['a@example.test'] }],
  [
    'POST',
    '/communication-preferences/v4/statuses/batch/write',
    { inputs: [{ subscriptionId: 440_010_004, statusState: 'SUBSCRIBED', subscriberIdString: 'a@example.test', channel: 'EMAIL' }] },
  ],
  ['POST', '/communication-preferences/v4/statuses/batch/unsubscribe-all', { inputs: ['a@example.test'] }],
  ['POST', '/communication-preferences/v4/links/generate', { subscriberIdString: 'a@example.test', subscriptionId: 440_010_004 }],
  [
    'POST',
    '/marketing/v3/forms',
    {
      name: 'F',
      fieldGroups: [{ fields: [{ name: 'email', fieldType: 'email', dependentFields: [], validation: {}, options: [] }] }],
      configuration: { postSubmitAction: { type: 'thank_you', value: 'x' }, lifecycleStages: [] },
      displayOptions: { style: {} },
      legalConsentOptions: { type: 'implicit_consent_to_process', communicationsCheckboxes: [{ label: 'x', subscriptionTypeId: 1 }] },
    },
  ],
  ['PATCH', `/marketing/v3/forms/${FORM}`, { name: 'G', archived: false, legalConsentOptions: { type: 'none' } }],
  [
    'POST',
    `/submissions/v3/integration/submit/4400001/${FORM}`,
    {
      fields: [{ objectTypeId: '0-1', name: 'email', value: 'a@example.test' }],
      submittedAt: 1,
      context: { hutk: 'x', ipAddress: '1.2.3.4', pageUri: 'https://example.test', pageName: 'p' },
      legalConsentOptions: {
        consent: { consentToProcess: true, text: 't', communications: [{ value: true, subscriptionTypeId: 440_010_004, text: 't' }] },
      },
    },
  ],
  ['POST', '/crm/v3/lists', { name: 'L', objectTypeId: '0-1', processingType: 'DYNAMIC', filterBranch: BRANCH, listFolderId: 0 }],
  ['PUT', '/crm/v3/lists/2/update-list-filters', { filterBranch: BRANCH }],
  ['PUT', '/crm/v3/lists/1/memberships/add', ['1', '2']],
  ['PUT', '/crm/v3/lists/1/memberships/add-and-remove', { recordIdsToAdd: ['1'], recordIdsToRemove: ['2'] }],
  [
    'POST',
    '/crm/v3/lists/search',
    { query: 'a', listIds: ['1'], processingTypes: ['MANUAL'], additionalProperties: ['x'], offset: 0, count: 3 },
  ],
  ['POST', '/crm/v3/lists/idmapping', ['1']],
  ['POST', '/crm/v3/lists/folders', { name: 'f', parentFolderId: '0' }],
  ['PUT', '/crm/v3/lists/folders/move-list', { listId: '1', newFolderId: '0' }],
  ['POST', '/crm/v3/lists/records/memberships/batch/read', { inputs: [{ objectTypeId: '0-1', recordId: '1' }] }],
  [
    'POST',
    '/crm/v3/exports/export/async',
    {
      exportType: 'VIEW',
      exportName: 'E',
      format: 'CSV',
      language: 'EN',
      objectType: 'CONTACT',
      objectProperties: ['email', 'createdate'],
      exportInternalValuesOptions: ['NAMES'],
      publicCrmSearchRequest: {
        query: '',
        filterGroups: [{ filters: [{ property: 'email', operator: 'EQ', value: 'a' }] }],
        sorts: [{ propertyName: 'email', order: 'ASC' }],
      },
    },
  ],
]

let world: World
beforeAll(async () => {
  world = await openWorld()
  for (const access of ['read', 'write']) {
    await world.control('POST', '/hubspot/grant-scope', { scope: `communication_preferences.statuses.batch.${access}` })
  }
  await world.load({ hs_object_id: '1', email: 'a@example.test' })
  for (const name of ['One', 'Two']) {
    const more = name === 'Two' ? { processingType: 'DYNAMIC', filterBranch: BRANCH } : { processingType: 'MANUAL' }
    const made = await world.call('POST', '/crm/v3/lists', { name, objectTypeId: '0-1', ...more })
    expect(made.status).toBe(200)
  }
})
afterAll(() => world.close())

const SEED = 4_400_001

test('no call to subscriptions, forms, lists or exports, however odd its body, is answered with a 5xx', async () => {
  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      '',
      'x',
      0,
      -1,
      1e21,
      3.5,
      true,
      [],
      {},
      [null],
      [[]],
      [{}],
      { a: [] },
      '__proto__',
      'constructor',
      '9'.repeat(30),
    ),
    fc.jsonValue({ maxDepth: 2 }),
  )
  const call = fc.constantFrom(...CALLS)
  await fc.assert(
    fc.asyncProperty(call, fc.nat(), odd, fc.boolean(), async ([method, path, body], place, value, removed) => {
      const sent = changed(body, place, value, removed)
      const answer = await world.call(method, path, JSON.stringify(sent))
      expect(answer.status, `${method} ${path} ${JSON.stringify(sent)} → ${answer.text}`).toBeLessThan(500)
      if (answer.status >= 400) expect(answer.json).toMatchObject({ status: 'error', message: expect.any(String) })
    }),
    { seed: SEED, numRuns: 400 },
  )
  const order = CALLS.at(-1)!
  await world.control('POST', '/clock', { advanceMs: 100_000 })
  expect((await world.call('POST', order[1], order[2])).status).toBeLessThan(500)
})

test('no odd parameter is answered with a 5xx', async () => {
  const paths = [
    '/communication-preferences/v4/statuses/a@example.test?channel=',
    '/communication-preferences/v4/definitions?businessUnitId=',
    '/marketing/v3/forms?formTypes=all&after=',
    '/marketing/v3/forms?limit=',
    `/form-integrations/v1/submissions/forms/${FORM}?after=`,
    '/crm/v3/lists/1/memberships/join-order?after=',
    '/crm/v3/lists/1/memberships?before=',
    '/crm/v3/lists/?includeFilters=true&listIds=',
    '/crm/v3/lists/records/0-1/',
    '/crm/v3/lists/object-type-id/0-1/name/',
    '/crm/v3/lists/folders?folderId=',
    '/crm/v3/exports/export/',
    '/crm/v3/exports/export/async/tasks/',
    '/exports/files/',
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.oneof(fc.string(), fc.webSegment(), fc.constantFrom('%', '%ff', '..', '-1', '1e9')),
      async (path, text) => {
        const answer = await world.call('GET', path + (text.startsWith('%') ? text : encodeURIComponent(text)))
        expect(answer.status, path + text).toBeLessThan(500)
      },
    ),
    { seed: SEED, numRuns: 120 },
  )
})

/** The same body with one of its values replaced or removed. */
function changed(body: unknown, place: number, value: unknown, removed: boolean): unknown {
  const places = placesOf(body)
  const at = places[place % places.length]!
  if (at.length === 0) return value
  const copy = structuredClone(body) as Record<string, unknown>
  const parent = at.slice(0, -1).reduce<Record<string, unknown>>((node, key) => node[key] as Record<string, unknown>, copy)
  const key = at.at(-1)!
  if (removed) delete parent[key]
  else parent[key] = value
  return copy
}

function placesOf(body: unknown): string[][] {
  if (typeof body !== 'object' || body === null) return [[]]
  return [[], ...Object.entries(body).flatMap(([key, value]) => placesOf(value).map((rest) => [key, ...rest]))]
}

import { request as httpRequest } from 'node:http'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { envelope, useWorld, TOKEN } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

const BASE = '/crm/v3/objects/contacts'

const world: World = useWorld(async () => {
  await world.load(
    { hs_object_id: '6001', email: 'first@example.test', firstname: 'First', lifecyclestage: 'customer' },
    { hs_object_id: '6002', email: 'second@example.test', hs_additional_emails: 'other@example.test' },
  )
})

test('no token, a wrong token and a revoked token are the same 401', async () => {
  const expected = {
    httpStatus: 401,
    category: 'INVALID_AUTHENTICATION',
    message:
      'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
  }
  expect(envelope(await world.call('GET', BASE, undefined, { authorization: '' }))).toEqual(expected)
  expect(envelope(await world.call('GET', BASE, undefined, { authorization: 'Bearer pat-eu1-other' }))).toEqual(expected)
  await world.control('POST', '/hubspot/revoke-token')
  expect(envelope(await world.call('GET', BASE))).toEqual(expected)
})

test('the scheme of a token is written in any case, as clients do that take it from token_type', async () => {
  for (const scheme of ['bearer', 'BEARER '])
    expect((await world.call('GET', BASE, undefined, { authorization: `${scheme} ${TOKEN}` })).status).toBe(200)
})

test('a missing scope is named in a 403', async () => {
  await world.control('POST', '/hubspot/revoke-scope', { scope: 'crm.objects.contacts.write' })
  expect((await world.call('GET', BASE)).status).toBe(200)
  expect(envelope(await world.call('POST', BASE, { properties: {} }))).toMatchObject({
    httpStatus: 403,
    category: 'MISSING_SCOPES',
    message:
      "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    errors: [
      { message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: ['crm.objects.contacts.write'] } },
    ],
  })
})

test('ids that lead nowhere have three texts', async () => {
  expect(envelope(await world.call('GET', `${BASE}/99`))).toEqual({ httpStatus: 404, message: 'resource not found' })
  expect(envelope(await world.call('GET', `${BASE}/abc`))).toEqual({
    httpStatus: 404,
    category: 'OBJECT_NOT_FOUND',
    message: 'Object not found.  objectId are usually numeric.',
    context: { id: ['abc'] },
  })
  expect(envelope(await world.call('GET', `${BASE}/0`))).toEqual({
    httpStatus: 404,
    category: 'OBJECT_NOT_FOUND',
    message: 'Object not found. objectId is usually positive.',
    context: { id: ['0'] },
  })
  expect(envelope(await world.call('GET', '/crm/v3/lists/0'))).toMatchObject({
    httpStatus: 404,
    message: 'List does not exist with ID 0.',
    context: { listId: ['0'] },
  })
})

test('an unknown route is a 404 page, a wrong verb a 405 page', async () => {
  for (const [method, path, status] of [
    ['GET', '/crm/v3/no-such', 404],
    ['PUT', BASE, 405],
    ['GET', `${BASE}/search/deeper/still`, 404],
  ] as const) {
    const answer = await world.call(method, path)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html;charset=utf-8'])
  }
})

test('HEAD is GET without a body', async () => {
  const head = await world.call('HEAD', `${BASE}?limit=1`)
  const get = await world.call('GET', `${BASE}?limit=1`)
  expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', get.headers.get('content-length')])
  expect([(await world.call('HEAD', `${BASE}/999`)).status, (await world.call('HEAD', `${BASE}/search`)).status]).toEqual([404, 405])
})

test('a second contact with an address is a 409, additional addresses count', async () => {
  const conflict = { httpStatus: 409, category: 'CONFLICT', message: 'Contact already exists. Existing ID: 6001' }
  expect(envelope(await world.call('POST', BASE, { properties: { email: 'FIRST@example.test' } }))).toEqual(conflict)
  expect(envelope(await world.call('POST', BASE, { properties: { email: 'other@example.test' } }))).toMatchObject({ httpStatus: 409 })
})

test('an address that belongs to somebody else is a 400 on PATCH', async () => {
  const message =
    'Cannot set PropertyValueCoordinates{portalId=4400001, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=email, value=second@example.test} on 6001. 6002 already has that value.'
  const answer = await world.call('PATCH', `${BASE}/6001`, { properties: { email: 'second@example.test' } })
  expect(envelope(answer)).toEqual({ httpStatus: 400, category: 'VALIDATION_ERROR', message })
})

describe('bad values are listed all at once', () => {
  const cases = [
    ['no_such', 'x', 'PROPERTY_DOESNT_EXIST', 'Property "no_such" does not exist'],
    ['hs_additional_emails', 'x', 'READ_ONLY_VALUE', '"hs_additional_emails" is a calculated property; its value cannot be set.'],
    ['createdate', '2020-01-01', 'READ_ONLY_VALUE', '"createdate" is a read only property; its value cannot be set.'],
    ['email', 'not an address', 'INVALID_EMAIL', 'Email address not an address is invalid'],
    [
      'lifecyclestage',
      'nobody',
      'INVALID_OPTION',
      'nobody was not one of the allowed options: [subscriber, lead, marketingqualifiedlead, salesqualifiedlead, opportunity, customer, evangelist, other]',
    ],
    ['legal_hold', 'perhaps', 'INVALID_OPTION', 'perhaps was not one of the allowed options: [true, false]'],
    ['children_count', '1,000', 'INVALID_INTEGER', '1,000 was not a valid number.'],
    ['contract_end_date', '2023-02-30', 'INVALID_DATE', '2023-02-30 was not a valid date.'],
    ['last_sign_in', 'yesterday', 'INVALID_DATE', 'yesterday was not a valid date.'],
  ] as const

  test.each(cases)('%s = %s is %s', async (name, value, code, message) => {
    const answer = await world.call('PATCH', `${BASE}/6001`, { properties: { [name]: value } })
    const detail = { isValid: false, message, error: code, name, localizedErrorMessage: message, portalId: 4400001 }
    expect(envelope(answer)).toEqual({
      httpStatus: 400,
      category: 'VALIDATION_ERROR',
      message: `Property values were not valid: ${JSON.stringify([detail])}`,
      errors: [{ message, code, context: { propertyName: [name] } }],
    })
  })

  test('nothing is written when one value is bad', async () => {
    await world.call('PATCH', `${BASE}/6001`, { properties: { city: 'Lyon', no_such: 'x' } })
    expect((await world.call('GET', `${BASE}/6001?properties=city`)).json.properties.city).toBe(null)
  })
})

test('values are stored in the form the API returns them in', async () => {
  await world.load({ hs_object_id: '6003', interests: 'golf;tea' })
  const properties = {
    contract_end_date: '1700006400000',
    last_sign_in: '2024-05-01T10:00:00+02:00',
    legal_hold: true,
    children_count: 2,
    interests: ';tea',
    city: '',
    hs_legal_basis: 'Legitimate interest – prospect/lead;Not applicable',
  }
  const answer = await world.call('PATCH', `${BASE}/6003`, { properties })
  expect(answer.json.properties).toMatchObject({
    contract_end_date: '2023-11-15',
    last_sign_in: '2024-05-01T08:00:00Z',
    legal_hold: 'true',
    children_count: '2',
    interests: 'golf;tea',
    hs_legal_basis: 'Legitimate interest – prospect/lead;Not applicable',
  })
  expect('city' in answer.json.properties).toBe(false)
})

test('the lifecycle moves forward, and back only after it was cleared', async () => {
  const set = async (lifecyclestage: string) =>
    (await world.call('PATCH', `${BASE}/6001`, { properties: { lifecyclestage } })).json.properties.lifecyclestage
  expect([await set('lead'), await set('evangelist'), await set(''), await set('lead')]).toEqual([
    'customer',
    'evangelist',
    undefined,
    'lead',
  ])
})

test('broken JSON, a wrong content type, a bad cursor and a bad limit are refused in JSON', async () => {
  expect(envelope(await world.call('POST', BASE, '{"properties": {'))).toMatchObject({
    httpStatus: 400,
    message: expect.stringMatching(/^Invalid input JSON on line 1, column \d+: /),
  })
  expect((await world.call('POST', BASE, 'a=b', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415)
  for (const query of ['after=abc', 'limit=101', 'limit=0', 'limit=x', 'limit=51&propertiesWithHistory=email']) {
    expect(envelope(await world.call('GET', `${BASE}?${query}`))).toMatchObject({ httpStatus: 400, category: 'VALIDATION_ERROR' })
  }
})

test('an update of nothing is refused, and what a body lacks is named', async () => {
  expect((await world.call('PATCH', `${BASE}/6001`, { properties: {} })).json).toMatchObject({
    status: 'error',
    category: 'VALIDATION_ERROR',
    message: 'No properties found to update, please provide at least one.',
    context: { properties: ['{}'] },
  })
  const bodies = [
    ['PATCH', `${BASE}/6001`, 'properties'],
    ['POST', `${BASE}/batch/read`, 'inputs'],
    ['POST', `${BASE}/gdpr-delete`, 'objectId'],
    ['POST', `${BASE}/merge`, 'primaryObjectId, objectIdToMerge'],
    ['POST', '/crm/v3/lists/', 'name, objectTypeId, processingType'],
    ['POST', '/crm/v3/lists/folders', 'name'],
    ['POST', '/crm/v4/associations/contacts/companies/labels', 'label, name'],
    ['POST', '/crm/v3/properties/contacts', 'name, label, type, fieldType, groupName'],
    ['POST', '/crm/v3/properties/contacts/groups', 'name, label'],
  ] as const
  for (const [method, path, fields] of bodies) {
    const message = `Invalid input JSON on line 1, column 2. Some required fields were not set: [${fields}]`
    expect(envelope(await world.call(method, path, {}))).toEqual({ httpStatus: 400, category: 'VALIDATION_ERROR', message })
  }
})

test('batches refuse more than a hundred inputs, doubled ids, and history for more than fifty', async () => {
  const inputs = (count: number) => Array.from({ length: count }, (_, n) => ({ id: String(n + 1), properties: {} }))
  expect((await world.call('POST', `${BASE}/batch/read`, { inputs: inputs(101) })).status).toBe(400)
  expect((await world.call('POST', `${BASE}/batch/update`, { inputs: [...inputs(1), ...inputs(1)] })).status).toBe(400)
  expect(envelope(await world.call('POST', `${BASE}/batch/read`, { inputs: inputs(51), propertiesWithHistory: ['email'] }))).toMatchObject({
    message:
      'The maximum number of inputs supported in a batch request for property histories is 50. Please reduce the number of items and try again',
  })
})

test('batch/update by a property that does not identify records is a 207', async () => {
  const inputs = [{ id: 'first@example.test', idProperty: 'email', properties: { city: 'Lyon' } }]
  const answer = await world.call('POST', `${BASE}/batch/update`, { inputs })
  expect([answer.status, answer.json.results, answer.json.errors[0].message]).toEqual([
    207,
    [],
    'Unable to perform update/upsert by non-unique 0-1 property',
  ])
})

test('batch/create fails as a whole, or input by input when each carries a trace id', async () => {
  const properties = [{ email: 'first@example.test' }, { email: 'new@example.test' }]
  const whole = await world.call('POST', `${BASE}/batch/create`, { inputs: properties.map((one) => ({ properties: one })) })
  expect(whole.status).toBe(409)
  const traced = { inputs: properties.map((one, n) => ({ properties: one, objectWriteTraceId: `t${n}` })) }
  const partial = await world.call('POST', `${BASE}/batch/create`, traced)
  expect([partial.status, partial.json.results.length, partial.json.numErrors]).toEqual([207, 1, 1])
  expect(partial.json.errors[0]).toMatchObject({ category: 'CONFLICT', context: { objectWriteTraceId: ['t0'] } })
})

test.each(['2025-09', '2026-09'])('version %s reports partial failure with 200', async (version) => {
  const body = { inputs: [{ id: '6001' }, { id: '99' }], properties: ['email'] }
  const answer = await world.call('POST', `/crm/objects/${version}/0-1/batch/read`, body)
  expect([answer.status, answer.json.results.length, answer.json.numErrors]).toEqual([200, 1, 1])
})

test('every mount and spelling of the contacts API is the same API', async () => {
  for (const path of [
    '/crm/v3/objects/contacts',
    '/crm/v3/objects/0-1/',
    '/crm/objects/v3/contacts/',
    '/crm/objects/2026-03/contacts',
    '/crm/objects/2026-09/0-1',
    '/crm/objects/2025-09/contacts',
    '/crm/v4/objects/contacts',
  ]) {
    const answer = await world.call('GET', `${path}?properties=email,city&properties=zip&limit=1`)
    expect([answer.status, Object.keys(answer.json.results[0].properties)]).toEqual([
      200,
      ['city', 'createdate', 'email', 'hs_object_id', 'lastmodifieddate', 'zip'],
    ])
    const next = new URL(answer.json.paging.next.link)
    expect([next.origin, next.searchParams.get('after'), next.searchParams.getAll('properties')]).toEqual([
      world.sandbox.hubspot,
      '6002',
      ['email,city', 'zip'],
    ])
  }
})

test('a request line beyond 16,000 characters is a 414', async () => {
  expect((await world.call('GET', `${BASE}?properties=${'a'.repeat(17_000)}`)).status).toBe(414)
})

test('a denied property is neither listed, nor returned, nor writable, nor searchable', async () => {
  await world.control('POST', '/hubspot/deny-property', { name: 'firstname' })
  const names = (await world.call('GET', '/crm/v3/properties/contacts')).json.results.map((property: { name: string }) => property.name)
  expect([names.includes('firstname'), names.includes('lastname')]).toEqual([false, true])
  expect((await world.call('GET', '/crm/v3/properties/contacts/firstname')).json.dataSensitivity).toBe('sensitive')
  const record = await world.call('GET', `${BASE}/6001?properties=firstname,lastname&propertiesWithHistory=firstname`)
  expect(['firstname' in record.json.properties, record.json.propertiesWithHistory]).toEqual([false, {}])
  expect((await world.call('PATCH', `${BASE}/6001`, { properties: { firstname: 'X' } })).json.category).toBe('MISSING_SCOPES')
  const filters = [{ propertyName: 'firstname', operator: 'EQ', value: 'first' }]
  expect((await world.call('POST', `${BASE}/search`, { filters })).status).toBe(403)
  expect('firstname' in (await world.call('POST', `${BASE}/search`, {})).json.results[0].properties).toBe(false)
})

test('a portal can be made to send its next link to another host', async () => {
  await world.control('POST', '/hubspot/force-next-host', { host: 'evil.example.test' })
  expect(new URL((await world.call('GET', `${BASE}?limit=1`)).json.paging.next.link).host).toBe('evil.example.test')
})

test('a portal can answer 204 to an erasure and keep the record', async () => {
  await world.control('POST', '/hubspot/erase-keeps', { on: true })
  expect((await world.call('POST', `${BASE}/gdpr-delete`, { objectId: '6001' })).status).toBe(204)
  expect((await world.call('GET', `${BASE}/6001`)).status).toBe(200)
})

test('an archived contact comes back from the recycle bin', async () => {
  await world.call('DELETE', `${BASE}/6001`)
  expect((await world.call('DELETE', `${BASE}/6001`)).status).toBe(204)
  expect((await world.call('GET', `${BASE}/6001`)).status).toBe(404)
  expect((await world.control('POST', '/hubspot/restore', { id: 6001 })).status).toBe(200)
  expect((await world.call('GET', `${BASE}/first%40example.test?idProperty=email`)).json.id).toBe('6001')
})

test('no request, however odd, is answered with a 5xx', async () => {
  const seed = 20_261
  const segment = fc.oneof(
    fc.constantFrom(
      'crm',
      'v3',
      'objects',
      'contacts',
      '0-1',
      'search',
      'batch',
      'read',
      'update',
      'upsert',
      'create',
      'merge',
      'gdpr-delete',
      'properties',
      'groups',
      'owners',
      'associations',
      'notes',
      'v4',
      '6001',
    ),
    fc.webSegment(),
  )
  const path = fc.oneof(
    fc.constantFrom(
      BASE,
      `${BASE}/search`,
      `${BASE}/batch/read`,
      `${BASE}/batch/update`,
      `${BASE}/batch/upsert`,
      `${BASE}/batch/create`,
      `${BASE}/batch/archive`,
      `${BASE}/merge`,
      `${BASE}/gdpr-delete`,
      `${BASE}/6001`,
      '/crm/v3/properties/contacts',
      '/crm/v3/properties/contacts/batch/create',
      '/crm/v3/properties/contacts/groups',
      '/crm/v3/objects/notes',
      '/crm/v3/objects/notes/batch/create',
      '/crm/objects/2026-09/tasks/merge',
      '/crm/v4/objects/contacts/6001/associations/notes/6001',
      '/crm/v4/objects/contacts/6001/associations/default/contacts/6002',
      '/crm/v4/associations/contacts/contacts/batch/create',
      '/crm/v4/associations/contacts/notes/batch/read',
      '/crm/v4/associations/contacts/contacts/batch/archive',
      '/crm/v4/associations/contacts/contacts/batch/labels/archive',
      '/crm/v4/associations/contacts/companies/labels',
      '/crm/v3/associations/contacts/contacts/batch/create',
      '/crm/v3/pipelines/deals/default/stages',
      '/settings/v3/users/4400301',
      '/oauth/v3/token/introspect',
      '/oauth/v1/token',
    ),
    fc.array(segment, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`),
  )
  const key = fc.constantFrom(
    'inputs',
    'id',
    'idProperty',
    'properties',
    'email',
    'filterGroups',
    'filters',
    'propertyName',
    'operator',
    'value',
    'values',
    'sorts',
    'limit',
    'after',
    'query',
    'objectId',
    'primaryObjectId',
    'objectIdToMerge',
    'associations',
    'from',
    'to',
    'types',
    'associationTypeId',
    'associationCategory',
    'name',
    'label',
    'type',
    'options',
    '__proto__',
    'constructor',
  )
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('6001', 'email', 'EQ', 'IN', 'lastmodifieddate', 'enumeration', 'first@example.test', 449, 'HUBSPOT_DEFINED'),
  )
  const tree = fc.letrec((tie) => ({
    node: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('node'), { maxLength: 3 }), fc.dictionary(key, tie('node'), { maxKeys: 4 })),
  })).node
  const body = fc.oneof(
    tree.map((value) => JSON.stringify(value)),
    fc.string(),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT'), path, body, async (method, target, text) => {
      const status = await statusOf(method, target, text)
      if (status >= 500) throw new Error(`${method} ${target} answered ${status}`)
    }),
    // 20,000 more, to both CRMs, by `npm run prove -- sandbox-fuzz`.
    { seed, numRuns: 500 },
  )
})

/** Without fetch's own checks: a GET may carry a body, a path may be anything the parser lets through. */
function statusOf(method: string, path: string, body: string): Promise<number> {
  const { hostname, port } = new URL(world.sandbox.hubspot)
  const bytes = Buffer.from(body)
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', 'content-length': bytes.length }
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, method, path: encodeURI(path), headers }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(bytes)
  })
}

import { afterEach, describe, expect, test } from 'vitest'
import { envelope, useWorld, TOKEN } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

const CONTACTS = '/crm/v3/objects/contacts'
const LIST = `${CONTACTS}?limit=1`

const world: World = useWorld(undefined, { people: 20 })
afterEach(() => world.control('POST', '/latency', { ms: 0 }))

const create = async (email: string): Promise<string> => (await world.call('POST', CONTACTS, { properties: { email } })).json.id

/** Signs in once and asks Salesforce. */
async function salesforce(method: string, path: string, body?: unknown) {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
  const signIn = await fetch(`${world.sandbox.salesforce}/services/oauth2/token`, { method: 'POST', body: form })
  const { access_token: token } = (await signIn.json()) as { access_token: string }
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const content = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await fetch(`${world.sandbox.salesforce}/services/data/v66.0${path}`, { method, headers, ...content })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
  }
}

test('the Date header of both CRMs follows the sandbox clock', async () => {
  await world.control('POST', '/clock', { set: '2028-05-06T07:08:09Z' })
  const answers = [(await world.call('GET', LIST)).headers, (await salesforce('GET', '/limits')).headers]
  expect(answers.map((headers) => headers.get('date')!.slice(0, 20))).toEqual(['Sat, 06 May 2028 07:', 'Sat, 06 May 2028 07:'])
})

describe('latency', () => {
  test('is set for one CRM or for both', async () => {
    await world.control('POST', '/latency', { ms: 3 })
    expect((await world.control('POST', '/latency', { crm: 'salesforce', p50: 1, p99: 4 })).json).toEqual({
      hubspot: { ms: 3 },
      salesforce: { p50: 1, p99: 4 },
    })
    expect((await world.control('GET', '/stats')).json.latency.hubspot).toEqual({ ms: 3 })
    expect((await world.control('POST', '/latency', { p50: 5, p99: 4 })).status).toBe(400)
  })

  test('delays answers by the distribution', async () => {
    await world.control('POST', '/latency', { crm: 'hubspot', p50: 20, p99: 40 })
    for (let n = 0; n < 8; n++) await world.call('GET', LIST)
    const { lines } = (await world.control('GET', '/log?crm=hubspot')).json
    const took = lines.map((line: { tookMs: number }) => line.tookMs).sort((a: number, b: number) => a - b)
    expect(took[0]).toBeGreaterThan(3)
    expect(new Set(took).size).toBeGreaterThan(1)
  })
})

describe('faults', () => {
  const plan = (fault: Record<string, unknown>) => world.control('POST', '/faults', fault)

  test('answer with each limit of HubSpot in its own words', async () => {
    const seen = []
    for (const kind of ['ten-secondly', 'secondly', 'daily', 'locked', 'moving', 'unavailable']) {
      await plan({ crm: 'hubspot', kind, times: 1 })
      const answer = await world.call('GET', LIST)
      seen.push({ ...envelope(answer), retryAfter: answer.headers.get('retry-after') })
    }
    expect(seen).toMatchObject([
      {
        httpStatus: 429,
        message: 'You have reached your ten_secondly_rolling limit.',
        policyName: 'TEN_SECONDLY_ROLLING',
        errorType: 'RATE_LIMIT',
      },
      { httpStatus: 429, message: 'You have reached your secondly limit.', policyName: 'SECONDLY' },
      { httpStatus: 429, message: 'You have reached your daily limit.', policyName: 'DAILY', requestId: expect.any(String) },
      { httpStatus: 423, retryAfter: '2' },
      { httpStatus: 477, retryAfter: '3600' },
      { httpStatus: 503, message: 'Service unavailable' },
    ])
  })

  test('answer with the limits of Salesforce as a list of errors', async () => {
    const seen = []
    for (const kind of ['daily', 'concurrent', 'unavailable', 'status']) {
      await plan({ crm: 'salesforce', route: '/services/data/*', kind, times: 1 })
      const { status, json } = await salesforce('GET', '/limits')
      seen.push([status, json[0].errorCode, json[0].message])
    }
    expect(seen).toEqual([
      [403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'],
      [403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.'],
      [503, 'SERVER_UNAVAILABLE', 'The server is temporarily unavailable.'],
      [503, 'SERVER_UNAVAILABLE', 'Service unavailable'],
    ])
    expect((await plan({ crm: 'salesforce', kind: 'ten-secondly' })).status).toBe(400)
  })

  test('hit a route by its template or its beginning, in one CRM or in both', async () => {
    await plan({ route: `${CONTACTS}/{id}`, kind: 'status' })
    const id = await create('ana@example.test')
    expect([(await world.call('GET', LIST)).status, (await world.call('GET', `${CONTACTS}/${id}?properties=email`)).status]).toEqual([
      200, 503,
    ])
    await world.control('DELETE', '/faults')
    await plan({ route: '/crm/v3/*', kind: 'status', status: 502 })
    expect((await world.call('GET', LIST)).status).toBe(502)
    await world.control('DELETE', '/faults')
    await plan({ kind: 'status', path: 'limit' })
    expect([(await world.call('GET', LIST)).status, (await salesforce('GET', '/limits')).status]).toEqual([503, 503])
  })

  test('with a seed of their own hit the same requests every time', async () => {
    const round = async () => {
      await world.control('DELETE', '/faults')
      await plan({ crm: 'hubspot', kind: 'status', probability: 0.5, seed: 42 })
      const seen = []
      for (let n = 0; n < 12; n++) seen.push((await world.call('GET', LIST)).status)
      return seen
    }
    const first = await round()
    expect(new Set(first)).toEqual(new Set([200, 503]))
    expect(await round()).toEqual(first)
  })

  test('let a body trickle', async () => {
    await plan({ crm: 'hubspot', kind: 'slow', durationMs: 120, times: 1 })
    const whole = await world.call('GET', LIST)
    expect([whole.status, whole.json.results.length]).toEqual([200, 1])
    await plan({ crm: 'hubspot', kind: 'slow', durationMs: 60_000, times: 1 })
    const response = await fetch(world.sandbox.hubspot + LIST, {
      headers: { authorization: `Bearer ${TOKEN}` },
      signal: AbortSignal.timeout(150),
    })
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow('timeout')
  })

  test('deliver a request twice, and tell so in the log', async () => {
    await plan({ crm: 'hubspot', method: 'POST', kind: 'duplicate', times: 1 })
    const body = { properties: { email: 'twice@example.test' } }
    expect(envelope(await world.call('POST', CONTACTS, body))).toMatchObject({ httpStatus: 409, category: 'CONFLICT' })
    await plan({ crm: 'salesforce', method: 'POST', path: 'sobjects', kind: 'duplicate', times: 1 })
    expect((await salesforce('POST', '/sobjects/Account', { Name: 'Twice' })).status).toBe(201)
    const found = await salesforce('GET', `/query?q=${encodeURIComponent("SELECT Id FROM Account WHERE Name = 'Twice'")}`)
    expect(found.json.totalSize).toBe(2)
    const { lines } = (await world.control('GET', '/log?method=post&crm=hubspot')).json
    expect(lines[0]).toMatchObject({ route: CONTACTS, status: 409, fault: 'duplicate' })
  })
})

test('the log is asked by CRM, method, route and status', async () => {
  await world.call('GET', LIST)
  await world.call('GET', `${CONTACTS}/1`)
  await salesforce('GET', '/limits')
  const matching = async (query: string) => (await world.control('GET', `/log?${query}`)).json.matching
  expect([
    await matching('crm=hubspot'),
    await matching('crm=hubspot&status=404'),
    await matching(`route=${CONTACTS}/`),
    await matching('method=post'),
  ]).toEqual([2, 1, 1, 1])
  expect((await world.control('GET', '/log?last=1&status=404')).json.lines).toMatchObject([{ route: `${CONTACTS}/{id}`, status: 404 }])
  expect((await world.control('GET', '/log?colour=red')).status).toBe(400)
})

describe('named snapshots', () => {
  const total = async () => (await world.call('POST', `${CONTACTS}/search`, {})).json.total
  const emailOf = async (id: string) => (await world.call('GET', `${CONTACTS}/${id}`)).json.properties?.email
  const accounts = async () =>
    (await salesforce('GET', `/query?q=${encodeURIComponent('SELECT Name FROM Account ORDER BY Name')}`)).json.records.map(
      ({ Name }: { Name: string }) => Name,
    )

  test('bring both CRMs back and forth in any order', async () => {
    await world.control('POST', '/hubspot/index-lag', { ms: 0 })
    const before = await accounts()
    const first = await create('first@example.test')
    const made = (await salesforce('POST', '/sobjects/Account', { Name: 'AAA first' })).json.id
    await world.control('POST', '/snapshots/one')
    const second = await create('second@example.test')
    await world.call('PATCH', `${CONTACTS}/${first}`, { properties: { email: 'changed@example.test' } })
    await salesforce('POST', '/sobjects/Account', { Name: 'AAB second' })
    await salesforce('PATCH', `/sobjects/Account/${made}`, { Name: 'AAA changed' })
    await world.control('POST', '/snapshots/two')

    const state = async () => [
      await emailOf(first),
      await emailOf(second),
      (await accounts()).slice(0, (await accounts()).length - before.length),
    ]
    const one = ['first@example.test', undefined, ['AAA first']]
    const two = ['changed@example.test', 'second@example.test', ['AAA changed', 'AAB second']]
    for (const [name, expected] of [
      ['one', one],
      ['two', two],
      ['one', one],
    ] as const) {
      await world.control('POST', `/restore/${name}`)
      expect(await state()).toEqual(expected)
    }
    // What comes after a return to an older state must not reach into a younger one.
    for (let n = 0; n < 5; n++) await create(`filler${n}@example.test`)
    for (let n = 0; n < 3; n++) await salesforce('POST', '/sobjects/Account', { Name: `AAC filler ${n}` })
    await world.call('PATCH', `${CONTACTS}/${first}`, { properties: { email: 'other@example.test' } })
    await world.control('POST', '/restore/two')
    expect(await state()).toEqual(two)
    await world.control('POST', '/reset')
    expect([await emailOf(first), await accounts(), await total()]).toEqual([undefined, before, 20])
    await world.control('POST', '/restore/two')
    expect(await state()).toEqual(two)
    await world.control('DELETE', '/snapshots/one')
    await world.control('DELETE', '/snapshots/two')
  })

  test('are listed, refused when unknown, and dropped', async () => {
    await world.control('POST', '/snapshots/tuesday')
    expect((await world.control('GET', '/snapshots')).json.snapshots.map(({ name }: { name: string }) => name)).toEqual([
      'default',
      'tuesday',
    ])
    await world.control('DELETE', '/snapshots/tuesday')
    expect((await world.control('POST', '/restore/tuesday')).json.error).toContain('there is no snapshot tuesday')
    expect((await world.control('DELETE', '/snapshots/default')).status).toBe(400)
    expect((await world.control('POST', '/snapshots/a%20b')).status).toBe(400)
  })
})

test('the document of the control port shows examples that the port accepts', async () => {
  const { paths } = (await world.control('GET', '/openapi.json')).json
  for (const [path, { post }] of Object.entries<{
    post?: { requestBody?: { content: Record<string, { examples?: Record<string, { value: unknown }> }> } }
  }>(paths)) {
    for (const { value } of Object.values(post?.requestBody?.content['application/json']?.examples ?? {})) {
      const { status, json } = await world.control('POST', path, value)
      // The record of an example need not exist here.
      if (!String(json.error).includes('is not there')) expect([path, status]).toEqual([path, 200])
    }
  }
  const described = (crm: string) =>
    Object.keys(paths).filter((path) => path.startsWith(`/${crm}/`) && paths[path].post.summary.startsWith('Lever '))
  expect([described('hubspot'), described('salesforce')]).toEqual([[], []])
  expect(paths['/log'].get.parameters.map(({ name }: { name: string }) => name)).toEqual(['last', 'crm', 'method', 'route', 'status'])
  await world.control('POST', '/clock', { freeze: false })
  await world.control('POST', '/sync', { on: false })
})

test('the daily calls of Salesforce are set, and run out', async () => {
  await world.control('POST', '/salesforce/rate-limit', { on: true })
  await world.control('POST', '/salesforce/limits', { daily: 100, used: 98 })
  const answers = [await salesforce('GET', '/limits'), await salesforce('GET', '/limits'), await salesforce('GET', '/limits')]
  expect(answers.map(({ status }) => status)).toContain(403)
  expect(answers.at(-1)!.json).toEqual([{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }])
  await world.control('POST', '/salesforce/limits', { daily: 101_000, used: 0 })
  await world.control('POST', '/salesforce/rate-limit', { on: false })
})

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { rollingWindow } from '../../src/sandbox/hubspot/limits.ts'
import { envelope, openWorld } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

const LIST = '/crm/v3/objects/contacts?limit=1'

let world: World
beforeAll(async () => {
  world = await openWorld({ rateLimit: true })
  await world.control('POST', '/clock', { freeze: true })
})
afterAll(() => world.close())
beforeEach(() => world.control('POST', '/reset'))

test('a rolling window never grants more than its limit in any span', () => {
  const window = rollingWindow(3, 10)
  expect([0, 5, 9, 9.5, 10, 14, 15, 18, 19].map((ms) => window.take(ms))).toEqual([true, true, true, false, true, false, true, false, true])
})

test('the 191st request within ten seconds is refused, and the headers count down', async () => {
  const first = await world.call('GET', LIST)
  expect(
    ['max', 'remaining', 'interval-milliseconds', 'daily', 'daily-remaining'].map((name) =>
      first.headers.get(`x-hubspot-ratelimit-${name}`),
    ),
  ).toEqual(['190', '189', '10000', '625000', '624999'])
  for (let n = 1; n < 190; n++) expect((await world.call('GET', LIST)).status).toBe(200)
  expect(envelope(await world.call('GET', LIST))).toEqual({
    httpStatus: 429,
    message: 'You have reached your ten_secondly_rolling limit.',
    errorType: 'RATE_LIMIT',
    policyName: 'TEN_SECONDLY_ROLLING',
    groupName: 'publicapi:private-apps:sandbox',
  })
  await world.control('POST', '/clock', { advanceMs: 10_000 })
  expect((await world.call('GET', LIST)).status).toBe(200)
  const stats = (await world.control('GET', '/stats')).json.crms.hubspot
  expect([stats.requests, stats.status429, stats.routes['GET /crm/v3/objects/contacts']]).toEqual([192, 1, { 200: 191, 429: 1 }])
})

test('the sixth search within a second is refused, outside the ordinary window', async () => {
  const search = () => world.call('POST', '/crm/v3/objects/contacts/search', {})
  for (let n = 0; n < 5; n++) await search()
  expect(envelope(await search())).toEqual({
    httpStatus: 429,
    message: 'You have reached your secondly limit.',
    errorType: 'RATE_LIMIT',
    policyName: 'SECONDLY',
  })
  expect((await world.call('GET', LIST)).headers.get('x-hubspot-ratelimit-remaining')).toBe('189')
})

test('the daily limit holds until midnight in the portal', async () => {
  await world.control('POST', '/hubspot/daily-usage', { used: 625_000 })
  const refused = envelope(await world.call('GET', LIST))
  expect(refused).toEqual({
    httpStatus: 429,
    message: 'You have reached your daily limit.',
    errorType: 'RATE_LIMIT',
    policyName: 'DAILY',
    requestId: expect.any(String),
  })
  await world.control('POST', '/clock', { advanceMs: 25 * 3_600_000 })
  expect((await world.call('GET', LIST)).status).toBe(200)
})

test('the limits can be switched off', async () => {
  await world.control('POST', '/hubspot/daily-usage', { used: 625_000 })
  expect((await world.control('POST', '/rate-limit', { on: false })).json.hubspot).toBe('off')
  const answer = await world.call('GET', LIST)
  expect([answer.status, answer.headers.get('x-hubspot-ratelimit-remaining')]).toEqual([200, '190'])
})

test('quotas are set apart from the standard ones, until a reset', async () => {
  const quota = { daily: 3, tenSeconds: 2, oauthTenSeconds: 4, searchesPerSecond: 1 }
  expect((await world.control('POST', '/hubspot/quota', quota)).json).toEqual(quota)
  const statuses = async (count: number, call: () => Promise<{ status: number }>) => {
    const seen = []
    for (let n = 0; n < count; n++) seen.push((await call()).status)
    return seen
  }
  expect(await statuses(2, () => world.call('POST', '/crm/v3/objects/contacts/search', {}))).toEqual([200, 429])
  expect(await statuses(3, () => world.call('GET', LIST))).toEqual([200, 200, 429])
  await world.control('POST', '/clock', { advanceMs: 10_000 })
  expect(envelope(await world.call('GET', LIST))).toMatchObject({ httpStatus: 429, policyName: 'DAILY' })
  await world.control('POST', '/reset')
  const headers = (await world.call('GET', LIST)).headers
  expect([headers.get('x-hubspot-ratelimit-max'), headers.get('x-hubspot-ratelimit-daily')]).toEqual(['190', '625000'])
})

test('batches of associations have an allowance of their own', async () => {
  const body = { inputs: [{ id: '1' }] }
  const read = () => world.call('POST', '/crm/v4/associations/contacts/companies/batch/read', body)
  const statuses = new Set<number>()
  for (let n = 0; n < 200; n++) statuses.add((await read()).status)
  expect([...statuses]).toEqual([207])
  expect(envelope(await read())).toMatchObject({ httpStatus: 429, policyName: 'TEN_SECONDLY_ROLLING' })
  expect((await world.call('GET', LIST)).headers.get('x-hubspot-ratelimit-remaining')).toBe('189')
})

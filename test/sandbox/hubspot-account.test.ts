import { describe, expect, test } from 'vitest'
import { envelope, useWorld } from './hubspot-world.ts'
import type { Raw, World } from './hubspot-world.ts'

const world: World = useWorld()

const CLIENT = { client_id: 'sandbox-app', client_secret: 'sandbox-secret' }

/** Form-urlencoded, without an Authorization header. */
function post(path: string, fields: Record<string, string>): Promise<Raw> {
  const headers = { authorization: '', 'content-type': 'application/x-www-form-urlencoded' }
  return world.call('POST', path, new URLSearchParams(fields).toString(), headers)
}

const refresh = (version: string): Promise<Raw> =>
  post(`/oauth/${version}/token`, { ...CLIENT, grant_type: 'refresh_token', refresh_token: 'sandbox-refresh' })
const as = (token: string): Promise<Raw> => world.call('GET', '/crm/v3/objects/contacts', undefined, { authorization: `Bearer ${token}` })

describe('OAuth', () => {
  test('gives a token for half an hour, and the later versions say whose it is', async () => {
    const first = await refresh('v1')
    expect(Object.keys(first.json)).toEqual(['access_token', 'refresh_token', 'token_type', 'expires_in'])
    const later = await refresh('v3')
    expect([later.json.hub_id, later.json.expires_in, later.json.token_type]).toEqual([4400001, 1800, 'bearer'])
    expect((await as(later.json.access_token)).status).toBe(200)
    await world.control('POST', '/clock', { advanceMs: 1_800_000 })
    expect(envelope(await as(later.json.access_token))).toMatchObject({ httpStatus: 401, category: 'EXPIRED_AUTHENTICATION' })
  })

  test('installs through a code that works once', async () => {
    const redirect = 'https://app.example.test/back'
    const query = new URLSearchParams({ ...CLIENT, redirect_uri: redirect, scope: 'oauth', state: 'abc' })
    const sent = await fetch(`${world.sandbox.hubspot}/oauth/authorize?${query}`, { redirect: 'manual' })
    const back = new URL(sent.headers.get('location')!)
    expect([sent.status, back.origin + back.pathname, back.searchParams.get('state')]).toEqual([302, redirect, 'abc'])
    const fields = { ...CLIENT, grant_type: 'authorization_code', redirect_uri: redirect, code: back.searchParams.get('code')! }
    const token = await post('/oauth/v1/token', fields)
    expect([token.status, (await as(token.json.access_token)).status]).toEqual([200, 200])
    expect((await post('/oauth/v1/token', fields)).json).toMatchObject({ status: 'BAD_AUTH_CODE', message: 'missing or unknown auth code' })
  })

  test.each([
    [{ ...CLIENT, grant_type: 'password' }, 'BAD_GRANT_TYPE'],
    [{ ...CLIENT, client_id: 'x', grant_type: 'refresh_token' }, 'BAD_CLIENT_ID'],
    [{ ...CLIENT, client_secret: 'x', grant_type: 'refresh_token' }, 'BAD_CLIENT_SECRET'],
    [{ ...CLIENT, grant_type: 'refresh_token', refresh_token: 'x' }, 'BAD_REFRESH_TOKEN'],
  ])('refuses %j', async (fields, status) => {
    const answer = await post('/oauth/v1/token', fields)
    expect([answer.status, answer.json.status]).toEqual([400, status])
  })

  test('tokens describe themselves', async () => {
    await world.control('POST', '/clock', { freeze: true })
    const { access_token: token } = (await refresh('v1')).json
    const access = await world.call('GET', `/oauth/v1/access-tokens/${token}`, undefined, { authorization: '' })
    expect(access.json).toMatchObject({ token, hub_id: 4400001, token_type: 'access', expires_in: 1800 })
    const own = await world.call('GET', '/oauth/v1/refresh-tokens/sandbox-refresh', undefined, { authorization: '' })
    expect(own.json).toMatchObject({ token: 'sandbox-refresh', client_id: 'sandbox-app', token_type: 'refresh' })
    const seen = await post('/oauth/v3/token/introspect', { ...CLIENT, token })
    expect(seen.json).toMatchObject({
      active: true,
      token_use: 'access_token',
      hub_id: 4400001,
      client_id: 'sandbox-app',
      expires_in: 1800,
    })
    expect((await post('/oauth/2026-09/token/introspect', { ...CLIENT, token: 'x' })).json).toEqual({ active: false })
    await world.control('POST', '/clock', { freeze: false })
  })

  test('a refresh token that was deleted gives no more access tokens; revoking ends those that are out', async () => {
    const { access_token: token } = (await refresh('v3')).json
    expect((await post('/oauth/v3/token/revoke', { ...CLIENT, token })).status).toBe(200)
    expect(envelope(await as(token))).toMatchObject({ httpStatus: 401, category: 'INVALID_AUTHENTICATION' })
    expect((await world.call('DELETE', '/oauth/v1/refresh-tokens/sandbox-refresh', undefined, { authorization: '' })).status).toBe(204)
    expect((await refresh('v1')).json.status).toBe('BAD_REFRESH_TOKEN')
  })
})

test('account details and usage answer in every version', async () => {
  for (const version of ['v3', '2026-03', '2026-09']) {
    expect((await world.call('GET', `/account-info/${version}/details`)).json).toMatchObject({ portalId: 4400001, companyCurrency: 'EUR' })
    const usage = await world.call('GET', `/account-info/${version}/api-usage/daily/private-apps/`)
    expect(usage.json.results[0]).toMatchObject({ name: 'private-apps-api-calls-daily', usageLimit: 625000, fetchStatus: 'SUCCESS' })
  }
  const older = await world.call('GET', '/integrations/v1/limit/daily')
  expect(older.json).toMatchObject([{ name: 'api-calls-daily', usageLimit: 625000 }])
  expect((await world.call('GET', '/integrations/v1/me')).json).toMatchObject({ portalId: 4400001, timeZone: 'Europe/Paris' })
})

test('owners are paged, filtered and found by user', async () => {
  const first = await world.call('GET', '/crm/v3/owners/?limit=1')
  expect(first.json.results.map((owner: { id: string }) => owner.id)).toEqual(['4400201'])
  const { pathname, search } = new URL(first.json.paging.next.link)
  const second = await world.call('GET', pathname + search)
  expect([second.json.results[0].id, 'paging' in second.json]).toEqual(['4400202', false])
  expect((await world.call('GET', '/crm/owners/2026-09?archived=true')).json.results[0]).toMatchObject({ id: '4400203', archived: true })
  expect((await world.call('GET', '/crm/v3/owners?email=SALES@sandbox.example')).json.results).toHaveLength(1)
  expect((await world.call('GET', '/crm/v3/owners/4400302?idProperty=userId')).json.email).toBe('marketing@sandbox.example')
  expect((await world.call('GET', '/crm/v3/owners/1')).status).toBe(404)
})

test('users are provisioned, changed and removed', async () => {
  expect((await world.call('GET', '/settings/v3/users/?limit=1')).json).toMatchObject({
    results: [{ id: '4400301' }],
    paging: { next: {} },
  })
  const created = await world.call('POST', '/settings/v3/users/', { email: 'New@example.test', sendWelcomeEmail: false, firstName: 'New' })
  expect([created.status, created.json.email, created.json.superAdmin]).toEqual([201, 'new@example.test', false])
  expect((await world.call('POST', '/settings/v3/users', { email: 'new@example.test' })).status).toBe(409)
  const path = `/settings/v3/users/${created.json.id}`
  expect((await world.call('PUT', path, { roleId: '4400502' })).json).toMatchObject({ firstName: 'New', roleIds: ['4400502'] })
  expect((await world.call('GET', '/settings/v3/users/new%40example.test?idProperty=EMAIL')).json.id).toBe(created.json.id)
  expect((await world.call('DELETE', path)).status).toBe(204)
  expect((await world.call('GET', path)).status).toBe(404)
  expect((await world.call('GET', '/settings/v3/users/roles')).json.results.length).toBe(2)
  expect((await world.call('GET', '/settings/v3/users/teams')).json.results[0]).toMatchObject({ name: 'Sales', userIds: ['4400301'] })
})

test('pipelines of deals and tickets, and none of contacts', async () => {
  const deals = (await world.call('GET', '/crm/v3/pipelines/deals')).json.results
  expect([deals[0].id, deals[0].stages.at(-1).metadata]).toEqual(['default', { isClosed: 'true', probability: '0.0' }])
  expect((await world.call('GET', '/crm/v3/pipelines/0-5/0/stages/4')).json).toMatchObject({
    label: 'Closed',
    metadata: { ticketState: 'CLOSED' },
  })
  expect((await world.call('GET', '/crm/v3/pipelines/contacts')).json).toEqual({ results: [] })
  expect((await world.call('GET', '/crm/v3/pipelines/deals/none')).status).toBe(404)
})

test('object schemas: none of the portal, and the standard ones by name', async () => {
  expect((await world.call('GET', '/crm/v3/schemas')).json).toEqual({ results: [] })
  const schema = (await world.call('GET', '/crm-object-schemas/v3/schemas/notes')).json
  expect([schema.objectTypeId, schema.requiredProperties]).toEqual(['0-46', ['hs_timestamp']])
  expect(schema.associations).toContainEqual({ id: '202', name: 'note_to_contact', fromObjectTypeId: '0-46', toObjectTypeId: '0-1' })
})

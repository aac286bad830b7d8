import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { envelope, openWorld } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

const PORTAL = 4_400_001
const JOURNAL = '/webhooks-journal/journal/2026-03'
const SUBSCRIPTIONS = '/webhooks-journal/subscriptions/2026-03'

let world: World
let token: string

beforeAll(async () => {
  world = await openWorld({ rateLimit: true })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.control('POST', '/reset')
  await world.control('POST', '/clock', { freeze: true })
  token = await signIn('')
})

async function signIn(scope: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-app', client_secret: 'sandbox-secret', scope })
  const answer = await fetch(`${world.sandbox.hubspot}/oauth/v1/token`, { method: 'POST', body: form })
  return ((await answer.json()) as { access_token: string }).access_token
}

const app = (method: string, path: string, body?: unknown) => world.call(method, path, body, { authorization: `Bearer ${token}` })
const subscribe = (more: Record<string, unknown> = {}) =>
  app('POST', SUBSCRIPTIONS, {
    subscriptionType: 'OBJECT',
    objectTypeId: '0-1',
    portalId: PORTAL,
    actions: ['CREATE', 'UPDATE', 'DELETE'],
    objectIds: [],
    properties: [],
    ...more,
  })
const contact = async (email: string) => Number((await world.call('POST', '/crm/v3/objects/contacts', { properties: { email } })).json.id)
const events = async (file: { url: string }) =>
  ((await (await fetch(file.url)).json()) as { journalEvents: Record<string, unknown>[] }).journalEvents

describe('journal subscriptions', () => {
  test('are made, changed by the same type, listed and deleted', async () => {
    const made = (await subscribe({ properties: ['email'] })).json
    expect(made).toEqual({
      id: 1,
      subscriptionType: 'OBJECT',
      actions: ['CREATE', 'UPDATE', 'DELETE'],
      portalId: PORTAL,
      properties: ['email'],
      objectIds: [],
      objectTypeId: '0-1',
      appId: 4_400_101,
      createdAt: made.createdAt,
      updatedAt: made.createdAt,
    })
    expect((await subscribe({ actions: ['CREATE'] })).json).toMatchObject({ id: 1, actions: ['CREATE'] })
    expect((await app('GET', SUBSCRIPTIONS)).json.results.length).toBe(1)
    expect((await app('GET', '/webhooks/v4/subscriptions/1')).json.id).toBe(1)
    expect((await app('DELETE', `${SUBSCRIPTIONS}/1`)).status).toBe(204)
    expect(envelope(await app('GET', `${SUBSCRIPTIONS}/1`))).toEqual({ httpStatus: 404, message: 'resource not found' })
    await subscribe()
    expect((await app('DELETE', `${SUBSCRIPTIONS}/portals/${PORTAL}`)).status).toBe(204)
    expect((await app('GET', SUBSCRIPTIONS)).json.results).toEqual([])
  })

  test.each([
    [
      { subscriptionType: 'WISH' },
      'subscriptionType must be one of OBJECT, ASSOCIATION, LIST_MEMBERSHIP, APP_LIFECYCLE_EVENT, GDPR_PRIVACY_DELETION',
    ],
    [{ actions: ['GDPR_DELETE'] }, 'actions of OBJECT are CREATE, UPDATE, DELETE, MERGE, RESTORE'],
    [{ portalId: 1 }, 'The app is not installed in portal 1'],
    [{ objectTypeId: undefined }, 'objectTypeId is required'],
  ])('refuse %j', async (more, message) => {
    expect(envelope(await subscribe(more))).toEqual({ httpStatus: 400, category: 'VALIDATION_ERROR', message })
  })

  test('need a token of the app with the scope, and cost no quota', async () => {
    expect(envelope(await world.call('GET', SUBSCRIPTIONS))).toMatchObject({ httpStatus: 403, category: 'MISSING_SCOPES' })
    token = await signIn('developer.webhooks_journal.read')
    expect((await app('GET', SUBSCRIPTIONS)).status).toBe(403)
    const latest = await app('GET', `${JOURNAL}/latest`)
    expect([latest.status, latest.headers.get('x-hubspot-ratelimit-max')]).toEqual([204, null])
  })
})

describe('the journal', () => {
  test('tells changes in files at addresses that die', async () => {
    await subscribe({ properties: ['email', 'city'] })
    const id = await contact('ana@example.test')
    await world.call('PATCH', `/crm/v3/objects/contacts/${id}`, {
      properties: { city: 'Lyon', email: 'an@example.test', firstname: 'Ana' },
    })
    const earliest = (await app('GET', `${JOURNAL}/earliest`)).json
    const common = { type: 'crmObject', portalId: PORTAL, occurredAt: expect.any(String), objectTypeId: '0-1', objectId: id }
    expect(await events(earliest)).toEqual([
      { ...common, action: 'CREATE', propertyChanges: { email: 'ana@example.test' } },
      { ...common, action: 'UPDATE', propertyChanges: { city: 'Lyon', email: 'an@example.test' } },
    ])
    expect((await app('GET', `${JOURNAL}/offset/${earliest.currentOffset}/next`)).status).toBe(204)
    await world.call('DELETE', `/crm/v3/objects/contacts/${id}`)
    const next = (await app('GET', `${JOURNAL}/offset/${earliest.currentOffset}/next`)).json
    expect(await events(next)).toEqual([{ ...common, action: 'DELETE' }])
    expect((await app('GET', `${JOURNAL}/latest`)).json.currentOffset).toBe(next.currentOffset)
    await world.control('POST', '/clock', { advanceMs: 15 * 60_000 })
    expect((await fetch(next.url)).status).toBe(403)
  })

  test('is read in batches and by offsets', async () => {
    await subscribe()
    const offsets: string[] = []
    for (const email of ['a@example.test', 'b@example.test', 'c@example.test']) {
      await contact(email)
      offsets.push((await app('GET', `${JOURNAL}/latest`)).json.currentOffset)
    }
    const found = async (path: string) =>
      (await app('GET', JOURNAL + path)).json.results.map(({ currentOffset }: { currentOffset: string }) => currentOffset)
    expect(await found('/batch/earliest/2')).toEqual(offsets.slice(0, 2))
    expect(await found('/batch/latest/2')).toEqual(offsets.slice(1))
    expect(await found(`/batch/${offsets[0]}/next/5`)).toEqual(offsets.slice(1))
    expect(await found('/batch/earliest/9?installPortalId=1')).toEqual([])
    const mixed = await app('POST', `${JOURNAL}/batch/read`, { inputs: [offsets[2], 'nowhere'] })
    expect([mixed.status, mixed.json.results[0].currentOffset, mixed.json.errors[0].context]).toEqual([
      207,
      offsets[2],
      { ids: ['nowhere'] },
    ])
    expect((await app('GET', `${JOURNAL}/batch/earliest/0`)).status).toBe(400)
    expect((await app('GET', `${JOURNAL}/offset/nowhere/next`)).status).toBe(404)
  })

  test('keeps three days', async () => {
    await subscribe()
    await contact('a@example.test')
    const { currentOffset } = (await app('GET', `${JOURNAL}/earliest`)).json
    await world.control('POST', '/clock', { advanceMs: 3 * 86_400_000 })
    token = await signIn('')
    expect((await app('GET', `${JOURNAL}/earliest`)).status).toBe(204)
    expect((await app('GET', `${JOURNAL}/offset/${currentOffset}/next`)).status).toBe(404)
  })

  test('tells of erasures to those who asked for them', async () => {
    await subscribe({ subscriptionType: 'GDPR_PRIVACY_DELETION', actions: ['GDPR_DELETE'] })
    const id = await contact('a@example.test')
    await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: String(id) })
    expect(await events((await app('GET', `${JOURNAL}/latest`)).json)).toMatchObject([
      { action: 'GDPR_DELETE', objectTypeId: '0-1', objectId: id },
    ])
  })

  test('tells only what passes the filters', async () => {
    const { id } = (await subscribe({ actions: ['CREATE'] })).json
    const condition = { filterType: 'CRM_OBJECT_PROPERTY', property: 'email', operator: 'ENDS_WITH', value: '@example.fr' }
    const { filterId } = (await app('POST', `${SUBSCRIPTIONS}/filters`, { subscriptionId: id, filter: { conditions: [condition] } })).json
    await contact('a@example.test')
    const french = await contact('b@example.fr')
    expect((await events((await app('GET', `${JOURNAL}/latest`)).json)).map(({ objectId }) => objectId)).toEqual([french])
    expect((await app('GET', `${SUBSCRIPTIONS}/filters/subscription/${id}`)).json).toMatchObject([
      { id: filterId, filter: { conditions: [condition] } },
    ])
    expect((await app('DELETE', `${SUBSCRIPTIONS}/filters/${filterId}`)).status).toBe(204)
    expect((await app('GET', `${SUBSCRIPTIONS}/filters/${filterId}`)).status).toBe(404)
    const wrong = { subscriptionId: id, filter: { conditions: [{ ...condition, operator: 'LIKE' }] } }
    expect((await app('POST', `${SUBSCRIPTIONS}/filters`, wrong)).status).toBe(400)
  })

  test('takes snapshots of records', async () => {
    const id = await contact('a@example.test')
    const asked = { snapshotRequests: [{ portalId: PORTAL, objectId: id, objectTypeId: '0-1', properties: ['email', 'city'] }] }
    const [response] = (await app('POST', '/webhooks-journal/snapshots/2026-03/crm', asked)).json.snapshotResponses
    expect((await app('GET', `${JOURNAL}/status/${response.snapshotStatusId}`)).json).toMatchObject({ status: 'SUCCESS' })
    expect(await events((await app('GET', `${JOURNAL}/latest`)).json)).toMatchObject([
      { type: 'snapshot', action: 'SNAPSHOT', objectId: id, propertyChanges: { email: 'a@example.test', city: null } },
    ])
  })

  test('is not there when the switch says so', async () => {
    await world.control('POST', '/hubspot/journal', { on: false })
    const gone = await app('GET', `${JOURNAL}/latest`)
    expect([gone.status, gone.headers.get('content-type')]).toEqual([404, 'text/html;charset=utf-8'])
  })
})

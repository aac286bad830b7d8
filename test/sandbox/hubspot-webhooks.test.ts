import { Client, Signature } from '@hubspot/api-client'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { signV1, signV2, signV3 } from '../../src/sandbox/hubspot/webhook-sign.ts'
import { envelope, openWorld } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'
import { openReceiver } from './webhook-receiver.ts'
import type { Receiver } from './webhook-receiver.ts'

const APP = 4_400_101
const KEY = 'sandbox-developer-key'
const SECRET = 'sandbox-secret'
const APP_PATH = `/webhooks/v3/${APP}`

let world: World
let receiver: Receiver

beforeAll(async () => {
  world = await openWorld()
  receiver = await openReceiver()
})
afterAll(async () => {
  await world.close()
  await receiver.close()
})
beforeEach(async () => {
  await world.control('POST', '/reset')
  await world.control('POST', '/clock', { freeze: true })
  receiver.clear()
})

function app(method: string, path: string, body?: unknown) {
  return world.call(method, `${APP_PATH}${path}?hapikey=${KEY}`, body, { authorization: '' })
}

async function subscribe(eventType: string, more: Record<string, unknown> = {}): Promise<number> {
  await app('PUT', '/settings', { targetUrl: `${receiver.url}/hook?a=b%3Ac`, throttling: { maxConcurrentRequests: 10 } })
  return Number((await app('POST', '/subscriptions', { eventType, active: true, ...more })).json.id)
}

async function contact(email: string, more: Record<string, string> = {}): Promise<number> {
  return Number((await world.call('POST', '/crm/v3/objects/contacts', { properties: { email, ...more } })).json.id)
}

const deliver = async () => (await world.control('POST', '/hubspot/deliver')).json
const behave = async (behaviour: Record<string, unknown>) => world.control('POST', '/hubspot/webhooks', behaviour)

describe('webhook settings and subscriptions', () => {
  test('are kept for the holder of the developer key only', async () => {
    expect(envelope(await world.call('GET', `${APP_PATH}/settings`))).toMatchObject({ httpStatus: 401, category: 'INVALID_AUTHENTICATION' })
    expect(envelope(await world.call('GET', `${APP_PATH}/settings?hapikey=wrong`))).toMatchObject({ httpStatus: 401 })
    expect(envelope(await world.call('GET', `/webhooks/v3/1/settings?hapikey=${KEY}`))).toEqual({
      httpStatus: 404,
      message: 'resource not found',
    })
    expect(envelope(await app('GET', '/settings'))).toEqual({ httpStatus: 404, message: 'resource not found' })
    const put = await app('PUT', '/settings', {
      targetUrl: 'https://example.test/hook',
      throttling: { maxConcurrentRequests: 12, period: 'SECONDLY' },
    })
    expect(put.status).toBe(200)
    expect(put.json).toEqual({
      targetUrl: 'https://example.test/hook',
      throttling: { period: 'SECONDLY', maxConcurrentRequests: 12 },
      createdAt: put.json.createdAt,
      updatedAt: put.json.createdAt,
    })
    expect((await app('GET', '/settings')).json).toEqual(put.json)
    expect((await world.call('GET', `/app-webhooks/2026-09/${APP}/settings?hapikey=${KEY}`)).json).toEqual(put.json)
    expect((await app('DELETE', '/settings')).status).toBe(204)
    expect((await app('GET', '/settings')).status).toBe(404)
  })

  test.each([
    [{ throttling: { maxConcurrentRequests: 10 } }, 'targetUrl is required'],
    [{ targetUrl: 'nowhere', throttling: { maxConcurrentRequests: 10 } }, 'targetUrl is not a valid URL'],
    [{ targetUrl: 'https://example.test' }, 'throttling is required'],
    [
      { targetUrl: 'https://example.test', throttling: { maxConcurrentRequests: 5 } },
      'maxConcurrentRequests must be a whole number above 5',
    ],
  ])('refuse settings %j', async (body, message) => {
    expect(envelope(await app('PUT', '/settings', body))).toEqual({ httpStatus: 400, category: 'VALIDATION_ERROR', message })
  })

  test('are https only when the switch says so', async () => {
    await behave({ httpsOnly: true })
    const body = { targetUrl: 'http://example.test', throttling: { maxConcurrentRequests: 10 } }
    expect(envelope(await app('PUT', '/settings', body))).toMatchObject({ httpStatus: 400, message: 'targetUrl must use https' })
  })

  test('start paused, are switched one by one or together, and end', async () => {
    const created = await app('POST', '/subscriptions', { eventType: 'contact.propertyChange', propertyName: 'email' })
    expect(created.status).toBe(201)
    const { id, createdAt } = created.json
    expect(created.json).toEqual({
      id,
      eventType: 'contact.propertyChange',
      propertyName: 'email',
      active: false,
      createdAt,
      updatedAt: createdAt,
    })
    const generic = (await app('POST', '/subscriptions', { eventType: 'object.creation', objectTypeId: '0-1', active: true })).json
    expect((await app('GET', '/subscriptions')).json).toEqual({ results: [created.json, generic] })
    expect((await app('PATCH', `/subscriptions/${id}`, { active: true })).json).toMatchObject({ id, active: true })
    const both = await app('POST', '/subscriptions/batch/update', {
      inputs: [
        { id: Number(id), active: false },
        { id: Number(generic.id), active: false },
      ],
    })
    expect([both.status, both.json.status, both.json.results.map(({ active }: { active: boolean }) => active)]).toEqual([
      200,
      'COMPLETE',
      [false, false],
    ])
    const partly = await app('POST', '/subscriptions/batch/update', {
      inputs: [
        { id: Number(id), active: true },
        { id: 7, active: true },
      ],
    })
    expect([partly.status, partly.json.numErrors, partly.json.errors[0].context]).toEqual([207, 1, { ids: ['7'] }])
    expect((await app('DELETE', `/subscriptions/${id}`)).status).toBe(204)
    expect((await app('GET', `/subscriptions/${id}`)).status).toBe(404)
  })

  test.each([
    [{}, 'eventType is required'],
    [
      { eventType: 'object.privacyDeletion' },
      'Invalid input JSON on line 1, column 1: "object.privacyDeletion" is not one of the values accepted for eventType',
    ],
    [
      { eventType: 'product.associationChange' },
      'Invalid input JSON on line 1, column 1: "product.associationChange" is not one of the values accepted for eventType',
    ],
    [{ eventType: 'contact.propertyChange' }, 'propertyName is required for contact.propertyChange'],
    [{ eventType: 'contact.propertyChange', propertyName: 'hs_lastmodifieddate' }, 'Cannot subscribe to changes of hs_lastmodifieddate'],
    [{ eventType: 'object.creation' }, 'objectTypeId is required for object.creation'],
    [{ eventType: 'contact.creation', active: 'yes' }, 'active must be true or false'],
  ])('refuse a subscription %j', async (body, message) => {
    expect(envelope(await app('POST', '/subscriptions', body))).toEqual({ httpStatus: 400, category: 'VALIDATION_ERROR', message })
  })

  test('refuse the subscription after the thousandth', async () => {
    const statuses = new Set<number>()
    for (let made = 0; made < 1000; made++) statuses.add((await app('POST', '/subscriptions', { eventType: 'contact.creation' })).status)
    expect([...statuses]).toEqual([201])
    expect((await app('POST', '/subscriptions', { eventType: 'contact.creation' })).status).toBe(400)
  })

  test('are driven by the official client', async () => {
    const client = new Client({ developerApiKey: KEY, basePath: world.sandbox.hubspot })
    const { settingsApi, subscriptionsApi } = client.webhooks
    const settings = await settingsApi.configure(APP, { targetUrl: 'https://example.test/hook', throttling: { maxConcurrentRequests: 10 } })
    expect(settings.targetUrl).toBe('https://example.test/hook')
    const made = await subscriptionsApi.create(APP, { eventType: 'contact.creation' as never, active: false })
    expect((await subscriptionsApi.update(Number(made.id), APP, { active: true })).active).toBe(true)
    expect((await subscriptionsApi.updateBatch(APP, { inputs: [{ id: Number(made.id), active: false }] })).results[0]!.active).toBe(false)
    expect((await subscriptionsApi.getAll(APP)).results.length).toBe(1)
    await subscriptionsApi.archive(Number(made.id), APP)
    await settingsApi.clear(APP)
    expect((await subscriptionsApi.getAll(APP)).results).toEqual([])
  })
})

describe('signatures', () => {
  const S = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy'
  const U = 'https://www.example.com/webhook_uri'
  const B = Buffer.from("{'example_field':'example_value'}")
  const J = Buffer.from('{"example_field":"example_value"}')
  const A = 'autopilot-test-client-secret-0001'
  const H = 'https://example.com/api/hubspot/webhooks'
  const event =
    '{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}'
  const erased =
    '{"eventId":1,"subscriptionId":12345,"portalId":62515,"appId":54321,"occurredAt":1700000300000,"subscriptionType":"contact.privacyDeletion","attemptNumber":0,"objectId":123}'
  const utf8 =
    '[{"appId":7100001,"eventId":4100000003,"subscriptionId":5100002,"portalId":12345678,"occurredAt":1790000002000,"subscriptionType":"object.creation","attemptNumber":1,"objectId":903,"objectTypeId":"0-1","changeSource":"FORM","note":"Zoë — café ☕"}]'

  test('match every published vector', () => {
    expect([
      signV3(S, 'POST', U, B, 1_693_657_560_000),
      signV3(S, 'POST', U, B, 1_700_000_300_000),
      signV1(S, B),
      signV2(S, 'POST', U, B),
      signV1(S, Buffer.from(`[${event}]`)),
      signV2(S, 'POST', U, J),
      signV2(S, 'GET', U, Buffer.alloc(0)),
      signV3(S, 'POST', U, Buffer.from(`[${erased}]`), 1_700_000_300_000),
      signV3(A, 'POST', H, Buffer.from(utf8), 1_790_000_003_000),
      signV3(A, 'POST', `${H}?src=hs%3Aapp%2Fv3&x=%28a%29`, Buffer.from('[]'), 1_790_000_004_000),
      signV3(S, 'POST', 'https://example.com/hook?q=a%20b%26c%2Bd%40e', Buffer.from('[]'), 1_790_000_005_000),
    ]).toEqual([
      'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=',
      'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=',
      '69fc6631a867edd4f9e9e627fc5c1148e3fbdd8b21837b6d2b8901c1fa57f750',
      '4fe4e3a7d3cf09db53be39d0a58130e2aaba074ec123a9e355b876a689a1c383',
      '232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de',
      '9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900',
      'eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e',
      'r2yyumUlWTHJnoPuAuULoPZj9UhPYrJgVuU9atGfU7w=',
      'iwUOcQxOJMXtoVai85f7uLyYuAp58oXpeyP5gPQKS2k=',
      'G8ddQlikFQ0ScZOZn+MHQ0E3WCV7vOJTzKlvrkvbvuk=',
      'dX5Smry6ZYa4ivx1LGz/Dswv9OhMp62yseUu0iHEY1o=',
    ])
  })

  test('of a delivery hold for the official verifier, and are made anew for each attempt', async () => {
    await subscribe('contact.creation')
    await contact('ana@example.test')
    receiver.answer(500, 200)
    expect((await deliver()).requests).toEqual({ 500: 1 })
    await world.control('POST', '/clock', { advanceMs: 70_000 })
    expect((await deliver()).requests).toEqual({ 200: 1 })
    const [first, second] = receiver.received
    expect(first!.headers['x-hubspot-signature-version']).toBe('v1')
    expect(first!.headers['x-hubspot-signature']).toBe(signV1(SECRET, Buffer.from(first!.body)))
    for (const { headers, body } of receiver.received) {
      const timestamp = Number(headers['x-hubspot-request-timestamp'])
      const url = `${receiver.url}/hook?a=b:c`
      const signature = Signature.getSignature('POST', 'v3', { signature: '', clientSecret: SECRET, requestBody: body, url, timestamp })
      expect(headers['x-hubspot-signature-v3']).toBe(signature)
    }
    expect(second!.headers['x-hubspot-request-timestamp']).not.toBe(first!.headers['x-hubspot-request-timestamp'])
    expect([first!.events[0]!.attemptNumber, second!.events[0]!.attemptNumber]).toEqual([0, 1])
    await behave({ signature: 'v2' })
    await contact('bob@example.test')
    await deliver()
    const { headers, body } = receiver.received.at(-1)!
    expect(headers['x-hubspot-signature']).toBe(signV2(SECRET, 'POST', `${receiver.url}/hook?a=b%3Ac`, Buffer.from(body)))
  })
})

describe('webhook events', () => {
  test('tell of a creation and the first value of each subscribed property', async () => {
    const creation = await subscribe('contact.creation')
    const change = await subscribe('contact.propertyChange', { propertyName: 'firstname' })
    const generic = await subscribe('object.propertyChange', { propertyName: 'firstname', objectTypeId: '0-1' })
    const id = await contact('ana@example.test', { firstname: 'Ana' })
    expect(await deliver()).toEqual({
      requests: { 200: 1 },
      events: { delivered: 3, failed: 0, abandoned: 0 },
      pending: 0,
      nextDueAt: null,
    })
    const { now } = (await world.control('GET', '/clock')).json
    const common = {
      eventId: expect.any(Number),
      portalId: 4_400_001,
      appId: APP,
      occurredAt: Date.parse(now),
      attemptNumber: 0,
      objectId: id,
    }
    const origin = { changeSource: 'INTEGRATION', sourceId: String(APP) }
    expect(receiver.events()).toEqual([
      { ...common, subscriptionId: creation, subscriptionType: 'contact.creation', changeFlag: 'NEW', ...origin },
      {
        ...common,
        subscriptionId: change,
        subscriptionType: 'contact.propertyChange',
        propertyName: 'firstname',
        propertyValue: 'Ana',
        ...origin,
      },
      {
        ...common,
        subscriptionId: generic,
        subscriptionType: 'object.propertyChange',
        objectTypeId: '0-1',
        propertyName: 'firstname',
        propertyValue: 'Ana',
        isSensitive: false,
        ...origin,
      },
    ])
    expect(Object.keys(receiver.events()[0]!).slice(0, 8)).toEqual([
      'eventId',
      'subscriptionId',
      'portalId',
      'appId',
      'occurredAt',
      'subscriptionType',
      'attemptNumber',
      'objectId',
    ])
  })

  test('tell who changed a property, and hide a sensitive value', async () => {
    await subscribe('contact.propertyChange', { propertyName: 'lifecyclestage' })
    await subscribe('contact.propertyChange', { propertyName: 'city' })
    const id = await contact('ana@example.test')
    await deliver()
    receiver.clear()
    await world.control('POST', '/hubspot/edit', { id, properties: { lifecyclestage: 'customer' } })
    await world.control('POST', '/hubspot/deny-property', { name: 'city' })
    await world.control('POST', '/hubspot/edit', { id, properties: { city: 'Lyon' } })
    await deliver()
    expect(
      receiver
        .events()
        .map(({ propertyName, propertyValue, changeSource, sourceId }) => [propertyName, propertyValue, changeSource, sourceId]),
    ).toEqual([
      ['lifecyclestage', 'customer', 'CRM_UI', 'userId:4400301'],
      ['city', 'REDACTED', 'CRM_UI', 'userId:4400301'],
    ])
  })

  test('tell of archiving, restoring and merging', async () => {
    for (const kind of ['deletion', 'restore', 'merge']) await subscribe(`contact.${kind}`)
    await subscribe('object.merge', { objectTypeId: '0-1' })
    const [first, second] = [await contact('ana@example.test'), await contact('bob@example.test')]
    await world.call('DELETE', `/crm/v3/objects/contacts/${first}`)
    await world.control('POST', '/hubspot/restore', { id: first })
    const merged = Number(
      (await world.call('POST', '/crm/v3/objects/contacts/merge', { primaryObjectId: String(first), objectIdToMerge: String(second) })).json
        .id,
    )
    await deliver()
    const merge = { primaryObjectId: first, mergedObjectIds: [second], newObjectId: merged, numberOfPropertiesMoved: expect.any(Number) }
    const events = receiver.events()
    expect(events.map((event) => event.subscriptionType)).toEqual(['contact.deletion', 'contact.restore', 'contact.merge', 'object.merge'])
    expect(events[0]).toMatchObject({ objectId: first, changeFlag: 'DELETED', changeSource: 'INTEGRATION' })
    expect(events[1]).toMatchObject({ objectId: first, changeFlag: 'RESTORED', changeSource: 'CRM_UI' })
    expect(events[2]).toMatchObject({ objectId: first, ...merge })
    expect(events[3]).toMatchObject({ objectTypeId: '0-1', ...merge })
    expect(events[3]).not.toHaveProperty('objectId')
  })

  test('tell more of a merge when the switch says so', async () => {
    for (const kind of ['creation', 'deletion', 'merge']) await subscribe(`contact.${kind}`)
    const [first, second] = [await contact('ana@example.test'), await contact('bob@example.test')]
    await deliver()
    receiver.clear()
    await behave({ mergeTells: 'all' })
    await world.call('POST', '/crm/v3/objects/contacts/merge', { primaryObjectId: String(first), objectIdToMerge: String(second) })
    await deliver()
    expect(receiver.events().map((event) => event.subscriptionType)).toEqual([
      'contact.merge',
      'contact.deletion',
      'contact.deletion',
      'contact.creation',
    ])
  })

  test('tell of an erasure twice, in either order, together or apart', async () => {
    await subscribe('contact.deletion')
    await subscribe('contact.privacyDeletion')
    const seen = new Set<string>()
    for (let round = 0; round < 24; round++) {
      const id = await contact(`p${round}@example.test`)
      await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: String(id) })
      await deliver()
      expect(receiver.events().map((event) => event.objectId)).toEqual([id, id])
      expect(receiver.events().find((event) => event.subscriptionType === 'contact.privacyDeletion')).not.toHaveProperty('changeSource')
      seen.add(receiver.received.map(({ events }) => events.map((event) => String(event.subscriptionType).slice(8, 9)).join('')).join(' '))
      receiver.clear()
    }
    expect(seen.has('pd') && seen.has('dp')).toBe(true)
    expect([...seen].some((shape) => shape.includes(' '))).toBe(true)
  })

  test('of companies carry their own names, those of associations both ends', async () => {
    for (const scope of ['read', 'write']) await world.control('POST', '/hubspot/grant-scope', { scope: `crm.objects.companies.${scope}` })
    await subscribe('company.creation')
    await subscribe('object.creation', { objectTypeId: '0-2' })
    const company = Number((await world.call('POST', '/crm/v3/objects/companies', { properties: { name: 'Example' } })).json.id)
    const person = await contact('ana@example.test')
    await deliver()
    expect(receiver.events().map((event) => event.subscriptionType)).toEqual(['company.creation', 'object.creation'])
    receiver.clear()
    await subscribe('contact.associationChange')
    await subscribe('company.associationChange')
    await subscribe('object.associationChange', { objectTypeId: '0-1' })
    const path = `/crm/v4/objects/contacts/${person}/associations/companies/${company}`
    await world.call('PUT', path, [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }])
    await deliver()
    const sides = { fromObjectId: person, toObjectId: company, associationRemoved: false, isPrimaryAssociation: false }
    const events = receiver.events()
    expect(events.find((event) => event.subscriptionType === 'contact.associationChange')).toMatchObject({
      associationType: 'CONTACT_TO_COMPANY',
      ...sides,
    })
    expect(events.find((event) => event.subscriptionType === 'company.associationChange')).toMatchObject({
      associationType: 'COMPANY_TO_CONTACT',
      fromObjectId: company,
      toObjectId: person,
    })
    expect(events.find((event) => event.subscriptionType === 'object.associationChange')).toMatchObject({
      ...sides,
      fromObjectTypeId: '0-1',
      toObjectTypeId: '0-2',
      associationTypeId: 279,
      associationCategory: 'HUBSPOT_DEFINED',
    })
    receiver.clear()
    await world.call('DELETE', path)
    await deliver()
    expect(receiver.events().map((event) => event.associationRemoved)).toContain(true)
  })

  test('come only from subscriptions that are active and have somewhere to go', async () => {
    const id = await subscribe('contact.creation', { active: false })
    await contact('ana@example.test')
    await app('PATCH', `/subscriptions/${id}`, { active: true })
    await contact('bob@example.test')
    await deliver()
    await app('DELETE', '/settings')
    await contact('cyd@example.test')
    expect(await deliver()).toMatchObject({ requests: {}, pending: 0 })
    await subscribe('contact.deletion')
    await contact('dan@example.test')
    await deliver()
    expect(receiver.events().length).toBe(2)
  })
})

describe('the sender', () => {
  const emails = (count: number) => ({ inputs: Array.from({ length: count }, (_, n) => ({ properties: { email: `p${n}@example.test` } })) })
  const createMany = (count: number) => world.call('POST', '/crm/v3/objects/contacts/batch/create', emails(count))

  test('puts at most a hundred events into one POST', async () => {
    await subscribe('contact.creation')
    await subscribe('object.creation', { objectTypeId: '0-1' })
    await subscribe('contact.propertyChange', { propertyName: 'email' })
    await createMany(70)
    expect((await deliver()).events.delivered).toBe(210)
    expect(receiver.received.map(({ events }) => events.length).sort((a, b) => a - b)).toEqual([10, 100, 100])
  })

  test('retries ten times within a day on the sandbox clock, then gives up', async () => {
    await subscribe('contact.creation')
    await contact('ana@example.test')
    receiver.answer(503)
    expect(await deliver()).toMatchObject({ requests: { 503: 1 }, events: { failed: 1 }, pending: 1 })
    expect((await deliver()).requests).toEqual({})
    const next = Date.parse((await deliver()).nextDueAt)
    await world.control('POST', '/clock', { set: next })
    expect((await deliver()).requests).toEqual({ 503: 1 })
    await world.control('POST', '/clock', { advanceMs: 86_400_000 })
    expect(await deliver()).toEqual({
      requests: { 503: 9 },
      events: { delivered: 0, failed: 8, abandoned: 1 },
      pending: 0,
      nextDueAt: null,
    })
    expect(receiver.events().map((event) => event.attemptNumber)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(new Set(receiver.events().map((event) => event.eventId)).size).toBe(1)
  })

  test('retries after silence and refused connections', async () => {
    await subscribe('contact.creation')
    await behave({ timeoutMs: 60 })
    await contact('ana@example.test')
    receiver.answer('hang')
    expect((await deliver()).requests).toEqual({ timeout: 1 })
    await app('PUT', '/settings', { targetUrl: 'http://127.0.0.1:9/', throttling: { maxConcurrentRequests: 10 } })
    await world.control('POST', '/clock', { advanceMs: 120_000 })
    expect((await deliver()).requests).toEqual({ connection: 1 })
  })

  test('sends by itself when the clock runs', async () => {
    await world.control('POST', '/clock', { freeze: false })
    await subscribe('contact.creation')
    await contact('ana@example.test')
    await expect.poll(() => receiver.events().length).toBe(1)
  })

  test('waits as long as the delay says, by the sandbox clock', async () => {
    await subscribe('contact.creation')
    await behave({ delayMs: { from: 60_000, to: 120_000 } })
    await contact('ana@example.test')
    expect(await deliver()).toMatchObject({ requests: {}, pending: 1 })
    await world.control('POST', '/clock', { advanceMs: 121_000 })
    await expect.poll(() => receiver.events().length).toBe(1)
  })

  test('doubles, loses, shuffles and mixes events when told to', async () => {
    await subscribe('contact.creation')
    await behave({ duplicates: 1 })
    await createMany(3)
    await deliver()
    expect(receiver.received.map(({ events }) => events.length)).toEqual([3, 3])
    expect(receiver.received[1]!.events).toEqual(receiver.received[0]!.events)
    receiver.clear()

    await behave({ duplicates: 0, drop: 0.5 })
    await world.call('POST', '/crm/v3/objects/contacts/batch/create', {
      inputs: Array.from({ length: 40 }, (_, n) => ({ properties: { email: `q${n}@example.test` } })),
    })
    await deliver()
    expect(receiver.events().length).toBeGreaterThan(5)
    expect(receiver.events().length).toBeLessThan(35)
    expect((await world.control('POST', '/hubspot/webhook-log')).json.dropped).toBe(40 - receiver.events().length)
    receiver.clear()

    await behave({ drop: 0, reorder: true })
    const created = await world.call('POST', '/crm/v3/objects/contacts/batch/create', {
      inputs: Array.from({ length: 20 }, (_, n) => ({ properties: { email: `r${n}@example.test` } })),
    })
    const ids = created.json.results.map(({ id }: { id: string }) => Number(id))
    await deliver()
    const told = receiver.events().map((event) => Number(event.objectId))
    expect(told).not.toEqual(ids)
    expect([...told].sort((a, b) => a - b)).toEqual(ids)
    receiver.clear()

    await behave({ reorder: false, foreignPortals: 1 })
    await contact('zoe@example.test')
    await deliver()
    expect(receiver.received[0]!.events.map((event) => event.portalId)).toEqual([4_400_001, 4_400_002])
  })

  test('has no more POSTs under way than the app allows', async () => {
    await subscribe('contact.creation')
    await app('PUT', '/settings', { targetUrl: receiver.url, throttling: { maxConcurrentRequests: 6 } })
    await behave({ batchMost: 1, timeoutMs: 800 })
    receiver.answer('hang')
    await createMany(8)
    const delivered = deliver()
    await expect.poll(() => receiver.received.length).toBe(6)
    receiver.answer(200)
    expect((await delivered).requests).toEqual({ timeout: 6, 200: 2 })
  })

  test('sheds what the queue cannot hold, and counts it', async () => {
    await subscribe('contact.creation')
    await behave({ queueMost: 5 })
    await createMany(8)
    expect((await world.control('POST', '/hubspot/webhook-log')).json).toMatchObject({ events: 8, pending: 5, shed: 3 })
  })

  test('sees new settings up to five minutes late when the cache is on', async () => {
    await behave({ settingsCache: true })
    await subscribe('contact.creation')
    await contact('ana@example.test')
    expect((await deliver()).requests).toEqual({})
    await world.control('POST', '/clock', { advanceMs: 300_000 })
    await contact('bob@example.test')
    expect((await deliver()).requests).toEqual({ 200: 1 })
  })

  test('logs each delivery without values, unless asked for them', async () => {
    const id = await subscribe('contact.propertyChange', { propertyName: 'email' })
    await contact('ana@example.test')
    await deliver()
    const log = (await world.control('POST', '/hubspot/webhook-log', { subscriptionId: id })).json
    expect(log.subscriptions).toEqual({ [id]: { attempts: 1, delivered: 1, failed: 0, abandoned: 0 } })
    expect(log.lines).toEqual([
      {
        at: expect.any(String),
        appId: APP,
        subscriptionId: id,
        eventId: receiver.events()[0]!.eventId,
        subscriptionType: 'contact.propertyChange',
        objectId: receiver.events()[0]!.objectId,
        propertyName: 'email',
        attemptNumber: 0,
        outcome: 200,
      },
    ])
    await behave({ keepValues: true })
    await contact('bob@example.test')
    await deliver()
    expect((await world.control('POST', '/hubspot/webhook-log', {})).text).not.toContain('bob@')
    expect((await world.control('POST', '/hubspot/webhook-log', { values: true, last: 1 })).json.lines[0].propertyValue).toBe(
      'bob@example.test',
    )
  })

  test('forgets what is pending at a reset and comes back to the subscriptions of the snapshot', async () => {
    await subscribe('contact.creation')
    await world.control('POST', '/snapshot')
    await contact('ana@example.test')
    await subscribe('contact.deletion')
    await world.control('POST', '/reset')
    expect(await deliver()).toEqual({ requests: {}, events: { delivered: 0, failed: 0, abandoned: 0 }, pending: 0, nextDueAt: null })
    expect((await app('GET', '/subscriptions')).json.results.map(({ eventType }: { eventType: string }) => eventType)).toEqual([
      'contact.creation',
    ])
    await contact('ana@example.test')
    expect((await deliver()).requests).toEqual({ 200: 1 })
    for (const { id } of (await app('GET', '/subscriptions')).json.results) await app('DELETE', `/subscriptions/${id}`)
    await world.control('POST', '/snapshot')
  })
})

test('closing the sandbox ends what is under way and what waits', async () => {
  const other = await openWorld()
  const at = (path: string, body: unknown, method = 'POST') => other.call(method, `${APP_PATH}${path}?hapikey=${KEY}`, body)
  await at('/settings', { targetUrl: receiver.url, throttling: { maxConcurrentRequests: 10 } }, 'PUT')
  await at('/subscriptions', { eventType: 'contact.creation', active: true })
  receiver.answer('hang')
  await other.control('POST', '/hubspot/webhooks', { batchMost: 1 })
  for (const email of ['a@example.test', 'b@example.test']) await other.call('POST', '/crm/v3/objects/contacts', { properties: { email } })
  const waiting = other.control('POST', '/hubspot/deliver').then(
    () => 'answered',
    () => 'ended',
  )
  await expect.poll(() => receiver.received.length).toBe(2)
  await other.close()
  expect(['answered', 'ended']).toContain(await waiting)
})

test('what is not JSON is refused as the API refuses it', async () => {
  const answers = [
    await app('PUT', '/settings', '{'),
    await app('POST', '/subscriptions', '[]'),
    await app('POST', '/subscriptions/batch/update', '{"inputs":[{}]}'),
  ]
  expect(answers.map(envelope)).toMatchObject([
    { httpStatus: 400, category: 'VALIDATION_ERROR', message: expect.stringContaining('Invalid input JSON') },
    { httpStatus: 400, category: 'VALIDATION_ERROR' },
    { httpStatus: 400, message: 'every input needs id and active' },
  ])
  expect((await app('PATCH', '/settings', {})).status).toBe(405)
})

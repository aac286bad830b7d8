/** HubSpot around the records: account, tokens, owners, subscriptions, webhooks, lists, forms, exports, activities. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelope, openWorld, TOKEN } from '../hubspot-world.ts'
import type { Raw, World } from '../hubspot-world.ts'

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/)
const NEWSLETTER = 440_010_004
const EMAIL = 'first@example.test'

let world: World
beforeAll(async () => {
  world = await openWorld()
  await world.load({ hs_object_id: '6001', email: EMAIL }, { hs_object_id: '6002', email: 'second@example.test' })
})
afterAll(() => world.close())

const get = (path: string): Promise<Raw> => world.call('GET', path)
const post = (path: string, body: unknown): Promise<Raw> => world.call('POST', path, body)
function form(path: string, fields: Record<string, string>): Promise<Raw> {
  const type = { authorization: '', 'content-type': 'application/x-www-form-urlencoded' }
  return world.call('POST', path, new URLSearchParams(fields).toString(), type)
}

describe('account and tokens', () => {
  const app = { client_id: 'sandbox-app', client_secret: 'sandbox-secret' }
  const refreshed = (version: string): Promise<Raw> =>
    form(`/oauth/${version}/token`, { ...app, grant_type: 'refresh_token', refresh_token: 'sandbox-refresh' })

  test('details of the account', async () => {
    expect((await get('/account-info/v3/details')).json).toEqual({
      portalId: 4_400_001,
      accountType: 'STANDARD',
      timeZone: 'Europe/Paris',
      companyCurrency: 'EUR',
      additionalCurrencies: [],
      utcOffset: expect.stringMatching(/^[+-]\d\d:\d\d$/),
      utcOffsetMilliseconds: expect.any(Number),
      uiDomain: 'app-eu1.hubspot.com',
      dataHostingLocation: 'eu1',
    })
  })

  test('daily usage of private apps', async () => {
    expect((await get('/account-info/v3/api-usage/daily/private-apps')).json).toEqual({
      results: [
        {
          name: 'private-apps-api-calls-daily',
          usageLimit: 625_000,
          currentUsage: expect.any(Number),
          collectedAt: INSTANT,
          fetchStatus: 'SUCCESS',
          resetsAt: INSTANT,
        },
      ],
    })
  })

  test.each(['v3', '2026-09'])('a token of OAuth %s says whose it is, is introspected, revoked and then inactive', async (version) => {
    const token = await refreshed(version)
    expect([token.status, token.json]).toEqual([
      200,
      expect.objectContaining({ token_type: 'bearer', expires_in: 1800, hub_id: 4_400_001, scopes: expect.any(Array) }),
    ])
    const asked = { ...app, token: token.json.access_token }
    const seen = await form(`/oauth/${version}/token/introspect`, asked)
    expect(Object.keys(seen.json)).toEqual(
      expect.arrayContaining([
        'active',
        'token_use',
        'token_type',
        'client_id',
        'app_id',
        'hub_id',
        'hub_domain',
        'user',
        'user_id',
        'scopes',
        'expires_in',
      ]),
    )
    expect((await form(`/oauth/${version}/token/revoke`, asked)).status).toBe(200)
    expect((await form(`/oauth/${version}/token/introspect`, asked)).json).toEqual({ active: false })
  })

  test('a private app asks whose its token is', async () => {
    const path = '/oauth/v2/private-apps/get/access-token-info'
    expect((await post(path, { tokenKey: TOKEN })).json).toEqual({
      userId: expect.any(Number),
      hubId: 4_400_001,
      appId: expect.any(Number),
      scopes: expect.arrayContaining(['crm.objects.contacts.read']),
    })
    for (const tokenKey of ['x', 5, null]) expect((await post(path, { tokenKey })).status).toBe(404)
  })

  test('an owner has these members, and is found by id of owner and of user', async () => {
    const { json } = await get('/crm/v3/owners/?limit=1')
    const [owner] = json.results
    expect(owner).toEqual({
      id: expect.stringMatching(/^\d+$/),
      email: expect.any(String),
      type: 'PERSON',
      firstName: expect.any(String),
      lastName: expect.any(String),
      userId: expect.any(Number),
      userIdIncludingInactive: expect.any(Number),
      createdAt: INSTANT,
      updatedAt: INSTANT,
      archived: false,
      teams: expect.any(Array),
    })
    expect((await get(`/crm/v3/owners/${owner.id}`)).json).toEqual(owner)
    expect((await get(`/crm/v3/owners/${owner.userId}?idProperty=userId`)).json).toEqual(owner)
    expect((await get(`/crm/v3/owners/?email=${encodeURIComponent(owner.email)}`)).json.results).toEqual([owner])
  })
})

describe('subscriptions', () => {
  test('status in version 3', async () => {
    const { json } = await get(`/communication-preferences/v3/status/email/${encodeURIComponent(EMAIL)}`)
    expect([json.recipient, Object.keys(json).toSorted()]).toEqual([EMAIL, ['recipient', 'subscriptionStatuses']])
    expect(json.subscriptionStatuses.find(({ id }: { id: string }) => id === String(NEWSLETTER))).toMatchObject({
      name: 'Newsletter',
      description: expect.any(String),
      status: 'NOT_SUBSCRIBED',
      sourceOfStatus: 'SUBSCRIPTION_STATUS',
    })
  })

  test('definitions in version 4, those of a brand alone once there are brands', async () => {
    const { status, json } = await get('/communication-preferences/v4/definitions?includeTranslations=false')
    expect([status, json.status, json.startedAt, json.completedAt]).toEqual([200, 'COMPLETE', INSTANT, INSTANT])
    expect(json.results.find(({ name }: { name: string }) => name === 'Newsletter')).toMatchObject({
      id: String(NEWSLETTER),
      description: expect.any(String),
      purpose: 'Marketing',
      communicationMethod: 'Email',
      isActive: true,
      isDefault: false,
      isInternal: false,
      createdAt: INSTANT,
      updatedAt: INSTANT,
    })
  })

  test('status in version 4', async () => {
    const path = `/communication-preferences/v4/statuses/${encodeURIComponent(EMAIL)}`
    const body = {
      subscriptionId: NEWSLETTER,
      statusState: 'SUBSCRIBED',
      channel: 'EMAIL',
      legalBasis: 'CONSENT_WITH_NOTICE',
      legalBasisExplanation: 'x',
    }
    const { status, json } = await post(path, body)
    expect([status, json.status, json.results]).toEqual([
      200,
      'COMPLETE',
      [
        {
          channel: 'EMAIL',
          subscriberIdString: EMAIL,
          subscriptionId: NEWSLETTER,
          subscriptionName: 'Newsletter',
          status: 'SUBSCRIBED',
          source: expect.any(String),
          timestamp: INSTANT,
          legalBasis: 'CONSENT_WITH_NOTICE',
          legalBasisExplanation: 'x',
          setStatusSuccessReason: 'REQUESTED_CHANGE_OCCURRED',
        },
      ],
    ])
    const wide = `${path}/unsubscribe-all?channel=EMAIL`
    expect((await get(wide)).json).toMatchObject({ status: 'COMPLETE', results: [] })
    expect((await post(wide, {})).json).toMatchObject({ status: 'COMPLETE', results: [] })
    expect((await get(wide)).json.results).toEqual([
      { wideStatusType: 'PORTAL_WIDE', status: 'UNSUBSCRIBED', channel: 'EMAIL', timestamp: INSTANT, subscriberIdString: EMAIL },
    ])
  })

  test.each([
    'LEGITIMATE_INTEREST_PQL',
    'LEGITIMATE_INTEREST_CLIENT',
    'LEGITIMATE_INTEREST_OTHER',
    'PERFORMANCE_OF_CONTRACT',
    'CONSENT_WITH_NOTICE',
    'NON_GDPR',
    'PROCESS_AND_STORE',
  ])('%s is a legal basis', async (legalBasis) => {
    const body = {
      emailAddress: `${legalBasis.toLowerCase()}@example.test`,
      subscriptionId: String(NEWSLETTER),
      legalBasis,
      legalBasisExplanation: 'x',
    }
    const { status, json } = await post('/communication-preferences/v3/subscribe', body)
    expect([status, json]).toMatchObject([200, { id: String(NEWSLETTER), status: 'SUBSCRIBED', legalBasis, legalBasisExplanation: 'x' }])
  })

  test('the batch calls are for Enterprise', async () => {
    const batch = '/communication-preferences/v4/statuses/batch'
    for (const path of [
      `${batch}/read?channel=EMAIL`,
      `${batch}/write`,
      `${batch}/unsubscribe-all?channel=EMAIL`,
      `${batch}/unsubscribe-all/read?channel=EMAIL`,
    ]) {
      expect(envelope(await post(path, { inputs: [] })), path).toMatchObject({ httpStatus: 403, category: 'MISSING_SCOPES' })
    }
  })
})

describe('webhook subscriptions', () => {
  const app = (method: string, path: string, body?: unknown): Promise<Raw> =>
    world.call(method, `/webhooks/v3/4400101${path}?hapikey=sandbox-developer-key`, body, { authorization: '' })
  const CLASSIC = ['creation', 'deletion', 'merge', 'restore', 'propertyChange', 'associationChange']
  const OBJECTS = ['contact', 'company', 'deal', 'ticket', 'product', 'line_item', 'object']
  const CONVERSATION = ['creation', 'deletion', 'newMessage', 'privacyDeletion', 'propertyChange'].map((event) => `conversation.${event}`)
  const TYPES = OBJECTS.flatMap((object) => CLASSIC.map((event) => `${object}.${event}`)).filter(
    (type) => type !== 'product.associationChange',
  )

  test.each([...TYPES, 'contact.privacyDeletion', ...CONVERSATION])('%s can be subscribed to, and starts paused', async (eventType) => {
    const property = eventType.endsWith('propertyChange')
      ? { propertyName: eventType.startsWith('conv') ? 'status' : 'hubspot_owner_id' }
      : {}
    const object = eventType.startsWith('object.') ? { objectTypeId: '0-1' } : {}
    const { status, json } = await app('POST', '/subscriptions', { eventType, ...property, ...object })
    expect([status, json]).toMatchObject([
      201,
      { id: expect.any(String), eventType, active: false, createdAt: INSTANT, ...property, ...object },
    ])
  })

  test.each(['object.privacyDeletion', 'product.associationChange', 'company.privacyDeletion'])('%s cannot', async (eventType) => {
    expect(envelope(await app('POST', '/subscriptions', { eventType, objectTypeId: '0-1' }))).toMatchObject({ httpStatus: 400 })
  })

  test.each(['num_unique_conversion_events', 'hs_lastmodifieddate'])('changes of %s cannot', async (propertyName) => {
    const body = { eventType: 'contact.propertyChange', propertyName }
    expect(envelope(await app('POST', '/subscriptions', body))).toMatchObject({ httpStatus: 400 })
  })

  test('a private app may not', async () => {
    expect(envelope(await post('/webhooks/v3/4400101/subscriptions', { eventType: 'contact.creation' }))).toMatchObject({ httpStatus: 401 })
  })
})

describe('activities', () => {
  test.each(['notes', 'calls', 'emails', 'tasks'])('%s need a time', async (object) => {
    expect(envelope(await post(`/crm/v3/objects/${object}`, { properties: {} }))).toMatchObject({
      httpStatus: 400,
      category: 'VALIDATION_ERROR',
    })
    for (const hs_timestamp of ['1700000000000', '2023-11-14T22:13:20Z']) {
      expect((await post(`/crm/v3/objects/${object}`, { properties: { hs_timestamp } })).json.properties.hs_timestamp).toBe(
        '2023-11-14T22:13:20Z',
      )
    }
  })

  test.each([
    ['notes', 'hs_note_body', ['x'.repeat(65_536)]],
    ['notes', 'hs_attachment_ids', ['1;2']],
    ['emails', 'hs_email_direction', ['EMAIL', 'INCOMING_EMAIL', 'FORWARDED_EMAIL']],
    ['emails', 'hs_email_status', ['BOUNCED', 'FAILED', 'SCHEDULED', 'SENDING', 'SENT']],
    ['calls', 'hs_call_direction', ['INBOUND', 'OUTBOUND']],
    ['calls', 'hs_call_disposition', ['f240bbac-87c9-4f6e-bf70-924b57d47db7']],
    ['calls', 'hs_call_recording_url', ['https://example.test/recording']],
    ['calls', 'hs_call_duration', ['3800']],
    ['meetings', 'hs_internal_meeting_notes', ['x']],
    ['meetings', 'hs_meeting_external_url', ['https://example.test/meeting']],
    ['tasks', 'hs_task_status', ['COMPLETED', 'NOT_STARTED', 'WAITING']],
    ['tasks', 'hs_task_priority', ['LOW', 'MEDIUM', 'HIGH']],
    ['tasks', 'hs_task_type', ['EMAIL', 'CALL', 'TODO']],
  ] as const)('%s hold %s', async (object, name, values) => {
    for (const value of values) {
      const { status, json } = await post(`/crm/v3/objects/${object}`, { properties: { hs_timestamp: '1700000000000', [name]: value } })
      expect([status, json.properties?.[name]]).toEqual([201, value])
    }
  })

  test('the headers of an email are text that names its people', async () => {
    const person = (name: string) => ({ email: `${name}@example.test`, firstName: name, lastName: 'X' })
    const headers = { from: person('ana'), sender: person('ana'), to: [person('bob')], cc: [], bcc: [] }
    const { json } = await post('/crm/v3/objects/emails', {
      properties: { hs_timestamp: '1700000000000', hs_email_direction: 'EMAIL', hs_email_headers: JSON.stringify(headers) },
    })
    expect(
      (
        await get(
          `/crm/v3/objects/emails/${json.id}?properties=hs_email_from_email,hs_email_from_firstname,hs_email_to_email,hs_email_to_lastname`,
        )
      ).json.properties,
    ).toMatchObject({
      hs_email_from_email: 'ana@example.test',
      hs_email_from_firstname: 'ana',
      hs_email_to_email: 'bob@example.test',
      hs_email_to_lastname: 'X',
    })
  })
})

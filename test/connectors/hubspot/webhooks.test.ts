/** Vectors: HubSpot's client libraries and docs, "Validating requests"; those marked own were computed with node:crypto from the rules. */
import { createHash, createHmac } from 'node:crypto'
import nock from 'nock'
import { describe, expect, it } from 'vitest'
import type { ConnectorError, Delivery, Opened, WebhookRequest } from '../../../src/connectors/connector.ts'
import { hubspot } from '../../../src/connectors/hubspot/index.ts'
import { isSignedV1, isSignedV2, isSignedV3 } from '../../../src/connectors/hubspot/signature.ts'
import { testDeps } from '../deps.ts'
import { api, strictPortal } from './portal.ts'

const sdkSecret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy'
const ownSecret = 'autopilot-test-client-secret-0001'
const sdkUri = 'https://www.example.com/webhook_uri'
const ownUri = 'https://example.com/api/hubspot/webhooks'
const quoted = "{'example_field':'example_value'}"
const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8')

describe('The v3 signature', () => {
  const erased =
    '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"appId":54321,"occurredAt":1700000300000,"subscriptionType":"contact.privacyDeletion","attemptNumber":0,"objectId":123}]'
  const accented =
    '[{"appId":7100001,"eventId":4100000003,"subscriptionId":5100002,"portalId":12345678,"occurredAt":1790000002000,"subscriptionType":"object.creation","attemptNumber":1,"objectId":903,"objectTypeId":"0-1","changeSource":"FORM","note":"Zoë — café ☕"}]'
  const escaped = `${ownUri}?src=hs%3Aapp%2Fv3&x=%28a%29`
  const mixed = 'https://example.com/hook?q=a%20b%26c%2Bd%40e'

  it.each([
    ['of the client libraries', sdkSecret, sdkUri, quoted, 1693657560000, 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=', true],
    [
      'of the client libraries, another time',
      sdkSecret,
      sdkUri,
      quoted,
      1700000300000,
      'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=',
      true,
    ],
    ['own, an erasure', sdkSecret, sdkUri, erased, 1700000300000, 'r2yyumUlWTHJnoPuAuULoPZj9UhPYrJgVuU9atGfU7w=', true],
    ['own, over UTF-8', ownSecret, ownUri, accented, 1790000003000, 'iwUOcQxOJMXtoVai85f7uLyYuAp58oXpeyP5gPQKS2k=', true],
    [
      'own, over the same bytes read as Latin 1',
      ownSecret,
      ownUri,
      accented,
      1790000003000,
      'gFXBhkZ+2dID2jZ7VXS+BO1bQRqCo0R0XB18xFX+9KQ=',
      false,
    ],
    ['own, over decoded escapes', ownSecret, escaped, '[]', 1790000004000, 'G8ddQlikFQ0ScZOZn+MHQ0E3WCV7vOJTzKlvrkvbvuk=', true],
    ['own, over escapes as they came', ownSecret, escaped, '[]', 1790000004000, 'KKwrtu49d26FrUsDQdYcfAcwFssKn+cmyppOAUwOO/Q=', false],
    [
      'own, over the escapes that count and no others',
      sdkSecret,
      mixed,
      '[]',
      1790000005000,
      'dX5Smry6ZYa4ivx1LGz/Dswv9OhMp62yseUu0iHEY1o=',
      true,
    ],
    ['own, over all escapes', sdkSecret, mixed, '[]', 1790000005000, '6m76SM/c0Br/Nj4F3fkfMAnkRJFCc40M8ZC01ez5kDA=', false],
  ])('%s', (_name, secret, uri, body, timestamp, signature, fits) => {
    expect(isSignedV3(secret, { method: 'POST', uri, body: bytes(body) }, String(timestamp), signature)).toBe(fits)
  })

  it('has one spelling: bits that decode to nothing count too', () => {
    const last = 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y='
    const twin = 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Z='
    expect(Buffer.from(twin, 'base64')).toEqual(Buffer.from(last, 'base64'))
    expect(isSignedV3(sdkSecret, { method: 'POST', uri: sdkUri, body: bytes(quoted) }, '1693657560000', twin)).toBe(false)
  })
})

describe('The older signatures', () => {
  it.each([
    ['v2 of the client libraries', 'POST', quoted, '4fe4e3a7d3cf09db53be39d0a58130e2aaba074ec123a9e355b876a689a1c383'],
    [
      'v2 over another body',
      'POST',
      '{"example_field":"example_value"}',
      '9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900',
    ],
    ['v2 over an empty body', 'GET', '', 'eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e'],
  ])('%s', (_name, method, body, signature) => {
    expect(isSignedV2(sdkSecret, { method, uri: sdkUri, body: bytes(body) }, signature)).toBe(true)
  })

  it.each([
    [quoted, '69fc6631a867edd4f9e9e627fc5c1148e3fbdd8b21837b6d2b8901c1fa57f750'],
    [
      '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]',
      '232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de',
    ],
  ])('v1 over %s', (body, signature) => {
    expect(isSignedV1(sdkSecret, { method: 'POST', uri: sdkUri, body: bytes(body) }, signature)).toBe(true)
  })
})

const now = 1_790_000_000_000
const publicUrl = 'https://accord.example.org'
const path = '/webhooks/hubspot'
const portalId = 12345678
const secret = '11111111-2222-4333-8444-555555555555'
const event = { eventId: 7, subscriptionId: 41, portalId, appId: 9, occurredAt: now - 1_000, attemptNumber: 0 }
const created = { ...event, subscriptionType: 'contact.creation', objectId: 501 }

function connected(webhooks: Record<string, unknown> = {}, known: { publicUrl?: string } = { publicUrl }) {
  const deps = { ...testDeps(now), ...known }
  const auth = { token: 'pat-eu1-0000' }
  const connector = hubspot.connect(
    'hubspot',
    hubspot.settings.parse({ auth, webhooks: { secrets: [secret], portalId: String(portalId), ...webhooks } }),
    deps,
  )
  return {
    open: (delivery: Delivery): Opened => connector.webhooks!.open(delivery),
    provision: (request: WebhookRequest) => connector.webhooks!.provision(request, new AbortController().signal),
    logs: deps.logs,
  }
}

type Change = { key?: string; at?: number; method?: string; path?: string; headers?: Delivery['headers'] }
function signed(body: unknown, change: Change = {}): Delivery {
  const raw = body instanceof Uint8Array ? body : bytes(typeof body === 'string' ? body : JSON.stringify(body))
  const timestamp = String(change.at ?? now)
  const mac = createHmac('sha256', change.key ?? secret)
  for (const part of [change.method ?? 'POST', publicUrl + (change.path ?? path), raw, timestamp]) mac.update(part)
  const headers = {
    'content-type': 'application/json',
    'x-hubspot-signature-v3': mac.digest('base64'),
    'x-hubspot-request-timestamp': timestamp,
    ...change.headers,
  }
  return { method: change.method ?? 'POST', path: change.path ?? path, headers, body: raw }
}
const reply = { contentType: 'application/json', body: '{}' }
const refs = (opened: Opened) =>
  opened.outcome === 'genuine' && opened.events.map(({ kind, ref, into }) => [kind, ref.object, ref.id, into?.id])

describe('A HubSpot delivery', () => {
  it('is a doorbell: which record, what happened to it and when, and no value', () => {
    const opened = connected().open(signed([{ ...created, propertyValue: 'jeanne@example.test' }]))
    expect(opened).toEqual({
      outcome: 'genuine',
      events: [{ key: expect.stringMatching(/^[\w-]{43}$/), kind: 'created', ref: { object: 'contacts', id: '501' }, at: now - 1_000 }],
      reply,
    })
  })

  it('knows every kind of event about contacts and about objects by type', () => {
    const opened = connected().open(
      signed([
        created,
        { ...event, subscriptionType: 'contact.propertyChange', objectId: 502, propertyName: 'email', propertyValue: 'x' },
        { ...event, subscriptionType: 'contact.deletion', objectId: 503 },
        { ...event, subscriptionType: 'contact.privacyDeletion', objectId: 504 },
        { ...event, subscriptionType: 'contact.restore', objectId: 505 },
        { ...event, subscriptionType: 'contact.merge', objectId: 506, primaryObjectId: 506, mergedObjectIds: [507, 508], newObjectId: 509 },
        {
          ...event,
          subscriptionType: 'contact.associationChange',
          associationType: 'CONTACT_TO_COMPANY',
          fromObjectId: 510,
          toObjectId: 511,
        },
        { ...event, eventType: 'contact.creation', objectId: 512 },
        { ...event, subscriptionType: 'object.creation', objectId: 513, objectTypeId: '0-1' },
        { ...event, subscriptionType: 'object.propertyChange', objectId: 514, objectTypeId: '2-77', propertyName: 'a' },
        { ...event, subscriptionType: 'object.merge', objectTypeId: '0-1', primaryObjectId: 515, mergedObjectIds: [516], newObjectId: 515 },
        {
          ...event,
          subscriptionType: 'object.associationChange',
          fromObjectTypeId: '0-1',
          toObjectTypeId: '2-77',
          fromObjectId: 517,
          toObjectId: 518,
        },
        { ...event, subscriptionType: 'object.deletion', objectId: 519, objectTypeId: '0-1' },
        { ...event, subscriptionType: 'object.restore', objectId: 520, objectTypeId: '0-1' },
        { ...event, subscriptionType: 'conversation.creation', objectId: 521 },
      ]),
    )
    expect(refs(opened)).toEqual([
      ['created', 'contacts', '501', undefined],
      ['changed', 'contacts', '502', undefined],
      ['deleted', 'contacts', '503', undefined],
      ['erased', 'contacts', '504', undefined],
      ['restored', 'contacts', '505', undefined],
      ['merged', 'contacts', '507', '509'],
      ['merged', 'contacts', '508', '509'],
      ['merged', 'contacts', '506', '509'],
      ['associated', 'contacts', '510', undefined],
      ['associated', 'companies', '511', undefined],
      ['created', 'contacts', '512', undefined],
      ['created', 'contacts', '513', undefined],
      ['changed', '2-77', '514', undefined],
      ['merged', 'contacts', '516', '515'],
      ['associated', 'contacts', '517', undefined],
      ['associated', '2-77', '518', undefined],
      ['deleted', 'contacts', '519', undefined],
      ['restored', 'contacts', '520', undefined],
    ])
  })

  it('keeps the key of an event through its attempts, and gives events of one id keys of their own', () => {
    const keys = (events: readonly object[]) => {
      const opened = connected().open(signed(events))
      return opened.outcome === 'genuine' ? opened.events.map(({ key }) => key) : []
    }
    const [first] = keys([created])
    expect(keys([{ ...created, attemptNumber: 3 }])).toEqual([first])
    const others = [
      { ...created, eventId: 8 },
      { ...created, subscriptionId: 42 },
      { ...created, objectId: 502 },
      { ...created, propertyName: 'email' },
      { ...created, occurredAt: now - 999 },
    ]
    expect(new Set([first, ...keys(others)]).size).toBe(6)
  })

  it('is believed under either of two secrets, and not under one that went', () => {
    const { open } = connected({ secrets: ['', secret, 'the-secret-before'] })
    expect(open(signed([created])).outcome).toBe('genuine')
    expect(open(signed([created], { key: 'the-secret-before' })).outcome).toBe('genuine')
    expect(open(signed([created], { key: 'the-one-before-that' }))).toMatchObject({ outcome: 'refused', status: 401 })
  })

  it('is put off while we lack what it takes to check it', () => {
    expect(connected({ secrets: [''] }).open(signed([created]))).toMatchObject({
      outcome: 'unready',
      reason: expect.stringContaining('secrets'),
    })
    expect(connected({ portalId: '' }).open(signed([created]))).toMatchObject({
      outcome: 'unready',
      reason: expect.stringContaining('portalId'),
    })
    expect(connected({}, {}).open(signed([created]))).toMatchObject({
      outcome: 'unready',
      reason: expect.stringContaining('ACCORD_PUBLIC_URL'),
    })
  })

  it('is refused when it is not from now', () => {
    const { open } = connected()
    expect([-300_000, 300_000].map((off) => open(signed([created], { at: now + off })).outcome)).toEqual(['genuine', 'genuine'])
    for (const off of [-300_001, 300_001])
      expect(open(signed([created], { at: now + off }))).toMatchObject({ outcome: 'refused', status: 401 })
  })

  it.each<[string, Delivery]>([
    ['no signature', { ...signed([created]), headers: { 'content-type': 'application/json' } }],
    ['its signature twice', signed([created], { headers: { 'x-hubspot-signature-v3': ['a', 'a'] } })],
    ['its time twice', signed([created], { headers: { 'x-hubspot-request-timestamp': [String(now), String(now)] } })],
    ['another method', { ...signed([created]), method: 'PUT' }],
    ['another path', { ...signed([created]), path: '/webhooks/hubspot2' }],
    ['a query of its own', { ...signed([created]), path: `${path}?a=1` }],
    ['the beginning of its body in the address', { ...signed([created]), path: `${path}[{"a`, body: signed([created]).body.subarray(4) }],
    ['an escape that signs alike in the path', signed([created], { path: '/webhooks%2Fhubspot' })],
    ['an empty signature', signed([created], { headers: { 'x-hubspot-signature-v3': '' } })],
    ['a time in seconds', signed([created], { at: Math.floor(now / 1000) })],
    ['a time with a sign', signed([created], { headers: { 'x-hubspot-request-timestamp': `+${now}` } })],
  ])('is refused with %s', (_name, delivery) => {
    expect(connected().open(delivery)).toMatchObject({ outcome: 'refused', status: 401 })
  })

  const v1 = (body: Uint8Array) => createHash('sha256').update(secret).update(body).digest('hex')
  const older = (headers: Delivery['headers']): Delivery => ({
    ...signed([created]),
    headers: { 'content-type': 'application/json', ...headers },
  })
  const ofV1 = { 'x-hubspot-signature': v1(bytes(JSON.stringify([created]))), 'x-hubspot-signature-version': 'v1' }
  const ofV2 = {
    'x-hubspot-signature': createHash('sha256')
      .update(`${secret}POST${publicUrl}${path}${JSON.stringify([created])}`)
      .digest('hex'),
    'x-hubspot-signature-version': 'v2',
  }

  it('with an older signature alone is believed only where that version was allowed', () => {
    const outcomes = (settings: object) => [older(ofV1), older(ofV2)].map((delivery) => connected({ ...settings }).open(delivery).outcome)
    expect(outcomes({})).toEqual(['refused', 'refused'])
    expect(outcomes({ acceptV1: 'true' })).toEqual(['genuine', 'refused'])
    expect(outcomes({ acceptV2: true })).toEqual(['refused', 'genuine'])
  })

  it('with a wrong v3 signature is not saved by an older one that fits', () => {
    const { open } = connected({ acceptV1: true, acceptV2: true })
    const stale = signed([created], { at: now - 400_000 }).headers
    for (const old of [ofV1, ofV2])
      for (const v3 of [stale, { 'x-hubspot-signature-v3': '' }, { 'x-hubspot-signature-v3': ['', ''] }])
        expect(open(older({ ...v3, ...old }))).toMatchObject({ outcome: 'refused', status: 401 })
  })

  it.each<[string, Uint8Array | string, number]>([
    ['half a character', Buffer.from([0x5b, 0x22, 0xc3, 0x22, 0x5d]), 400],
    ['a byte order mark', '\u{feff}[]', 400],
    ['no JSON', '[{', 400],
    ['nothing', '', 400],
    ['no list', '{"eventId":1}', 400],
    ['a list of other things', '[1,null,"x",[]]', 400],
    ['brackets without end', '['.repeat(500_000), 400],
    [
      'deep nesting beside what it needs',
      JSON.stringify([{ ...created, more: JSON.parse(`${'['.repeat(30)}${']'.repeat(30)}`) as unknown }]),
      400,
    ],
    ['too many events', JSON.stringify(Array.from({ length: 101 }, () => created)), 400],
    ['too many bytes', `[${' '.repeat(1 << 20)}]`, 413],
    ['another portal', JSON.stringify([{ ...created, portalId: 1 }]), 403],
  ])('is refused when it is genuine but holds %s', (_name, body, status) => {
    expect(connected().open(signed(body))).toMatchObject({ outcome: 'refused', status })
  })

  it.each([undefined, 'text/plain', 'application/json; charset=utf-16', ['application/json', 'application/json']])(
    'is refused as %s',
    (contentType) => {
      expect(connected().open(signed([created], { headers: { 'content-type': contentType } }))).toMatchObject({ status: 415 })
    },
  )

  it('loses no event of ours for one beside it that is of another portal or cannot be read, and says so', () => {
    const { open, logs } = connected()
    const opened = open(
      signed([{ ...created, portalId: 1 }, created, { ...created, occurredAt: 'yesterday' }, { ...created, objectId: { $gt: 0 } }]),
    )
    expect(refs(opened)).toEqual([['created', 'contacts', '501', undefined]])
    expect(logs).toEqual([
      ['hubspot.webhook.unreadable', { events: 2 }],
      ['hubspot.webhook.other-portal', { events: 1 }],
    ])
  })

  it('may be empty', () => {
    expect(connected().open(signed([]))).toEqual({ outcome: 'genuine', events: [], reply })
  })

  it('takes no property of objects in general for one of its own', () => {
    const opened = connected().open(
      signed(
        `[{"__proto__":{"objectId":9},"eventId":1,"subscriptionId":1,"portalId":${portalId},"occurredAt":1,"subscriptionType":"constructor.toString"}]`,
      ),
    )
    expect(opened).toEqual({ outcome: 'genuine', events: [], reply })
  })
})

it('A connection without the setting has no webhooks', () => {
  expect(hubspot.connect('hubspot', hubspot.settings.parse({ auth: { token: 'x' } }), testDeps()).webhooks).toBeUndefined()
})

describe('Setting an app up', () => {
  strictPortal()
  const app = () =>
    connected({ appId: '77', developerKey: 'developer-canary-key' }).provision({
      url: `${publicUrl}${path}`,
      objects: [],
      dryRun: true,
    })

  it('takes the developer key and no token of the portal, and quotes neither', async () => {
    const asked = nock(api, { badheaders: ['authorization'] })
      .get('/webhooks/v3/77/settings')
      .query({ hapikey: 'developer-canary-key' })
    asked.reply(401, { message: 'developer-canary-key is wrong' })
    const refusal = await app().catch((error: unknown) => error as ConnectorError)
    expect(refusal).toMatchObject({ kind: 'auth', message: expect.not.stringContaining('canary') })
  })

  it('says that it knows no such app', async () => {
    nock(api).get('/webhooks/v3/77/settings').query(true).reply(404)
    nock(api).get('/webhooks/v3/77/subscriptions').query(true).reply(404)
    await expect(app()).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining('webhooks.appId') })
  })

  it('waits out a moment of overload', async () => {
    nock(api).get('/webhooks/v3/77/settings').query(true).reply(429)
    nock(api).get('/webhooks/v3/77/settings').query(true).reply(503)
    nock(api)
      .get('/webhooks/v3/77/settings')
      .query(true)
      .reply(200, { targetUrl: `${publicUrl}${path}` })
    nock(api).get('/webhooks/v3/77/subscriptions').query(true).reply(200, { results: [] })
    expect(await app()).toEqual([{ name: 'target', outcome: 'present', message: `${publicUrl}${path}` }])
  })
})

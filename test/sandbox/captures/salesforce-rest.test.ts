/** Salesforce over REST: tokens, paths, records, collections and composites, as recorded clients send them and orgs answer. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FORM, startSalesforce } from '../salesforce-client.ts'
import type { Answer, Client } from '../salesforce-client.ts'

const ACME = '001440000000001AAA'
const ASH = '003440000000001AAA'
const ELM = '003440000000002AAA'
const GONE = '003000000000001AAA'
const BASE = '/services/data/v60.0'
const SALESFORCE_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/

let client: Client
beforeAll(async () => {
  client = await startSalesforce({
    Account: [{ Id: ACME, Name: 'Acme' }],
    Contact: [
      { Id: ASH, FirstName: 'Ann', LastName: 'Ash', Email: 'ash@example.test', AccountId: ACME },
      { Id: ELM, LastName: 'Elm', Email: 'elm@example.test' },
      { LastName: 'Twin', Email: 'twin@example.test' },
      { LastName: 'Twin', Email: 'twin@example.test' },
    ],
  })
})
afterAll(() => client.close())
beforeEach(async () => {
  client.crm.reset()
  await client.login()
})

const errors = ({ status, body }: Answer): unknown => [status, body]
const token = (fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
  client.send('POST', '//services/oauth2/token', new URLSearchParams(fields).toString(), { ...FORM, authorization: '', ...headers })
const APP = { client_id: 'sandbox-client', client_secret: 'sandbox-secret' }

describe('tokens', () => {
  test('an answer has all that clients read, the id and the shape of the token above all', async () => {
    const { status, body } = await token({ grant_type: 'client_credentials', ...APP })
    expect([status, body]).toEqual([
      200,
      {
        access_token: expect.stringMatching(/^00D\w{12}![\w.]+$/),
        signature: expect.any(String),
        scope: expect.any(String),
        instance_url: client.url,
        id: expect.stringMatching(/^https?:\/\/[^/]+\/id\/00D\w{15}\/005\w{15}$/),
        token_type: 'Bearer',
        issued_at: expect.stringMatching(/^\d{13}$/),
      },
    ])
  })

  test('credentials come in the body or in a header', async () => {
    const basic = `Basic ${Buffer.from('sandbox-client:sandbox-secret').toString('base64')}`
    expect((await token({ grant_type: 'client_credentials' }, { authorization: basic })).status).toBe(200)
  })

  test.each([
    ['a wrong secret', { grant_type: 'client_credentials', ...APP, client_secret: 'x' }, 'invalid_client', 'invalid client credentials'],
    ['an unknown grant', { grant_type: 'dance', ...APP }, 'unsupported_grant_type', 'grant type not supported'],
    ['a dead refresh token', { grant_type: 'refresh_token', refresh_token: 'x', ...APP }, 'invalid_grant', 'expired access/refresh token'],
    [
      'an assertion that is none',
      { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'x' },
      'invalid_grant',
      'invalid assertion',
    ],
  ])('%s is a 400 with a code and a sentence', async (_, fields, error, description) => {
    expect(errors(await token(fields))).toEqual([400, { error, error_description: description }])
  })

  test('a wrong password has its own sentence', async () => {
    client.crm.pull('password-login', { oauth: true })
    const fields = { grant_type: 'password', ...APP, username: 'integration@sandbox.example', password: 'x' }
    expect(errors(await token(fields))).toEqual([
      400,
      { error: 'invalid_grant', error_description: 'authentication failure - Invalid Password' },
    ])
  })

  test('userinfo and the identity say who is calling', async () => {
    const { body } = await token({ grant_type: 'client_credentials', ...APP })
    const { id, access_token: access } = body as { id: string; access_token: string }
    const info = await client.get('//services/oauth2/userinfo')
    expect(info.body).toMatchObject({
      user_id: expect.stringMatching(/^005\w{15}$/),
      organization_id: expect.stringMatching(/^00D\w{15}$/),
      preferred_username: 'integration@sandbox.example',
    })
    const identity = await fetch(`${client.url}${new URL(id).pathname}?format=json&oauth_token=${access}`)
    expect(await identity.json()).toMatchObject({
      id: expect.stringContaining('/id/00D'),
      user_id: expect.any(String),
      organization_id: expect.any(String),
      email: expect.any(String),
      photos: expect.any(Object),
      urls: expect.any(Object),
    })
  })

  test('a token that died is a 401, on every kind of call', async () => {
    client.crm.pull('expire-tokens', {})
    const dead = [401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]]
    for (const path of ['/limits', '/query?q=SELECT+Id+FROM+Contact', `/sobjects/Contact/${ASH}`, '/jobs/query'])
      expect(errors(await client.get(path)), path).toEqual(dead)
  })
})

describe('paths', () => {
  test('versions are told to everybody and cost nothing', async () => {
    const { status, body, headers } = await client.get('//services/data', { authorization: '' })
    expect([status, headers.get('sforce-limit-info')]).toEqual([200, null])
    expect(body).toContainEqual({ label: expect.any(String), url: '/services/data/v60.0', version: '60.0' })
    const versions = (body as { version: string }[]).map(({ version }) => version)
    expect([versions.includes('45.0'), versions.includes('67.0')]).toEqual([true, true])
  })

  test.each([
    '///services/data/v60.0/limits',
    '//services/data/v60.0/limits/',
    '//services/data/v60.0/LIMITS',
    '//services/data/v45.0/limits',
    '//services/data/v67.0/limits',
    '//services/data/v60.0/query/?q=SELECT+Id+FROM+Contact',
    '//services/data/v60.0/query?q=SELECT%20Id%20FROM%20Contact',
    '//services/data/v60.0/sobjects/Contact/describe/',
    '//services/data/v60.0/query?explain=SELECT+Id+FROM+Contact',
    '//services/data/v60.0/query/?explain=SELECT+Id+FROM+Contact',
    '//services/data/v60.0/recent',
    '//services/data/v60.0/tabs',
    '//services/data/v60.0/theme',
    '//services/data/v60.0/sobjects/Contact',
    '//services/data/v60.0/sobjects/Contact/describe/layouts',
    '//services/data/v60.0/sobjects/Contact/describe/compactLayouts',
    '//services/data/v60.0/sobjects/Contact/describe/approvalLayouts',
    '//services/data/v60.0/sobjects/Contact/listviews',
    '//services/data/v60.0/tooling/query?q=SELECT+Id+FROM+CustomField',
  ])('GET %s is answered, as JSON in its charset, with the calls of the day', async (path) => {
    const { status, headers, text } = await client.get(path, { 'x-prettyprint': '1', 'accept-encoding': 'gzip, deflate' })
    expect([status, headers.get('content-type')], text).toEqual([200, 'application/json;charset=UTF-8'])
    expect(headers.get('sforce-limit-info')).toMatch(/^api-usage=\d+\/\d+$/)
  })

  test('the limits and the counts of records', async () => {
    const { body } = await client.get('/limits')
    for (const name of ['DailyApiRequests', 'DailyBulkV2QueryJobs', 'DailyBulkV2QueryFileStorageMB', 'DataStorageMB', 'FileStorageMB']) {
      expect((body as Record<string, unknown>)[name], name).toEqual({ Max: expect.any(Number), Remaining: expect.any(Number) })
    }
    expect((await client.get('/limits/recordCount?sObjects=Contact,Lead')).body).toEqual({ sObjects: [{ count: 4, name: 'Contact' }] })
  })
})

describe('records', () => {
  test('a new one is a 201 with its address, a change a 204, a delete a 204', async () => {
    const made = await client.send('POST', '/sobjects/Contact', { LastName: 'New' })
    const { id } = made.body as { id: string }
    expect([made.status, made.body, made.headers.get('location')]).toEqual([
      201,
      { id: expect.stringMatching(/^003\w{15}$/), success: true, errors: [] },
      `${BASE}/sobjects/Contact/${id}`,
    ])
    for (const [method, body] of [
      ['PATCH', { Title: 'x' }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await client.send(method, `/sobjects/Contact/${id}`, body)
      expect([answer.status, answer.text]).toEqual([204, ''])
    }
  })

  test('dates are written with their zone, relations as objects, ids with eighteen characters', async () => {
    const { body } = await client.get(`/sobjects/Contact/${ASH.slice(0, 15)}`)
    expect(body).toMatchObject({
      attributes: { type: 'Contact', url: `${BASE}/sobjects/Contact/${ASH}` },
      Id: ASH,
      Name: 'Ann Ash',
      SystemModstamp: expect.stringMatching(SALESFORCE_INSTANT),
      Birthdate: null,
    })
  })

  test('an upsert by address makes, changes, or lists several', async () => {
    const upsert = (email: string): Promise<Answer> => client.send('PATCH', `/sobjects/Contact/Email/${email}`, { LastName: 'Up' })
    const made = await upsert('up@example.test')
    expect([made.status, made.body]).toEqual([201, { id: expect.any(String), success: true, errors: [], created: true }])
    expect((await upsert('UP@example.test')).status).toBe(200)
    const several = await upsert('twin@example.test')
    expect([several.status, several.body]).toEqual([
      300,
      [
        expect.stringMatching(/^\/services\/data\/v60\.0\/sobjects\/Contact\/003/),
        expect.stringMatching(/^\/services\/data\/v60\.0\/sobjects\/Contact\/003/),
      ],
    ])
  })

  test.each([
    ['GET', `/sobjects/Contact/${GONE}`, 404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${GONE}`],
    ['PATCH', `/sobjects/Contact/${GONE}`, 404, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'],
    ['DELETE', `/sobjects/Contact/${GONE}`, 404, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'],
    ['GET', '/sobjects/Gadget', 404, 'NOT_FOUND', 'The requested resource does not exist'],
    ['GET', '/nothing', 404, 'NOT_FOUND', 'The requested resource does not exist'],
    ['DELETE', '/sobjects/Contact/', 405, 'METHOD_NOT_ALLOWED', expect.any(String)],
  ])('%s %s is refused with %i %s', async (method, path, status, errorCode, message) => {
    const answer = await client.send(method, path, method === 'PATCH' ? { Title: 'x' } : undefined)
    expect(errors(answer)).toMatchObject([status, [{ errorCode, message }]])
  })

  test('the same fault is a 404 for whatever is done to a record in the bin', async () => {
    await client.send('DELETE', `/sobjects/Contact/${ELM}`)
    const binned = [404, [{ message: 'entity is deleted', errorCode: 'ENTITY_IS_DELETED', fields: [] }]]
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      expect(
        errors(await client.send(method, `/sobjects/Contact/${ELM}`, method === 'PATCH' ? { Title: 'x' } : undefined)),
        method,
      ).toEqual(binned)
    }
  })

  test('windows of changes and of deletes', async () => {
    await client.send('DELETE', `/sobjects/Contact/${ELM}`)
    client.advance(120_000)
    const window = (minutes: number): string =>
      `start=${encodeURIComponent(new Date(client.now() - minutes * 60_000).toISOString().replace('.000Z', '+00:00'))}&end=${encodeURIComponent(new Date(client.now()).toISOString().replace('.000Z', '+00:00'))}`
    expect((await client.get(`/sobjects/Contact/deleted/?${window(10)}`)).body).toEqual({
      deletedRecords: [{ id: ELM, deletedDate: expect.stringMatching(SALESFORCE_INSTANT) }],
      earliestDateAvailable: expect.stringMatching(SALESFORCE_INSTANT),
      latestDateCovered: expect.stringMatching(SALESFORCE_INSTANT),
    })
    client.advance(1_200_000)
    await client.send('PATCH', `/sobjects/Contact/${ASH}`, { Title: 'x' })
    client.advance(120_000)
    expect((await client.get(`/sobjects/Contact/updated/?${window(10)}`)).body).toEqual({
      ids: [ASH],
      latestDateCovered: expect.stringMatching(SALESFORCE_INSTANT),
    })
    for (const bad of [window(0), window(60 * 24 * 31)]) {
      expect(errors(await client.get(`/sobjects/Contact/updated/?${bad}`))).toMatchObject([
        400,
        [{ errorCode: 'INVALID_REPLICATION_DATE' }],
      ])
    }
  })
})

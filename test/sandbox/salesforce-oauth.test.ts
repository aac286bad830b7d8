import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FORM, startSalesforce } from './salesforce-client.ts'
import type { Answer, Client } from './salesforce-client.ts'

const USER = 'integration@sandbox.example'
const APP = { client_id: 'sandbox-client', client_secret: 'sandbox-secret' }
const CALLBACK = 'http://localhost:1717/OauthRedirect'
let client: Client

beforeEach(async () => {
  client = await startSalesforce()
})
afterEach(() => client.close())

const post = (endpoint: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> =>
  client.send('POST', `//services/oauth2/${endpoint}`, new URLSearchParams(form).toString(), { ...FORM, ...headers })
const authorize = async (query: Record<string, string>): Promise<URL> => {
  const url = `${client.url}/services/oauth2/authorize?${new URLSearchParams({ client_id: APP.client_id, redirect_uri: CALLBACK, ...query }).toString()}`
  const answer = await fetch(url, { redirect: 'manual' })
  expect(answer.status).toBe(302)
  return new URL(answer.headers.get('location') ?? '')
}
const body = (answer: Answer): Record<string, string> => answer.body as Record<string, string>

describe('the web server flow', () => {
  const exchange = (code: string, more: Record<string, string> = APP) =>
    post('token', { grant_type: 'authorization_code', redirect_uri: CALLBACK, client_id: APP.client_id, code, ...more })

  test('brings an access token and a refresh token for a code that works once', async () => {
    const back = await authorize({ response_type: 'code', state: 'kept&safe', scope: 'api refresh_token' })
    expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([CALLBACK, 'kept&safe'])
    const code = back.searchParams.get('code') ?? ''
    const first = await exchange(code)
    expect(first.body).toEqual({
      access_token: expect.stringMatching(/^00D440000000001!/),
      refresh_token: expect.stringMatching(/^5Aep861/),
      signature: expect.any(String),
      scope: 'api refresh_token',
      instance_url: client.url,
      id: `${client.url}/id/00D440000000001EAA/005440000000001AAA`,
      token_type: 'Bearer',
      issued_at: String(client.now()),
    })
    const again = await exchange(code)
    expect([again.status, again.body]).toEqual([400, { error: 'invalid_grant', error_description: 'invalid authorization code' }])
    const refresh = { grant_type: 'refresh_token', refresh_token: body(first).refresh_token ?? '', client_id: APP.client_id }
    const refreshed = await post('token', refresh)
    expect(refreshed.body).not.toHaveProperty('refresh_token')
    client.token = body(refreshed).access_token ?? ''
    expect((await client.get('/limits')).status).toBe(200)
  })

  test('takes a verifier in place of the secret, and only the right one', async () => {
    const verifier = 'a-verifier-of-enough-length-to-be-taken-as-one-1234'
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const code = async () =>
      (await authorize({ response_type: 'code', code_challenge: challenge, code_challenge_method: 'S256' })).searchParams.get('code') ?? ''
    expect((await exchange(await code(), { code_verifier: verifier })).status).toBe(200)
    expect(body(await exchange(await code(), { code_verifier: 'wrong' })).error_description).toBe('invalid code verifier')
    expect(body(await exchange(await code(), APP)).error_description).toBe('invalid code verifier')
    expect(body(await exchange((await authorize({ response_type: 'code' })).searchParams.get('code') ?? '', {})).error).toBe(
      'invalid_client',
    )
  })

  test('refuses a stale code, another address, an unknown app and an unknown response type', async () => {
    const code = (await authorize({ response_type: 'code' })).searchParams.get('code') ?? ''
    client.advance(15 * 60_000)
    expect(body(await exchange(code)).error_description).toBe('expired authorization code')
    const other = (await authorize({ response_type: 'code' })).searchParams.get('code') ?? ''
    expect(body(await exchange(other, { ...APP, redirect_uri: 'http://elsewhere.example' })).error).toBe('redirect_uri_mismatch')
    expect((await authorize({ response_type: 'magic' })).searchParams.get('error')).toBe('unsupported_response_type')
    const stranger = await client.get('//services/oauth2/authorize?client_id=nobody&response_type=code&redirect_uri=http://x.example')
    expect([stranger.status, stranger.body]).toEqual([400, { error: 'invalid_client_id', error_description: 'client identifier invalid' }])
  })
})

test('the user-agent flow hands the token over in the fragment', async () => {
  const back = await authorize({ response_type: 'token' })
  expect(new URLSearchParams(back.hash.slice(1)).get('access_token')).toMatch(/^00D440000000001!/)
})

test('a device gets its token once the demo user has agreed, which it does at once', async () => {
  const asked = await post('token', { response_type: 'device_code', client_id: 'PlatformCLI', scope: 'api refresh_token' })
  expect(asked.body).toEqual({
    device_code: expect.any(String),
    user_code: expect.stringMatching(/^[A-Z0-9]{8}$/),
    verification_uri: `${client.url}/setup/connect`,
    interval: 5,
  })
  const form = { grant_type: 'device', client_id: 'PlatformCLI', code: body(asked).device_code ?? '' }
  expect((await post('token', form)).status).toBe(200)
  expect(body(await post('token', form)).error).toBe('invalid_grant')
})

test('user name and password open a session only where the org allows it', async () => {
  const form = { ...APP, grant_type: 'password', username: USER, password: 'sandbox-password' }
  expect(body(await post('token', form)).error_description).toBe('authentication failure')
  expect(client.crm.pull('password-login', { oauth: true })).toEqual({ oauth: true, soap: true })
  expect((await post('token', form)).status).toBe(200)
  expect((await post('token', { ...form, password: 'sandbox-passwordsandbox-token' })).status).toBe(200)
  expect((await post('token', { ...form, password: 'wrong' })).body).toEqual({
    error: 'invalid_grant',
    error_description: 'authentication failure - Invalid Password',
  })
  client.crm.reset()
  expect(body(await post('token', form)).error_description).toBe('authentication failure')
})

test('introspection tells a live token from a dead one', async () => {
  const form = { ...APP, token: client.token, token_type_hint: 'access_token' }
  expect((await post('introspect', form)).body).toEqual({
    active: true,
    scope: 'api refresh_token',
    client_id: 'sandbox-client',
    username: USER,
    sub: `${client.url}/id/00D440000000001EAA/005440000000001AAA`,
    token_type: 'access_token',
    exp: client.now() / 1_000 + 7_200,
    iat: client.now() / 1_000,
    nbf: client.now() / 1_000,
  })
  client.advance(2 * 3_600_000)
  expect((await post('introspect', form)).body).toEqual({ active: false })
  expect(body(await post('introspect', { ...form, client_secret: 'wrong' })).error).toBe('invalid_client')
})

test('revoking a refresh token ends the access tokens that came from it, and a reset gives it back', async () => {
  const refresh = { ...APP, grant_type: 'refresh_token', refresh_token: 'sandbox-refresh' }
  client.token = body(await post('token', refresh)).access_token ?? ''
  expect((await client.get('/limits')).status).toBe(200)
  expect((await post('revoke', { token: 'sandbox-refresh' })).status).toBe(200)
  expect((await client.get('/limits')).status).toBe(401)
  expect(body(await post('token', refresh)).error_description).toBe('expired access/refresh token')
  expect((await post('revoke', { token: 'sandbox-refresh' })).body).toEqual({
    error: 'unsupported_token_type',
    error_description: 'this token type is not supported',
  })
  client.crm.reset()
  expect((await post('token', refresh)).status).toBe(200)
})

test('identity answers with the user, and refuses in one word', async () => {
  const path = '//id/00D440000000001/005440000000001'
  expect((await client.get(path)).body).toMatchObject({
    id: `${client.url}/id/00D440000000001EAA/005440000000001AAA`,
    user_id: '005440000000001AAA',
    username: USER,
    urls: { rest: `${client.url}/services/data/v{version}/`, partner: `${client.url}/services/Soap/u/{version}/00D440000000001` },
  })
  expect((await client.get('//services/oauth2/userinfo')).body).toMatchObject({
    preferred_username: USER,
    organization_id: '00D440000000001EAA',
  })
  const latest = (await client.get(`${path}?version=latest`)).body as { urls: { query: string } }
  expect(latest.urls.query).toBe(`${client.url}/services/data/v67.0/query/`)
  const refusals = [
    await fetch(`${client.url}${path.slice(1)}`),
    await fetch(`${client.url}${path.slice(1)}`, { headers: { authorization: 'Bearer dead' } }),
    await fetch(`${client.url}/id/00D440000000002/005440000000001?oauth_token=${encodeURIComponent(client.token)}`),
    await fetch(`${client.url}/id/00D440000000001/005440000000002?oauth_token=${encodeURIComponent(client.token)}`),
  ]
  expect(await Promise.all(refusals.map(async (each) => [each.status, await each.text()]))).toEqual([
    [403, 'Missing_OAuth_Token'],
    [403, 'Bad_OAuth_Token'],
    [403, 'Wrong_Org'],
    [404, 'Bad_Id'],
  ])
})

test('identity and user information are XML where asked, with what is nested', async () => {
  const path = '//id/00D440000000001/005440000000001'
  for (const [at, headers] of [
    [`${path}?format=xml`, {}],
    [path, { accept: 'application/xml,application/json' }],
    ['//services/oauth2/userinfo?format=xml', {}],
    ['//services/oauth2/userinfo', { accept: 'application/xml' }],
  ] as const) {
    const { headers: sent, text } = await client.get(at, headers)
    expect(sent.get('content-type')).toBe('application/xml;charset=UTF-8')
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?><user>.*<user_id>005440000000001AAA<\/user_id>.*<\/user>$/)
    expect(text).toContain(`<urls><enterprise>${client.url}/services/Soap/c/{version}/00D440000000001</enterprise>`)
  }
  expect((await client.get(`${path}?format=json`, { accept: 'application/xml' })).body).toMatchObject({ username: USER })
})

test('the token endpoint answers in XML or as a form where asked', async () => {
  const form = { ...APP, grant_type: 'client_credentials' }
  const xml = await post('token', form, { accept: 'application/xml' })
  expect(xml.text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?><OAuth><access_token>00D440000000001!/)
  const encoded = await post('token', { ...form, format: 'urlencoded' })
  expect(new URLSearchParams(encoded.text).get('token_type')).toBe('Bearer')
  const refused = await post('token', { grant_type: 'magic', format: 'xml' })
  expect([refused.status, refused.text]).toEqual([
    400,
    '<?xml version="1.0" encoding="UTF-8"?><OAuth><error>unsupported_grant_type</error><error_description>grant type not supported</error_description></OAuth>',
  ])
})
